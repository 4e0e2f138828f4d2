import { describe, expect, test } from 'vitest';

import { RollingDigest } from '../../sim/digest.ts';
import { portableExp, portableLog, portablePow, roundPositive } from '../../sim/portable-math.ts';
import { randomStreams, type RandomStream } from '../../sim/random.ts';

const argumentCount = 300_000;
const view = new DataView(new ArrayBuffer(8));

/** Doubles in order as integers: neighbours differ by one. */
function rank(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(2n ** 63n) - bits : bits;
}

function ulpsApart(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
  const distance = rank(a) - rank(b);
  return Number(distance < 0n ? -distance : distance);
}

/** A positive double with uniformly drawn exponent and fraction bits: subnormal to largest. */
function anyPositive(stream: RandomStream): number {
  view.setUint32(0, stream.int(0x7ff00000));
  view.setUint32(4, stream.int(2 ** 32));
  return view.getFloat64(0);
}

interface Survey {
  readonly worstUlps: number;
  readonly digest: string;
}

function survey(name: string, point: (stream: RandomStream, i: number) => readonly [number, number]): Survey {
  const stream = randomStreams('portable-math')(name);
  const digest = new RollingDigest();
  let worstUlps = 0;
  for (let i = 0; i < argumentCount; i++) {
    const [ours, engine] = point(stream, i);
    digest.add(ours);
    worstUlps = Math.max(worstUlps, ulpsApart(ours, engine));
  }
  return { worstUlps, digest: digest.hex() };
}

// The digests are the portability check: Node 20, 22 and 24, Chromium and Firefox must all compute exactly these bits.
describe('against the engine, on 300 000 arguments each', () => {
  test('log is within 1 ulp, and its bits are pinned', () => {
    const result = survey('log', (stream, i) => {
      const x = i % 3 === 0 ? anyPositive(stream) : i % 3 === 1 ? 1 - stream.double() : 0.5 + stream.double() * 1.5;
      return [portableLog(x), Math.log(x)];
    });
    expect(result.worstUlps).toBeLessThanOrEqual(1);
    expect(result.digest).toBe('97017007cd180aa6');
  });

  test('exp is within 1 ulp, and its bits are pinned', () => {
    const result = survey('exp', (stream, i) => {
      const x = (stream.double() - 0.5) * (i % 3 === 0 ? 1490 : i % 3 === 1 ? 2 : 60);
      return [portableExp(x), Math.exp(x)];
    });
    expect(result.worstUlps).toBeLessThanOrEqual(1);
    expect(result.digest).toBe('1cf2fde84f3d4be1');
  });

  test('pow is within 1 ulp, and its bits are pinned', () => {
    const result = survey('pow', (stream, i) => {
      const x = i % 2 === 0 ? anyPositive(stream) : 0.5 + stream.double() * 1.5;
      const y = ((stream.double() - 0.5) * 1400) / Math.max(1e-3, Math.abs(portableLog(x)));
      return [portablePow(x, y), x ** y];
    });
    expect(result.worstUlps).toBeLessThanOrEqual(1);
    expect(result.digest).toBe('ac0a5ede7b64f4c0');
  });
});

const specials = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  -2,
  3,
  -3,
  2.5,
  -2.5,
  1 / 3,
  2 ** 53,
  -(2 ** 53),
  2 ** 53 - 1,
  1e300,
  -1e300,
]
  .concat([
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    2.225073858507201e-308,
    1 - 2 ** -53,
    1 + 2 ** -52,
    Number.MAX_VALUE,
  ])
  .concat([
    Infinity,
    -Infinity,
    NaN,
    709.782712893384,
    709.7827128933841,
    -745.1332191019411,
    -745.1332191019412,
    -745.14,
    1e-20,
  ]);

describe('special values', () => {
  test.each(specials)('log and exp of %d agree with the engine', (x) => {
    expect(ulpsApart(portableLog(x), Math.log(x))).toBeLessThanOrEqual(1);
    expect(ulpsApart(portableExp(x), Math.exp(x))).toBeLessThanOrEqual(1);
  });

  test.each(specials)('%d to every special power agrees with the engine', (x) => {
    for (const y of specials) {
      expect.soft(ulpsApart(portablePow(x, y), x ** y), `${x} ** ${y}`).toBeLessThanOrEqual(1);
    }
  });

  test('what is exact is exact', () => {
    expect(Object.is(portableLog(1), 0)).toBe(true);
    expect(portableExp(0)).toBe(1);
    for (let k = -1074; k <= 1023; k++) expect(portablePow(2, k)).toBe(2 ** k);
    for (let base = 2; base <= 100; base++) {
      let product = 1;
      for (let n = 1; product * base <= Number.MAX_SAFE_INTEGER; n++) {
        product *= base;
        expect(portablePow(base, n)).toBe(product);
        expect(portablePow(-base, n)).toBe(n % 2 === 0 ? product : -product);
      }
    }
    for (let n = 0; n <= 1000; n++) expect(portablePow(n * n, 0.5)).toBe(n);
  });

  test('log rises with its argument across every power of two, where the reduction changes branch', () => {
    for (let k = -1073; k <= 1023; k++) {
      for (const x of [2 ** k, 2 ** k * Math.SQRT1_2]) {
        expect(portableLog(x * (1 - 2 ** -53))).toBeLessThanOrEqual(portableLog(x));
        expect(portableLog(x)).toBeLessThanOrEqual(portableLog(x * (1 + 2 ** -52)));
      }
    }
  });
});

describe('roundPositive', () => {
  test('is Math.round from 0 on: around every half and whole number, and for any double', () => {
    const stream = randomStreams('portable-math')('round');
    const partings: number[] = [];
    const ask = (x: number): void => {
      if (x >= 0 && roundPositive(x) !== Math.round(x)) partings.push(x);
    };
    for (let i = 0; i < argumentCount; i++) {
      // A whole number of at most 53 bits, or half of one, and what lies next to it.
      const half = Math.floor(stream.double() * 2 ** (1 + stream.int(53))) / 2;
      for (const step of [-2, -1, 0, 1, 2]) {
        view.setFloat64(0, half);
        view.setBigInt64(0, view.getBigInt64(0) + BigInt(step));
        ask(view.getFloat64(0));
      }
      ask(anyPositive(stream));
    }
    for (const x of [0, 5e-324, 0.5, 0.5 - 2 ** -54, 2 ** 52 - 0.5, 2 ** 52 + 1, 2 ** 53 - 1, 1e300]) ask(x);
    expect(partings).toEqual([]);
    expect(roundPositive(-0)).toBe(0);
  });
});
