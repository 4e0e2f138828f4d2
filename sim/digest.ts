// A rolling fingerprint of a run, 64 bits in two 32-bit lanes. Each word pair is xored into the state and
// the state is then permuted, so the digest after any one change to the last addition always differs, and
// after a change further back differs except for one chance in 2^64. It detects divergence between two
// runs or two JavaScript engines; it is not cryptographic.

// Fewer bytecodes than through Math, and V8 inlines by their number.
const floor = Math.floor;
const imul = Math.imul;
const double = new Float64Array(1);
const word = new Int32Array(double.buffer);
const [HIGH, LOW] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [1, 0] : [0, 1];

/** For the loop of `runTimed`: see `addInts`. */
export const DIGEST_TRIPLE_MARK: number = 0x7ff6_0000 | 0;
// Marks in the upper word that no safe integer has there, so that the kinds of addition cannot be mistaken for one another.
const FRACTION_MARK = 0x7ff5_0000 | 0;
const TRIPLE_MARK = DIGEST_TRIPLE_MARK;
const NOT_A_NUMBER_MARK = 0x7ff7_0000 | 0;

/** An order-sensitive digest of a sequence of numbers; equal in every engine, without allocation per addition. */
export class RollingDigest {
  /** The lanes, 32-bit integers. Public for the loop of `runTimed`, which does what `addAction` does. */
  a: number = 0x243f6a88;
  b: number = 0x85a308d3 | 0;

  /** Adds one number; -0 counts as 0 and every NaN as the same NaN. */
  add(x: number): void {
    if ((x | 0) === x) {
      this.absorb(x, x >> 31);
    } else if (Number.isSafeInteger(x)) {
      this.absorb(x | 0, floor(x * 2 ** -32));
    } else {
      this.addOther(x);
    }
  }

  /** Adds three 32-bit integers in two steps instead of three; anything above 32 bits is lost, so times go through `add`. */
  addInts(x: number, y: number, z: number): void {
    this.absorb(x, y);
    this.absorb(z, TRIPLE_MARK);
  }

  /** The same as `addInts` of the first three and `add` of a time: one call for what every event adds. */
  addAction(kind: number, actor: number, nth: number, time: number): void {
    const high = floor(time * 2 ** -32);
    this.absorb(kind, actor);
    this.absorb(nth, TRIPLE_MARK);
    if (time >= 0 && high * 2 ** 32 + (time >>> 0) === time) this.absorb(time | 0, high);
    else this.add(time);
  }

  /** The first lane, an integer in [0, 2^32). */
  get high(): number {
    return this.a >>> 0;
  }

  /** The second lane, an integer in [0, 2^32). */
  get low(): number {
    return this.b >>> 0;
  }

  /** The digest as 16 hexadecimal digits. */
  hex(): string {
    return hex32(this.high) + hex32(this.low);
  }

  private addOther(x: number): void {
    if (x !== x) {
      this.absorb(0, NOT_A_NUMBER_MARK);
      return;
    }
    double[0] = x;
    const low = word[LOW]!;
    this.absorb(low, word[HIGH]!);
    this.absorb(0, FRACTION_MARK);
  }

  private absorb(x: number, y: number): void {
    let a = this.a ^ x;
    let b = this.b ^ y;
    b = imul(b ^ (b >>> 15), 0x735a2d97);
    a = (imul(a ^ (a >>> 16), 0x21f0aaad) + b) | 0;
    this.a = a;
    this.b = b ^ ((a << 11) | (a >>> 21));
  }
}

function hex32(lane: number): string {
  return lane.toString(16).padStart(8, '0');
}
