import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  type CampaignFindings,
  findingsOfRun,
  judgeCampaign,
  mergeFindings,
  stopWhen,
} from '../../sim/campaign-findings.ts';
import { type CampaignOptions, mergeAll, nextRound, runCampaign, runShard } from '../../sim/campaign.ts';
import { randomStreams } from '../../sim/random.ts';
import { randomRun } from '../../sim/swarm.ts';
import { barriers } from './explore-barriers.ts';

const model = (mutant: 'none' | 'late-offset') => barriers({ records: 2, checkpoints: 1, crashes: 1, mutant });
const runOf =
  (mutant: 'none' | 'late-offset') =>
  (run: number): CampaignFindings => {
    const stream = randomStreams(5, run)('swarm');
    return findingsOfRun(run, randomRun(model(mutant), { stream, maxSteps: 200, faultKinds: ['crash'] }));
  };
const runOne = runOf('late-offset');

/** As a coordinator with workers would: the parts of a round arrive in the order that `arrival` says. */
function withWorkers(
  options: CampaignOptions<CampaignFindings>,
  workers: number,
  arrival: (parts: (CampaignFindings | undefined)[]) => (CampaignFindings | undefined)[],
): CampaignFindings | undefined {
  let soFar: CampaignFindings | undefined;
  let runsDone = 0;
  for (let round = nextRound(options, 0, soFar); round !== null; round = nextRound(options, runsDone, soFar)) {
    const parts = Array.from({ length: workers }, (_, index) =>
      runShard(round, { index, count: workers }, { runOne, merge: mergeFindings }),
    );
    soFar = arrival([soFar, ...parts]).reduce((a, b) => mergeAll([a, b], mergeFindings), undefined);
    runsDone = round.to;
  }
  return soFar;
}

describe('a campaign', () => {
  test('gives one answer for any number of workers and any order of completion, stop rules included', () => {
    const stops = [
      {},
      { stop: stopWhen({ violation: true }) },
      { stop: stopWhen({ steps: 700 }) },
      { stop: stopWhen({ staleRuns: 8 }) },
    ];
    for (const stop of stops) {
      const options = { runs: 100, roundRuns: 24, ...stop };
      const alone = runCampaign(options, runOne, mergeFindings);
      for (const workers of [1, 2, 3, 7, 30]) {
        expect(withWorkers(options, workers, (parts) => parts)).toEqual(alone);
        expect(withWorkers(options, workers, (parts) => parts.toReversed())).toEqual(alone);
      }
    }
  });

  test('the workers of a round take each of its runs once', () => {
    fc.assert(
      fc.property(fc.nat({ max: 50 }), fc.nat({ max: 40 }), fc.integer({ min: 1, max: 9 }), (from, length, count) => {
        const ran = Array.from({ length: count }, (_, index) =>
          runShard(
            { from, to: from + length },
            { index, count },
            { runOne: (run) => [run], merge: (a: number[], b) => [...a, ...b] },
          ),
        ).flatMap((runs) => runs ?? []);
        expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => from + i));
      }),
    );
  });

  test('of no runs has no result', () => {
    expect(runCampaign({ runs: 0 }, runOne, mergeFindings)).toBeUndefined();
  });

  test('keeps the lowest run of each law, and counts the runs that broke it', () => {
    const all = Array.from({ length: 100 }, (_, run) => runOne(run));
    const breaking = all.filter(({ violations }) => violations.length > 0);
    const merged = runCampaign({ runs: 100 }, runOne, mergeFindings)!;
    expect(breaking.length).toBeGreaterThan(3);
    expect(merged.violations).toEqual([{ ...breaking[0]!.violations[0]!, runs: breaking.length }]);
    expect(merged.runs).toBe(100);
    expect(merged.steps).toBe(all.reduce((sum, { steps }) => sum + steps, 0));
  });
});

describe('merging findings', () => {
  const print = fc.record({ high: fc.nat({ max: 2 }), low: fc.constantFrom(0, 1, 2 ** 32 - 1) });
  const part = (run: number): fc.Arbitrary<CampaignFindings> =>
    fc
      .record({
        durable: fc.uniqueArray(print, { maxLength: 6, selector: ({ high, low }) => `${high} ${low}` }),
        laws: fc.subarray(['a', 'b', 'c']),
        length: fc.integer({ min: 1, max: 3 }),
        ended: fc.boolean(),
      })
      .map(({ durable, laws, length, ended }) => {
        const ids = Array.from({ length }, (_, i) => `step:x#${i}`);
        const violations = laws.map((law) => ({ law, facts: {}, path: ids }));
        return findingsOfRun(run, { ids, violations, steps: length, ended, durable });
      });

  test('neither order nor grouping changes the result', () => {
    fc.assert(
      fc.property(part(0), part(1), part(2), (a, b, c) => {
        const left = mergeFindings(mergeFindings(a, b), c);
        expect(mergeFindings(a, mergeFindings(b, c))).toEqual(left);
        expect(mergeFindings(c, mergeFindings(b, a))).toEqual(left);
        expect(mergeFindings(mergeFindings(c, a), b)).toEqual(left);
      }),
    );
  });

  test('the reach is the union, each projection with its first run, and passes between threads as plain data', () => {
    fc.assert(
      fc.property(part(4), part(2), (a, b) => {
        const { reach } = mergeFindings(structuredClone(a), structuredClone(b));
        const expected = new Map<string, number>();
        for (const { reach } of [a, b]) {
          reach.firstRuns.forEach((run, i) => {
            const key = `${reach.prints[2 * i]} ${reach.prints[2 * i + 1]}`;
            expected.set(key, Math.min(run, expected.get(key) ?? Infinity));
          });
        }
        const actual = Array.from(reach.firstRuns, (run, i) => [
          `${reach.prints[2 * i]} ${reach.prints[2 * i + 1]}`,
          run,
        ]);
        expect(new Map(actual as [string, number][])).toEqual(expected);
        expect(actual).toHaveLength(expected.size);
      }),
    );
  });
});

describe('the verdict', () => {
  const of = (mutant: 'none' | 'late-offset', runs: number): CampaignFindings | undefined =>
    runCampaign({ runs }, runOf(mutant), mergeFindings);

  test('is violated as soon as one run broke a law, however little was reached', () => {
    const verdict = judgeCampaign(of('late-offset', 100), { minReach: 1_000_000 });
    expect(verdict).toMatchObject({ kind: 'violated', violations: [{ law: 'consistent-cut' }] });
  });

  test('holds only from the minimum reach on', () => {
    const findings = of('none', 100)!;
    const reached = findings.reach.firstRuns.length;
    expect(reached).toBeGreaterThan(30);
    expect(judgeCampaign(findings, { minReach: reached })).toEqual({ kind: 'holds', runs: 100, reached });
    expect(judgeCampaign(findings, { minReach: reached + 1 })).toMatchObject({
      kind: 'unknown',
      why: 'reach-too-small',
    });
  });

  test('is unknown when nothing ran, or no run came to its end', () => {
    expect(judgeCampaign(undefined, { minReach: 0 })).toMatchObject({ kind: 'unknown', why: 'nothing-ran' });
    const given = { ...of('none', 10)!, ended: 0 };
    expect(judgeCampaign(given, { minReach: 0 })).toMatchObject({ kind: 'unknown', why: 'no-run-ended' });
  });
});

describe('stop rules', () => {
  const options = { runs: 1000, roundRuns: 16 };
  test('a breach ends the campaign with its round', () => {
    const { runs, violations } = runCampaign(
      { ...options, stop: stopWhen({ violation: true }) },
      runOne,
      mergeFindings,
    )!;
    expect(runs % 16).toBe(0);
    expect(violations[0]!.run).toBeGreaterThanOrEqual(runs - 16);
    const other = { ...options, runs: 50, stop: stopWhen({ violation: 'restorable' }) };
    expect(runCampaign(other, runOne, mergeFindings)!.runs).toBe(50);
  });

  test('runs that reach nothing new end it', () => {
    const stale = { ...options, stop: stopWhen({ staleRuns: 20 }) };
    const { runs, reach } = runCampaign(stale, runOf('none'), mergeFindings)!;
    expect(runs).toBeLessThan(1000);
    const newestBefore = (bound: number): number => Math.max(...reach.firstRuns.filter((run) => run < bound));
    expect(runs - 1 - newestBefore(runs)).toBeGreaterThanOrEqual(20);
    for (let done = 16; done < runs; done += 16) expect(done - 1 - newestBefore(done)).toBeLessThan(20);
  });

  test('a budget of actions ends it', () => {
    const { runs, steps } = runCampaign({ ...options, stop: stopWhen({ steps: 1000 }) }, runOne, mergeFindings)!;
    expect([steps >= 1000, runs < 1000]).toEqual([true, true]);
  });
});
