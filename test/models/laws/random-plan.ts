// Random jobs with random failures that keep Samza's promises. What is drawn is free; what is left out, and why, is said
// at the place: each known window of samza.md §5.4 is shut by construction here, so that the laws can be asserted in full.
// The windows themselves are opened, one by one, by the tests in windows/.
// Length: one generator, and the reason for each thing it leaves out.
import fc from 'fast-check';
import type { FaultPlan, JobLogic, RunPlan } from '../../../models/index.ts';
import { COMMIT_STEPS } from '../../../models/protocols/samza.ts';
import { millisecond, planOf, second, type StoreKeys } from '../plan-builder.ts';

/** How the state of a random job is to come back. */
export type Backend = 'transactional' | 'non-transactional' | 'blob';

/** A plan and what a law has to know about it. */
export interface RandomPlan {
  readonly backend: Backend;
  readonly plan: RunPlan;
}

/**
 * Failures begin here: every task has its first checkpoint by then, so W-first and W-idleSSP stay shut for any default.
 * With compaction they begin later, when the first segments have been compacted.
 */
const faultsFrom = 12 * second;
const compactedFrom = 75 * second;
const compactionLag = 60 * second;
/** Each failure has a slot of its own. */
const faultSlot = 10 * second;
const faultsMax = 4;
/** Long enough behind the last slot for every failure to be over and every record to be processed. */
const aftermath = 40 * second;
/** Outages are short: four of them in a row, and a commit that waited for one, stay below 0.9 of the compaction lag. */
const downMax = 3 * second;

export interface RandomPlanOptions {
  readonly backends?: readonly Backend[];
  readonly faults?: boolean;
}

/** Jobs of all shapes, with up to four failures each. */
export function randomPlan(options: RandomPlanOptions = {}): fc.Arbitrary<RandomPlan> {
  const { backends = ['transactional', 'non-transactional', 'blob'], faults = true } = options;
  return fc
    .constantFrom(...backends)
    .chain((backend) => fc.tuple(fc.constant(backend), shape(backend)))
    .chain(([backend, drawn]) =>
      fc.tuple(fc.constant(backend), fc.constant(drawn), faults ? faultsOf(backend, drawn) : fc.constant([])),
    )
    .map(([backend, drawn, faultPlans]) => ({ backend, plan: toPlan(backend, drawn, faultPlans) }));
}

type Shape = ReturnType<typeof shape> extends fc.Arbitrary<infer T> ? T : never;

function shape(backend: Backend) {
  return fc.record({
    seed: fc.nat(99).map(String),
    ties: fc.constantFrom('fifo', 'shuffled'),
    // W-cross: a deduplicating job without transactional state loses outputs, which is why it became Samza's default.
    logic: fc.constantFrom<JobLogic>(
      'count',
      'count',
      'match',
      'stateless',
      ...(backend === 'non-transactional' ? [] : ['dedup' as const]),
    ),
    partitions: fc.integer({ min: 1, max: 4 }),
    secondStream: fc.option(fc.integer({ min: 1, max: 4 }), { nil: 0 }),
    containers: fc.integer({ min: 1, max: 3 }),
    hosts: fc.integer({ min: 1, max: 3 }),
    keysPerTask: fc.integer({ min: 1, max: 30 }),
    keySkew: fc.constantFrom(0, 1),
    stores: fc.integer({ min: 1, max: 2 }),
    inMemory: backend === 'blob' ? fc.constant(false) : fc.boolean(),
    cleanOnStart: backend === 'blob' ? fc.constant(false) : fc.boolean(),
    cacheSize: fc.constantFrom(0, 1, 3, 1000),
    writeBatch: fc.constantFrom(1, 2, 8, 500),
    memtable: fc.constantFrom(2, 10, 100_000),
    commitMillis: fc.integer({ min: 800, max: 5000 }),
    // A blob store without a marker keeps what lies on the disk (samza.md §3.4). A manual commit may let a crash at one of
    // its steps strike before the seal commit has uploaded one; the timer of the others comes later.
    manualEvery: backend === 'blob' ? fc.constant(0) : fc.constantFrom(0, 0, 7, 20),
    manualScope: fc.constantFrom('task', 'container'),
    concurrency: fc.integer({ min: 1, max: 4 }),
    asyncCommit: fc.boolean(),
    threads: fc.integer({ min: 0, max: 3 }),
    versions: backend === 'blob' ? fc.constantFrom(...blobVersions) : fc.constantFrom(...allVersions),
    hostAffinity: fc.boolean(),
    standby: fc.boolean(),
    deleteCommitted: fc.boolean(),
    compaction: fc.boolean(),
    skewMillis: fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 3, maxLength: 3 }),
    perSecond: fc.integer({ min: 4, max: 40 }),
    arrivals: fc.constantFrom('poisson', 'even', 'bursty'),
    batchRecords: fc.constantFrom(1, 1, 5),
    // Share of one thread that processing takes; the commits of four tasks take up to another third.
    utilisation: fc.constantFrom(0.001, 0.05, 0.2, 0.35),
    exponential: fc.boolean(),
    lingerMillis: fc.constantFrom(0, 1, 10),
    placement: fc.constantFrom('least-loaded', 'random'),
  } as const);
}

/** Write and read versions in Samza's spelling; a reader of a version nobody writes has no checkpoint and no promise. */
const allVersions = ['1,2>1', '1,2>2', '1,2>1,2', '1,2>2,1', '2,1>1', '2,1>2', '1>1', '2>2', '1>1,2'] as const;
/** Version 1 carries no snapshot index: a job that restores from blobs must read version 2 first (samza.md §3.4). */
const blobVersions = ['1,2>2', '1,2>2,1', '2,1>2', '2>2'] as const;

function toPlan(backend: Backend, drawn: Shape, faults: readonly FaultPlan[]): RunPlan {
  const { logic } = drawn;
  const inMemory = drawn.inMemory;
  // `match` and `dedup` depend on the order of a task's records, which only one SSP and one record at a time give.
  const ordered = logic === 'match' || logic === 'dedup';
  const streams = ordered || drawn.secondStream === 0 ? [drawn.partitions] : [drawn.partitions, drawn.secondStream];
  const tasks = Math.max(...streams);
  const containers = Math.min(drawn.containers, tasks);
  const standby = backend === 'non-transactional' && drawn.standby && drawn.hosts > 1;
  // W-async: with task.async.commit a local RocksDB directory may claim entries it does not hold. Without one it is safe.
  const asyncCommit = drawn.asyncCommit && !ordered && (logic === 'stateless' || (asyncAllowed(backend) && inMemory));
  const [write = '', read = ''] = drawn.versions.split('>');
  const loadStops = firstFault(backend, drawn) + faultsMax * faultSlot;
  const stores: StoreKeys[] = Array.from({ length: logic === 'stateless' ? 0 : drawn.stores }, (_, i) => ({
    name: `store-${i}`,
    factory: inMemory ? 'in-memory' : 'rocksdb',
    backup: backend === 'blob' ? 'blob' : 'changelog',
    keys: {
      'object.cache.size': drawn.cacheSize,
      // Samza refuses a write batch that is larger than the cache.
      'write.batch.size': drawn.cacheSize === 0 ? drawn.writeBatch : Math.min(drawn.writeBatch, drawn.cacheSize),
      'clean.on.container.start': drawn.cleanOnStart,
      // W-lag and W-lagMem: no checkpoint may grow older than 0.9 of this (54 s). A commit interval (5 s) and four restarts
      // of at most 5.5 s each stay below it, and so do three stalls of the outputs (35 s) in a commit that waits for them.
      ...(compacts(backend, drawn) ? { 'changelog.min.compaction.lag.ms': compactionLag / millisecond } : {}),
    },
  }));
  return planOf({
    seed: drawn.seed,
    ties: drawn.ties,
    horizonMicros: loadStops + aftermath,
    stores,
    manualCommits: { every: drawn.manualEvery, scope: drawn.manualScope },
    keys: {
      'task.commit.ms': drawn.commitMillis,
      'task.max.concurrency': ordered ? 1 : drawn.concurrency,
      'task.async.commit': asyncCommit,
      'job.container.thread.pool.size': drawn.threads,
      'task.checkpoint.write.versions': write,
      'task.checkpoint.read.versions': read,
      'task.transactional.state.restore.enabled': backend !== 'non-transactional',
      // W-retain: with the default (true) a crash after a checkpoint taken over an empty changelog restores all of it.
      'task.transactional.state.retain.existing.state': false,
      'job.host-affinity.enabled': drawn.hostAffinity,
      'job.standbytasks.replication.factor': standby ? 2 : 1,
      'systems.kafka.producer.linger.ms': drawn.lingerMillis,
      'cluster-manager.container.request.timeout.ms': 1000,
    },
    inputs: streams.map((partitions) => ({ partitions, deleteCommitted: drawn.deleteCommitted })),
    job: {
      logic,
      keys: drawn.keysPerTask * tasks,
      keySkew: drawn.keySkew,
      containers,
      taskKind: ordered || drawn.concurrency === 1 ? 'sync' : 'async',
      batchRecords: drawn.batchRecords,
    },
    cluster: {
      hosts: drawn.hosts,
      // One host can run everything: no placement keeps a container waiting for longer than one outage.
      slotsPerHost: containers * 2,
      nodeExpiryMicros: 2 * second,
      exitReportMicros: second / 2,
      containerStartMicros: second / 2,
      amRestartMicros: 2 * second,
      placement: drawn.placement,
      clockSkewMicros: drawn.skewMillis.slice(0, drawn.hosts).map((skew) => skew * millisecond),
    },
    load: {
      perSecond: drawn.perSecond,
      arrivals: drawn.arrivals,
      burstOnMicros: 2 * second,
      burstOffMicros: 2 * second,
      stopsAtMicros: loadStops,
    },
    costs: {
      processMicros: Math.ceil((drawn.utilisation * second) / drawn.perSecond),
      processDistribution: drawn.exponential ? 'exponential' : 'constant',
      // W-cache: linger (10 ms) + latency (2 ms + at most 36.8 x 0.05 ms) stay below the 20 ms of a store flush.
      // In-memory stores have nothing to flush in a real job, so there the broker's answer alone must take longer.
      brokerRequestMicros: (inMemory ? 20 : 2) * millisecond,
      kafkaJitterMicros: 50,
      // A memtable that flushes by itself can put on a disk what the changelog never got; samza.md §5.3's footnote on
      // non-transactional restore on the same host.
      memtableEntries: backend === 'non-transactional' ? 100_000 : drawn.memtable,
      ...(compacts(backend, drawn) ? { segmentBytes: 120 * 16, segmentMicros: 8 * second } : {}),
    },
    faults,
  });
}

function compacts(backend: Backend, drawn: Shape): boolean {
  return drawn.compaction && backend !== 'blob';
}

function firstFault(backend: Backend, drawn: Shape): number {
  return compacts(backend, drawn) ? compactedFrom : faultsFrom;
}

function asyncAllowed(backend: Backend): boolean {
  return backend === 'non-transactional';
}

/**
 * Up to four failures, each in a slot of its own. Left out by construction: partitions that make zombies (W-zombie-*),
 * stalls of a changelog or of the checkpoint topic and refused changelog sends (W-cache2), brokers out of reach (same),
 * lost leaders (W-acks1), re-created topics (W-range2) and exit code 0 (W-restart0).
 */
function faultsOf(backend: Backend, drawn: Shape): fc.Arbitrary<readonly FaultPlan[]> {
  const container = fc.nat(Math.min(drawn.containers, drawn.partitions) - 1);
  const task = fc.nat(drawn.partitions - 1);
  const steps = COMMIT_STEPS.map((step) => step.name);
  const atStep = fc.record({
    on: fc.constant('step'),
    step: fc.constantFrom(...steps),
    when: fc.constantFrom('before', 'during', 'after'),
    task,
    commit: fc.integer({ min: 1, max: 12 }),
  } as const);
  const atStart = fc.record({
    on: fc.constant('start'),
    moment: fc.constantFrom('restore', 'trim', 'seal', 'running', 'running'),
    container,
    start: fc.constantFrom(1, 1, 1, 2, 3),
    delayMicros: fc.nat(200 * millisecond),
  } as const);
  const exitCode = fc.constantFrom(1, 137, -100, -102);
  const crash = fc.constant('container-crash' as const);
  const atTime = <T>(of: (trigger: { readonly on: 'time'; readonly atMicros: number }) => fc.Arbitrary<T>) =>
    fc.nat(faultSlot - second).chain((at) => of({ on: 'time', atMicros: at }));
  // A clean stop writes memtables to disk before the producer has drained. A crash at a commit step could strike between
  // the two, which is the footnote of samza.md §5.3 again, so non-transactional jobs get either the one or the other.
  const steppy = backend !== 'non-transactional' || drawn.hostAffinity;
  const kinds: fc.Arbitrary<FaultPlan>[] = [
    atTime((trigger) => fc.record({ kind: crash, trigger: fc.constant(trigger), container, exitCode })),
    atTime((trigger) =>
      fc.record({
        kind: fc.constant('host-crash' as const),
        trigger: fc.constant(trigger),
        host: fc.oneof(
          fc.nat(drawn.hosts - 1),
          container.map((ofContainer) => ({ ofContainer })),
        ),
        downMicros: fc.integer({ min: 1, max: downMax }),
        diskLost: fc.boolean(),
      }),
    ),
    fc.record({ kind: crash, trigger: atStart, container, exitCode }),
    // Right after a start, and with the host: what the seal commit left has to do on another one.
    fc.record({
      kind: fc.constant('host-crash' as const),
      trigger: atStart,
      host: container.map((ofContainer) => ({ ofContainer })),
      downMicros: fc.constant(downMax),
      diskLost: fc.boolean(),
    }),
    atTime((trigger) => fc.constant({ kind: 'am-crash', trigger })),
    atTime((trigger) =>
      fc.record({
        kind: fc.constant('pause' as const),
        trigger: fc.constant(trigger),
        container,
        forMicros: fc.integer({ min: 1, max: 3 * second }),
      }),
    ),
    atTime((trigger) =>
      fc.record({
        kind: fc.constant('broker-stall' as const),
        trigger: fc.constant(trigger),
        log: fc.constant({ log: 'output' as const, partition: null }),
        // Past its own slot, so that a sender may die while its outputs wait.
        forMicros: fc.integer({ min: second, max: 15 * second }),
      }),
    ),
    atTime((trigger) =>
      fc.record({
        kind: fc.constant('send-failure' as const),
        trigger: fc.constant(trigger),
        log: task.map((partition) => ({ log: 'output' as const, partition })),
        batches: fc.integer({ min: 1, max: 2 }),
      }),
    ),
  ];
  if (steppy) kinds.push(fc.record({ kind: crash, trigger: atStep, container, exitCode }));
  if (!steppy || backend !== 'non-transactional') {
    kinds.push(
      atTime((trigger) =>
        fc.record({
          kind: fc.constant('job-restart' as const),
          trigger: fc.constant(trigger),
          downMicros: fc.integer({ min: 1, max: downMax }),
          samza: fc.constant(null),
        }),
      ),
    );
  }
  if (backend === 'blob') {
    kinds.push(
      atTime((trigger) =>
        fc.record({
          kind: fc.constant('blob-outage' as const),
          trigger: fc.constant(trigger),
          forMicros: fc.integer({ min: second, max: 8 * second }),
        }),
      ),
      atTime((trigger) =>
        fc.record({
          kind: fc.constant('blob-slow' as const),
          trigger: fc.constant(trigger),
          factor: fc.integer({ min: 2, max: 20 }),
          forMicros: fc.integer({ min: second, max: 8 * second }),
        }),
      ),
    );
  }
  const from = firstFault(backend, drawn);
  return fc
    .array(fc.oneof(...kinds), { maxLength: faultsMax })
    .map((faults) => faults.map((fault, i) => inOwnSlot(fault, from + i * faultSlot)));
}

/** Moves a timed failure into its slot, so that two of them never overlap by more than an outage. */
function inOwnSlot(fault: FaultPlan, slotStarts: number): FaultPlan {
  if (fault.trigger.on !== 'time') return fault;
  return { ...fault, trigger: { on: 'time', atMicros: slotStarts + fault.trigger.atMicros } };
}
