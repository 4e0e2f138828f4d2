// Jobs to which anything may happen: every kind of fault, every window open, settings that make no sense together. No
// promise holds here. What must hold all the same: the simulator does not fail, its books balance, and equal plans give
// equal bytes.
import fc from 'fast-check';
import type { FaultPlan, FaultTrigger, RunPlan } from '../../../models/index.ts';
import { COMMIT_STEPS } from '../../../models/protocols/samza.ts';
import { millisecond, second } from '../plan-builder.ts';
import { randomPlan } from './random-plan.ts';

const until = 60 * second;

/** A random job, with its settings disturbed and up to eight faults of any kind. */
export function chaosPlan(): fc.Arbitrary<RunPlan> {
  return fc
    .tuple(randomPlan(), settings, fc.array(anyFault, { maxLength: 8 }), failureLog)
    .map(([{ plan }, drawn, faults, trace]) => ({
      ...plan,
      horizonMicros: until,
      ties: drawn.ties,
      job: {
        ...plan.job,
        inputs: plan.job.inputs.map((input) => ({ ...input, ...drawn.input })),
        samza: { ...plan.job.samza, ...drawn.samza },
        batchLayer: drawn.batchLayer ? { intervalMicros: 7 * second, durationMicros: 9 * second } : null,
      },
      cluster: { ...plan.cluster, slotsPerHost: drawn.slots, amRestartMicros: 3 * second },
      costs: { ...plan.costs, blobTtlMicros: drawn.blobTtlMicros, kafkaJitterMicros: drawn.jitterMicros },
      faults: faults.map((fault) => fitted(fault, plan, drawn.samza)),
      faultTrace: trace,
    }));
}

/** The fault as a scenario could hold it: its container is one of the job's; a redeployment may change the settings. */
function fitted(fault: FaultPlan, plan: RunPlan, changes: Partial<RunPlan['job']['samza']>): FaultPlan {
  const inRange = (container: number): number => container % plan.job.containers;
  const trigger =
    fault.trigger.on === 'start' ? { ...fault.trigger, container: inRange(fault.trigger.container) } : fault.trigger;
  switch (fault.kind) {
    case 'container-crash':
    case 'pause':
      return { ...fault, trigger, container: inRange(fault.container) };
    case 'host-crash':
    case 'partition': {
      const { host } = fault;
      const fitting = typeof host === 'number' ? host % plan.cluster.hosts : { ofContainer: inRange(host.ofContainer) };
      return { ...fault, trigger, host: fitting };
    }
    case 'job-restart': {
      const samza = fault.downMicros % 2 === 0 ? plan.job.samza : { ...plan.job.samza, ...changes };
      return { ...fault, trigger, samza: fault.downMicros % 3 === 0 ? null : samza };
    }
    case 'am-crash':
    case 'broker-stall':
    case 'leader-loss':
    case 'send-failure':
    case 'topic-recreated':
    case 'blob-outage':
    case 'blob-slow':
      return { ...fault, trigger };
  }
}

const versions = fc.constantFrom<(readonly (1 | 2)[])[]>([1], [2], [1, 2], [2, 1]);

const settings = fc.record({
  ties: fc.constantFrom('fifo' as const, 'shuffled' as const),
  slots: fc.integer({ min: 1, max: 4 }),
  batchLayer: fc.boolean(),
  blobTtlMicros: fc.integer({ min: millisecond, max: 100 * second }),
  jitterMicros: fc.nat(5 * millisecond),
  input: fc.record({
    offsetDefault: fc.constantFrom('upcoming' as const, 'oldest' as const),
    resetOffset: fc.boolean(),
    deleteCommitted: fc.boolean(),
    retentionMicros: fc.constantFrom(null, 4 * second, 20 * second),
    startsAtMicros: fc.constantFrom(0, 0, 10 * second),
  }),
  samza: fc.record(
    {
      checkpoints: fc.boolean(),
      commitMicros: fc.constantFrom(0, 300 * millisecond, 2 * second, 30 * second),
      commitMaxDelayMicros: fc.constantFrom(0, second),
      commitTimeoutMicros: fc.constantFrom(500 * millisecond, 5 * second),
      skipCommitDuringFailures: fc.boolean(),
      asyncCommit: fc.boolean(),
      dropProducerErrors: fc.boolean(),
      retainExistingState: fc.boolean(),
      transactionalStateRestore: fc.boolean(),
      readVersions: versions,
      writeVersions: versions,
      liveCheckpointMaxAgeMicros: fc.constantFrom(0, 5 * second),
      containerRetryCount: fc.integer({ min: -1, max: 2 }),
      failJobAfterRetries: fc.boolean(),
      heartbeatMonitorEnabled: fc.boolean(),
      amHighAvailability: fc.boolean(),
      blobRetryDurationMicros: fc.constantFrom(100 * millisecond, 5 * second),
      lingerMicros: fc.constantFrom(0, 10 * millisecond, second),
      standbyReplicationFactor: fc.integer({ min: 1, max: 3 }),
      acks: fc.constantFrom('leader' as const, 'all' as const),
    },
    { requiredKeys: [] },
  ),
});

const trigger: fc.Arbitrary<FaultTrigger> = fc.oneof(
  fc.record({ on: fc.constant('time' as const), atMicros: fc.nat(until) }),
  fc.record({
    on: fc.constant('step' as const),
    step: fc.constantFrom(...COMMIT_STEPS.map((step) => step.name)),
    when: fc.constantFrom('before' as const, 'during' as const, 'after' as const),
    task: fc.nat(3),
    commit: fc.nat(8),
  }),
  fc.record({
    on: fc.constant('start' as const),
    moment: fc.constantFrom('restore' as const, 'trim' as const, 'seal' as const, 'running' as const),
    container: fc.nat(2),
    start: fc.nat(3),
    delayMicros: fc.nat(5 * second),
  }),
);

const forMicros = fc.integer({ min: 1, max: 40 * second });
const container = fc.nat(2);
const host = fc.oneof(
  fc.nat(2),
  container.map((ofContainer) => ({ ofContainer })),
);
const log = fc.record({
  log: fc.constantFrom('input' as const, 'output' as const, 'changelog' as const, 'checkpoint' as const),
  partition: fc.constantFrom(null, 0, 1),
});

const anyFault: fc.Arbitrary<FaultPlan> = fc.oneof(
  fc.record({
    kind: fc.constant('container-crash' as const),
    trigger,
    container,
    exitCode: fc.constantFrom(0, 1, 137, -100, -101, -102),
  }),
  fc.record({
    kind: fc.constant('host-crash' as const),
    trigger,
    host,
    downMicros: fc.nat(30 * second),
    diskLost: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('job-restart' as const),
    trigger,
    downMicros: fc.nat(20 * second),
    samza: fc.constant(null),
  }),
  fc.record({ kind: fc.constant('am-crash' as const), trigger }),
  fc.record({
    kind: fc.constant('partition' as const),
    trigger,
    host,
    cut: fc.constantFrom('node-manager' as const, 'cluster-manager' as const, 'kafka' as const),
    forMicros,
  }),
  fc.record({ kind: fc.constant('pause' as const), trigger, container, forMicros }),
  fc.record({ kind: fc.constant('broker-stall' as const), trigger, log, forMicros }),
  fc.record({ kind: fc.constant('leader-loss' as const), trigger, log, unreplicatedRecords: fc.nat(50) }),
  fc.record({ kind: fc.constant('send-failure' as const), trigger, log, batches: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('topic-recreated' as const), trigger, log }),
  fc.record({ kind: fc.constant('blob-outage' as const), trigger, forMicros }),
  fc.record({ kind: fc.constant('blob-slow' as const), trigger, factor: fc.integer({ min: 1, max: 100 }), forMicros }),
);

const failureLog = fc.option(
  fc
    .array(fc.tuple(fc.nat(until), fc.nat(5), fc.nat(10 * second)), { maxLength: 3 })
    .map((rows) => rows.toSorted(([a], [b]) => a - b))
    .map((rows) => ({
      atMicros: rows.map(([at]) => at),
      node: rows.map(([, node]) => node),
      downMicros: rows.map(([, , down]) => down),
    })),
  { nil: null },
);
