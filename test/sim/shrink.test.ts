import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Explorable } from '../../sim/explorable.ts';
import { explore, replayPath } from '../../sim/explore.ts';
import { clonePlain, fingerprint } from '../../sim/fingerprint.ts';
import { randomStreams } from '../../sim/random.ts';
import { actorOf, shrink, switches } from '../../sim/shrink.ts';
import { randomRun } from '../../sim/swarm.ts';
import { type BarrierMutant, barriers } from './explore-barriers.ts';
import { counters } from './explore-counters.ts';

const faultKinds = ['crash'];
const mutants: readonly BarrierMutant[] = [
  'no-align',
  'snapshot-at-first-barrier',
  'late-offset',
  'ack-before-upload',
  'one-ack-missing',
  'reuse-id',
  'stuck-after-crash',
];

/** The first `count` random counterexamples of a mutant. */
function counterexamples(mutant: BarrierMutant, count: number): { law: string; path: readonly string[] }[] {
  const model = barriers({ records: 2, checkpoints: 1, crashes: 1, mutant });
  const found: { law: string; path: readonly string[] }[] = [];
  for (let run = 0; found.length < count; run++) {
    found.push(...randomRun(model, { stream: randomStreams(1, run)('swarm'), maxSteps: 200, faultKinds }).violations);
  }
  return found;
}

describe('shrinking random counterexamples of the barrier mutants', () => {
  test.each(mutants)('%s: the same law, never longer, and within 1.5 times of the shortest there is', (mutant) => {
    const model = barriers({ records: 2, checkpoints: 1, crashes: 1, mutant });
    const shortest = explore(model, { stopAtFirst: true, faultKinds, maxStates: 100_000 }).violations[0]!;
    for (const { law, path } of counterexamples(mutant, mutant === 'reuse-id' ? 1 : 8)) {
      const result = shrink(model, path, { law, faultKinds });
      expect(result.violation?.law).toBe(law);
      expect(replayPath(model, result.ids, { law, faultKinds })).toMatchObject({
        ids: result.ids,
        violation: result.violation,
      });
      expect(result.ids.length).toBeLessThanOrEqual(path.length);
      expect(result.ids.length).toBeLessThanOrEqual(1.5 * shortest.path.length);
      expect(result.ids.length).toBeGreaterThanOrEqual(shortest.path.length);
      expect(result.replays).toBeLessThan(400);
      const finished = shrink(model, path, { law, faultKinds, finishStates: 20_000 });
      expect(finished.ids.length).toBeLessThanOrEqual(result.ids.length);
      expect(finished.violation?.law).toBe(law);
    }
  });

  test('the path that remains is this', () => {
    const model = barriers({ records: 2, checkpoints: 1, crashes: 1, mutant: 'no-align' });
    const [{ law, path }] = counterexamples('no-align', 1) as [{ law: string; path: string[] }];
    expect([path.length, shrink(model, path, { law, faultKinds, finishStates: 20_000 })]).toMatchInlineSnapshot(`
      [
        17,
        {
          "ids": [
            "trigger:coord#1",
            "barrier:s0#1",
            "emit:s0#1",
            "deliver:s0>join#-1",
            "deliver:s0>join#1",
            "ack:s0#1",
            "barrier:s1#1",
            "deliver:s1>join#-1",
            "ack:s1#1",
            "upload:join#1",
            "ack:join#1",
          ],
          "replays": 220,
          "violation": {
            "facts": {
              "checkpoint": 1,
              "offset": 0,
              "source": 0,
              "to": 1,
            },
            "law": "consistent-cut",
          },
        },
      ]
    `);
  });
});

describe('shrink', () => {
  test('leaves nothing that could be left out: not one id, not two', () => {
    const model = barriers({ records: 2, checkpoints: 1, crashes: 1, mutant: 'late-offset' });
    for (const { law, path } of counterexamples('late-offset', 5)) {
      const { ids } = shrink(model, path, { law, faultKinds });
      for (let i = 0; i < ids.length; i++) {
        for (let j = i; j < ids.length; j++) {
          const rest = ids.filter((_, at) => at !== i && at !== j);
          expect(replayPath(model, rest, { law, faultKinds }).violation).toBeNull();
        }
      }
    }
  });

  test('finds the only minimum of independent counters, whatever the path and the threshold', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2]), fc.nat({ max: 4 }), fc.nat({ max: 1000 }), (who, least, seed) => {
        const step = (counts: readonly number[]): string[] =>
          who.length > 0 && who.every((i) => counts[i]! > least) ? ['all'] : [];
        const model = counters(3, 6, { step });
        const { violations } = randomRun(model, { stream: randomStreams(seed)('swarm'), maxSteps: 100 });
        if (violations.length === 0) return;
        const { ids } = shrink(model, violations[0]!.path, { law: 'all' });
        expect(ids).toHaveLength(who.length * (least + 1));
        expect(switches(ids)).toBe(who.length - 1);
      }),
    );
  });

  test('never slips to another law, though a shorter path breaks that one', () => {
    const step = ([a, b]: readonly number[]): string[] => [...(a === 1 ? ['easy'] : []), ...(b === 3 ? ['hard'] : [])];
    const model = counters(2, 5, { step });
    const path = ['count:c0#1', 'count:c1#1', 'count:c0#2', 'count:c1#2', 'count:c1#3', 'count:c1#4'];
    expect(shrink(model, path, { law: 'hard' }).ids).toEqual(['count:c1#1', 'count:c1#2', 'count:c1#3']);
    expect(shrink(model, path, { law: 'easy' }).ids).toEqual(['count:c0#1']);
  });

  test('brings the steps of each actor together where the breach survives it', () => {
    const model = counters(3, 3, { step: (counts) => (counts.every((count) => count === 2) ? ['all two'] : []) });
    const path = [1, 2].flatMap((n) => [0, 1, 2].map((i) => `count:c${i}#${n}`));
    const { ids } = shrink(model, path, { law: 'all two' });
    expect([ids.length, switches(path), switches(ids)]).toEqual([6, 5, 2]);
  });

  test('keeps an order that the breach needs', () => {
    const seen: number[][] = [];
    const model = counters(2, 2, {
      step: (counts) => {
        seen.push([...counts]);
        return counts[0] === 2 && counts[1] === 1 ? ['two and one'] : [];
      },
    });
    const path = ['count:c0#1', 'count:c1#1', 'count:c0#2'];
    expect(shrink(model, path, { law: 'two and one' }).ids).toHaveLength(3);
    expect(seen.length).toBeGreaterThan(0);
  });

  test('shortens a breach at the end of a path by taking what is still enabled in order', () => {
    const model = barriers({ records: 2, checkpoints: 1, crashes: 1, mutant: 'stuck-after-crash' });
    const [{ law, path }] = counterexamples('stuck-after-crash', 1) as [{ law: string; path: string[] }];
    const { ids } = shrink(model, path, { law, faultKinds });
    expect([law, ids.length]).toEqual(['not-stuck', 10]);
    expect(replayPath(model, ids, { law, faultKinds })).toMatchObject({ ids, atEnd: true });
  });

  test('finds the new end of a path that ends otherwise once it is shorter', () => {
    // The last step is named for what came before it, so without the retries there is no such last step to replay.
    const model: Explorable<{ tries: number; broken: boolean; done: boolean }> = {
      initial: () => ({ tries: 0, broken: false, done: false }),
      enabled: ({ tries, broken, done }) =>
        done
          ? []
          : [
              { id: `finish:job#${tries}`, kind: 'finish' },
              ...(tries < 5 ? [{ id: `retry:job#${tries}`, kind: 'retry' }] : []),
              ...(broken ? [] : [{ id: 'break:disk', kind: 'break' }]),
            ],
      apply(state, { kind }) {
        if (kind === 'finish') state.done = true;
        else if (kind === 'retry') state.tries++;
        else state.broken = true;
        return [];
      },
      fork: clonePlain,
      fingerprint,
      durable: fingerprint,
      atEnd: ({ broken }) => (broken ? [{ law: 'whole', facts: {} }] : []),
    };
    const path = ['retry:job#0', 'retry:job#1', 'break:disk', 'retry:job#2', 'finish:job#3'];
    expect(shrink(model, path, { law: 'whole' }).ids).toEqual(['break:disk', 'finish:job#0']);
  });

  test('returns a path that does not break the law as it is', () => {
    const path = ['count:c0#1', 'count:c1#1'];
    expect(shrink(counters(2, 2), path, { law: 'none' })).toEqual({ ids: path, violation: null, replays: 1 });
  });

  test('spends no more replays than it may, and returns the shortest so far', () => {
    const model = barriers({ records: 2, checkpoints: 1, crashes: 1, mutant: 'no-align' });
    const [{ law, path }] = counterexamples('no-align', 1) as [{ law: string; path: string[] }];
    let previous = path.length;
    for (const maxReplays of [1, 5, 20, 60, 5000]) {
      const result = shrink(model, path, { law, faultKinds, maxReplays });
      expect(result.replays).toBeLessThanOrEqual(maxReplays);
      expect(result.ids.length).toBeLessThanOrEqual(previous);
      expect(result.violation?.law).toBe(law);
      previous = result.ids.length;
    }
    expect(previous).toBeLessThan(path.length);
  });
});

describe('the actor of an id', () => {
  test.each([
    ['deliver:s0>join#3', 's0'],
    ['crash:job#1', 'job'],
    ['upload:join', 'join'],
    ['tick', 'tick'],
  ])('%s: %s', (id, actor) => {
    expect(actorOf(id)).toBe(actor);
  });
});
