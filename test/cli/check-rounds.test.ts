// The rounds of a check, dealt to workers that answer in any order: always the findings of one thread, also when workers were
// ahead of the round that ended it.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { CheckGathering } from '../../cli/jobs/check-gathering.ts';
import { CHECK_SHARDS, type CheckPart, CheckRounds } from '../../cli/jobs/check-rounds.ts';
import { type CheckFindings, checkRun, mergeCheckFindings, withoutReach } from '../../models/dataflow/check.ts';
import { subjectOf } from '../../models/dataflow/subject.ts';
import { flinkAligned } from '../../models/protocols/flink-aligned.ts';
import { type CampaignOptions, mergeAll, runCampaign, runShard } from '../../sim/index.ts';

const RUNS = 150;
const subject = subjectOf(flinkAligned);
const found: readonly CheckFindings[] = Array.from({ length: RUNS }, (_, run) => checkRun(subject, {}, run));

interface Case {
  readonly workers: number;
  readonly roundRuns: number;
  /** The check ends after the round with this run. */
  readonly endsWith: number;
  /** This run fails. */
  readonly fails: number;
  /** Which of the parts that are out is answered next. */
  readonly order: readonly number[];
}

const campaignOf = ({ roundRuns, endsWith }: Case): CampaignOptions<CheckFindings> => ({
  runs: RUNS,
  roundRuns,
  stop: (_soFar, runsDone) => runsDone > endsWith,
});

class Failed extends Error {}

function runOne({ fails }: Case, run: number): CheckFindings {
  if (run === fails) throw new Failed(`run ${run}`);
  return found[run]!;
}

/** As `check-pool.ts` and its workers do, in one thread. */
function withWorkers(of: Case): CheckFindings | undefined {
  const rounds = new CheckRounds(campaignOf(of));
  const gatherings = Array.from({ length: of.workers }, () => new CheckGathering());
  const out: { readonly worker: number; readonly part: CheckPart; readonly settled: number }[] = [];
  const ask = (worker: number): void => {
    const part = rounds.deal();
    if (part !== null) out.push({ worker, part, settled: rounds.settled });
  };
  // Each has one part at hand and another behind it.
  for (let i = 0; i < 2; i++) gatherings.forEach((_, worker) => ask(worker));
  for (let turn = 0; out.length > 0; turn++) {
    const [{ worker, part, settled }] = out.splice((of.order[turn % of.order.length] ?? 0) % out.length, 1) as [
      (typeof out)[number],
    ];
    const gathering = gatherings[worker]!;
    gathering.settle(settled);
    rounds.take(part, made(of, part, gathering));
    ask(worker);
  }
  for (const gathering of gatherings) gathering.settle(rounds.settled);
  return mergeAll(
    gatherings.map((gathering) => gathering.all()),
    mergeCheckFindings,
  );
}

function made(of: Case, { round, shard }: CheckPart, gathering: CheckGathering): CheckFindings | Error | undefined {
  try {
    const findings = runShard(round, shard, { runOne: (run) => runOne(of, run), merge: mergeCheckFindings });
    if (findings === undefined) return undefined;
    gathering.add(round.to, findings);
    return withoutReach(findings);
  } catch (error) {
    return error as Error;
  }
}

function outcome(work: () => CheckFindings | undefined): CheckFindings | string | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failed) return error.message;
    throw error;
  }
}

const cases = fc.record({
  workers: fc.constantFrom(1, 2, 4, 20),
  roundRuns: fc.constantFrom(5, 16, 40, 64),
  endsWith: fc.nat(2 * RUNS),
  fails: fc.nat(4 * RUNS),
  order: fc.array(fc.nat(CHECK_SHARDS), { minLength: 1, maxLength: 50 }),
});

test('the findings of a check are those of one thread, for any number of workers and in any order of completion', () => {
  let failures = 0;
  fc.assert(
    fc.property(cases, (of) => {
      const alone = outcome(() => runCampaign(campaignOf(of), (run) => runOne(of, run), mergeCheckFindings));
      expect(outcome(() => withWorkers(of))).toEqual(alone);
      if (typeof alone === 'string') failures++;
    }),
    { numRuns: 200, seed: 1 },
  );
  expect(failures).toBeGreaterThan(10);
});
