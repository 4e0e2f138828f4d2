// Hashing of small integers into 32 bits, for content that is *regenerated* instead of stored: the key of
// the record at offset o of partition p is a function of (seed, p, o), so a replay after a crash sees the
// same records without a log of them. The rounds are MurmurHash3's (Appleby, public domain), 32-bit form.

// Fewer bytecodes than through Math, and V8 inlines by their number.
const imul = Math.imul;
const floor = Math.floor;

/** Hashes three safe integers into a uniform integer in [0, 2^32); each bit of each argument flips each bit of the result half of the time. */
export function hash32(a: number, b: number, c: number): number {
  let h = 0;
  let bytes = 12;
  if ((a | 0) !== a || (b | 0) !== b || (c | 0) !== c) {
    // Outside 32 bits the upper words count too; in front, so that no two triples share a word sequence.
    h = absorb(absorb(absorb(h, upperWord(a)), upperWord(b)), upperWord(c));
    bytes = 24;
  }
  return finish(absorb(absorb(absorb(h, a), b), c) ^ bytes);
}

/** Mixes the 32-bit integer `x` into the running 32-bit hash `h`; uniform in [0, 2^32), and the order of mixing matters. */
export function mix32(h: number, x: number): number {
  return finish(absorb(h, x));
}

function upperWord(x: number): number {
  return floor(x / 0x1_0000_0000) | 0;
}

function absorb(h: number, x: number): number {
  let k = imul(x, 0xcc9e2d51);
  k = imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = h ^ k;
  return (imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(h: number): number {
  let x = imul(h ^ (h >>> 16), 0x85ebca6b);
  x = imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
