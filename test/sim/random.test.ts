import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomStreams, resumeStream, type RandomStream } from '../../sim/random.ts';

function take(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

const methods = ['next', 'double', 'int', 'exponential'] as const;

function draw(stream: RandomStream, method: (typeof methods)[number]): number {
  if (method === 'int') return stream.int(6);
  if (method === 'exponential') return stream.exponential(1);
  return stream[method]();
}

describe('a stream', () => {
  test('gives the same first numbers for ever', () => {
    const open = randomStreams('tidemark');
    const arrivals = open('source/0/arrivals');
    expect(take(10, () => arrivals.next())).toEqual([
      0.18891089782118797, 0.34967567189596593, 0.2504417453892529, 0.4015178920235485, 0.27278080536052585,
      0.7220545227173716, 0.4822762073017657, 0.9711390230804682, 0.39997488376684487, 0.7243160966318101,
    ]);
    const service = open('op/1/service');
    expect(take(20, () => service.exponential(1000))).toEqual([
      128.84367982411928, 3071.726079532543, 94.62828467840268, 2070.8578616236364, 679.1700769427232,
      914.2595139719309, 2630.069127252267, 463.23428513663333, 3287.6424475622875, 148.62632060645436,
      1643.4624662292142, 379.2847549800543, 77.34499570881202, 931.6424787737061, 1665.4130591128157,
      666.5870313131758, 1903.60949506239, 2531.1789637038364, 3744.9999722911675, 800.8601138486204,
    ]);
    const doubles = open('doubles');
    expect(take(5, () => doubles.double())).toEqual([
      0.8133604025987985, 0.07860503749444181, 0.22256272969810886, 0.7563704761875262, 0.6715129332119103,
    ]);
    const dice = open('dice');
    expect(take(20, () => dice.int(6))).toEqual([5, 2, 4, 4, 1, 2, 1, 5, 0, 0, 0, 4, 2, 1, 2, 3, 3, 5, 4, 1]);
  });

  test('draws from [0, 1) on the promised grid', () => {
    const stream = randomStreams(1)('grid');
    for (let i = 0; i < 10_000; i++) {
      const coarse = stream.next();
      const fine = stream.double();
      expect(coarse >= 0 && coarse < 1 && Number.isInteger(coarse * 2 ** 32)).toBe(true);
      expect(fine >= 0 && fine < 1 && Number.isInteger(fine * 2 ** 53)).toBe(true);
    }
  });

  test('covers a range of integers evenly and never leaves it', () => {
    const stream = randomStreams(2)('dice');
    const seen = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) seen[stream.int(6)]!++;
    for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    expect(stream.int(1)).toBe(0);
    for (let i = 0; i < 1000; i++) expect(stream.int(2 ** 32)).toBeLessThan(2 ** 32);
    for (const bad of [0, -1, 1.5, 2 ** 32 + 1, NaN]) expect(() => stream.int(bad)).toThrow(RangeError);
  });

  test('draws exponentials with the right mean, spread and tail, all finite and none negative', () => {
    const stream = randomStreams(3)('service');
    const values = take(100_000, () => stream.exponential(5));
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 5)).toBeLessThan(0.06);
    expect(Math.abs(variance - 25)).toBeLessThan(1);
    expect(Math.abs(values.filter((x) => x > 10).length / values.length - Math.exp(-2))).toBeLessThan(0.004);
    expect(values.every((x) => Number.isFinite(x) && x >= 0)).toBe(true);
  });

  test('stays finite at both ends of the generator', () => {
    // These states make the next two outputs zero, and as near to one as the generator comes.
    const lowest = resumeStream({ c: 0, s0: 0, s1: 0, s2: 0 });
    expect(Object.is(lowest.exponential(3), 0)).toBe(true);
    const nearOne = 1 - 2 ** -32;
    const highest = resumeStream({ c: 2091638, s0: nearOne, s1: nearOne, s2: nearOne });
    expect(highest.exponential(1)).toBeGreaterThan(20);
    expect(highest.exponential(1)).toBeLessThan(36.8);
  });

  test('continues from a saved position, through JSON, without moving the original', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.constantFrom(...methods)), (name, draws) => {
        fc.pre(!name.includes('\0'));
        const stream = randomStreams(4)(name);
        for (const method of draws) draw(stream, method);
        const saved: unknown = JSON.parse(JSON.stringify(stream.state()));
        const copy = resumeStream(saved as ReturnType<RandomStream['state']>);
        const ahead = take(5, () => copy.next());
        expect(take(5, () => stream.next())).toEqual(ahead);
      }),
    );
  });
});

describe('streams of one run', () => {
  test('do not feel how much the others draw, nor in which order they were opened', () => {
    const streamName = fc.constantFrom('a', 'b', 'source/1', 'source/11', 'faults');
    const interleaving = fc.array(fc.tuple(streamName, fc.constantFrom(...methods)), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer(), fc.nat({ max: 50 }), interleaving, (seed, replication, steps) => {
        const open = randomStreams(seed, replication);
        const streams = new Map<string, RandomStream>();
        const together: [string, (typeof methods)[number], number][] = [];
        for (const [name, method] of steps) {
          const stream = streams.get(name) ?? open(name);
          streams.set(name, stream);
          together.push([name, method, draw(stream, method)]);
        }
        const openAlone = randomStreams(seed, replication);
        for (const name of ['faults', 'source/11', 'source/1', 'b', 'a']) {
          const alone = openAlone(name);
          for (const [, method, value] of together.filter(([other]) => other === name)) {
            expect(draw(alone, method)).toBe(value);
          }
        }
      }),
    );
  });

  test('cannot be shared by two purposes', () => {
    const open = randomStreams(1);
    open('ties');
    expect(() => open('ties')).toThrow("random stream 'ties' is already open");
    expect(() => open('ties ')).not.toThrow();
  });

  test('differ by root seed, replication and name, also where the texts run together', () => {
    const first = (seed: string | number, replication: number, name: string): number =>
      randomStreams(seed, replication)(name).double();
    const openings = [
      first(1, 1, '1'),
      first(11, 1, ''),
      first(1, 11, ''),
      first(1, 0, '11'),
      first('', 1, '11'),
      first('a', 0, 'b'),
      first('b', 0, 'a'),
    ];
    expect(new Set(openings).size).toBe(openings.length);
  });

  test('take the seed 7 and the seed "7" for the same', () => {
    expect(randomStreams(7)('x').next()).toBe(randomStreams('7')('x').next());
  });

  test('start uniformly over neighbouring seeds, replications and names', () => {
    const firsts = [
      take2000((i) => randomStreams(i)('arrivals').next()),
      take2000((i) => randomStreams('base', i)('arrivals').next()),
      take2000((i) => randomStreams('base')(`source/${i}`).next()),
    ];
    for (const values of firsts) {
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const lagged = values.slice(1).reduce((sum, x, i) => sum + (x - 0.5) * (values[i]! - 0.5), 0) / values.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
      expect(Math.abs(lagged * 12)).toBeLessThan(0.08);
    }
  });

  test('refuse a seed or a name that cannot identify them', () => {
    for (const bad of [NaN, Infinity, 0.5, 2 ** 53]) expect(() => randomStreams(bad)).toThrow(RangeError);
    for (const bad of [-1, 0.5, NaN]) expect(() => randomStreams(1, bad)).toThrow(RangeError);
    expect(() => randomStreams('a\0b')).toThrow('NUL');
    expect(() => randomStreams('a')('b\0c')).toThrow('NUL');
  });
});

function take2000(first: (i: number) => number): number[] {
  return Array.from({ length: 2000 }, (_, i) => first(i));
}
