/**
 * Samza's configuration keys: which exist, what they default to (Samza 1.8, domain facts: samza.md §6), which of them
 * change the simulation, and how a list of `key = value` entries becomes a SamzaConfig.
 * The table is the one source: parsing, suggestions, documentation and tests read it.
 * Length: one table of all of Samza's keys, and the checks that belong to its rows.
 */
import type { SamzaConfig, StoreConfig } from './config.ts';

/** What a value must look like. `integer` bounds are Samza's own; `text` takes anything. */
export type SamzaKeyType =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'ratio' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  | { readonly kind: 'versions' }
  | { readonly kind: 'names' }
  | { readonly kind: 'text' };

/** The part of a plan a key decides: a field of SamzaConfig, of one store, or of the job around it. */
export type SamzaField =
  | keyof SamzaConfig
  | `store.${keyof StoreConfig}`
  | 'job.name'
  | 'job.defaultSystem'
  | 'job.containers'
  | 'job.inputs'
  | 'job.offsetDefault'
  | 'job.resetOffset'
  | 'job.deleteCommitted';

/** One row of the table. In a pattern X is a store or stream, S a system, R a reporter, and a last `*` is any rest. */
export interface SamzaKey {
  readonly pattern: string;
  readonly type: SamzaKeyType;
  /** Samza's default as it would be written in a file; null when the key has none. */
  readonly default: string | null;
  readonly unit: 'ms' | 's' | 'bytes' | 'entries' | null;
  /** `accepted` keys are known to Samza and checked, and do nothing here. */
  readonly effect: 'modelled' | 'accepted';
  readonly field: SamzaField | null;
  readonly meaning: string;
}

const INT_MAX = 2_147_483_647;
/** The longest duration in ms that is still exact in µs: 285 years. */
const MILLIS_MAX = 9_007_199_254_740;

const boolean: SamzaKeyType = { kind: 'boolean' };
const text: SamzaKeyType = { kind: 'text' };
const names: SamzaKeyType = { kind: 'names' };
const versions: SamzaKeyType = { kind: 'versions' };
const ratio: SamzaKeyType = { kind: 'ratio' };
const offset: SamzaKeyType = { kind: 'one-of', values: ['upcoming', 'oldest'] };
const millis: SamzaKeyType = { kind: 'integer', min: 0, max: MILLIS_MAX };
const millisOrOff: SamzaKeyType = { kind: 'integer', min: -1, max: MILLIS_MAX };
const from = (min: number): SamzaKeyType => ({ kind: 'integer', min, max: INT_MAX });

type Unit = SamzaKey['unit'];

function modelled(
  pattern: string,
  type: SamzaKeyType,
  fallback: string | null,
  unit: Unit,
  field: SamzaField,
  meaning: string,
): SamzaKey {
  return { pattern, type, default: fallback, unit, effect: 'modelled', field, meaning };
}

function accepted(pattern: string, type: SamzaKeyType, fallback: string | null, unit: Unit, meaning: string): SamzaKey {
  return { pattern, type, default: fallback, unit, effect: 'accepted', field: null, meaning };
}

const KAFKA_BACKEND = 'org.apache.samza.storage.KafkaChangelogStateBackendFactory';

/** Every key Tidemark knows, in the order of samza.md §6; the first matching pattern wins. */
// prettier-ignore
export const samzaKeys: readonly SamzaKey[] = [
  // The commit.
  modelled('task.commit.ms', { kind: 'integer', min: -INT_MAX, max: MILLIS_MAX }, '60000', 'ms', 'commitMicros', 'commit interval of a task; 0 or less is no timer'),
  modelled('task.commit.max.delay.ms', millis, '60000', 'ms', 'commitMaxDelayMicros', 'a pending commit younger than this is skipped over, an older one blocks'),
  modelled('task.commit.timeout.ms', millis, '1800000', 'ms', 'commitTimeoutMicros', 'longest block on a pending commit, then the container dies'),
  modelled('task.commit.skip.commit.during.failures.enabled', boolean, 'false', null, 'skipCommitDuringFailures', 'swallow failures of the async stage and timeouts'),
  modelled('task.commit.skip.commit.exception.max.limit', from(0), '5', null, 'skipCommitExceptionMaxLimit', 'consecutive failures swallowed'),
  modelled('task.commit.skip.commit.timeout.max.limit', from(0), '2', null, 'skipCommitTimeoutMaxLimit', 'consecutive timeouts swallowed'),
  modelled('task.async.commit', boolean, 'false', null, 'asyncCommit', 'commit with messages in flight; turns transactional restore off'),
  modelled('task.max.concurrency', from(1), '1', null, 'maxConcurrency', 'messages in flight per task'),
  accepted('task.callback.timeout.ms', millisOrOff, '-1', 'ms', 'longest a callback may take; -1 is off'),
  accepted('task.callback.drain.timeout.ms', millisOrOff, '-1', 'ms', 'longest a callback may take while draining'),
  accepted('task.callback.watermark.timeout.ms', millisOrOff, null, 'ms', 'longest a callback may take for a watermark'),
  accepted('task.window.ms', millisOrOff, '-1', 'ms', 'window timer'),
  accepted('task.max.idle.ms', millis, '10', 'ms', 'longest sleep of an idle run loop'),
  accepted('task.poll.interval.ms', millis, '50', 'ms', 'consumer poll interval'),
  accepted('task.shutdown.ms', millis, '30000', 'ms', 'grace per pool at shutdown (5000 inside SamzaContainer)'),
  modelled('task.drop.producer.errors', boolean, 'false', null, 'dropProducerErrors', 'a failed send drops records instead of failing the task'),
  accepted('task.drop.serialization.errors', boolean, 'false', null, 'drop records that do not serialise'),
  accepted('task.drop.deserialization.errors', boolean, 'false', null, 'drop records that do not deserialise'),
  accepted('task.ignored.exceptions', names, null, null, 'exceptions of process() to ignore'),

  // Checkpoints.
  modelled('task.checkpoint.factory', text, null, null, 'checkpoints', 'checkpoint manager; without one nothing is checkpointed'),
  accepted('task.checkpoint.system', text, null, null, 'Kafka system of the checkpoint topic'),
  accepted('task.checkpoint.replication.factor', from(1), '3', null, 'replicas of the checkpoint topic'),
  accepted('task.checkpoint.segment.bytes', from(1), '26214400', 'bytes', 'segment size of the checkpoint topic'),
  accepted('task.checkpoint.max.message.bytes', from(1), '1000012', 'bytes', 'largest checkpoint record'),
  accepted('task.checkpoint.path', text, null, null, 'directory of the file checkpoint manager'),
  modelled('task.checkpoint.write.versions', versions, '1,2', null, 'writeVersions', 'checkpoint versions written, in this order'),
  modelled('task.checkpoint.read.versions', versions, '1', null, 'readVersions', 'checkpoint versions read, by priority'),
  modelled('task.live.checkpoint.max.age', millis, '600000', 'ms', 'liveCheckpointMaxAgeMicros', 'a lower-priority version wins only when newer by more than this'),
  accepted('samza.internal.task.checkpoint.consumer.stop.after.first.read', boolean, 'true', null, 'close the checkpoint consumer after start'),
  accepted('job.checkpoint.validation.enabled', boolean, 'true', null, 'validate the checkpoint topic at start'),
  accepted('task.transactional.state.checkpoint.enabled', boolean, 'true', null, 'which backup manager reads the newest changelog offsets'),
  modelled('task.transactional.state.restore.enabled', boolean, 'true', null, 'transactionalStateRestore', 'restore to the checkpoint and trim (never with standby or async commit)'),
  modelled('task.transactional.state.retain.existing.state', boolean, 'true', null, 'retainExistingState', 'keep changelog contents when there is no checkpointed offset'),

  // Threads and directories of a container.
  modelled('job.container.thread.pool.size', from(0), '0', null, 'threadPoolSize', '0 runs everything on the run-loop thread'),
  accepted('job.container.commit.thread.pool.size', from(1), '2', null, 'threads of the commit pool'),
  accepted('job.container.commit.thread.pool.max.size', from(1), '64', null, 'most threads of the commit pool'),
  accepted('job.container.restore.thread.pool.size', from(1), '2', null, 'threads of the restore pool'),
  accepted('job.container.restore.thread.pool.max.size', from(1), '64', null, 'most threads of the restore pool'),
  accepted('job.logged.store.base.dir', text, null, null, 'directory of stores with a changelog'),
  accepted('job.non-logged.store.base.dir', text, null, null, 'directory of stores without one'),

  // Stores.
  modelled('stores.X.factory', text, null, null, 'store.persistent', 'storage engine: RocksDB or in-memory'),
  modelled('stores.X.changelog', text, null, null, 'store.changelog', 'changelog stream, as system.stream'),
  accepted('stores.default.changelog.replication.factor', from(1), '2', null, 'replicas of changelogs'),
  accepted('stores.X.changelog.replication.factor', from(1), '2', null, 'replicas of this changelog'),
  modelled('stores.X.changelog.delete.retention.ms', millis, '86400000', 'ms', 'store.deleteRetentionMicros', 'how long tombstones stay; also the age at which a local directory is stale'),
  modelled('stores.default.changelog.min.compaction.lag.ms', millis, '14400000', 'ms', 'store.minCompactionLagMicros', 'no changelog record younger than this is compacted away'),
  modelled('stores.X.changelog.min.compaction.lag.ms', millis, '14400000', 'ms', 'store.minCompactionLagMicros', 'no record of this changelog younger than this is compacted away'),
  accepted('stores.X.changelog.max.message.size.bytes', from(1), '1048576', 'bytes', 'largest value put'),
  accepted('stores.X.disallow.large.messages', boolean, 'false', null, 'fail on larger values'),
  accepted('stores.X.drop.large.messages', boolean, 'false', null, 'drop larger values'),
  accepted('stores.X.changelog.max.message.bytes', from(1), '1000012', 'bytes', 'largest record of the changelog topic'),
  accepted('stores.X.changelog.kafka.*', text, null, null, 'passed to the changelog topic'),
  modelled('stores.X.write.batch.size', from(1), '500', 'entries', 'store.writeBatchSize', 'dirty entries that make the object cache write down'),
  modelled('stores.X.object.cache.size', from(0), 'max(write.batch.size, 1000)', 'entries', 'store.objectCacheSize', 'entries of the write-behind object cache; 0 is off'),
  modelled('stores.X.rocksdb.wal.enabled', boolean, 'false', null, 'store.walEnabled', 'RocksDB write-ahead log'),
  accepted('stores.X.rocksdb.ttl.ms', millis, null, 'ms', 'entries expire; the changelog is then deleted, not compacted'),
  modelled('stores.X.clean.on.container.start', boolean, 'false', null, 'store.cleanOnContainerStart', 'delete the local store at start'),
  modelled('stores.backup.factories', names, KAFKA_BACKEND, null, 'store.blob', 'state backends written at a commit, for all stores'),
  modelled('stores.X.backup.factories', names, KAFKA_BACKEND, null, 'store.blob', 'state backends written at a commit'),
  modelled('stores.restore.factories', names, KAFKA_BACKEND, null, 'store.blob', 'state backends tried at restore, for all stores'),
  modelled('stores.X.restore.factories', names, KAFKA_BACKEND, null, 'store.blob', 'state backends tried at restore, by priority'),
  accepted('stores.X.side.inputs', names, null, null, 'streams that fill the store'),
  accepted('stores.X.side.inputs.processor.factory', text, null, null, 'how side inputs are applied'),
  accepted('stores.X.accesslog.enabled', boolean, 'false', null, 'log store accesses'),
  accepted('stores.X.accesslog.sampling.ratio', from(0), '50', null, 'share of accesses logged, percent'),
  accepted('stores.X.key.serde', text, null, null, 'serialisation of keys'),
  accepted('stores.X.msg.serde', text, null, null, 'serialisation of values'),
  accepted('stores.X.compaction.delete.threshold', from(-1), '-1', null, 'deletions that trigger a compaction'),
  accepted('stores.X.container.*', text, null, null, 'RocksDB memory of the container'),
  accepted('stores.X.rocksdb.*', text, null, null, 'RocksDB tuning'),

  // Blob store.
  accepted('blob.store.manager.factory', text, null, null, 'blob store client'),
  accepted('blob.store.admin.factory', text, null, null, 'blob store administration'),
  accepted('blob.store.retry.policy.max.retries', from(-1), '-1', null, 'retries; -1 is unlimited'),
  modelled('blob.store.retry.policy.max.retry.duration.millis', millis, '900000', 'ms', 'blobRetryDurationMicros', 'how long a request is retried'),
  modelled('blob.store.retry.policy.backoff.delay.millis', millis, '100', 'ms', 'blobRetryBackoffMicros', 'first pause between retries'),
  modelled('blob.store.retry.policy.backoff.max.delay.millis', millis, '312500', 'ms', 'blobRetryBackoffMaxMicros', 'longest pause between retries'),
  modelled('blob.store.retry.policy.backoff.delay.factor', from(1), '5', null, 'blobRetryBackoffFactor', 'each pause is this times the last'),
  accepted('blob.store.retry.policy.jitter.factor', ratio, '0.1', null, 'random part of a pause'),
  accepted('blob.store.compare.file.owners.on.restore', boolean, 'true', null, 'compare owners when diffing directories'),

  // Placement, failure handling.
  modelled('job.host-affinity.enabled', boolean, 'false', null, 'hostAffinity', 'ask for the host a container last ran on'),
  modelled('yarn.samza.host-affinity.enabled', boolean, 'false', null, 'hostAffinity', 'older name of job.host-affinity.enabled'),
  modelled('job.standbytasks.replication.factor', from(1), '1', null, 'standbyReplicationFactor', 'copies of each task; above 1 standby containers run'),
  accepted('cluster-manager.fault-domain-aware.standby.enabled', boolean, 'false', null, 'spread standbys over fault domains'),
  modelled('cluster-manager.container.request.timeout.ms', millis, '5000', 'ms', 'containerRequestTimeoutMicros', 'how long a preferred host is waited for'),
  modelled('cluster-manager.container.retry.count', from(-1), '8', null, 'containerRetryCount', 'container failures inside the window before the job fails; -1 is unlimited'),
  modelled('cluster-manager.container.retry.window.ms', millis, '300000', 'ms', 'containerRetryWindowMicros', 'failures further apart than this reset the count'),
  modelled('cluster-manager.container.fail.job.after.retries', boolean, 'true', null, 'failJobAfterRetries', 'fail the job, or go on without the container'),
  modelled('cluster-manager.container.preferred-host.last.retry.delay.ms', millis, '361000', 'ms', 'preferredHostLastRetryDelayMicros', 'pause before the last try on a preferred host'),
  modelled('cluster-manager.allocator.sleep.ms', from(1), '3600', 'ms', 'allocatorSleepMicros', 'period of the container allocator'),
  accepted('cluster-manager.jobcoordinator.sleep.interval.ms', millis, '1000', 'ms', 'period of the job coordinator loop'),
  accepted('cluster-manager.container.memory.mb', from(1), '1024', null, 'memory of a container'),
  accepted('cluster-manager.container.cpu.cores', from(1), '1', null, 'cores of a container'),
  modelled('job.container.heartbeat.monitor.enabled', boolean, 'true', null, 'heartbeatMonitorEnabled', 'orphans stop themselves (60 s tick, forced exit after 120 s)'),
  modelled('yarn.am.high-availability.enabled', boolean, 'false', null, 'amHighAvailability', 'containers outlive the application master'),
  accepted('yarn.container.heartbeat.retry.count', from(0), '5', null, 'tries to find a new application master'),
  accepted('yarn.container.heartbeat.retry-sleep-duration.ms', millis, '10000', 'ms', 'pause between them'),
  accepted('job.coordinator.zk.session.timeout.ms', millis, '30000', 'ms', 'ZooKeeper session'),
  accepted('job.coordinator.zk.connection.timeout.ms', millis, '60000', 'ms', 'ZooKeeper connection'),
  accepted('job.coordinator.zk.consensus.timeout.ms', millis, '40000', 'ms', 'barrier of a job-model version'),
  accepted('job.coordinator.zk.enable-startup-with-active-job-model', boolean, 'false', null, 'start with the active job model'),
  accepted('job.coordinator.zk.connect', text, null, null, 'ZooKeeper address'),
  accepted('job.debounce.time.ms', millis, '20000', 'ms', 'quiet time before a new job model'),
  accepted('job.coordinator.monitor-partition-change.frequency.ms', millis, '300000', 'ms', 'partition count monitor'),
  accepted('job.elasticity.factor', from(1), '1', null, 'tasks per partition'),

  // Streams and systems.
  modelled('systems.S.default.stream.samza.offset.default', offset, 'upcoming', null, 'job.offsetDefault', 'where an input without a checkpoint starts, for a system'),
  modelled('systems.S.samza.offset.default', offset, 'upcoming', null, 'job.offsetDefault', 'where an input without a checkpoint starts, for a system (older form)'),
  modelled('systems.S.streams.X.samza.offset.default', offset, 'upcoming', null, 'job.offsetDefault', 'where this input starts without a checkpoint (older form)'),
  modelled('streams.X.samza.offset.default', offset, 'upcoming', null, 'job.offsetDefault', 'where this input starts without a checkpoint'),
  modelled('streams.X.samza.reset.offset', boolean, 'false', null, 'job.resetOffset', 'ignore the checkpoint of this input at start'),
  modelled('streams.X.samza.delete.committed.messages', boolean, 'false', null, 'job.deleteCommitted', 'a commit deletes what it covers from this input'),
  accepted('streams.X.*', text, null, null, 'other properties of a stream'),
  modelled('systems.S.producer.linger.ms', millis, '10', 'ms', 'lingerMicros', 'how long the producer collects a batch'),
  modelled('systems.S.producer.acks', { kind: 'one-of', values: ['1', 'all', '-1'] }, '1', null, 'acks', 'who acknowledges an append; Samza leaves Kafka’s default'),
  accepted('systems.S.producer.max.in.flight.requests.per.connection', from(1), '1', null, 'requests in flight; the simulator keeps 1'),
  accepted('systems.S.producer.retries', from(0), '2147483647', null, 'send retries'),
  accepted('systems.S.producer.*', text, null, null, 'passed to the Kafka producer'),
  accepted('systems.S.consumer.*', text, null, null, 'passed to the Kafka consumer'),
  accepted('systems.S.samza.factory', text, null, null, 'system factory'),
  accepted('systems.S.*', text, null, null, 'other properties of a system'),

  // The job around it.
  modelled('job.name', text, null, null, 'job.name', 'name of the job'),
  modelled('job.container.count', from(1), '1', null, 'job.containers', 'active containers'),
  modelled('task.inputs', names, null, null, 'job.inputs', 'input streams, as system.stream'),
  modelled('job.default.system', text, null, null, 'job.defaultSystem', 'system of streams that name none'),
  accepted('task.broadcast.inputs', names, null, null, 'inputs every task reads; not simulated'),
  accepted('job.changelog.system', text, null, null, 'system of changelogs'),
  accepted('metrics.reporter.R.interval', from(1), '60', 's', 'seconds between snapshots'),
  accepted('metrics.timer.enabled', boolean, 'true', null, 'measure timers'),
  accepted('metrics.*', text, null, null, 'metrics'),
  accepted('serializers.*', text, null, null, 'serialisers'),
  accepted('job.coordinator.*', text, null, null, 'job coordinator'),
  accepted('job.systemstreampartition.*', text, null, null, 'how inputs are grouped to tasks; the simulator groups by partition'),
  accepted('job.*', text, null, null, 'other properties of the job'),
  accepted('app.*', text, null, null, 'application'),
  accepted('task.class', text, null, null, 'task class'),
  accepted('task.opts', text, null, null, 'JVM options'),
  accepted('task.execute', text, null, null, 'start script'),
  accepted('task.java.home', text, null, null, 'JVM'),
  accepted('task.lifecycle.listeners', names, null, null, 'listeners'),
  accepted('task.name.grouper.factory', text, null, null, 'how tasks are grouped to containers; the simulator deals them round'),
  accepted('task.chooser.*', text, null, null, 'message chooser'),
  accepted('task.consumer.*', text, null, null, 'consumer batching'),
  accepted('task.log4j.*', text, null, null, 'logging'),
  accepted('task.shutdown.*', text, null, null, 'shutdown'),
  accepted('yarn.*', text, null, null, 'YARN'),
  accepted('cluster-manager.*', text, null, null, 'cluster manager'),
  accepted('fs.*', text, null, null, 'file systems'),
  accepted('zk.*', text, null, null, 'ZooKeeper'),
];

interface CompiledKey {
  readonly spec: SamzaKey;
  readonly regex: RegExp;
}

/** X after `stores.` is one segment; stream names may contain dots. */
function compile(spec: SamzaKey): CompiledKey {
  const parts = spec.pattern.split('.').map((part, i, all) => {
    if (part === '*' && i === all.length - 1) return '(.+)';
    if (part === 'X') return all[i - 1] === 'streams' ? '(.+?)' : '([^.]+)';
    if (part === 'S' || part === 'R') return '([^.]+)';
    return part.replaceAll(/[^A-Za-z0-9]/g, '\\$&');
  });
  return { spec, regex: new RegExp(`^${parts.join('\\.')}$`) };
}

const compiled: readonly CompiledKey[] = samzaKeys.map(compile);

/** One `key = value` of a file, with the line it stands on. */
export interface SamzaEntry {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Where an input starts and what happens to its checkpoint; null where the file says nothing. */
export interface StreamKeys {
  readonly stream: string;
  readonly offsetDefault: 'upcoming' | 'oldest' | null;
  readonly resetOffset: boolean;
  readonly deleteCommitted: boolean;
}

/** What the keys say about the job outside SamzaConfig. */
export interface JobKeys {
  readonly name: string | null;
  readonly containers: number | null;
  readonly defaultSystem: string | null;
  readonly inputs: readonly { readonly system: string | null; readonly stream: string }[];
  readonly streams: readonly StreamKeys[];
  readonly systems: readonly { readonly system: string; readonly offsetDefault: 'upcoming' | 'oldest' }[];
}

export interface SamzaKeyError {
  readonly line: number;
  readonly key: string;
  readonly message: string;
  readonly remedy: string;
}

export interface SamzaKeyNote {
  readonly line: number;
  readonly key: string;
  readonly message: string;
}

/** Everything a list of entries says. `config` is complete even when there are errors: a wrong value counts as absent. */
export interface ParsedSamzaConfig {
  readonly config: SamzaConfig;
  readonly job: JobKeys;
  readonly unknown: readonly { readonly line: number; readonly key: string; readonly suggestion: string | null }[];
  readonly accepted: readonly SamzaKeyNote[];
  readonly warnings: readonly SamzaKeyNote[];
  readonly errors: readonly SamzaKeyError[];
}

/**
 * Turns entries into a SamzaConfig with Samza's defaults for what is not said. Unknown keys, keys without effect,
 * doubtful and wrong values are all returned, none is thrown.
 */
export function parseSamzaConfig(entries: readonly SamzaEntry[]): ParsedSamzaConfig {
  const errors: SamzaKeyError[] = [];
  const warnings: SamzaKeyNote[] = [];
  const unknown: ParsedSamzaConfig['unknown'][number][] = [];
  const acceptedKeys: SamzaKeyNote[] = [];
  const known = new Map<string, Known>();

  for (const { key, value: raw, line } of entries) {
    const value = raw.trim();
    const match = findKey(key);
    if (match === null) {
      unknown.push({ line, key, suggestion: nearestSamzaKey(key) });
      continue;
    }
    const earlier = known.get(key);
    if (earlier !== undefined && earlier.value !== value) {
      errors.push({
        line,
        key,
        message: `is given twice: "${earlier.value}" on line ${earlier.line} and "${value}" here`,
        remedy: 'keep one of the two lines',
      });
      continue;
    }
    const wrong = checkValue(match.spec, value);
    if (wrong !== null) {
      errors.push({ line, key, ...wrong });
      continue;
    }
    known.set(key, { key, value, line, spec: match.spec, names: match.names });
    if (match.spec.effect === 'accepted') acceptedKeys.push({ line, key, message: match.spec.meaning });
  }

  const values: Values = known;
  const report = { errors, warnings };
  const stores = readStores(values, report);
  const config = readConfig(values, stores, report);
  return { config, job: readJob(values), unknown, accepted: acceptedKeys, warnings, errors };
}

interface Known extends SamzaEntry {
  readonly spec: SamzaKey;
  /** What stood for the placeholders of the pattern, in order. */
  readonly names: readonly string[];
}

/** The checked entries by key. */
type Values = ReadonlyMap<string, Known>;

interface Report {
  readonly errors: SamzaKeyError[];
  readonly warnings: SamzaKeyNote[];
}

/** Value of a key, else Samza's default from the table. */
function textOf(values: Values, key: string): string {
  const found = values.get(key)?.value ?? findKey(key)?.spec.default ?? null;
  if (found === null) throw new Error(`assert: ${key} has neither a value nor a default`);
  return found;
}

function integerOf(values: Values, key: string): number {
  return Number(textOf(values, key));
}

function microsOf(values: Values, key: string): number {
  return integerOf(values, key) * 1000;
}

function isTrue(value: string): boolean {
  return value.toLowerCase() === 'true';
}

function flagOf(values: Values, key: string): boolean {
  return isTrue(textOf(values, key));
}

function readConfig(values: Values, stores: readonly StoreConfig[], report: Report): SamzaConfig {
  const checkpointFactory = values.get('task.checkpoint.factory');
  if (checkpointFactory !== undefined && !checkpointFactory.value.includes('KafkaCheckpointManagerFactory')) {
    report.warnings.push({
      line: checkpointFactory.line,
      key: checkpointFactory.key,
      message:
        'is simulated as the Kafka checkpoint topic; Samza’s file and Azure managers also reject version 2 records',
    });
  }
  const readVersions = parseVersions(textOf(values, 'task.checkpoint.read.versions'));
  const writeVersions = parseVersions(textOf(values, 'task.checkpoint.write.versions'));
  const versionLine = values.get('task.checkpoint.read.versions')?.line ?? 0;
  if (stores.some((store) => store.blob) && !readVersions.includes(2)) {
    report.warnings.push({
      line: versionLine,
      key: 'task.checkpoint.read.versions',
      message: `is ${readVersions.join(',')}: a blob store is restored only from version 2 checkpoints, so its state is lost at every restart`,
    });
  }
  if (!readVersions.some((version) => writeVersions.includes(version))) {
    report.warnings.push({
      line: versionLine,
      key: 'task.checkpoint.read.versions',
      message: `is ${readVersions.join(',')} but ${writeVersions.join(',')} is written: no checkpoint is ever found at a restart`,
    });
  }
  const affinity = values.get('job.host-affinity.enabled') ?? values.get('yarn.samza.host-affinity.enabled');
  return {
    stores,
    checkpoints: checkpointFactory !== undefined && checkpointFactory.value !== '',
    commitMicros: microsOf(values, 'task.commit.ms'),
    commitMaxDelayMicros: microsOf(values, 'task.commit.max.delay.ms'),
    commitTimeoutMicros: microsOf(values, 'task.commit.timeout.ms'),
    skipCommitDuringFailures: flagOf(values, 'task.commit.skip.commit.during.failures.enabled'),
    skipCommitExceptionMaxLimit: integerOf(values, 'task.commit.skip.commit.exception.max.limit'),
    skipCommitTimeoutMaxLimit: integerOf(values, 'task.commit.skip.commit.timeout.max.limit'),
    asyncCommit: flagOf(values, 'task.async.commit'),
    maxConcurrency: integerOf(values, 'task.max.concurrency'),
    threadPoolSize: integerOf(values, 'job.container.thread.pool.size'),
    dropProducerErrors: flagOf(values, 'task.drop.producer.errors'),
    writeVersions,
    readVersions,
    liveCheckpointMaxAgeMicros: microsOf(values, 'task.live.checkpoint.max.age'),
    transactionalStateRestore: flagOf(values, 'task.transactional.state.restore.enabled'),
    retainExistingState: flagOf(values, 'task.transactional.state.retain.existing.state'),
    hostAffinity: affinity !== undefined && isTrue(affinity.value),
    standbyReplicationFactor: integerOf(values, 'job.standbytasks.replication.factor'),
    containerRequestTimeoutMicros: microsOf(values, 'cluster-manager.container.request.timeout.ms'),
    containerRetryCount: integerOf(values, 'cluster-manager.container.retry.count'),
    containerRetryWindowMicros: microsOf(values, 'cluster-manager.container.retry.window.ms'),
    failJobAfterRetries: flagOf(values, 'cluster-manager.container.fail.job.after.retries'),
    preferredHostLastRetryDelayMicros: microsOf(values, 'cluster-manager.container.preferred-host.last.retry.delay.ms'),
    allocatorSleepMicros: microsOf(values, 'cluster-manager.allocator.sleep.ms'),
    heartbeatMonitorEnabled: flagOf(values, 'job.container.heartbeat.monitor.enabled'),
    amHighAvailability: flagOf(values, 'yarn.am.high-availability.enabled'),
    blobRetryDurationMicros: microsOf(values, 'blob.store.retry.policy.max.retry.duration.millis'),
    blobRetryBackoffMicros: microsOf(values, 'blob.store.retry.policy.backoff.delay.millis'),
    blobRetryBackoffMaxMicros: microsOf(values, 'blob.store.retry.policy.backoff.max.delay.millis'),
    blobRetryBackoffFactor: integerOf(values, 'blob.store.retry.policy.backoff.delay.factor'),
    lingerMicros: Number(producerValue(values, 'linger.ms', report)) * 1000,
    acks: producerValue(values, 'acks', report) === '1' ? 'leader' : 'all',
    manualCommitEvery: 0,
    manualCommitScope: 'task',
  };
}

/** The simulator has one Kafka system: the default system's producer decides, else the first one named. */
function producerValue(values: Values, property: string, report: Report): string {
  const pattern = `systems.S.producer.${property}`;
  const found = [...values.values()].filter((entry) => entry.spec.pattern === pattern);
  const defaultSystem = values.get('job.default.system')?.value;
  const chosen = found.find((entry) => entry.names[0] === defaultSystem) ?? found[0];
  if (chosen === undefined) return textOf(values, `systems.kafka.producer.${property}`);
  for (const other of found) {
    if (other.value === chosen.value) continue;
    const message = `is ignored: the simulator has one producer per container and takes ${chosen.key}`;
    report.warnings.push({ line: other.line, key: other.key, message });
  }
  return chosen.value;
}

function readStores(values: Values, report: Report): readonly StoreConfig[] {
  const named = new Map<string, Known>();
  const touched = new Map<string, Known>();
  for (const entry of values.values()) {
    const store = entry.spec.pattern.startsWith('stores.X.') ? entry.names[0] : undefined;
    if (store === undefined) continue;
    if (!touched.has(store)) touched.set(store, entry);
    if (entry.spec.pattern === 'stores.X.factory') named.set(store, entry);
  }
  for (const [store, entry] of touched) {
    if (named.has(store)) continue;
    const message = `has no effect: without stores.${store}.factory Samza does not create the store`;
    report.warnings.push({ line: entry.line, key: entry.key, message });
  }
  return [...named].map(([store, factory]) => readStore(store, factory, values, report));
}

function readStore(store: string, factory: Known, values: Values, report: Report): StoreConfig {
  const own = (rest: string): string => `stores.${store}.${rest}`;
  const inMemory = factory.value.includes('InMemory');
  if (!inMemory && !factory.value.includes('RocksDb')) {
    const message = `is simulated as RocksDB: ${factory.value} is not one of Samza’s own storage engines`;
    report.warnings.push({ line: factory.line, key: factory.key, message });
  }
  const changelog = (values.get(own('changelog'))?.value ?? '') !== '';
  const writeBatchSize = integerOf(values, own('write.batch.size'));
  const cache = values.get(own('object.cache.size'));
  const objectCacheSize = cache === undefined ? Math.max(writeBatchSize, 1000) : Number(cache.value);
  if (cache !== undefined && objectCacheSize > 0 && objectCacheSize < writeBatchSize) {
    report.errors.push({
      line: cache.line,
      key: cache.key,
      message: `is ${objectCacheSize}, smaller than ${own('write.batch.size')} (${writeBatchSize}); Samza refuses that at start`,
      remedy: `set ${own('write.batch.size')} to ${objectCacheSize} or less, or the cache size to 0`,
    });
  }
  const lag = values.get(own('changelog.min.compaction.lag.ms')) ? own('changelog.min.compaction.lag.ms') : null;
  return {
    name: store,
    persistent: !inMemory,
    changelog,
    blob: readBackends(store, inMemory, values, report),
    writeBatchSize,
    objectCacheSize,
    walEnabled: flagOf(values, own('rocksdb.wal.enabled')),
    cleanOnContainerStart: flagOf(values, own('clean.on.container.start')),
    minCompactionLagMicros: microsOf(values, lag ?? 'stores.default.changelog.min.compaction.lag.ms'),
    deleteRetentionMicros: microsOf(values, own('changelog.delete.retention.ms')),
  };
}

/**
 * Whether the store comes back from a blob store. Restore factories must be among the backup factories; the simulator
 * has one backend per store, the one that a restore tries first.
 */
function readBackends(store: string, inMemory: boolean, values: Values, report: Report): boolean {
  const entryOf = (which: 'backup' | 'restore'): Known | undefined =>
    values.get(`stores.${store}.${which}.factories`) ?? values.get(`stores.${which}.factories`);
  const backupEntry = entryOf('backup');
  const restoreEntry = entryOf('restore');
  const backup = splitNames(backupEntry?.value ?? KAFKA_BACKEND);
  const restore = splitNames(restoreEntry?.value ?? '');
  for (const factory of restore) {
    if (restoreEntry === undefined || backup.includes(factory)) continue;
    report.errors.push({
      line: restoreEntry.line,
      key: restoreEntry.key,
      message: `names ${factory}, which is not among the backup factories of store ${store} (${backup.join(', ')})`,
      remedy: `add it to stores.${store}.backup.factories, or restore from one that is backed up`,
    });
  }
  if (backupEntry === undefined || !backup.some(isBlob)) return false;
  const [first] = restore;
  const [blob, why] = inMemory
    ? [false, 'does nothing: only persistent stores are uploaded to a blob store']
    : first === undefined || !restore.some(isBlob)
      ? [false, `uploads what is never restored: stores.${store}.restore.factories names no blob store`]
      : !isBlob(first)
        ? [false, 'is simulated without its blob store: the changelog comes first at a restore']
        : backup.every(isBlob)
          ? [true, null]
          : [true, 'is simulated without its changelog: the blob store comes first at a restore'];
  if (why !== null)
    report.warnings.push({ line: backupEntry.line, key: backupEntry.key, message: `of store ${store} ${why}` });
  return blob;
}

function isBlob(factory: string): boolean {
  return factory.includes('Blob');
}

function readJob(values: Values): JobKeys {
  const streams = new Map<string, { -readonly [K in keyof StreamKeys]: StreamKeys[K] }>();
  const streamOf = (name: string): { -readonly [K in keyof StreamKeys]: StreamKeys[K] } => {
    const found = streams.get(name) ?? {
      stream: name,
      offsetDefault: null,
      resetOffset: false,
      deleteCommitted: false,
    };
    streams.set(name, found);
    return found;
  };
  const systems = new Map<string, 'upcoming' | 'oldest'>();
  for (const { spec, names: found, value } of values.values()) {
    const start = value === 'oldest' ? 'oldest' : 'upcoming';
    const [first = '', second = ''] = found;
    if (spec.pattern === 'streams.X.samza.offset.default') streamOf(first).offsetDefault = start;
    else if (spec.pattern === 'systems.S.streams.X.samza.offset.default') streamOf(second).offsetDefault ??= start;
    else if (spec.pattern === 'streams.X.samza.reset.offset') streamOf(first).resetOffset = isTrue(value);
    else if (spec.pattern === 'streams.X.samza.delete.committed.messages')
      streamOf(first).deleteCommitted = isTrue(value);
    else if (spec.pattern === 'systems.S.default.stream.samza.offset.default') systems.set(first, start);
    else if (spec.pattern === 'systems.S.samza.offset.default' && !systems.has(first)) systems.set(first, start);
  }
  const containers = values.get('job.container.count');
  return {
    name: values.get('job.name')?.value ?? null,
    containers: containers === undefined ? null : Number(containers.value),
    defaultSystem: values.get('job.default.system')?.value ?? null,
    inputs: splitNames(values.get('task.inputs')?.value ?? '').map((name) => {
      const dot = name.indexOf('.');
      return dot < 0 ? { system: null, stream: name } : { system: name.slice(0, dot), stream: name.slice(dot + 1) };
    }),
    streams: [...streams.values()],
    systems: [...systems].map(([system, offsetDefault]) => ({ system, offsetDefault })),
  };
}

function splitNames(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseVersions(value: string): readonly (1 | 2)[] {
  return splitNames(value).map((version) => (version === '2' ? 2 : 1));
}

/** Null when the value is fine, else what is wrong and what to write. */
function checkValue(spec: SamzaKey, value: string): { message: string; remedy: string } | null {
  const { type } = spec;
  const unit = spec.unit === null ? '' : ` (${spec.unit})`;
  const usual = spec.default === null ? '' : `; Samza’s default is ${spec.default}`;
  switch (type.kind) {
    case 'integer': {
      if (!/^[+-]?\d{1,16}$/.test(value)) {
        return {
          message: `must be a whole number${unit}, found "${value}"`,
          remedy: `write digits only, no unit${usual}`,
        };
      }
      const number = Number(value);
      if (number >= type.min && number <= type.max) return null;
      const limit = number < type.min ? `at least ${type.min}` : `at most ${type.max}`;
      return { message: `must be ${limit}${unit}, found ${value}`, remedy: `${spec.meaning}${usual}` };
    }
    case 'ratio':
      if (/^\d*\.?\d+$/.test(value) && Number(value) <= 1) return null;
      return { message: `must be a number from 0 to 1, found "${value}"`, remedy: `${spec.meaning}${usual}` };
    case 'boolean':
      if (/^(true|false)$/i.test(value)) return null;
      return {
        message: `must be true or false, found "${value}"`,
        remedy: `Samza reads every other word as false${usual}`,
      };
    case 'one-of':
      if (type.values.includes(value)) return null;
      return {
        message: `must be one of ${type.values.join(', ')}, found "${value}"`,
        remedy: `${spec.meaning}${usual}`,
      };
    case 'versions': {
      const found = splitNames(value);
      const fine = found.length > 0 && found.every((version) => version === '1' || version === '2');
      if (fine && new Set(found).size === found.length) return null;
      return {
        message: `must list checkpoint versions 1 and 2, each at most once, found "${value}"`,
        remedy: `write 1 or 2 or 1,2${usual}`,
      };
    }
    case 'names':
    case 'text':
    default:
      return null;
  }
}

/** The row of the table a key belongs to, with what stands for its placeholders; null for an unknown key. */
export function findKey(key: string): { readonly spec: SamzaKey; readonly names: readonly string[] } | null {
  for (const { spec, regex } of compiled) {
    const match = regex.exec(key);
    if (match === null || isCatchAllTypo(spec, key)) continue;
    return { spec, names: match.slice(1) };
  }
  return null;
}

/**
 * Catch-all rows (`job.*`, `cluster-manager.*`, …) must not swallow a slip in a key we model: a key one or two letters
 * off a precise row is treated as unknown, so that the user is asked.
 */
function isCatchAllTypo(spec: SamzaKey, key: string): boolean {
  if (!spec.pattern.endsWith('.*')) return false;
  const close = nearest(key, preciseKeysLike(key));
  return close !== null && close !== key && editDistance(key, close, 2) <= 2;
}

function preciseKeysLike(key: string): readonly string[] {
  const segments = key.split('.');
  return samzaKeys.filter((spec) => !spec.pattern.endsWith('*')).map((spec) => fillPattern(spec.pattern, segments));
}

/** Placeholders take the words of the user's key at the same place. */
function fillPattern(pattern: string, segments: readonly string[]): string {
  const parts = pattern.split('.');
  return parts
    .map((part, i) => (part === 'X' || part === 'S' || part === 'R' ? (segments[i] ?? part) : part))
    .join('.');
}

/** The known key nearest to an unknown one, or null when none is near. */
export function nearestSamzaKey(key: string): string | null {
  return nearest(key, preciseKeysLike(key));
}

/** The candidate with the fewest edits, if they are few enough to be a slip; ties go to the earlier candidate. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = Math.max(1, Math.min(6, Math.floor(word.length / 3)));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate, bestDistance - 1);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Edits (insert, delete, replace, swap of neighbours) from a to b, or limit + 1 once it must exceed the limit. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? beforeLast[j - 2]! + 1 : replaced;
      row.push(Math.min(replaced, swapped, last[j]! + 1, row[j - 1]! + 1));
    }
    if (Math.min(...row) > limit && Math.min(...last) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
