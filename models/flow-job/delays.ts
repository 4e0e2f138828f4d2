/** Delays that a plan asks for, constant or drawn. */
import { portableLog, roundPositive } from '../../sim/index.ts';
import type { Delay } from './plan.ts';

// The logarithm of a draw. A draw is n / 2^32 with a whole n, which is 2^-k · m with m in [1, 2); of m the first six bits
// choose a c near 1/m, so that r = m · c - 1 is small and log m = log(1 + r) - log c. That is right to about 1e-15, which
// leaves no doubt about whole microseconds but where they nearly change; there the logarithm of the engine is asked, and so
// the delay is the same as if it always were. (That one is within 1 ulp everywhere, and takes twice as long.)
// Fewer bytecodes than through Math, and V8 inlines by their number.
const clz32 = Math.clz32;
const floor = Math.floor;
const PARTS = 64;
/** By part: c over 2^31, and log c. */
const INVERSES = new Float64Array(PARTS);
const LOGS = new Float64Array(PARTS);
/** By leading zeros of n: -log of the power of two. */
const HALVINGS = new Float64Array(32);
for (let part = 0; part < PARTS; part++) {
  const inverse = PARTS / (PARTS + part + 0.5);
  INVERSES[part] = inverse / 0x8000_0000;
  LOGS[part] = portableLog(inverse);
}
for (let zeros = 0, power = 0.5; zeros < 32; zeros++, power /= 2) HALVINGS[zeros] = -portableLog(power);
/** Ten times as much as the short logarithm may be wrong. */
const DOUBT = 2e-14;

export class Delays {
  /** Nothing need be drawn: the delay is `least`. */
  readonly isConstant: boolean;
  readonly least: number;
  private readonly mean: number;
  /** As near to the next whole number a delay may be that was computed the short way. */
  private readonly doubt: number;

  constructor(delay: Delay) {
    this.least = delay.kind === 'constant' ? delay.micros : delay.leastMicros;
    this.mean = delay.kind === 'constant' ? 0 : delay.meanMicros;
    this.isConstant = this.mean === 0;
    this.doubt = this.mean * DOUBT + 1e-15;
  }

  /** The delay for a draw from [0, 1), whole µs. With 32 bits no delay is longer than 22 means, which is as far as one need go. */
  at(draw: number): number {
    if (this.isConstant) return this.least;
    return this.least + roundPositive(-portableLog(1 - draw) * this.mean);
  }

  /** The delay for a draw of so many times 2^-32, of delays that are drawn: the same as `at` for that draw. */
  drawn(bits: number): number {
    const n = -bits | 0;
    const zeros = clz32(n);
    const mantissa = (n << zeros) >>> 0;
    const part = (mantissa >>> 25) & 63;
    const r = mantissa * INVERSES[part]! - 1;
    const log = r - r * r * (0.5 - r * (1 / 3 - r * (0.25 - r * (0.2 - r * (1 / 6)))));
    const micros = (HALVINGS[zeros & 31]! + LOGS[part]! - log) * this.mean + 0.5;
    const whole = floor(micros);
    const rest = micros - whole;
    // No bits: the draw is 0, for which n has no first one.
    if (n === 0 || rest < this.doubt || rest > 1 - this.doubt) return this.at(bits / 2 ** 32);
    return this.least + whole;
  }
}
