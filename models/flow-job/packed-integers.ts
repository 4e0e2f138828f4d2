/**
 * Lists of integers, written once and read at the end, in as few bytes as neighbours are alike: the difference to the one
 * before, and how often in a row it occurs, seven bits to a byte. What is the same for all tasks takes a few bytes in all.
 */
const SMALLEST = 64;
const BASE = 128;
/** Twice this is a safe integer still. */
const STEP_MAX = 2 ** 52;

export class PackedIntegers {
  private bytes: Uint8Array = new Uint8Array(SMALLEST);
  private used: number = 0;
  /** Where the next byte is read. */
  private at: number = 0;

  /** Keeps the list, of integers from -1 to 2^52; returns the place to read it from. */
  append(list: ArrayLike<number>): number {
    const place = this.used;
    let before = 0;
    let i = 0;
    while (i < list.length) {
      const step = list[i]! - before;
      if (!Number.isInteger(step) || Math.abs(step) >= STEP_MAX)
        throw new RangeError(`only integers below 2^52 can be packed, not ${list[i]}`);
      let end = i + 1;
      while (end < list.length && step === list[end]! - list[end - 1]!) end++;
      this.write(step < 0 ? -2 * step - 1 : 2 * step);
      this.write(end - i);
      before = list[end - 1]!;
      i = end;
    }
    return place;
  }

  /** So many lists of this length that were kept from this place on, one after the other. Throws where none were. */
  read(place: number, length: number, lists: number): number[][] {
    this.at = place;
    return Array.from({ length: lists }, () => this.nextList(length));
  }

  private nextList(length: number): number[] {
    const list: number[] = [];
    let value = 0;
    while (list.length < length) {
      const coded = this.next();
      const step = coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
      for (let times = this.next(); times > 0; times--) list.push((value += step));
    }
    return list;
  }

  private write(value: number): void {
    let rest = value;
    do {
      if (this.used === this.bytes.length) this.enlarge();
      const low = rest % BASE;
      rest = (rest - low) / BASE;
      this.bytes[this.used++] = rest > 0 ? low + BASE : low;
    } while (rest > 0);
  }

  private next(): number {
    let value = 0;
    for (let scale = 1; ; scale *= BASE) {
      if (this.at < 0 || this.at >= this.used) throw new RangeError(`no list was kept at place ${this.at}`);
      const byte = this.bytes[this.at++]!;
      value += (byte % BASE) * scale;
      if (byte < BASE) return value;
    }
  }

  private enlarge(): void {
    const bytes = new Uint8Array(this.bytes.length + (this.bytes.length >> 1));
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}
