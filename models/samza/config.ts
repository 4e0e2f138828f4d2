/**
 * Samza's own configuration keys as a typed value: names and defaults of Samza 1.8 (domain facts: samza.md §6).
 * Only keys that change behaviour in the simulator are fields here; `keys.ts` parses and lists all others.
 */

/** One key-value store of the job. Sizes in entries, times in µs. */
export interface StoreConfig {
  readonly name: string;
  /** `stores.X.factory` is RocksDB (persistent) or in-memory. */
  readonly persistent: boolean;
  /** `stores.X.changelog` is set. */
  readonly changelog: boolean;
  /** `stores.X.backup.factories` / `restore.factories` name a blob store factory. */
  readonly blob: boolean;
  readonly writeBatchSize: number;
  /** `stores.X.object.cache.size`; 0 is off. */
  readonly objectCacheSize: number;
  readonly walEnabled: boolean;
  readonly cleanOnContainerStart: boolean;
  readonly minCompactionLagMicros: number;
  readonly deleteRetentionMicros: number;
}

export interface SamzaConfig {
  readonly stores: readonly StoreConfig[];
  /** `task.checkpoint.factory` is set. */
  readonly checkpoints: boolean;
  /** `task.commit.ms`, µs; <= 0 is no timer. */
  readonly commitMicros: number;
  readonly commitMaxDelayMicros: number;
  readonly commitTimeoutMicros: number;
  readonly skipCommitDuringFailures: boolean;
  readonly skipCommitExceptionMaxLimit: number;
  readonly skipCommitTimeoutMaxLimit: number;
  readonly asyncCommit: boolean;
  readonly maxConcurrency: number;
  /** `job.container.thread.pool.size`; 0 runs everything on the run-loop thread. */
  readonly threadPoolSize: number;
  readonly dropProducerErrors: boolean;
  /** `task.checkpoint.write.versions`, in order. */
  readonly writeVersions: readonly (1 | 2)[];
  /** `task.checkpoint.read.versions`, in order of priority. */
  readonly readVersions: readonly (1 | 2)[];
  readonly liveCheckpointMaxAgeMicros: number;
  readonly transactionalStateRestore: boolean;
  readonly retainExistingState: boolean;
  readonly hostAffinity: boolean;
  readonly standbyReplicationFactor: number;
  readonly containerRequestTimeoutMicros: number;
  readonly containerRetryCount: number;
  readonly containerRetryWindowMicros: number;
  readonly failJobAfterRetries: boolean;
  readonly preferredHostLastRetryDelayMicros: number;
  readonly allocatorSleepMicros: number;
  readonly heartbeatMonitorEnabled: boolean;
  readonly amHighAvailability: boolean;
  /** `blob.store.retry.policy.max.retry.duration.millis`, µs. */
  readonly blobRetryDurationMicros: number;
  readonly blobRetryBackoffMicros: number;
  readonly blobRetryBackoffMaxMicros: number;
  readonly blobRetryBackoffFactor: number;
  /** Producer `linger.ms`, µs. */
  readonly lingerMicros: number;
  /** Producer `acks`: 1 (leader, Samza leaves it unset) or all. */
  readonly acks: 'leader' | 'all';
  /** A manual trigger: user code calls coordinator.commit(CURRENT_TASK) after each n-th record of a task; 0 never. */
  readonly manualCommitEvery: number;
  readonly manualCommitScope: 'task' | 'container';
}
