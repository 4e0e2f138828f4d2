/**
 * Samza's configuration keys: which exist, what they default to (Samza 1.8, domain facts: samza.md §6), and which of them
 * change the simulation. The table is the one source: parsing, suggestions, documentation and tests read it.
 */
import type { SamzaField, SamzaKey, SamzaKeyType } from './key.ts';

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

/** The state backend of a job that names none. */
export const KAFKA_BACKEND = 'org.apache.samza.storage.KafkaChangelogStateBackendFactory';

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
