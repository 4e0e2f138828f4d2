// A batch goes through a job as one, and says of its records what they would have said one by one.
import { expect, test } from 'vitest';

import type { FlowJobOutcome } from '../../../models/flow-job/outcome.ts';
import type { FlowJobPlan } from '../../../models/flow-job/plan.ts';
import { runJudged } from '../../../models/flow-job/judged-run.ts';
import { NO_FAULTS } from '../../../models/flow-job/plan.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import { flinkAligned } from '../../../models/protocols/flink-aligned.ts';
import { flinkUnaligned } from '../../../models/protocols/flink-unaligned.ts';
import { pipelinePlan } from './pipeline-plan.ts';

const STAGES = [
  { parallelism: 1 },
  { parallelism: 1, serviceMicros: 600, stateBytes: 1_000_000 },
  { parallelism: 1, serviceMicros: 100 },
];

/** Two minutes of a chain at a thousand records a second. */
function run(
  batchRecords: number,
  changes: Partial<FlowJobPlan> = {},
  intervalMicros: number = 10_000_000,
): FlowJobOutcome {
  const plan = pipelinePlan(STAGES, {
    horizonMicros: 120_000_000,
    capacity: 10_000,
    sink: 'plain',
    load: { records: 200_000, intervalMicros: 1_000, arrivals: 'regular', batchRecords },
    ...changes,
  });
  return runFlowJob({ ...plan, checkpoints: { ...plan.checkpoints, intervalMicros } }, flinkAligned);
}

const crashes = [31, 58, 95].map((second) => ({ target: 1, atMicros: second * 1_000_000 + 437_000 }));

test('without failures the records of a batch are as late as each of them would be alone', () => {
  // A snapshot stands in the way of all records of a batch a little, of single ones of a few: none here.
  const [alone, together] = [run(1, {}, 0), run(500, {}, 0)];
  expect(together.events).toBeLessThan(alone.events / 100);
  expect(together.records.visible).toBeGreaterThan(118_000);
  expect(together.output_latency.count).toBe(together.records.visible);
  expect(together.output_latency.mean_us / alone.output_latency.mean_us).toBeCloseTo(1, 3);
  expect(together.output_latency.p50_us).toBe(alone.output_latency.p50_us);
});

test('a snapshot in the midst of a batch does not undo what was done of it before', () => {
  const [alone, together] = [run(1), run(500)];
  expect(together.output_latency.mean_us).toBeGreaterThan(alone.output_latency.mean_us);
  expect(together.output_latency.mean_us).toBeLessThan(1.1 * alone.output_latency.mean_us);
});

test('useful time is that of the records, whatever goes through as one', () => {
  const [alone, together] = [run(1), run(500)];
  alone.budget.forEach(({ useful_us }, task) => {
    expect(Math.abs(together.budget[task]!.useful_us - useful_us), `task ${task}`).toBeLessThan(500 * 600);
  });
});

test('what is replayed, how long recovery takes and how late records are hardly hangs on the size of batches', () => {
  const faults = { ...NO_FAULTS, crashes };
  const [alone, together] = [run(1, { faults }), run(20, { faults })];
  const sum = ({ recoveries }: FlowJobOutcome, of: 'replayed_records' | 'downtime_us' | 'catchup_us'): number =>
    recoveries.reduce((total, each) => total + each[of], 0);
  expect(together.recoveries.length).toBe(3);
  for (const of of ['replayed_records', 'downtime_us', 'catchup_us'] as const)
    expect(Math.abs(sum(together, of) / sum(alone, of) - 1), of).toBeLessThan(0.02);
  expect(Math.abs(together.output_latency.mean_us / alone.output_latency.mean_us - 1)).toBeLessThan(0.02);
  expect(together.records.lost).toBe(0);
});

test.each([flinkAligned, flinkUnaligned])(
  'books and metrics of batches are those of their records under $name: laws Q1 and Q2',
  (protocol) => {
    const stages = STAGES.map((stage) => ({ ...stage, parallelism: 2 }));
    const usual = pipelinePlan(stages, {
      horizonMicros: 60_000_000,
      capacity: 2_000,
      load: { records: 200_000, intervalMicros: 1_000, arrivals: 'regular', batchRecords: 100 },
      faults: { ...NO_FAULTS, crashes },
    });
    const checkpoints = { ...usual.checkpoints, intervalMicros: 7_000_000 };
    const { laws, outcome } = runJudged({ ...usual, checkpoints }, protocol, { promise: 'exactly-once' });
    expect(laws.map(({ law, first }) => [law, first?.facts ?? null])).toEqual(
      ['E2', 'E1', 'Q1', 'Q2'].map((law) => [law, null]),
    );
    expect(outcome.recoveries.filter(({ replayed_records }) => replayed_records > 0).length).toBe(2);
    expect(outcome.budget[2]!.replay_us).toBeGreaterThan(0);
    expect(outcome.budget[2]!.blocked_us + outcome.budget[2]!.snapshot_us).toBeGreaterThan(0);
  },
);

test('records in batches cannot arrive at random', () => {
  const load = { records: 1_000, intervalMicros: 1_000, arrivals: 'poisson', batchRecords: 10 } as const;
  expect(() => run(10, { load })).toThrow('load.arrivals must be regular');
});
