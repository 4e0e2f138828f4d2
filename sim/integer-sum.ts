// Sums of integers that stay exact past 2^53: a time integral of bytes over microseconds leaves that range
// within one simulated day. The total is upper · 2^48 + lower, and only `toNumber` ever rounds.

const BASE = 2 ** 48;
const LIMB = 2 ** 26;

/** An exact running sum of integers, below 2^101 in magnitude; throws RangeError beyond, never rounds silently. */
export class IntegerSum {
  private upper: number = 0;
  private lower: number = 0; // in [0, 2^48)

  /** Adds a safe integer. */
  add(x: number): void {
    requireSafe(x);
    const upper = Math.floor(x / BASE);
    this.addParts(upper, x - upper * BASE);
  }

  /** Adds the exact product of two safe integers, such as bytes held × µs held. */
  addProduct(x: number, y: number): void {
    requireSafe(x);
    requireSafe(y);
    const product = x * y;
    if (Number.isSafeInteger(product)) {
      this.add(product);
      return;
    }
    // Schoolbook multiplication with a lower limb of 26 bits: each partial product that can fit is a safe integer.
    const xUpper = Math.floor(x / LIMB);
    const yUpper = Math.floor(y / LIMB);
    const xLower = x - xUpper * LIMB;
    const yLower = y - yUpper * LIMB;
    this.addParts(xUpper * yUpper * 2 ** 4, 0); // 2^26 · 2^26 = 2^48 · 2^4
    this.addLimbProduct(xUpper * yLower);
    this.addLimbProduct(xLower * yUpper);
    this.add(xLower * yLower);
  }

  /** The exact total. */
  toBigInt(): bigint {
    return BigInt(this.upper) * BigInt(BASE) + BigInt(this.lower);
  }

  /** The total as the nearest number: exact up to 2^53, rounded once beyond. */
  toNumber(): number {
    return Number(this.toBigInt());
  }

  /** Adds x · 2^26, which is x / 2^22 in units of 2^48. */
  private addLimbProduct(x: number): void {
    const upper = Math.floor(x / 2 ** 22);
    this.addParts(upper, (x - upper * 2 ** 22) * LIMB);
  }

  private addParts(upper: number, lower: number): void {
    const sum = this.lower + lower;
    const carry = sum >= BASE ? 1 : 0;
    this.lower = sum - carry * BASE;
    this.upper += upper + carry;
    if (!Number.isSafeInteger(this.upper)) throw new RangeError('an integer sum went past 2^101');
  }
}

function requireSafe(x: number): void {
  if (!Number.isSafeInteger(x)) throw new RangeError(`an exact sum takes safe integers, not ${x}`);
}
