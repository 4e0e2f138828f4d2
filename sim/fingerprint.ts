/**
 * Canonical fingerprints of plain data: numbers, strings, booleans, null, arrays, typed arrays and plain objects. Two
 * values have one fingerprint when their canonical texts agree, so the order in which keys were added never matters
 * (left in, it doubled the number of states of a small model).
 *
 * The entries of an object are hashed one by one and added up: addition forgets the order, so nothing is sorted, and
 * nothing is allocated on the way. Everything else is read in sequence, every part behind a mark that says what and how
 * long it is, so that different values are different sequences. The twin in test/ sorts keys and compares texts.
 */
import type { Fingerprint } from './explorable.ts';

// The running hash, two lanes of 32 bits. Only the functions below write it, and no call leaves it half way.
let a = 0;
let b = 0;

// Marks in the second word, where no number that is a safe integer has them.
const FRACTION = 0x7ff5_0000;
const NOT_A_NUMBER = 0x7ff7_0000;
const TEXT = 0x7ff8_0000;
const LIST = 0x7ff9_0000;
const OBJECT = 0x7ffa_0000;
const TYPED = 0x7ffb_0000;
const ATOM = 0x7ffc_0000;
const PARTS = 0x7ffd_0000;

const double = new Float64Array(1);
const word = new Int32Array(double.buffer);
const LOW = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;

/** The fingerprint of plain data without cycles; throws a TypeError on anything else. -0 counts as 0, every NaN as one. */
export function fingerprint(value: unknown): Fingerprint {
  begin();
  absorbValue(value);
  return end();
}

/** One fingerprint of a state from those of its components, which a model may cache; the place of each one counts. */
export function combineFingerprints(parts: readonly Fingerprint[]): Fingerprint {
  begin();
  absorb(parts.length, PARTS);
  for (let i = 0; i < parts.length; i++) writer.print(parts[i]!);
  return end();
}

/**
 * Writes a fingerprint field by field, for data whose fields are known: no keys are hashed, so it is some five times faster
 * than `fingerprint`. Fields must be written in one fixed order, lists behind their length.
 */
export interface PrintWriter {
  /** An integer of 32 bits; two in one step. */
  integers(x: number, y: number): void;
  /** A list of integers of 32 bits, and its length. */
  list(items: readonly number[]): void;
  /** Any number. */
  number(x: number): void;
  text(text: string): void;
  /** Anything that `fingerprint` takes. */
  plain(value: unknown): void;
  /** A fingerprint made before. */
  print(print: Fingerprint): void;
}

const writer: PrintWriter = {
  integers: (x, y) => absorb(x, y),
  list(items) {
    const { length } = items;
    absorb(length, LIST);
    // Past the end stands nothing, which reads as 0; the length has said so.
    for (let i = 0; i < length; i += 2) absorb(items[i]!, i + 1 < length ? items[i + 1]! : 0);
  },
  number: absorbNumber,
  text: absorbText,
  plain: absorbValue,
  print: ({ high, low }) => absorb(high | 0, low | 0),
};

/** The fingerprint of what `write` writes. Calls may be nested: whoever is interrupted goes on where it was. */
export function fingerprintOf<T>(value: T, write: (value: T, to: PrintWriter) => void): Fingerprint {
  const [outerA, outerB] = [a, b];
  begin();
  write(value, writer);
  const print = end();
  a = outerA;
  b = outerB;
  return print;
}

/** A deep copy of the same plain data; throws a TypeError on anything else. */
export function clonePlain<T>(value: T): T {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') throw notPlain(value);
    return value;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = value.slice();
    for (let i = 0; i < copy.length; i++) {
      const part = copy[i];
      if (typeof part === 'object' && part !== null) copy[i] = clonePlain(part);
    }
    return copy as T;
  }
  if (isPlainObject(value)) {
    // Spreading first gives the copy the shape of the original; only the parts that can be written are copied one by one.
    const copy = { ...value } as Record<string, unknown>;
    for (const key in copy) {
      const part = copy[key];
      if (typeof part === 'object' && part !== null) copy[key] = clonePlain(part);
    }
    return copy as T;
  }
  if (isTyped(value)) return (value as unknown as Int32Array).slice() as T;
  throw notPlain(value);
}

function absorbValue(value: unknown): void {
  if (typeof value === 'number') absorbNumber(value);
  else if (typeof value === 'string') absorbText(value);
  else if (typeof value === 'boolean') absorb(value ? 2 : 1, ATOM);
  else if (value === null) absorb(0, ATOM);
  else if (typeof value !== 'object') throw notPlain(value);
  else if (Array.isArray(value)) {
    absorb(value.length, LIST);
    for (let i = 0; i < value.length; i++) absorbValue(value[i]);
  } else if (isPlainObject(value)) absorbObject(value as Record<string, unknown>);
  else absorbTyped(value);
}

function absorbObject(value: Record<string, unknown>): void {
  const outerA = a;
  const outerB = b;
  let count = 0;
  let sumA = 0;
  let sumB = 0;
  for (const key in value) {
    begin();
    absorbText(key);
    absorbValue(value[key]);
    // Without this the sums of {p: 1, q: 2} and {p: 2, q: 1} could agree: what is added must not be nearly linear.
    finish();
    sumA = (sumA + a) | 0;
    sumB = (sumB + b) | 0;
    count++;
  }
  a = outerA;
  b = outerB;
  absorb(count, OBJECT);
  absorb(sumA, sumB);
}

function absorbTyped(value: object): void {
  if (!isTyped(value)) throw notPlain(value);
  const items = value as Int32Array;
  absorb(items.length, TYPED);
  absorbText(items[Symbol.toStringTag]);
  for (let i = 0; i < items.length; i++) absorbNumber(items[i]!);
}

function absorbText(text: string): void {
  const length = text.length;
  absorb(length, TEXT);
  // Four UTF-16 units a step; charCodeAt is NaN past the end, which the operators read as 0.
  for (let i = 0; i < length; i += 4) {
    absorb(
      text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16),
      text.charCodeAt(i + 2) | (text.charCodeAt(i + 3) << 16),
    );
  }
}

function absorbNumber(x: number): void {
  if ((x | 0) === x) absorb(x, x >> 31);
  else if (Number.isSafeInteger(x)) absorb(x | 0, Math.floor(x * 2 ** -32));
  else if (x !== x) absorb(0, NOT_A_NUMBER);
  else {
    double[0] = x;
    absorb(0, FRACTION);
    absorb(word[LOW]!, word[1 - LOW]!);
  }
}

function begin(): void {
  a = 0x243f6a88;
  b = 0x85a308d3 | 0;
}

/** The permutation of `RollingDigest`: one to one for each word pair, so nothing is lost on the way. */
function absorb(x: number, y: number): void {
  let p = a ^ x;
  let q = b ^ y;
  p = Math.imul(p ^ (p >>> 16), 0x21f0aaad);
  q = Math.imul(q ^ (q >>> 15), 0x735a2d97);
  p = (p + q) | 0;
  a = p;
  b = q ^ ((p << 11) | (p >>> 21));
}

function end(): Fingerprint {
  finish();
  return { high: a >>> 0, low: b >>> 0 };
}

/** Lets each bit of what came last reach each bit of both lanes. */
function finish(): void {
  absorb(0x5bd1, 0x1b87);
  absorb(0x3c6e, 0xf372);
  absorb(0xa54f, 0xf53a);
  absorb(0x510e, 0x527f);
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A typed array of numbers; those of big integers are not plain data. */
function isTyped(value: object): boolean {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return false;
  return !(value instanceof BigInt64Array || value instanceof BigUint64Array);
}

function notPlain(value: unknown): TypeError {
  const what = typeof value === 'object' ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;
  const name = what === 'Object' ? 'an instance of a class' : what;
  return new TypeError(
    `a state must be plain data (numbers, strings, booleans, null, arrays, typed arrays, plain objects), not ${name}`,
  );
}
