/** From a checked scenario to a RunPlan: units become µs, defaults of one section that depend on another are filled in. */
import type {
  ClusterPlan,
  CostPlan,
  FaultPlan,
  FaultTrace,
  FaultTrigger,
  JobPlan,
  LoadPlan,
  RunPlan,
} from '../models/plan.ts';
import type { SamzaEntry } from '../models/samza/keys/index.ts';
import { HORIZON_DEFAULT_S } from './defaults.ts';
import { finding, type Finding } from './explain-issue.ts';
import { fromMicros, fromMillis, fromSeconds, planRedeploy } from './job-plan.ts';
import type { ClusterEntry, CostEntry, FaultEntry, HostEntry, LoadEntry, Scenario, TriggerEntry } from './scenario.ts';
import type { DataPath } from './yaml-source.ts';

export interface BuildInputs {
  readonly scenario: Scenario;
  readonly name: string;
  readonly job: JobPlan;
  readonly properties: readonly SamzaEntry[];
  /** The load trace, already read; null for a rate load. */
  readonly loadTrace: LoadPlan | null;
  readonly faultTrace: FaultTrace | null;
}

export interface BuiltPlan {
  readonly plan: RunPlan;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** Builds the plan; with findings it must not be run. */
export function buildPlan(inputs: BuildInputs): BuiltPlan {
  const { scenario, job } = inputs;
  const load = inputs.loadTrace ?? planRate(scenario.load);
  const horizonMicros = planHorizon(scenario, load);
  const findings: Finding[] = [...checkCluster(scenario, job)];
  const faults = scenario.faults.plan.map((entry, i) => planFault(entry, ['faults', 'plan', i], inputs, findings));
  const plan: RunPlan = {
    name: inputs.name,
    title: scenario.title ?? inputs.name,
    teaches: scenario.teaches ?? '',
    expect: planExpectation(scenario),
    seed: String(scenario.seed),
    replication: scenario.replication,
    horizonMicros,
    protocol: scenario.protocol,
    ties: scenario.ties,
    job,
    cluster: planCluster(scenario.cluster),
    load,
    costs: planCosts(scenario.costs),
    faults,
    faultTrace: inputs.faultTrace,
  };
  return { plan, findings, notes: planNotes(plan) };
}

function planExpectation(scenario: Scenario): RunPlan['expect'] {
  const { expect } = scenario;
  return expect.verdict === 'violated' ? { kind: 'violated', law: expect.law } : { kind: expect.verdict };
}

function planHorizon(scenario: Scenario, load: LoadPlan): number {
  if (scenario.horizon_s !== undefined) return Math.max(1, fromSeconds(scenario.horizon_s));
  return load.kind === 'trace' ? load.endMicros : fromSeconds(HORIZON_DEFAULT_S);
}

function planRate(load: LoadEntry): LoadPlan {
  if (load.kind === 'trace') throw new Error('assert: a trace load is read before the plan is built');
  return {
    kind: 'rate',
    perSecond: load.rate_per_s,
    arrivals: load.arrivals,
    burstOnMicros: fromSeconds(load.burst_on_s),
    burstOffMicros: fromSeconds(load.burst_off_s),
    records: load.records,
    stopsAtMicros: load.stops_at_s === null ? null : fromSeconds(load.stops_at_s),
  };
}

function planCluster(cluster: ClusterEntry): ClusterPlan {
  return {
    hosts: cluster.hosts,
    slotsPerHost: cluster.slots_per_host,
    nodeExpiryMicros: fromSeconds(cluster.node_expiry_s),
    exitReportMicros: fromMillis(cluster.exit_report_ms),
    containerStartMicros: fromSeconds(cluster.container_start_s),
    amRestartMicros: fromSeconds(cluster.am_restart_s),
    placement: cluster.placement,
    clockSkewMicros: cluster.clock_skew_ms.map(fromMillis),
  };
}

function planCosts(costs: CostEntry): CostPlan {
  return {
    processMicros: costs.process_us,
    processDistribution: costs.process_distribution,
    kafkaLatencyMicros: fromMillis(costs.kafka_latency_ms),
    kafkaJitterMicros: fromMillis(costs.kafka_jitter_ms),
    brokerRequestMicros: fromMillis(costs.broker_request_ms),
    recordBytes: costs.record_bytes,
    changelogEntryBytes: costs.changelog_entry_bytes,
    storeFlushMicros: fromMillis(costs.store_flush_ms),
    storeCheckpointMicros: fromMillis(costs.store_checkpoint_ms),
    localDiskBytesPerSecond: costs.local_disk_bytes_per_s,
    memtableEntries: costs.memtable_entries,
    commitStepMicros: fromMicros(costs.commit_step_us),
    writeFilesMicros: fromMillis(costs.write_files_ms),
    checkpointReadMicros: fromMillis(costs.checkpoint_read_ms),
    checkpointReadPerRecordMicros: costs.checkpoint_read_per_record_us,
    restoreBytesPerSecond: costs.restore_bytes_per_s,
    blobLatencyMicros: fromMillis(costs.blob_latency_ms),
    blobBytesPerSecond: costs.blob_bytes_per_s,
    blobTtlMicros: fromSeconds(costs.blob_ttl_s),
    segmentBytes: costs.segment_bytes,
    segmentMicros: fromSeconds(costs.segment_s),
  };
}

function planFault(entry: FaultEntry, path: DataPath, inputs: BuildInputs, findings: Finding[]): FaultPlan {
  const { job, scenario } = inputs;
  const trigger = planTrigger(entry, path, job, findings);
  const tasks = taskCount(job);
  const check = (field: string, value: number, bound: number, what: string): void => {
    if (value < bound) return;
    const message = `is ${value}, but the scenario has ${bound} ${what}${bound === 1 ? '' : 's'}`;
    findings.push(finding([...path, field], message, `count from 0: at most ${bound - 1}`));
  };
  const host = (hostEntry: HostEntry): number | { readonly ofContainer: number } => {
    if ((hostEntry.host === undefined) === (hostEntry.host_of_container === undefined)) {
      const both = hostEntry.host !== undefined;
      const message = both ? 'names host and host_of_container' : 'names no host';
      findings.push(finding(path, message, 'write either host: 1 or host_of_container: 0'));
      return 0;
    }
    if (hostEntry.host_of_container !== undefined) {
      check('host_of_container', hostEntry.host_of_container, job.containers, 'container');
      return { ofContainer: hostEntry.host_of_container };
    }
    check('host', hostEntry.host ?? 0, scenario.cluster.hosts, 'host');
    return hostEntry.host ?? 0;
  };
  const log = (logEntry: { log: 'input' | 'output' | 'changelog' | 'checkpoint'; partition: number | null }) => {
    const partitions = logEntry.log === 'checkpoint' ? 1 : tasks;
    if (logEntry.partition !== null) check('partition', logEntry.partition, partitions, 'partition');
    return { log: logEntry.log, partition: logEntry.partition };
  };
  switch (entry.kind) {
    case 'container-crash':
      check('container', entry.container, job.containers, 'container');
      return { kind: entry.kind, trigger, container: entry.container, exitCode: entry.exit_code };
    case 'host-crash':
      return {
        kind: entry.kind,
        trigger,
        host: host(entry),
        downMicros: fromSeconds(entry.down_s),
        diskLost: entry.disk_lost,
      };
    case 'job-restart': {
      if (entry.samza === null)
        return { kind: entry.kind, trigger, downMicros: fromSeconds(entry.down_s), samza: null };
      const redeploy = planRedeploy(scenario.job, inputs.properties, entry.samza, [...path, 'samza']);
      findings.push(...redeploy.findings);
      return { kind: entry.kind, trigger, downMicros: fromSeconds(entry.down_s), samza: redeploy.config };
    }
    case 'am-crash':
      return { kind: entry.kind, trigger };
    case 'partition':
      return { kind: entry.kind, trigger, host: host(entry), cut: entry.cut, forMicros: fromSeconds(entry.for_s) };
    case 'pause':
      check('container', entry.container, job.containers, 'container');
      return { kind: entry.kind, trigger, container: entry.container, forMicros: fromSeconds(entry.for_s) };
    case 'broker-stall':
      return { kind: entry.kind, trigger, log: log(entry), forMicros: fromSeconds(entry.for_s) };
    case 'leader-loss':
      return { kind: entry.kind, trigger, log: log(entry), unreplicatedRecords: entry.unreplicated_records };
    case 'send-failure':
      return { kind: entry.kind, trigger, log: log(entry), batches: entry.batches };
    case 'topic-recreated':
      return { kind: entry.kind, trigger, log: log(entry) };
    case 'blob-outage':
      return { kind: entry.kind, trigger, forMicros: fromSeconds(entry.for_s) };
    case 'blob-slow':
    default:
      return { kind: entry.kind, trigger, factor: entry.factor, forMicros: fromSeconds(entry.for_s) };
  }
}

function planTrigger(entry: TriggerEntry, path: DataPath, job: JobPlan, findings: Finding[]): FaultTrigger {
  const { at_s, at_step, at_start } = entry;
  const given = [at_s, at_step, at_start].filter((value) => value !== undefined).length;
  if (given !== 1) {
    const message = given === 0 ? 'says not when it strikes' : 'says more than once when it strikes';
    const remedy =
      'write one of at_s: 600, at_step: { step: append-v1, task: 0, commit: 2 } and at_start: { moment: restore, start: 1 }';
    findings.push(finding(path, message, remedy));
  }
  if (at_step !== undefined) {
    const tasks = taskCount(job);
    if (at_step.task >= tasks) {
      const message = `is ${at_step.task}, but the scenario has ${tasks} task${tasks === 1 ? '' : 's'}`;
      findings.push(finding([...path, 'at_step', 'task'], message, `count from 0: at most ${tasks - 1}`));
    }
    return { on: 'step', step: at_step.step, when: at_step.when, task: at_step.task, commit: at_step.commit };
  }
  if (at_start !== undefined) {
    if (at_start.container >= job.containers) {
      const message = `is ${at_start.container}, but the scenario has ${job.containers} container${job.containers === 1 ? '' : 's'}`;
      findings.push(
        finding([...path, 'at_start', 'container'], message, `count from 0: at most ${job.containers - 1}`),
      );
    }
    const { moment, container, start, delay_ms } = at_start;
    return { on: 'start', moment, container, start, delayMicros: fromMillis(delay_ms) };
  }
  return { on: 'time', atMicros: fromSeconds(at_s ?? 0) };
}

function taskCount(job: JobPlan): number {
  return job.inputs.reduce((most, input) => Math.max(most, input.partitions), 0);
}

function checkCluster(scenario: Scenario, job: JobPlan): readonly Finding[] {
  const findings: Finding[] = [];
  const { hosts, slots_per_host: slots, clock_skew_ms: skew } = scenario.cluster;
  const copies = job.samza.standbyReplicationFactor;
  const needed = job.containers * copies;
  if (needed > hosts * slots) {
    const what =
      copies > 1
        ? `${job.containers} containers and their ${needed - job.containers} standbys`
        : `${needed} containers`;
    const message = `${what} do not fit into ${hosts * slots} slots (${hosts} x ${slots})`;
    findings.push(
      finding(
        ['cluster', 'hosts'],
        message,
        `raise cluster.hosts or cluster.slots_per_host to make room for ${needed}`,
      ),
    );
  }
  if (copies > hosts) {
    const message = `${copies} copies of a task need ${copies} hosts, the cluster has ${hosts}`;
    findings.push(finding(['cluster', 'hosts'], message, 'an active container and its standbys sit on distinct hosts'));
  }
  if (skew.length > hosts) {
    const message = `has ${skew.length} entries, more than the ${hosts} host${hosts === 1 ? '' : 's'} of the cluster`;
    findings.push(finding(['cluster', 'clock_skew_ms'], message, 'one entry per host; missing entries are 0'));
  }
  return findings;
}

/** What is allowed and yet probably not meant. */
function planNotes(plan: RunPlan): readonly string[] {
  const notes: string[] = [];
  const { samza } = plan.job;
  for (const [i, fault] of plan.faults.entries()) {
    if (fault.trigger.on === 'time' && fault.trigger.atMicros >= plan.horizonMicros) {
      notes.push(
        `faults.plan.${i} (${fault.kind}) strikes at ${fault.trigger.atMicros / 1e6} s, after the horizon of ${plan.horizonMicros / 1e6} s`,
      );
    }
    if (fault.kind.startsWith('blob') && !samza.stores.some((store) => store.blob)) {
      notes.push(`faults.plan.${i} (${fault.kind}) has nothing to disturb: no store is backed up to a blob store`);
    }
  }
  if (plan.faultTrace !== null) {
    const inside = plan.faultTrace.atMicros.filter((at) => at < plan.horizonMicros).length;
    notes.push(`faults.trace: ${inside} of ${plan.faultTrace.atMicros.length} failures fall inside the horizon`);
  }
  if (plan.job.taskKind === 'sync' && samza.maxConcurrency > 1) {
    notes.push(
      'task.max.concurrency above 1 has no effect on a StreamTask; job.task_kind: async makes it an AsyncStreamTask',
    );
  }
  return notes;
}
