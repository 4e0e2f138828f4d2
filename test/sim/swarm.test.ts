import { describe, expect, test } from 'vitest';

import { explore, replayPath } from '../../sim/explore.ts';
import { randomStreams } from '../../sim/random.ts';
import { randomRun, type RandomRun, type RandomRunOptions } from '../../sim/swarm.ts';
import { barriers } from './explore-barriers.ts';
import { counters } from './explore-counters.ts';

const faultKinds = ['crash'];
const options = (run: number): RandomRunOptions => ({ stream: randomStreams(7, run)('swarm'), maxSteps: 200 });
const correct = barriers({ records: 2, checkpoints: 1, crashes: 1 });

function reach(runs: number, more: Partial<RandomRunOptions>): number {
  const prints = new Set<string>();
  for (let run = 0; run < runs; run++) {
    for (const { high, low } of randomRun(correct, { ...options(run), ...more }).durable) prints.add(`${high} ${low}`);
  }
  return prints.size;
}

describe('a random run', () => {
  test('is the same for the same seed and run number, and another for another', () => {
    const run = (number: number): RandomRun => randomRun(correct, { ...options(number), faultKinds });
    expect(run(3)).toEqual(run(3));
    expect(new Set(Array.from({ length: 20 }, (_, i) => run(i).ids.join(' '))).size).toBeGreaterThan(10);
  });

  test('tells what a crash would have left, from the initial state on', () => {
    const model = counters(1, 2);
    expect(randomRun(model, options(0)).durable).toEqual([0, 1, 2].map((count) => model.durable([count])));
  });

  test('is a path of the model, and ends where the model ends', () => {
    for (let run = 0; run < 100; run++) {
      const { ids, steps, ended, violations } = randomRun(correct, options(run));
      expect(replayPath(correct, ids, { settleBelow: 200 }).ids).toEqual(ids);
      expect([steps, ended, violations]).toEqual([ids.length, true, []]);
    }
  });

  test('never breaks a law of the correct model, nor leaves the durable projections that exhaustive search knows', () => {
    const known = explore(correct).durableProjections;
    expect(reach(1000, {})).toBeLessThanOrEqual(known);
  });

  test('stops at the breach; its path replays to the same breach', () => {
    const broken = barriers({ records: 2, checkpoints: 1, crashes: 1, mutant: 'ack-before-upload' });
    let breaches = 0;
    for (let run = 0; run < 50; run++) {
      const { ids, violations } = randomRun(broken, { ...options(run), faultKinds });
      for (const { law, facts, path } of violations) {
        breaches++;
        expect(path).toEqual(ids);
        expect(replayPath(broken, path, { law, faultKinds })).toMatchObject({ ids, violation: { law, facts } });
      }
    }
    expect(breaches).toBeGreaterThan(10);
  });

  test('goes on after a breach when told to, and keeps the first breach of each law', () => {
    const step = ([a, b]: readonly number[]): string[] => [...(a! > 1 ? ['one'] : []), ...(b! > 1 ? ['two'] : [])];
    const model = counters(2, 4, { step });
    const all = randomRun(model, { ...options(0), stopAtFirst: false });
    expect([all.steps, all.ended, all.violations.map(({ law }) => law).sort()]).toEqual([8, true, ['one', 'two']]);
    for (const { law, path } of all.violations) {
      expect(path).toEqual(all.ids.slice(0, path.length));
      expect(path.filter((id) => id.startsWith(law === 'one' ? 'count:c0' : 'count:c1'))).toHaveLength(2);
      expect(randomRun(model, { ...options(0), stopAtFirst: law }).ids).toEqual(path);
    }
  });

  test('that is given up after maxSteps does not ask the laws that speak of ends', () => {
    const model = counters(2, 4, { end: () => ['end'] });
    expect(randomRun(model, { ...options(0), maxSteps: 7 })).toMatchObject({ steps: 7, ended: false, violations: [] });
    expect(randomRun(model, { ...options(0), maxSteps: 8 })).toMatchObject({
      steps: 8,
      ended: true,
      violations: [{ law: 'end' }],
    });
  });
});

describe('weights', () => {
  const firstKinds = (more: Partial<RandomRunOptions>): number => {
    let firsts = 0;
    for (let run = 0; run < 400; run++) {
      if (randomRun(counters(2, 5), { ...options(run), ...more }).ids[0] === 'count:c0#1') firsts++;
    }
    return firsts / 400;
  };

  test('drawn per run, they make runs of different character', () => {
    const switchesOf = (bias: 'swarm' | 'uniform'): number[] =>
      Array.from({ length: 200 }, (_, run) => {
        const { ids } = randomRun(counters(2, 10), { ...options(run), bias });
        return ids.filter((id, i) => i > 0 && id.slice(0, 8) !== ids[i - 1]!.slice(0, 8)).length;
      });
    const oneSided = (counts: readonly number[]): number => counts.filter((count) => count <= 3).length;
    expect(oneSided(switchesOf('swarm'))).toBeGreaterThan(60);
    expect(oneSided(switchesOf('uniform'))).toBeLessThan(20);
  });

  test('given by kind, they shift the odds; a kind of weight 0 waits until nothing else is left', () => {
    expect(Math.abs(firstKinds({ bias: 'uniform' }) - 0.5)).toBeLessThan(0.1);
    expect(Math.abs(firstKinds({ bias: 'uniform', weights: { c0: 3 } }) - 0.75)).toBeLessThan(0.1);
    expect(firstKinds({ weights: { c0: 0 } })).toBe(0);
    const { ids, ended } = randomRun(counters(2, 5), { ...options(1), weights: { c0: 0 } });
    expect(ended).toBe(true);
    expect(ids.slice(5).every((id) => id.startsWith('count:c0'))).toBe(true);
  });

  test('reach further than even odds: distinct durable projections of 1000 runs, of those that exist', () => {
    const both = [
      reach(1000, { bias: 'swarm' }),
      reach(1000, { bias: 'uniform' }),
      explore(correct).durableProjections,
    ];
    expect(both).toMatchInlineSnapshot(`
      [
        181,
        145,
        590,
      ]
    `);
    expect(both[0]).toBeGreaterThan(both[1]!);
  });
});

describe('storm and calm', () => {
  const stuck = barriers({ records: 1, checkpoints: 1, crashes: 1, mutant: 'stuck-after-crash' });

  test('no fault happens after the storm, and the run goes on to its end', () => {
    for (let run = 0; run < 200; run++) {
      const { ids, ended } = randomRun(correct, { ...options(run), faultKinds, stormSteps: 3 });
      expect(ids.slice(3).filter((id) => id.startsWith('crash:'))).toEqual([]);
      expect(ended).toBe(true);
    }
  });

  test('some runs see faults, some none', () => {
    const crashes = Array.from({ length: 200 }, (_, run) =>
      randomRun(correct, { ...options(run), faultKinds }).ids.some((id) => id.startsWith('crash:')),
    ).filter(Boolean).length;
    expect(crashes).toBeGreaterThan(20);
    expect(crashes).toBeLessThan(180);
  });

  test('what a fault breaks for ever shows in the calm, and without the fault nothing shows', () => {
    let found = 0;
    for (let run = 0; run < 200; run++) {
      const { ids, violations, ended } = randomRun(stuck, { ...options(run), faultKinds });
      if (violations.length === 0) continue;
      found++;
      expect([violations[0]!.law, ended]).toEqual(['not-stuck', true]);
      expect(ids.some((id) => id.startsWith('crash:'))).toBe(true);
    }
    expect(found).toBeGreaterThan(5);
  });
});
