/** From the file of a dataflow job to its plan: stages become tasks and channels, units microseconds. */
import {
  type Delay,
  type FlowJobChannel,
  type FlowJobCosts,
  type FlowJobPlan,
  type FlowJobTask,
  type SourceLoad,
} from '../models/flow-job/plan.ts';
import { CONTENDERS, unfitFor } from '../models/comparison/index.ts';
import { nearest } from '../models/nearest-word.ts';
import { finding, type Finding } from './explain-issue.ts';
import { limitFindings } from './flow-limits.ts';
import type { ChannelEntry, FlowCostsEntry, FlowScenarioFile, StageEntry } from './flow-scenario.ts';
import type { DataPath } from './yaml-source.ts';

/** A log has no end that a run would reach. */
const BATCHES_MAX = 2 ** 31 - 1;

const micros = (ms: number): number => Math.round(ms * 1000);

/** A dataflow job, ready to be run under any protocol that fits it. */
export interface FlowJobScenario {
  readonly name: string;
  readonly title: string;
  readonly teaches: string;
  readonly replications: number;
  /** What is compared unless something else is asked for. */
  readonly protocols: readonly string[];
  /** Size of a control element, a message or a stamp on the network. */
  readonly controlBytes: number;
  readonly plan: FlowJobPlan;
}

/** The plan, or what is wrong in values that are fine one by one. */
export function flowJobScenario(file: FlowScenarioFile, baseName: string): FlowJobScenario | readonly Finding[] {
  const wrongStages = stageFindings(file);
  if (wrongStages.length > 0) return wrongStages;
  const graph = graphOfStages(file);
  if (Array.isArray(graph)) return graph;
  const { tasks, channels } = graph as Graph;
  const found = [...limitFindings(file, tasks, channels), ...crashFindings(file, tasks)];
  if (found.length > 0) return found;
  const name = file.name ?? baseName;
  const { title, teaches, replications, protocols, checkpoints, faults } = file;
  const sources = tasks.filter(({ role }) => role === 'source').length;
  const plan: FlowJobPlan = {
    name,
    seed: String(file.seed),
    replication: 0,
    horizonMicros: micros(file.horizon_s * 1000),
    tasks,
    channels,
    capacity: file.channel_capacity,
    routing: file.routing,
    hotShare: file.hot_share,
    hops: file.feedback?.hops ?? 0,
    sink: file.sink,
    load: loadOf(file, sources),
    costs: costsOf(file.costs),
    checkpoints: {
      intervalMicros: micros(checkpoints.interval_ms),
      timeoutMicros: micros(checkpoints.timeout_ms),
      minPauseMicros: micros(checkpoints.min_pause_ms),
      maxConcurrent: checkpoints.max_concurrent,
      alignedTimeoutMicros: micros(checkpoints.aligned_timeout_ms),
      tolerableFailures: checkpoints.tolerable_failures,
    },
    restart: {
      kind: 'fixed-delay',
      attempts: file.restart.attempts ?? Infinity,
      delayMicros: micros(file.restart.delay_ms),
    },
    faults: {
      crashes: faults.crashes.map(({ task, at_s }) => ({
        target: task === 'coordinator' ? task : tasks.findIndex((each) => each.name === task),
        atMicros: micros(at_s * 1000),
      })),
      mtbfMicros: faults.mtbf_s === null ? 0 : micros(faults.mtbf_s * 1000),
      lostNotifications: faults.lost_notifications,
      failedUploads: faults.failed_uploads,
    },
  };
  const controlBytes = file.costs.control_bytes;
  const unfit = protocolFindings(protocols, plan);
  if (unfit.length > 0) return unfit;
  return { name, title, teaches: (teaches ?? '').trim(), replications, protocols, controlBytes, plan };
}

/** A name that is not known, with the nearest that is. */
function unknownName(path: DataPath, message: string, name: string, known: readonly string[]): Finding {
  const suggestion = nearest(name, known);
  const few = known.length <= 12 ? known.join(', ') : `${known.slice(0, 12).join(', ')} and so on`;
  return { ...finding(path, message, few === '' ? null : `known here: ${few}`), suggestion };
}

/** Names of the stages a stage reads: those it says, or the one before it. */
function inputsOf({ stages }: FlowScenarioFile, at: number): readonly string[] {
  return stages[at]!.inputs ?? (at === 0 ? [] : [stages[at - 1]!.name]);
}

function stageFindings(file: FlowScenarioFile): readonly Finding[] {
  const { stages, feedback } = file;
  const findings: Finding[] = [];
  const names = stages.map(({ name }) => name);
  stages.forEach(({ name, inputs }, at) => {
    if (names.indexOf(name) < at)
      findings.push(
        finding(['stages', at, 'name'], `"${name}" is the name of another stage, too`, 'name it otherwise'),
      );
    inputs?.forEach((input, i) => {
      const before = names.slice(0, at);
      if (before.includes(input)) return;
      const why = names.includes(input) ? 'does not stand before it' : 'is no stage';
      findings.push(unknownName(['stages', at, 'inputs', i], `"${input}" ${why}`, input, before));
    });
  });
  const read = new Set(stages.flatMap((_, at) => inputsOf(file, at)));
  stages.forEach(({ name }, at) => {
    if (inputsOf(file, at).length > 0 || read.has(name)) return;
    findings.push(finding(['stages', at], 'is a source that nobody reads', 'name it in the inputs of a later stage'));
  });
  if (feedback !== undefined) findings.push(...feedbackFindings(file, read));
  return findings;
}

function feedbackFindings(file: FlowScenarioFile, read: ReadonlySet<string>): readonly Finding[] {
  const { stages, feedback } = file;
  const { from, to } = feedback!;
  const operators = stages.filter(({ name }, at) => inputsOf(file, at).length > 0 && read.has(name));
  const names = operators.map(({ name }) => name);
  const findings = (['from', 'to'] as const)
    .filter((end) => !names.includes(feedback![end]))
    .map((end) =>
      unknownName(
        ['feedback', end],
        `must be a stage between sources and sinks, found "${feedback![end]}"`,
        feedback![end],
        names,
      ),
    );
  if (findings.length === 0 && names.indexOf(to) > names.indexOf(from))
    findings.push(finding(['feedback', 'to'], `must not stand behind ${from}, found "${to}"`, 'that is no cycle'));
  return findings;
}

interface Graph {
  readonly tasks: readonly FlowJobTask[];
  readonly channels: readonly FlowJobChannel[];
}

function graphOfStages(file: FlowScenarioFile): Graph | readonly Finding[] {
  const { stages, feedback } = file;
  const read = new Set(stages.flatMap((_, at) => inputsOf(file, at)));
  const tasks: FlowJobTask[] = [];
  const members = new Map<string, readonly number[]>();
  stages.forEach((stage, at) => {
    const role = inputsOf(file, at).length === 0 ? 'source' : read.has(stage.name) ? 'operator' : 'sink';
    members.set(
      stage.name,
      Array.from({ length: stage.parallelism }, (_, i) => tasks.push(taskOf(stage, role, i)) - 1),
    );
  });
  const channels: FlowJobChannel[] = [];
  const connect = (from: string, to: string): void => {
    for (const sender of members.get(from)!)
      for (const receiver of members.get(to)!) channels.push({ from: sender, to: receiver, fifo: true });
  };
  stages.forEach(({ name }, at) => inputsOf(file, at).forEach((input) => connect(input, name)));
  if (feedback !== undefined) connect(feedback.from, feedback.to);
  return withDelays(file, { tasks, channels });
}

function taskOf(stage: StageEntry, role: FlowJobTask['role'], i: number): FlowJobTask {
  return {
    name: `${stage.name}-${i}`,
    role,
    vertex: stage.name,
    serviceMicros: Math.round(stage.service_us),
    stateBytes: stage.state_bytes,
    stateBytesPerRecord: stage.state_bytes_per_record,
  };
}

function withDelays({ channels: entries }: FlowScenarioFile, { tasks, channels }: Graph): Graph | readonly Finding[] {
  const nameOf = ({ from, to }: FlowJobChannel): string => `${tasks[from]!.name} -> ${tasks[to]!.name}`;
  const known = new Set(channels.map(nameOf));
  const findings = entries.flatMap((entry, i) => {
    const name = `${entry.from} -> ${entry.to}`;
    if (known.has(name)) return [];
    return [unknownName(['channels', i], `there is no channel ${name}`, name, [...known])];
  });
  if (findings.length > 0) return findings;
  const byName = new Map(entries.map((entry) => [`${entry.from} -> ${entry.to}`, entry]));
  return {
    tasks,
    channels: channels.map((channel) => {
      const entry = byName.get(nameOf(channel));
      return entry === undefined ? channel : { ...channel, delay: delayOf(entry) };
    }),
  };
}

function crashFindings(
  { faults, horizon_s: horizon }: FlowScenarioFile,
  tasks: readonly FlowJobTask[],
): readonly Finding[] {
  const names = ['coordinator', ...tasks.map(({ name }) => name)];
  return faults.crashes.flatMap(({ task, at_s: at }, i) => {
    const path = ['faults', 'crashes', i];
    const unknown = names.includes(task)
      ? []
      : [unknownName([...path, 'task'], `there is no task "${task}"`, task, names)];
    const late =
      at < horizon ? [] : [finding([...path, 'at_s'], `must be before horizon_s (${horizon}), found ${at}`, null)];
    return [...unknown, ...late];
  });
}

function protocolFindings(protocols: readonly string[], plan: FlowJobPlan): readonly Finding[] {
  const known = CONTENDERS.map(({ name }) => name);
  return protocols.flatMap((name, i) => {
    const path = ['protocols', i];
    const contender = CONTENDERS.find((each) => each.name === name);
    if (contender === undefined) return [unknownName(path, `there is no protocol "${name}"`, name, known)];
    if (protocols.indexOf(name) < i) return [finding(path, `${name} is named twice`, 'name each protocol once')];
    const why = unfitFor(contender, { plan, controlBytes: 0, samza: null });
    return why === null ? [] : [finding(path, `${name} ${why}`, 'leave it out')];
  });
}

function loadOf({ load }: FlowScenarioFile, sources: number): SourceLoad {
  const { rate_per_s: rate, arrivals, batch_records: batch } = load;
  const one = { records: BATCHES_MAX * batch, intervalMicros: (sources * 1e6) / rate, arrivals };
  // Without batches the plan, and with it the hash of the scenario, is that of a time that knew none.
  return batch === 1 ? one : { ...one, batchRecords: batch };
}

function delayOf({ delay_ms: least, jitter_ms: jitter }: Pick<ChannelEntry, 'delay_ms' | 'jitter_ms'>): Delay {
  return jitter === 0
    ? { kind: 'constant', micros: micros(least) }
    : { kind: 'exponential', leastMicros: micros(least), meanMicros: micros(jitter) };
}

function costsOf(costs: FlowCostsEntry): FlowJobCosts {
  return {
    recordBytes: costs.record_bytes,
    channelDelay: delayOf({ delay_ms: costs.channel_delay_ms, jitter_ms: costs.channel_jitter_ms }),
    rpcDelay: delayOf({ delay_ms: costs.rpc_delay_ms, jitter_ms: costs.rpc_jitter_ms }),
    syncMicros: micros(costs.sync_ms),
    syncMicrosPerMebibyte: micros(costs.sync_ms_per_mebibyte),
    uploadMicros: micros(costs.upload_ms),
    uploadBytesPerSecond: costs.upload_bytes_per_s,
    storeMicros: micros(costs.store_ms),
    commitMicros: micros(costs.commit_ms),
    detectionMicros: micros(costs.detection_ms),
    restartMicros: micros(costs.restart_ms),
    downloadMicros: micros(costs.download_ms),
    downloadBytesPerSecond: costs.download_bytes_per_s,
  };
}
