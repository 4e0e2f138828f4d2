// Where records come from: exact counts where counts are given, the right rate where a rate is, and nothing that depends
// on the job.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ARRIVE, KIND_NAMES } from '../../models/actions.ts';
import { InputPartition } from '../../models/kafka/input-partition.ts';
import { Load } from '../../models/load.ts';
import type { InputPlan, LoadPlan } from '../../models/plan.ts';
import { World, randomStreams, runTimed } from '../../sim/index.ts';

const second = 1_000_000;

interface Arrival {
  readonly at: number;
  readonly ssp: number;
  readonly records: number;
}

/** All arrivals of a load until the horizon. */
function arrivalsOf(
  plan: LoadPlan,
  options: {
    readonly inputs?: readonly Partial<InputPlan>[];
    readonly perArrival?: number;
    readonly horizon?: number;
    readonly seed?: string;
  } = {},
): readonly Arrival[] {
  const { inputs = [{}], perArrival = 1, horizon = 1000 * second, seed = 'load' } = options;
  const world = new World(KIND_NAMES);
  const arrivals: Arrival[] = [];
  const plans = inputs.map((input, i) => ({
    stream: `input-${i}`,
    partitions: 1,
    offsetDefault: 'oldest' as const,
    resetOffset: false,
    deleteCommitted: false,
    retentionMicros: null,
    weight: 1,
    startsAtMicros: 0,
    ...input,
  }));
  const partitions = plans
    .flatMap((input) => Array.from({ length: input.partitions }, (_, task) => ({ name: input.stream, task })))
    .map(({ name, task }, ssp) => {
      const place = { ssp, task, name: `${name}-${task}` };
      const partition = new InputPartition(world, place, { retentionMicros: null, segmentMicros: 1e15 });
      let before = 0;
      partition.consumers.push({
        onArrival: () => {
          arrivals.push({ at: world.now, ssp, records: partition.head - before });
          before = partition.head;
        },
      });
      return partition;
    });
  const target = { inputs: partitions, plans, recordsPerArrival: perArrival };
  const load = new Load(world, plan, target, randomStreams(seed));
  const model = {
    apply: (kind: number, actor: number, a: number): void => {
      expect([kind, actor]).toEqual([ARRIVE, load.actor]);
      load.arrive(a);
    },
  };
  runTimed(world, model, horizon);
  return arrivals;
}

const total = (arrivals: readonly Arrival[]): number => arrivals.reduce((sum, each) => sum + each.records, 0);

function rate(changes: Partial<Extract<LoadPlan, { kind: 'rate' }>>): LoadPlan {
  return {
    kind: 'rate',
    perSecond: 100,
    arrivals: 'poisson',
    burstOnMicros: second,
    burstOffMicros: second,
    records: null,
    stopsAtMicros: null,
    ...changes,
  };
}

describe('a trace', () => {
  const interval = fc.record({ length: fc.integer({ min: 1, max: 5 * second }), count: fc.nat(40) });
  test.each(['even', 'poisson'] as const)(
    'with %s arrivals offers exactly its counts, each inside its interval',
    (arrivals) => {
      fc.assert(
        fc.property(
          fc.array(interval, { minLength: 1, maxLength: 12 }),
          fc.integer({ min: 1, max: 7 }),
          fc.nat(9),
          (intervals, perArrival, seed) => {
            const ends: number[] = [];
            for (const { length } of intervals) ends.push((ends.at(-1) ?? 0) + length);
            const plan: LoadPlan = {
              kind: 'trace',
              arrivals,
              startMicros: [0, ...ends.slice(0, -1)],
              counts: intervals.map(({ count }) => count),
              endMicros: ends.at(-1)!,
            };
            const seen = arrivalsOf(plan, { perArrival, seed: String(seed), inputs: [{ partitions: 3 }] });
            const counts = intervals.map((_, i) =>
              total(seen.filter(({ at }) => at >= (ends[i - 1] ?? 0) && at < ends[i]!)),
            );
            expect(counts).toEqual(plan.counts);
            expect(seen.every(({ records }) => records <= perArrival)).toBe(true);
            expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted((a, b) => a - b));
          },
        ),
      );
    },
  );

  test('with even arrivals spaces them evenly, with poisson arrivals spreads them like uniform draws', () => {
    const trace = (arrivals: 'even' | 'poisson', count: number): readonly number[] =>
      arrivalsOf({ kind: 'trace', arrivals, startMicros: [0], counts: [count], endMicros: second }).map(({ at }) => at);
    expect(trace('even', 4)).toEqual([125_000, 375_000, 625_000, 875_000]);
    const drawn = trace('poisson', 20_000);
    // Kolmogorov-Smirnov distance to uniform, against its 99.9 % point of 1.95 / sqrt(n).
    const distance = Math.max(...drawn.map((at, i) => Math.abs(at / second - (i + 0.5) / drawn.length)));
    expect(distance).toBeLessThan(1.95 / Math.sqrt(drawn.length));
  });

  test('of silence offers nothing', () => {
    expect(
      arrivalsOf({ kind: 'trace', arrivals: 'even', startMicros: [0, 10], counts: [0, 0], endMicros: 20 }),
    ).toEqual([]);
  });
});

describe('a rate', () => {
  test('of even arrivals is exact at any moment', () => {
    const seen = arrivalsOf(rate({ arrivals: 'even', perSecond: 30 }), { horizon: 10 * second });
    expect(seen.map(({ at }) => at)).toEqual(Array.from({ length: 300 }, (_, i) => Math.round(((i + 1) * 1e6) / 30)));
  });

  test('of poisson arrivals has the mean and the spread of a Poisson process', () => {
    const gaps = gapsOf(arrivalsOf(rate({ perSecond: 200 }), { horizon: 200 * second }));
    const mean = average(gaps);
    const deviation = Math.sqrt(average(gaps.map((gap) => (gap - mean) ** 2)));
    // 40,000 gaps of mean 5 ms: three standard errors are 1.5 %.
    expect(Math.abs(mean / 5000 - 1)).toBeLessThan(0.015);
    expect(Math.abs(deviation / mean - 1)).toBeLessThan(0.03);
  });

  test('of bursts is the rate while on, silent while off, and on for its share of the time', () => {
    const [on, off] = [2 * second, 6 * second];
    const horizon = 4000 * second;
    const seen = arrivalsOf(rate({ arrivals: 'bursty', perSecond: 100, burstOnMicros: on, burstOffMicros: off }), {
      horizon,
    });
    // 500 cycles; the share of time on varies by about sqrt(2 / 500) x 3/4 = 4.7 %.
    expect(Math.abs(seen.length / ((4000 * 100 * on) / (on + off)) - 1)).toBeLessThan(0.15);
    const gaps = gapsOf(seen);
    const silences = gaps.filter((gap) => gap > 150_000); // e^-15 of the gaps inside a burst
    expect(Math.abs(silences.length / (4000 / 8) - 1)).toBeLessThan(0.2);
    expect(Math.abs(average(silences) / off - 1)).toBeLessThan(0.2);
    expect(Math.abs(average(gaps.filter((gap) => gap <= 150_000)) / 10_000 - 1)).toBeLessThan(0.02);
  });

  test.each(['even', 'poisson', 'bursty'] as const)(
    'of %s arrivals stops after its records, or at its time',
    (arrivals) => {
      for (const perArrival of [1, 7]) {
        const seen = arrivalsOf(rate({ arrivals, records: 100 }), { perArrival });
        expect(total(seen)).toBe(100);
        expect(seen.at(-1)!.records).toBe(perArrival === 1 ? 1 : 100 % 7);
        const until = arrivalsOf(rate({ arrivals, stopsAtMicros: 30 * second }), { perArrival });
        expect(until.at(-1)!.at).toBeLessThanOrEqual(30 * second);
        expect(total(until)).toBeGreaterThan(500);
      }
    },
  );

  test('of nothing is silence', () => {
    expect(arrivalsOf(rate({ perSecond: 0 }))).toEqual([]);
    expect(arrivalsOf(rate({ records: 0 }))).toEqual([]);
  });

  test('in batches is the same rate', () => {
    const seen = arrivalsOf(rate({ perSecond: 1000 }), { perArrival: 50, horizon: 100 * second });
    expect(Math.abs(total(seen) / 100_000 - 1)).toBeLessThan(0.07);
    expect(seen.every(({ records }) => records === 50)).toBe(true);
  });
});

describe('records go', () => {
  test('to streams by weight, and to the partitions of a stream alike', () => {
    const seen = arrivalsOf(rate({ perSecond: 1000 }), {
      inputs: [
        { partitions: 3, weight: 3 },
        { partitions: 1, weight: 1 },
        { partitions: 2, weight: 0 },
      ],
      horizon: 100 * second,
    });
    const shares = [0, 1, 2, 3, 4, 5].map((ssp) => seen.filter((each) => each.ssp === ssp).length / seen.length);
    for (const ssp of [0, 1, 2, 3]) expect(Math.abs(shares[ssp]! - 0.25)).toBeLessThan(0.01);
    expect(shares.slice(4)).toEqual([0, 0]);
  });

  test('to the first stream instead of one that has not begun', () => {
    const seen = arrivalsOf(rate({}), {
      inputs: [{ partitions: 2 }, { partitions: 2, startsAtMicros: 5 * second }],
      horizon: 20 * second,
    });
    expect(seen.filter(({ at, ssp }) => at < 5 * second && ssp >= 2)).toEqual([]);
    expect(seen.filter(({ at, ssp }) => at >= 5 * second && ssp >= 2).length).toBeGreaterThan(500);
  });
});

function gapsOf(arrivals: readonly Arrival[]): readonly number[] {
  return arrivals.slice(1).map(({ at }, i) => at - arrivals[i]!.at);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
