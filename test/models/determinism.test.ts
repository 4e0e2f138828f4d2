// Equal plans, equal bytes (DESIGN.md §5), and every timed run is a path of the untimed world: the ids of its actions,
// applied again without a clock to choose them, lead to the same three digests.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplayMismatch, type RunPlan, simulate } from '../../models/index.ts';
import { chaosPlan } from './laws/chaos-plan.ts';
import { randomPlan } from './laws/random-plan.ts';
import { witness } from './laws/witness.ts';
import { runOnObjectHeap } from './object-heap-world.ts';
import { planOf, second } from './plan-builder.ts';

/** A run's action ids in order, and its outcome. */
function recorded(plan: RunPlan) {
  const ids: string[] = [];
  const outcome = simulate(plan, { onEvent: (event) => ids.push(event.id) });
  return { ids, outcome };
}

describe('equal plans give equal bytes', () => {
  test('whatever happens to the job', () => {
    fc.assert(
      fc.property(chaosPlan(), (plan) => {
        const samples: string[][] = [[], []];
        const [first, second] = samples.map((into) =>
          JSON.stringify(simulate(structuredClone(plan), { onSample: (_, digests) => into.push(digests.order) })),
        );
        expect(second).toBe(first);
        expect(samples[1]).toEqual(samples[0]);
      }),
      { numRuns: 150 },
    );
  });

  test('and its books balance whatever happens', () => {
    fc.assert(
      fc.property(chaosPlan(), (plan) => {
        const { outcome, processed } = witness(plan);
        const { records } = outcome;
        for (const { task: _, ...rows } of outcome.budgets) {
          expect(Object.values(rows).reduce((sum, micros) => sum + micros, 0)).toBe(plan.horizonMicros);
          expect(Math.min(...Object.values(rows))).toBeGreaterThanOrEqual(0);
        }
        expect(records.processed).toBe(processed.reduce((sum, counts) => sum + counts.size, 0));
        expect(Math.min(...Object.values(records))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 150 },
    );
  });

  test('a reader who looks on changes nothing', () => {
    const plan = planOf({ faults: [crashAt(20)] });
    const watched = simulate(plan, { onEvent: () => {}, onSample: () => {}, onProgress: () => {} });
    expect(JSON.stringify(watched)).toBe(JSON.stringify(simulate(plan)));
  });

  test('another seed gives another run', () => {
    expect(simulate(planOf({ seed: '2' })).digests).not.toEqual(simulate(planOf({ seed: '1' })).digests);
  });
});

test('the event queue is as good as its slow twin: a job on a heap of objects goes the same way', () => {
  fc.assert(
    fc.property(randomPlan(), ({ plan }) => {
      const fifo: RunPlan = { ...plan, ties: 'fifo', horizonMicros: 30 * second };
      const { events, order, state } = runOnObjectHeap(fifo);
      const outcome = simulate(fifo);
      expect(events).toBe(outcome.events);
      // Not the cost digest: an outcome charges the time up to the horizon, and here nobody asks for one.
      expect([order.hex(), state.hex()]).toEqual([outcome.digests.order, outcome.digests.state]);
    }),
    { numRuns: 20 },
  );
});

describe('the ids of a run', () => {
  const short = fc
    .tuple(randomPlan(), fc.integer({ min: 14, max: 30 }))
    .map(([{ plan }, seconds]) => ({ ...plan, horizonMicros: seconds * second }));

  test('lead a replay through the same states, in the same order, at the same cost', () => {
    fc.assert(
      fc.property(short, (plan) => {
        const { ids, outcome } = recorded(plan);
        const again = simulate(plan, { replay: ids });
        expect(again.digests).toEqual(outcome.digests);
        expect({ ...again, ties: 0 }).toEqual({ ...outcome, ties: 0 });
      }),
      { numRuns: 25 },
    );
  });

  test('are unique', () => {
    const { ids } = recorded(planOf({ faults: [crashAt(20), crashAt(21), crashAt(40)] }));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('are the same when one action more is due at the end: a run to a later horizon begins with this one', () => {
    const shorter = recorded(planOf({ horizonMicros: 30 * second }));
    const longer = recorded(planOf({ horizonMicros: 40 * second }));
    expect(longer.ids.slice(0, shorter.ids.length)).toEqual(shorter.ids);
  });

  test('that is not enabled ends the replay with its place and what was enabled instead', () => {
    const plan = planOf();
    const { ids } = recorded(plan);
    const wrong = [...ids.slice(0, 10), 'processed:container-0#999', ...ids.slice(10)];
    const replay = (): unknown => simulate(plan, { replay: wrong });
    expect(replay).toThrow(ReplayMismatch);
    expect(replay).toThrow(
      /^action 11 of the replay, processed:container-0#999, is not enabled here; enabled are [a-z-]+:[a-z0-9-]+#\d+, /,
    );
  });

  test('do not fit another plan', () => {
    const { ids } = recorded(planOf({ faults: [crashAt(20)] }));
    expect(() => simulate(planOf(), { replay: ids })).toThrow(ReplayMismatch);
  });

  test('may be applied in another order where the world allows it, which is another run', () => {
    const plan = planOf({ horizonMicros: 10 * second });
    const { ids, outcome } = recorded(plan);
    // The first two records arrive before the container is up; nothing depends on which heartbeat comes first.
    const at = ids.findIndex((id) => id.startsWith('started:'));
    const swapped = [...ids.slice(0, at - 1), ids[at]!, ids[at - 1]!, ...ids.slice(at + 1)];
    const other = simulate(plan, { replay: swapped });
    expect(other.digests.order).not.toBe(outcome.digests.order);
    expect(other.verdict.kind).toBe('holds');
  });
});

describe('ties', () => {
  const tied = (ties: RunPlan['ties'], seed = '1'): RunPlan =>
    planOf({
      ties,
      seed,
      inputs: [{ partitions: 4 }],
      job: { containers: 2 },
      load: { arrivals: 'even', perSecond: 100 },
      costs: { processMicros: 10_000 },
      faults: [crashAt(20), crashAt(31)],
    });

  test('are broken in another order when shuffled, and a correct job does not mind', () => {
    const fifo = simulate(tied('fifo'));
    const shuffled = simulate(tied('shuffled'));
    expect(fifo.ties).toBeGreaterThan(1000);
    expect(shuffled.digests.order).not.toBe(fifo.digests.order);
    expect(shuffled.verdict.kind).toBe('holds');
    expect(fifo.verdict.kind).toBe('holds');
    expect(shuffled.records.lost).toBe(0);
  });

  test('are broken by the caller’s rank when adversarial', () => {
    const newestFirst = simulate(tied('adversarial'), {
      tieRank: (_kind, _actor, nth) => (1 << 19) - (nth % (1 << 19)),
    });
    expect(newestFirst.digests.order).not.toBe(simulate(tied('fifo')).digests.order);
    expect(newestFirst.verdict.kind).toBe('holds');
    expect(simulate(tied('adversarial'), { tieRank: () => 0 }).digests).toEqual(simulate(tied('fifo')).digests);
  });

  test('never decide over the verdict of a random job', () => {
    fc.assert(
      fc.property(randomPlan(), ({ plan }) => {
        for (const ties of ['fifo', 'shuffled'] as const) {
          const { verdict, records } = simulate({ ...plan, ties });
          expect([verdict.kind, records.lost]).toEqual(['holds', 0]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function crashAt(seconds: number) {
  const trigger = { on: 'time', atMicros: seconds * second } as const;
  return { kind: 'container-crash', trigger, container: 0, exitCode: 137 } as const;
}
