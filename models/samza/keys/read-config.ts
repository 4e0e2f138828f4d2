/** What the keys say about commits, checkpoints, containers and the producer, as a SamzaConfig. */
import type { SamzaConfig, StoreConfig } from '../config.ts';
import { flagOf, integerOf, isTrue, microsOf, type Report, splitNames, textOf, type Values } from './values.ts';

export function readConfig(values: Values, stores: readonly StoreConfig[], report: Report): SamzaConfig {
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

function parseVersions(value: string): readonly (1 | 2)[] {
  return splitNames(value).map((version) => (version === '2' ? 2 : 1));
}
