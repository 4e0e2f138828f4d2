// Plans for tests: a small complete RunPlan from a few words. Samza's own settings are given as its keys, so that a test
// reads like a job's configuration; everything else is changed section by section. Times are µs, as in the plan.
import type { ClusterPlan, CostPlan, FaultPlan, InputPlan, JobPlan, LoadPlan, RunPlan } from '../../models/plan.ts';
import type { SamzaConfig } from '../../models/samza/config.ts';
import { parseSamzaConfig } from '../../models/samza/keys/index.ts';

export const second = 1_000_000;
export const millisecond = 1_000;

/** What a test says about its job; whatever it leaves out is the smallest job that commits and recovers. */
export interface PlanChanges {
  readonly seed?: string;
  readonly horizonMicros?: number;
  readonly ties?: RunPlan['ties'];
  /** Samza keys beside `task.checkpoint.factory`, which is always set; null takes a default key away. */
  readonly keys?: Readonly<Record<string, string | number | boolean | null>>;
  readonly stores?: readonly StoreKeys[];
  /** User code asks for a commit after each n-th record of a task. */
  readonly manualCommits?: { readonly every: number; readonly scope: 'task' | 'container' };
  readonly inputs?: readonly Partial<InputPlan>[];
  readonly job?: Partial<Omit<JobPlan, 'samza' | 'inputs'>>;
  readonly cluster?: Partial<ClusterPlan>;
  readonly load?: Partial<Extract<LoadPlan, { kind: 'rate' }>>;
  readonly costs?: Partial<CostPlan>;
  readonly faults?: readonly FaultPlan[];
}

/** One store: what backs it up, and keys below `stores.<name>.`. */
export interface StoreKeys {
  readonly name: string;
  readonly factory: 'rocksdb' | 'in-memory';
  readonly backup: 'changelog' | 'blob' | 'none';
  readonly keys?: Readonly<Record<string, string | number | boolean>>;
}

export const countsStore: StoreKeys = { name: 'counts', factory: 'rocksdb', backup: 'changelog' };

/** The complete plan: one partition, one container, two hosts, a counting store with a changelog, 50 records a second. */
export function planOf(changes: PlanChanges = {}): RunPlan {
  const { stores = [countsStore], manualCommits = { every: 0, scope: 'task' } } = changes;
  return {
    name: 'test',
    title: 'A job under test',
    teaches: '',
    expect: { kind: 'holds' },
    seed: changes.seed ?? '1',
    replication: 0,
    horizonMicros: changes.horizonMicros ?? 60 * second,
    protocol: 'samza',
    ties: changes.ties ?? 'fifo',
    job: {
      inputs: (changes.inputs ?? [{}]).map((input, i) => ({ ...inputDefaults, stream: `input-${i}`, ...input })),
      logic: 'count',
      keys: 20,
      keySkew: 0,
      containers: 1,
      taskKind: 'sync',
      batchRecords: 1,
      batchLayer: null,
      ...changes.job,
      samza: {
        ...samzaOf(stores, changes.keys),
        manualCommitEvery: manualCommits.every,
        manualCommitScope: manualCommits.scope,
      },
    },
    cluster: { ...clusterDefaults, ...changes.cluster },
    load: { ...loadDefaults, ...changes.load },
    costs: { ...costDefaults, ...changes.costs },
    faults: changes.faults ?? [],
    faultTrace: null,
  };
}

/** Samza's configuration from its own keys; a key it does not know is a mistake of the test. */
export function samzaOf(stores: readonly StoreKeys[], keys: PlanChanges['keys'] = {}): SamzaConfig {
  const all: Record<string, string | number | boolean | null> = {
    'task.checkpoint.factory': 'org.apache.samza.checkpoint.kafka.KafkaCheckpointManagerFactory',
    'task.commit.ms': 4000,
    'cluster-manager.allocator.sleep.ms': 100,
    'cluster-manager.container.retry.count': -1,
    ...Object.assign({}, ...stores.map(storeKeys)),
    ...keys,
  };
  const entries = Object.entries(all).filter(([, value]) => value !== null);
  const parsed = parseSamzaConfig(entries.map(([key, value], i) => ({ key, value: String(value), line: i + 1 })));
  const wrong = [...parsed.errors, ...parsed.unknown];
  if (wrong.length > 0) throw new Error(`this plan's samza keys are wrong: ${JSON.stringify(wrong)}`);
  return parsed.config;
}

function storeKeys(store: StoreKeys): Record<string, string | number | boolean> {
  const engine =
    store.factory === 'rocksdb'
      ? 'org.apache.samza.storage.kv.RocksDbKeyValueStorageEngineFactory'
      : 'org.apache.samza.storage.kv.inmemory.InMemoryKeyValueStorageEngineFactory';
  const blobFactory = 'org.apache.samza.storage.blobstore.BlobStoreStateBackendFactory';
  const backup: Record<string, string> =
    store.backup === 'changelog'
      ? { changelog: `kafka.${store.name}-changelog` }
      : store.backup === 'blob'
        ? { 'backup.factories': blobFactory, 'restore.factories': blobFactory }
        : {};
  const own = { factory: engine, ...backup, ...store.keys };
  const named = Object.entries(own).map(([key, value]) => [`stores.${store.name}.${key}`, value]);
  const manager =
    store.backup === 'blob' ? [['blob.store.manager.factory', 'com.example.BlobStoreManagerFactory']] : [];
  return Object.fromEntries([...named, ...manager]) as Record<string, string | number | boolean>;
}

const inputDefaults: Omit<InputPlan, 'stream'> = {
  partitions: 1,
  offsetDefault: 'oldest',
  resetOffset: false,
  deleteCommitted: false,
  retentionMicros: null,
  weight: 1,
  startsAtMicros: 0,
};

const clusterDefaults: ClusterPlan = {
  hosts: 2,
  slotsPerHost: 2,
  nodeExpiryMicros: 10 * second,
  exitReportMicros: second,
  containerStartMicros: 2 * second,
  amRestartMicros: 10 * second,
  placement: 'least-loaded',
  clockSkewMicros: [],
};

const loadDefaults: Extract<LoadPlan, { kind: 'rate' }> = {
  kind: 'rate',
  perSecond: 50,
  arrivals: 'poisson',
  burstOnMicros: second,
  burstOffMicros: second,
  records: null,
  stopsAtMicros: null,
};

/** Linger and latency (12 ms in all) end well before a commit's 20 ms flush of the stores does, so W-cache cannot open. */
const costDefaults: CostPlan = {
  processMicros: 500,
  processDistribution: 'constant',
  kafkaLatencyMicros: 2 * millisecond,
  kafkaJitterMicros: 0,
  brokerRequestMicros: 2 * millisecond,
  recordBytes: 200,
  changelogEntryBytes: 120,
  storeFlushMicros: 20 * millisecond,
  storeCheckpointMicros: 15 * millisecond,
  localDiskBytesPerSecond: 200_000_000,
  memtableEntries: 100_000,
  commitStepMicros: 100,
  writeFilesMicros: 2 * millisecond,
  checkpointReadMicros: 200 * millisecond,
  checkpointReadPerRecordMicros: 2,
  restoreBytesPerSecond: 50_000_000,
  blobLatencyMicros: 50 * millisecond,
  blobBytesPerSecond: 100_000_000,
  blobTtlMicros: 30 * 86_400 * second,
  segmentBytes: 536_870_912,
  segmentMicros: 7 * 86_400 * second,
};
