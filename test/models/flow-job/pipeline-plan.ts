// A small pipeline for tests by example: regular arrivals, constant delays, a checkpoint each second.
import {
  DEFAULT_COSTS,
  type FlowJobPlan,
  NO_FAULTS,
  RESTART_AT_ONCE,
  type Stage,
  pipelineGraph,
} from '../../../models/flow-job/plan.ts';

export function pipelinePlan(stages: readonly Stage[], changes: Partial<FlowJobPlan> = {}): FlowJobPlan {
  return {
    name: 'pipeline',
    seed: 'pipeline',
    replication: 0,
    horizonMicros: 20_000_000,
    ...pipelineGraph(stages),
    capacity: 64,
    routing: 'keyed',
    hops: 0,
    sink: 'two-phase',
    load: { records: 2 ** 31 - 1, intervalMicros: 1_000, arrivals: 'regular' },
    costs: DEFAULT_COSTS,
    checkpoints: {
      intervalMicros: 1_000_000,
      timeoutMicros: 10_000_000,
      minPauseMicros: 0,
      maxConcurrent: 1,
      alignedTimeoutMicros: 20_000,
      tolerableFailures: null,
    },
    restart: RESTART_AT_ONCE,
    faults: NO_FAULTS,
    ...changes,
  };
}
