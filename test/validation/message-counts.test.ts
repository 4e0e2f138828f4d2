// Messages of a checkpoint are counted where they are: in timed jobs with channels (models.md §7). Exact, for every checkpoint.
import { expect, test } from 'vitest';
import {
  DEFAULT_COSTS,
  type FlowJobPlan,
  NO_FAULTS,
  pipelineGraph,
  RESTART_AT_ONCE,
} from '../../models/flow-job/plan.ts';
import { runFlowJob } from '../../models/flow-job/run.ts';
import { PROTOCOLS } from '../../models/protocols/index.ts';
import { modelled } from './experiment.ts';

function pipeline(stages: number, parallelism: number): FlowJobPlan {
  return {
    name: 'pipeline',
    seed: 'validation/messages',
    replication: 0,
    horizonMicros: 10_000_000,
    ...pipelineGraph(Array.from({ length: stages }, () => ({ parallelism }))),
    capacity: 16,
    routing: 'keyed',
    hops: 0,
    sink: 'plain',
    load: { records: 1_000_000, intervalMicros: 5_000, arrivals: 'poisson' },
    costs: DEFAULT_COSTS,
    checkpoints: {
      intervalMicros: 1_000_000,
      timeoutMicros: 60_000_000,
      minPauseMicros: 0,
      maxConcurrent: 1,
      alignedTimeoutMicros: 0,
      tolerableFailures: null,
    },
    restart: RESTART_AT_ONCE,
    faults: NO_FAULTS,
  };
}

/** Barriers that arrived, by checkpoint, of those that completed. */
function barriers(plan: FlowJobPlan, protocol: keyof typeof PROTOCOLS): number[] {
  const counts = new Map<number, number>();
  const { checkpoints } = runFlowJob(plan, PROTOCOLS[protocol], {
    onTrace(entry) {
      if (entry.kind === 'control') counts.set(entry.checkpoint, (counts.get(entry.checkpoint) ?? 0) + 1);
    },
  });
  return checkpoints.filter(({ status }) => status === 'completed').map(({ checkpoint }) => counts.get(checkpoint)!);
}

test.each([
  [2, 1],
  [2, 5],
  [3, 4],
  [5, 3],
])('a checkpoint of %i stages of %i tasks sends one barrier per channel', (stages, parallelism) => {
  const expected = modelled('barrier_count_all_to_all_pipeline', { stages, parallelism });
  for (const protocol of ['flink-aligned', 'flink-unaligned', 'chandy-lamport'] as const) {
    const counts = barriers(pipeline(stages, parallelism), protocol);
    expect(counts.length).toBeGreaterThan(5);
    expect(new Set(counts)).toEqual(new Set([expected]));
  }
});
