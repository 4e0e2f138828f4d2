// Logarithm, exponential and power with the same bits in every JavaScript engine. The language leaves
// Math.log, Math.exp and Math.pow to the engine, and they do differ in the last bit, which is enough to
// reorder two events. Here only + - * / (exact by IEEE 754) and integer views of a double are used.
// Scheme and minimax coefficients: Sun's freely distributable fdlibm (e_log.c, e_exp.c); the power
// carries its logarithm in two doubles (Dekker 1971), since y·log x magnifies its error up to 745-fold.

// Fewer bytecodes than through Math, and V8 inlines by their number.
const floor = Math.floor;
const double = new Float64Array(1);
const word = new Int32Array(double.buffer);
const [HIGH, LOW] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [1, 0] : [0, 1];

// ln 2 in two parts; the first has 21 zero bits at its end, so that k·LN2_HEAD is exact for every exponent k.
const LN2_HEAD = 0.6931471803691238;
const LN2_TAIL = 1.9082149292705877e-10;

const SMALLEST_NORMAL = 2.2250738585072014e-308;
const TWO_POW_54 = 18014398509481984;
const SQRT_HALF_HIGH_WORD = 0x3fe6a09e;
/** 2^(i - 1024) at i, from 2^-1024 to 2^1023. */
const POWERS_OF_TWO = new Float64Array(2048);
for (let i = 1024, [up, down] = [1, 1]; i < 2048; i++, up *= 2) {
  POWERS_OF_TWO[i] = up;
  POWERS_OF_TWO[2048 - i] = down;
  down *= 0.5;
}
POWERS_OF_TWO[0] = 2 ** -1024;

/**
 * Natural logarithm, within 1 ulp; -Infinity at 0, NaN below 0 and at NaN, Infinity at Infinity. Never allocates.
 * x = 2^k · m with m in [√½, √2), then log m = 2·artanh(s) with s = (m - 1)/(m + 1), an odd polynomial in s.
 */
export function portableLog(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  const k = exponentOf(x);
  const f = scaled(x, k) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const halfSquare = 0.5 * f * f;
  return s * (halfSquare + (odd + even)) + k * LN2_TAIL - halfSquare + f + k * LN2_HEAD;
}

/** e^x, within 1 ulp; Infinity above 709.78…, subnormal and then 0 below -708.39…, NaN at NaN. Never allocates. */
export function portableExp(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  if (x !== x) return NaN;
  return expOfSum(x, 0);
}

/**
 * x^y with the special values of the language's own `**`, within 1 ulp, and exact wherever the result is a small integer.
 * Never allocates.
 */
export function portablePow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  const magnitude = x < 0 ? -x : x;
  const odd = isOddInteger(y);
  const sign = odd && (x < 0 || 1 / x < 0) ? -1 : 1;
  if (magnitude === 1 && (y === Infinity || y === -Infinity)) return NaN;
  if (magnitude === 0 || magnitude === Infinity) return sign * ((magnitude === 0) === y > 0 ? 0 : Infinity);
  if (x < 0 && !odd && floor(y) !== y) return NaN;
  if (magnitude === 1) return sign;
  return sign * powOfPositive(magnitude, y);
}

/** Half, less what would round the largest number below one half up. */
const NEARLY_HALF = 0.5 - 2 ** -54;

/**
 * The nearest whole number, halves up, of a number from 0: what `Math.round` gives. V8 compiles that one to a branch on which
 * way it goes, a toss-up for what is drawn, and a processor that guesses wrong loses more than a logarithm costs.
 */
export function roundPositive(x: number): number {
  return floor(x + NEARLY_HALF);
}

// Beyond this exponent even the double next to 1 overflows or vanishes; below it the products of Dekker's scheme cannot overflow.
const HOPELESS_EXPONENT = 2 ** 64;

function powOfPositive(x: number, y: number): number {
  if (y > HOPELESS_EXPONENT || y < -HOPELESS_EXPONENT) return x > 1 === y > 0 ? Infinity : 0;
  const k = exponentOf(x);
  const m = scaled(x, k);

  // s + sTail = (m - 1) / (m + 1), correct to about 106 bits.
  const f = m - 1;
  const d = m + 1;
  const s = f / d;
  const sd = s * d;
  const sTail = (f - sd - productError(s, d, sd) - s * sumError(m, 1, d)) / d;

  // log m = s · (2 + z·(2/3 + z·(2/5 + …))) with z = s²; only the first two terms need the second double.
  const z = s * s;
  const zTail = productError(s, s, z) + 2 * s * sTail;
  const t = z * artanhSeriesFrom5(z);
  const q = TWO_THIRDS + t;
  const qTail = sumError(TWO_THIRDS, t, q) + TWO_THIRDS_TAIL;
  const zq = z * q;
  const zqTail = productError(z, q, zq) + z * qTail + zTail * q;
  const e = 2 + zq;
  const eTail = sumError(2, zq, e) + zqTail;
  const logM = s * e;
  const logMTail = productError(s, e, logM) + s * eTail + sTail * e;

  // log x = k·ln 2 + log m, and y·log x, each again in two doubles.
  const kLn2 = k * LN2_HEAD;
  const log = kLn2 + logM;
  const logTail = sumError(kLn2, logM, log) + (logMTail + k * LN2_TAIL);
  const power = y * log;
  if (power > 710) return Infinity;
  if (power < -746) return 0;
  return expOfSum(power, productError(y, log, power) + y * logTail);
}

const TWO_THIRDS = 2 / 3;
const TWO_THIRDS_TAIL = 3.700743415417188e-17;

/** 2/5 + z·2/7 + z²·2/9 + …, to below 2^-68 of the whole logarithm for z up to (√2 - 1)²/(√2 + 1)² ≈ 0.0295. */
function artanhSeriesFrom5(z: number): number {
  let sum = 2 / 29;
  for (let n = 27; n >= 5; n -= 2) sum = 2 / n + z * sum;
  return sum;
}

/** The rounding error of p = a·b, exactly (Veltkamp's split of each factor into halves, Dekker's product). */
function productError(a: number, b: number, p: number): number {
  const aScaled = 134217729 * a;
  const aHead = aScaled - (aScaled - a);
  const aRest = a - aHead;
  const bScaled = 134217729 * b;
  const bHead = bScaled - (bScaled - b);
  const bRest = b - bHead;
  return aRest * bRest - (p - aHead * bHead - aRest * bHead - aHead * bRest);
}

/** The rounding error of sum = a + b, exactly (Knuth). */
function sumError(a: number, b: number, sum: number): number {
  const bRounded = sum - a;
  return a - (sum - bRounded) + (b - bRounded);
}

/** The k of x = 2^k · m, √½ <= m < √2; x is positive and finite. */
function exponentOf(x: number): number {
  if (x < SMALLEST_NORMAL) {
    double[0] = x * TWO_POW_54;
    return ((word[HIGH]! - SQRT_HALF_HIGH_WORD) >> 20) - 54;
  }
  double[0] = x;
  return (word[HIGH]! - SQRT_HALF_HIGH_WORD) >> 20;
}

/**
 * x · 2^-k, exactly, for the k of `exponentOf`. By a table, since writing the exponent into the bits and reading the double
 * again makes a processor wait for its own store: that was half the time of a logarithm.
 */
function scaled(x: number, k: number): number {
  return k < -1023 ? x * TWO_POW_54 * POWERS_OF_TWO[970 - k]! : x * POWERS_OF_TWO[1024 - k]!;
}

/** e^(x + tail) for |tail| below the last bits of x: x = k·ln 2 + r, e^r by a continued fraction, then scaled by 2^k. */
function expOfSum(x: number, tail: number): number {
  const k = floor(x * Math.LOG2E + 0.5);
  const head = x - k * LN2_HEAD;
  const rest = k * LN2_TAIL - tail;
  const r = head - rest;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))));
  return scaleByPowerOfTwo(1 - (rest - (r * c) / (2 - c) - head), k);
}

/** y · 2^k, rounded at most once, for y in [½, 2] and k in [-1080, 1024]: 2^k is written straight into the exponent bits. */
function scaleByPowerOfTwo(y: number, k: number): number {
  if (k > 1023) return y * 2 * powerOfTwo(1023);
  if (k < -1021) return y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
  return y * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
  word[HIGH] = (k + 1023) << 20;
  word[LOW] = 0;
  return double[0]!;
}

function isOddInteger(y: number): boolean {
  const half = y / 2;
  return floor(y) === y && floor(half) !== half;
}
