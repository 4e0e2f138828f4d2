/**
 * Real Samza beside the protocols of dataflow jobs. Its job is simulated as it is (`models/samza/`), with containers, hosts and
 * changelogs; beside it stands a dataflow job of the same rates, service times, state and interval, which any protocol can run.
 * What of the one has no place in the other is said in notes, and numbers that would mean something else are null.
 */
import type { FlowJobChannel, FlowJobCosts, FlowJobPlan, FlowJobTask } from '../flow-job/plan.ts';
import type { Outcome, Recovery } from '../outcome.ts';
import type { FaultPlan, RunPlan } from '../plan.ts';
import { RESTART_AT_ONCE } from '../flow-job/plan.ts';
import { meanOf, type MetricValues, sharesOf } from './metrics.ts';

/** Samza's channels are Kafka partitions; volatile ones of other protocols get room for some seconds. */
const CAPACITY = 10_000;
/** A coordinator in the same cluster answers within a millisecond or so. */
const RPC_MICROS = 1_000;
const MEBIBYTE = 2 ** 20;

export interface FlowTwin {
  readonly plan: FlowJobPlan;
  /** Those that do what Samza's tasks do, in their order. */
  readonly tasks: readonly number[];
  /** What could not be carried over, a sentence each. */
  readonly notes: readonly string[];
}

/** The dataflow job that stands for a Samza job. */
export function flowTwinOf(plan: RunPlan): FlowTwin {
  const { job } = plan;
  const notes: string[] = [];
  const { tasks, channels, workers } = graphOf(plan, notes);
  const sources = tasks.filter(({ role }) => role === 'source').length;
  if (job.keySkew > 0) notes.push('how often each key comes does not matter to the dataflow job');
  notes.push('a failure restarts the whole job; Samza restarts the container');
  if (job.containers < tasks.filter(({ role }) => role !== 'sink').length && plan.faults.length > 0)
    notes.push('of a container that dies one task is down until the failure is noticed, the others go on');
  if (plan.costs.processDistribution === 'exponential') notes.push('processing a record always takes its mean');
  return {
    plan: {
      name: plan.name,
      seed: plan.seed,
      replication: plan.replication,
      horizonMicros: plan.horizonMicros,
      tasks,
      channels,
      capacity: CAPACITY,
      routing: 'keyed',
      hops: 0,
      sink: 'plain',
      load: loadOf(plan, sources, notes),
      costs: costsOf(plan),
      checkpoints: {
        intervalMicros: Math.max(0, job.samza.commitMicros),
        timeoutMicros: job.samza.commitTimeoutMicros,
        minPauseMicros: 0,
        maxConcurrent: 1,
        alignedTimeoutMicros: 0,
        tolerableFailures: null,
      },
      restart: RESTART_AT_ONCE,
      faults: { crashes: crashesOf(plan, workers, notes), mtbfMicros: 0, lostNotifications: 0, failedUploads: 0 },
    },
    tasks: workers,
    notes: [...new Set(notes)],
  };
}

/**
 * A task that reads one partition is a source with state; one that reads several is an operator behind a source for each. The
 * output partition is a sink. Nothing is shuffled: every task is a vertex of its own.
 */
function graphOf(plan: RunPlan, notes: string[]): Pick<FlowJobPlan, 'tasks' | 'channels'> & { workers: number[] } {
  const { job, costs } = plan;
  const count = Math.max(...job.inputs.map(({ partitions }) => partitions));
  const isStateful = job.logic !== 'stateless' && job.samza.stores.length > 0;
  if (isStateful)
    notes.push(
      'a snapshot is the whole state of a task, there from the beginning; Samza appends each change to a changelog',
    );
  const readsOne = job.inputs.length === 1;
  if (!readsOne) notes.push('the partitions of a task are tasks of their own, whose time does not count');
  const idle = { serviceMicros: 0, stateBytes: 0, stateBytesPerRecord: 0 };
  const work = {
    serviceMicros: costs.processMicros,
    stateBytes: isStateful ? Math.round((job.keys * costs.changelogEntryBytes) / count) : 0,
    stateBytesPerRecord: 0,
  };
  const tasks: FlowJobTask[] = [];
  const channels: FlowJobChannel[] = [];
  const add = (name: string, role: FlowJobTask['role'], takes: typeof work): number =>
    tasks.push({ name, role, vertex: name, ...takes }) - 1;
  const inputs = job.inputs.map(({ stream, partitions }) =>
    Array.from({ length: readsOne ? 0 : partitions }, (_, partition) => add(`${stream}-${partition}`, 'source', idle)),
  );
  const workers = Array.from({ length: count }, (_, task) =>
    add(`task-${task}`, readsOne ? 'source' : 'operator', work),
  );
  const outputs = workers.map((_, task) => add(`output-${task}`, 'sink', idle));
  for (const partitions of inputs)
    partitions.forEach((from, partition) =>
      channels.push({ from, to: workers[partition]!, fifo: true, delay: { kind: 'constant', micros: 0 } }),
    );
  workers.forEach((from, task) => channels.push({ from, to: outputs[task]!, fifo: true }));
  return { tasks, channels, workers };
}

function loadOf({ load, job, horizonMicros }: RunPlan, sources: number, notes: string[]): FlowJobPlan['load'] {
  if (load.kind === 'trace') notes.push('the trace of the load is replaced by its mean rate');
  const weights = new Set(job.inputs.map(({ weight, partitions }) => weight / partitions));
  if (weights.size > 1) notes.push('all partitions get the same share of the load');
  if (load.kind === 'rate' && load.arrivals === 'bursty') notes.push('bursts are replaced by independent arrivals');
  if (load.kind === 'rate' && (load.records !== null || load.stopsAtMicros !== null))
    notes.push('records come until the horizon');
  const total = load.kind === 'rate' ? load.perSecond : (load.counts.reduce((a, b) => a + b, 0) * 1e6) / horizonMicros;
  return {
    records: 2 ** 31 - 1,
    intervalMicros: (sources * 1e6) / total,
    arrivals: load.arrivals === 'even' ? 'regular' : 'poisson',
  };
}

function costsOf({ costs, cluster }: RunPlan): FlowJobCosts {
  return {
    recordBytes: costs.recordBytes,
    channelDelay:
      costs.kafkaJitterMicros === 0
        ? { kind: 'constant', micros: costs.kafkaLatencyMicros }
        : { kind: 'exponential', leastMicros: costs.kafkaLatencyMicros, meanMicros: costs.kafkaJitterMicros },
    rpcDelay: { kind: 'constant', micros: RPC_MICROS },
    syncMicros: costs.storeFlushMicros + costs.storeCheckpointMicros,
    syncMicrosPerMebibyte: Math.round((MEBIBYTE * 1e6) / costs.localDiskBytesPerSecond),
    uploadMicros: costs.blobLatencyMicros,
    uploadBytesPerSecond: costs.blobBytesPerSecond,
    storeMicros: costs.kafkaLatencyMicros + costs.kafkaJitterMicros,
    commitMicros: 0,
    detectionMicros: cluster.exitReportMicros,
    restartMicros: cluster.containerStartMicros,
    downloadMicros: costs.blobLatencyMicros,
    downloadBytesPerSecond: costs.blobBytesPerSecond,
  };
}

/** Deaths of containers and hosts at a time become crashes of the first task in them, noticed as late. */
function crashesOf(plan: RunPlan, workers: readonly number[], notes: string[]): FlowJobPlan['faults']['crashes'] {
  const { faults, faultTrace, job, cluster } = plan;
  if (faultTrace !== null) notes.push('no failures of the trace in the dataflow job');
  return faults.flatMap((fault) => {
    const container = containerOf(fault);
    if (container === null || fault.trigger.on !== 'time') {
      notes.push(`no ${fault.kind} in the dataflow job`);
      return [];
    }
    const target = workers[container % Math.min(job.containers, workers.length)]!;
    const detectionMicros = fault.kind === 'host-crash' ? cluster.nodeExpiryMicros : cluster.exitReportMicros;
    return [{ target, atMicros: fault.trigger.atMicros, detectionMicros }];
  });
}

function containerOf(fault: FaultPlan): number | null {
  if (fault.kind === 'container-crash') return fault.container;
  if (fault.kind !== 'host-crash') return null;
  return typeof fault.host === 'number' ? fault.host : fault.host.ofContainer;
}

/** What of a price a Samza run has no number for, or one that would mean something else, and why. */
export const NOT_SAMZAS: readonly { readonly what: string; readonly why: string }[] = [
  {
    what: 'duration, alignment',
    why: 'each task commits on its own; there is no checkpoint of the job, and no barrier',
  },
  { what: 'written, stored', why: 'state is a changelog that is appended to all the time and compacted by Kafka' },
  { what: 'latency', why: 'not measured in Samza jobs' },
  { what: 'completed, aborted', why: 'a commit is of one task: eight tasks make eight of them where a job makes one' },
];

/** The price of a run of real Samza. */
export function samzaMetrics(outcome: Outcome): MetricValues {
  const { records, recoveries, budgets, simulated_s: seconds } = outcome;
  const finished = recoveries.filter((each) => each.finished);
  const caughtUp = finished.filter(({ catchup_us: micros }) => micros >= 0);
  const downtime = (each: Recovery): number => each.detect_us + each.restart_us + each.restore_us;
  return {
    ...sharesOf(budgets, seconds * 1e6),
    throughput_per_s: records.processed / seconds,
    checkpoints_completed: null,
    checkpoints_aborted: null,
    checkpoint_duration_us: null,
    alignment_us: null,
    checkpoint_bytes: null,
    channel_state_bytes: null,
    control_elements: 0,
    rpc_messages: 0,
    network_bytes: 0,
    storage_mean_bytes: null,
    storage_max_bytes: null,
    output_latency_mean_us: null,
    output_latency_p99_us: null,
    recoveries: recoveries.length,
    replayed_records: records.duplicated,
    detect_us: meanOf(finished.map(({ detect_us: micros }) => micros)),
    restart_us: meanOf(finished.map(({ restart_us: micros }) => micros)),
    restore_us: meanOf(finished.map(({ restore_us: micros }) => micros)),
    catchup_us: meanOf(caughtUp.map(({ catchup_us: micros }) => micros)),
    recovery_us: meanOf(caughtUp.map((each) => downtime(each) + each.catchup_us)),
    duplicated_records: records.outputs_duplicated,
    lost_records: records.lost + records.outputs_lost,
  };
}
