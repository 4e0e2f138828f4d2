// The generator of the reference workloads (sfc32, seeded as their description says), so that our runs can be held against
// the reference programs event by event. Nothing in the product uses it: the simulator draws from seedrandom's alea.
import { portableLog } from '../../dist/sim/portable-math.js';

/** Draws 32-bit integers; the first sixteen are thrown away. */
export class Sfc32 {
  a = 0;
  b;
  c = 0x9e3779b9 | 0;
  d = 1;

  constructor(seed) {
    this.b = seed | 0;
    for (let i = 0; i < 16; i++) this.next();
  }

  /** A signed 32-bit integer. */
  next() {
    const b = this.b;
    const c = this.c;
    const d = this.d;
    const t = (this.a + b + d) | 0;
    this.d = (d + 1) | 0;
    this.a = b ^ (b >>> 9);
    this.b = (c + (c << 3)) | 0;
    this.c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t;
  }

  /** Uniform in (0, 1). */
  uniform() {
    return ((this.next() >>> 0) + 0.5) * 2 ** -32;
  }

  /** Uniform in 0 .. bound - 1. */
  below(bound) {
    return Math.floor((this.next() >>> 0) * bound * 2 ** -32);
  }

  /** Exponential with mean 1, by inversion. */
  exponential() {
    return -portableLog(this.uniform());
  }
}
