/**
 * The small job the crash matrix crashes: one task on one host of two, a steady stream, a counting store. Its commits are
 * frequent and its async steps slow enough that inputs are processed while a checkpoint is under way, so that every row
 * of the table is told apart from its neighbours.
 */
import type { FaultPlan, RunPlan } from './plan.ts';
import { parseSamzaConfig } from './samza/keys/index.ts';

/** How the state comes back, and on which host. */
export type MatrixVariant =
  'non-tx same host' | 'non-tx new host' | 'tx same host' | 'tx new host' | 'blob same host' | 'blob new host';

const STORE = 'counts';
/** The commit that is crashed; the ones before it are complete. */
export const CRASHED_COMMIT = 3;
const COMMIT_MS = 4000;

function keysOf(variant: MatrixVariant, readVersion: 1 | 2): Record<string, string> {
  const keys: Record<string, string> = {
    'task.checkpoint.factory': 'org.apache.samza.checkpoint.kafka.KafkaCheckpointManagerFactory',
    'task.commit.ms': String(COMMIT_MS),
    'task.checkpoint.read.versions': String(readVersion),
    [`stores.${STORE}.factory`]: 'org.apache.samza.storage.kv.RocksDbKeyValueStorageEngineFactory',
    'job.host-affinity.enabled': String(variant.endsWith('same host')),
    // A small write batch lets part of an interval's updates reach the changelog before the commit, as in a busy job.
    [`stores.${STORE}.write.batch.size`]: '8',
    'task.transactional.state.restore.enabled': String(!variant.startsWith('non-tx')),
  };
  if (variant.startsWith('blob')) {
    keys['blob.store.manager.factory'] = 'com.example.BlobStoreManagerFactory';
    keys[`stores.${STORE}.backup.factories`] = 'org.apache.samza.storage.blobstore.BlobStoreStateBackendFactory';
    keys[`stores.${STORE}.restore.factories`] = 'org.apache.samza.storage.blobstore.BlobStoreStateBackendFactory';
  } else keys[`stores.${STORE}.changelog`] = `kafka.${STORE}-changelog`;
  return keys;
}

/** The plan of one cell. */
export function matrixPlan(
  variant: MatrixVariant,
  options: {
    readonly seed: string;
    readonly readVersion: 1 | 2;
    readonly faults: readonly FaultPlan[];
    readonly point: string;
  },
): RunPlan {
  const entries = Object.entries(keysOf(variant, options.readVersion));
  const parsed = parseSamzaConfig(entries.map(([key, value], i) => ({ key, value, line: i + 1 })));
  const wrong = parsed.errors[0];
  if (wrong !== undefined) throw new Error(`crash matrix: ${wrong.key}: ${wrong.message}`);
  return {
    name: `crash-matrix ${options.point} ${variant}`,
    title: 'One crash at a named step',
    teaches: '',
    expect: { kind: 'holds' },
    seed: options.seed,
    replication: 0,
    horizonMicros: 75_000_000,
    protocol: 'samza',
    ties: 'fifo',
    job: {
      inputs: [
        {
          stream: 'input',
          partitions: 1,
          offsetDefault: 'oldest',
          resetOffset: false,
          deleteCommitted: true,
          retentionMicros: null,
          weight: 1,
          startsAtMicros: 0,
        },
      ],
      logic: 'count',
      keys: 60,
      keySkew: 0,
      containers: 1,
      taskKind: 'sync',
      batchRecords: 1,
      batchLayer: null,
      samza: parsed.config,
    },
    cluster: {
      hosts: 2,
      slotsPerHost: 1,
      nodeExpiryMicros: 10_000_000,
      exitReportMicros: 1_000_000,
      containerStartMicros: 5_000_000,
      amRestartMicros: 10_000_000,
      placement: 'least-loaded',
      clockSkewMicros: [],
    },
    load: {
      kind: 'rate',
      perSecond: 200,
      arrivals: 'poisson',
      burstOnMicros: 1,
      burstOffMicros: 1,
      records: null,
      stopsAtMicros: 60_000_000,
    },
    costs: {
      processMicros: 500,
      processDistribution: 'constant',
      kafkaLatencyMicros: 2000,
      kafkaJitterMicros: 500,
      brokerRequestMicros: 2000,
      recordBytes: 200,
      changelogEntryBytes: 120,
      storeFlushMicros: 20_000,
      storeCheckpointMicros: 15_000,
      localDiskBytesPerSecond: 200_000_000,
      memtableEntries: 100_000,
      commitStepMicros: 100,
      writeFilesMicros: 40_000,
      checkpointReadMicros: 200_000,
      checkpointReadPerRecordMicros: 2,
      restoreBytesPerSecond: 50_000_000,
      blobLatencyMicros: 50_000,
      blobBytesPerSecond: 100_000_000,
      blobTtlMicros: 2_592_000_000_000,
      segmentBytes: 536_870_912,
      segmentMicros: 604_800_000_000,
    },
    faults: options.faults,
    faultTrace: null,
  };
}

/** The process dies (same host), or its host for good (new host). */
export function matrixCrash(variant: MatrixVariant, trigger: FaultPlan['trigger']): FaultPlan {
  if (variant.endsWith('same host')) return { kind: 'container-crash', trigger, container: 0, exitCode: 137 };
  return { kind: 'host-crash', trigger, host: { ofContainer: 0 }, downMicros: 3_600_000_000, diskLost: false };
}

/** Time of the middle of the interval between commits 2 and 3, µs: start, restore and two commits lie before it. */
export function betweenCommits(): number {
  return 3_600_000 + 5_000_000 + 400_000 + COMMIT_MS * 1000 * 2.5;
}
