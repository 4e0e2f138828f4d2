// The job that scale and batches are measured on: so many tasks in pipelines that do not touch each other, each of them a
// chain of source, operators and sink, and one coordinator that checkpoints them all.
import { DEFAULT_COSTS, NO_FAULTS, RESTART_AT_ONCE } from '../../dist/models/flow-job/plan.js';

/** Tasks and channels of `pipelines` chains, each `length` tasks long; only operators take time for a record. */
export function forwardGraph(pipelines, { length = 3, serviceMicros = 0, stateBytes = 0 } = {}) {
  const tasks = [];
  const channels = [];
  for (let i = 0; i < pipelines; i++) {
    for (let stage = 0; stage < length; stage++) {
      const role = stage === 0 ? 'source' : stage === length - 1 ? 'sink' : 'operator';
      const vertex = role === 'operator' ? `operator${stage}` : role;
      const service = role === 'operator' ? serviceMicros : 0;
      if (stage > 0) channels.push({ from: tasks.length - 1, to: tasks.length, fifo: true });
      tasks.push({ name: `${vertex}-${i}`, role, vertex, serviceMicros: service, stateBytes, stateBytesPerRecord: 0 });
    }
  }
  return { tasks, channels };
}

/** A plan on such a graph; by default a thousand records a second and source, nothing that fails and no checkpoints. */
export function forwardPlan(graph, changes) {
  return {
    name: 'forward pipelines',
    seed: 'bench',
    replication: 0,
    horizonMicros: 1_000_000,
    ...graph,
    capacity: 1_000,
    routing: 'broadcast',
    hops: 0,
    sink: 'plain',
    load: { records: 2 ** 31 - 1, intervalMicros: 1_000, arrivals: 'poisson' },
    costs: { ...DEFAULT_COSTS, channelDelay: { kind: 'exponential', leastMicros: 1_000, meanMicros: 5_000 } },
    checkpoints: {
      intervalMicros: 0,
      timeoutMicros: 600_000_000,
      minPauseMicros: 0,
      maxConcurrent: 1,
      alignedTimeoutMicros: 0,
      tolerableFailures: null,
    },
    restart: RESTART_AT_ONCE,
    faults: NO_FAULTS,
    ...changes,
  };
}
