// How fast a pipeline is simulated through the real protocol code with all digests on: records read and processed per
// second of processor time (a message between two tasks is one event of a plain simulator, whatever ours needs for it).
// The slow twin in the same process is the same run with every event described.
import { afterAll, bench, describe } from 'vitest';

import { DEFAULT_COSTS, type FlowJobPlan, NO_FAULTS } from '../../models/flow-job/plan.ts';
import { runFlowJob } from '../../models/flow-job/run.ts';
import { PROTOCOLS } from '../../models/protocols/index.ts';
import { pipelinePlan } from '../models/flow-job/pipeline-plan.ts';

const budget = { time: 1000, iterations: 3, warmupTime: 300, warmupIterations: 1 };

/** Sources, operators and sinks, all to all; a thousand records a second and source, a checkpoint each second. */
function plan(parallelism: number, changes: Partial<FlowJobPlan> = {}): FlowJobPlan {
  const stage = { parallelism };
  return pipelinePlan([stage, stage, stage], {
    horizonMicros: 160_000_000 / parallelism,
    capacity: 2 ** 30,
    sink: 'plain',
    load: { records: 2 ** 31 - 1, intervalMicros: 1_000, arrivals: 'poisson' },
    costs: { ...DEFAULT_COSTS, channelDelay: { kind: 'exponential', leastMicros: 1_000, meanMicros: 5_000 } },
    faults: NO_FAULTS,
    ...changes,
  });
}

const regular: Partial<FlowJobPlan> = {
  load: { records: 2 ** 31 - 1, intervalMicros: 1_000.7, arrivals: 'regular' },
  costs: { ...DEFAULT_COSTS, channelDelay: { kind: 'constant', micros: 6_000 } },
};

const runs: Readonly<Record<string, () => number>> = {
  '8-8-8, flink-aligned': () => rate(plan(8), 'flink-aligned', false),
  '8-8-8, flink-aligned, every event described': () => rate(plan(8), 'flink-aligned', true),
  '8-8-8, flink-aligned, nothing drawn at random': () => rate(plan(8, regular), 'flink-aligned', false),
  '8-8-8, flink-unaligned': () => rate(plan(8), 'flink-unaligned', false),
  '64-64-64, flink-aligned': () => rate(plan(64), 'flink-aligned', false),
};

/** Million records read and processed per second of processor time. */
function rate(of: FlowJobPlan, protocol: keyof typeof PROTOCOLS, isDescribed: boolean): number {
  let described = 0;
  const onTrace = isDescribed ? { onTrace: () => void described++ } : {};
  const before = process.cpuUsage();
  const { records } = runFlowJob(of, PROTOCOLS[protocol], onTrace);
  const { user } = process.cpuUsage(before);
  if (isDescribed && described === 0) throw new Error('nothing was described');
  return (records.read + records.processed) / user;
}

const best = new Map<string, number>();

describe('timed pipelines', () => {
  for (const [name, run] of Object.entries(runs)) {
    bench(name, () => void best.set(name, Math.max(best.get(name) ?? 0, run())), budget);
  }
});

afterAll(() => {
  const slow = best.get('8-8-8, flink-aligned, every event described') ?? NaN;
  console.table(
    Object.fromEntries(
      [...best].map(([name, millions]) => [
        name,
        {
          'M records/s of CPU': Number(millions.toPrecision(3)),
          'gain over describing': Number((millions / slow).toPrecision(3)),
        },
      ]),
    ),
  );
});
