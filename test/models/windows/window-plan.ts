/**
 * The job the windows are shown on, small enough that every time can be worked out by hand: one task on one container of
 * two hosts, records at exact 10 ms intervals, no random latency. Record n (from 0) arrives at (n + 1) · 10 ms and is
 * processed 500 µs later when the task is free; the first start runs at about 2.2 s, and a commit falls due every 10 s
 * from then on. Samza's own keys decide the rest; null takes a key of the base away.
 */
import type { FaultPlan, FaultTrigger, LogSelector, RunPlan } from '../../../models/plan.ts';
import type { SamzaConfig } from '../../../models/samza/config.ts';
import { type PlanChanges, countsStore, planOf, samzaOf } from '../plan-builder.ts';

export type SamzaKeys = NonNullable<PlanChanges['keys']>;

/** What a plan says differently from the base. */
export interface WindowChanges extends Omit<PlanChanges, 'keys' | 'stores' | 'horizonMicros'> {
  readonly horizonSeconds?: number;
  readonly samza?: SamzaKeys;
  /** Fields of SamzaConfig that no key of Samza sets: commits asked for by user code. */
  readonly config?: Partial<SamzaConfig>;
}

/** Nothing is cached and nothing lingers, so a put is in the changelog 2 ms later. */
const BASE_KEYS: SamzaKeys = {
  'task.commit.ms': 10_000,
  'stores.counts.object.cache.size': 0,
  'systems.kafka.producer.linger.ms': 0,
  'cluster-manager.allocator.sleep.ms': 1000,
};

const BLOB_FACTORY = 'org.apache.samza.storage.blobstore.BlobStoreStateBackendFactory';

/** Backs the store up to a blob store instead of a changelog. */
export const BLOB: SamzaKeys = {
  'stores.counts.changelog': null,
  'stores.counts.backup.factories': BLOB_FACTORY,
  'stores.counts.restore.factories': BLOB_FACTORY,
  'task.checkpoint.read.versions': 2,
};

/** A job without a store. */
export const STATELESS: SamzaKeys = {
  'stores.counts.factory': null,
  'stores.counts.changelog': null,
  'stores.counts.object.cache.size': null,
};

export const IN_MEMORY: SamzaKeys = {
  'stores.counts.factory': 'org.apache.samza.storage.kv.inmemory.InMemoryKeyValueStorageEngineFactory',
};

/** Non-transactional restore: whatever reached the changelog. */
export const NON_TX: SamzaKeys = { 'task.transactional.state.restore.enabled': false };

/** The default write-behind cache, larger than the key space: entries leave it at a commit and not before. */
export const CACHED: SamzaKeys = { 'stores.counts.object.cache.size': null };

export const SAME_HOST: SamzaKeys = { 'job.host-affinity.enabled': true };

/** A configuration for a redeployment: the base with these keys. */
export function configOf(...layers: readonly SamzaKeys[]): SamzaConfig {
  return samzaOf([countsStore], Object.assign({}, BASE_KEYS, ...layers));
}

/** The plan; equal changes give equal plans. */
export function windowPlan(changes: WindowChanges = {}): RunPlan {
  const { samza, config, horizonSeconds = 60, job, cluster, load, costs, ...rest } = changes;
  const plan = planOf({
    ...rest,
    horizonMicros: horizonSeconds * 1_000_000,
    keys: { ...BASE_KEYS, ...samza },
    job: { keys: 40, ...job },
    cluster: { nodeExpiryMicros: 3_000_000, exitReportMicros: 500_000, containerStartMicros: 1_000_000, ...cluster },
    load: { perSecond: 100, arrivals: 'even', ...load },
    // Bytes take no time, so that what a step takes does not depend on how much there is.
    costs: {
      localDiskBytesPerSecond: 1e15,
      restoreBytesPerSecond: 1e15,
      blobBytesPerSecond: 1e15,
      checkpointReadPerRecordMicros: 0,
      ...costs,
    },
  });
  return { ...plan, job: { ...plan.job, samza: { ...plan.job.samza, ...config } } };
}

// ---- when ---------------------------------------------------------------------------------------------------------

/** At a time of the run. */
export function at(seconds: number): FaultTrigger {
  return { on: 'time', atMicros: Math.round(seconds * 1e6) };
}

/** Right after a named step of commit `commit` (0 is the seal) of a task. */
export function after(step: string, commit: number, task: number = 0): FaultTrigger {
  return { on: 'step', step, when: 'after', task, commit };
}

/** At a moment of container 0's start number `start` (0 is the first), or some time after it. */
export function inStart(
  start: number,
  moment: 'restore' | 'trim' | 'seal' | 'running',
  delaySeconds: number = 0,
): FaultTrigger {
  return { on: 'start', moment, container: 0, start, delayMicros: Math.round(delaySeconds * 1e6) };
}

// ---- what ---------------------------------------------------------------------------------------------------------

/** The process of a container dies. */
export function crash(trigger: FaultTrigger, exitCode: number = 137, container: number = 0): FaultPlan {
  return { kind: 'container-crash', trigger, container, exitCode };
}

/** The host of container 0 dies and, if not said otherwise, stays down, so that the container starts on the other one. */
export function hostLoss(trigger: FaultTrigger, downSeconds: number = 100_000): FaultPlan {
  const downMicros = Math.round(downSeconds * 1e6);
  return { kind: 'host-crash', trigger, host: { ofContainer: 0 }, downMicros, diskLost: false };
}

/** A clean stop of the job and a start `downSeconds` later, with another configuration if one is given. */
export function redeploy(trigger: FaultTrigger, downSeconds: number, samza: SamzaConfig | null = null): FaultPlan {
  return { kind: 'job-restart', trigger, downMicros: Math.round(downSeconds * 1e6), samza };
}

export function stall(trigger: FaultTrigger, log: LogSelector['log'], seconds: number): FaultPlan {
  return { kind: 'broker-stall', trigger, log: { log, partition: null }, forMicros: Math.round(seconds * 1e6) };
}

/** Container 0's host loses its way to somebody. */
export function cutOff(
  trigger: FaultTrigger,
  cut: 'node-manager' | 'cluster-manager' | 'kafka',
  seconds: number,
): FaultPlan {
  return { kind: 'partition', trigger, host: { ofContainer: 0 }, cut, forMicros: Math.round(seconds * 1e6) };
}

export function pause(trigger: FaultTrigger, seconds: number): FaultPlan {
  return { kind: 'pause', trigger, container: 0, forMicros: Math.round(seconds * 1e6) };
}

/** The leader of a log dies with its newest records on it alone. */
export function leaderLoss(trigger: FaultTrigger, log: LogSelector['log'], records: number): FaultPlan {
  return { kind: 'leader-loss', trigger, log: { log, partition: null }, unreplicatedRecords: records };
}
