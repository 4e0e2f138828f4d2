/** The scenarios that ship with Tidemark, by topic; the YAML files lie beside this file, in a folder per topic. */

export interface CatalogEntry {
  readonly name: string;
  readonly topic: 'jobs' | 'restarts' | 'outages' | 'windows';
  /** Path below scenarios/. */
  readonly file: string;
}

const topics: Readonly<Record<CatalogEntry['topic'], readonly string[]>> = {
  jobs: ['page-views', 'fraud-dedup', 'order-matching', 'iot-devices', 'lambda-speed-layer'],
  restarts: [
    'clean-restart',
    'container-crash',
    'host-loss-with-affinity',
    'host-loss-without-affinity',
    'standby-failover',
    'application-master-loss',
    'retries-exhausted',
  ],
  outages: [
    'blob-upload-outage',
    'blob-outage-too-long',
    'blob-slow-uploads',
    'node-manager-loss',
    'orphan-during-restore',
    'orphan-without-heartbeat',
    'zombie-after-partition',
  ],
  windows: [
    'first-run-input-loss',
    'idle-partition-input-loss',
    'retention-gap',
    'cache-flush-loss',
    'fraud-dedup-non-transactional',
    'compaction-lag',
    'clock-skew',
    'blob-ttl-expired',
    'async-commit',
    'acks-one',
    'dropped-producer-errors',
    'stale-version-after-rollback',
    'commit-timeout-overlap',
    'exit-code-zero',
  ],
};

/** What `tidemark run` runs when no scenario is named. */
export const DEFAULT_SCENARIO = 'page-views';

/** All shipped scenarios, in the order in which a newcomer should meet them. */
export const catalog: readonly CatalogEntry[] = (['jobs', 'restarts', 'outages', 'windows'] as const).flatMap((topic) =>
  topics[topic].map((name) => ({ name, topic, file: `${topic}/${name}.yaml` })),
);
