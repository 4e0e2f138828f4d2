/**
 * What a scenario means where it says nothing: the cluster and the costs of things. Each figure names its origin, as a
 * section of Samza's documentation or source, of Kafka or YARN, or as our own assumption, so that a reader can judge a
 * result that depends on it. All can be set per scenario and measured in one's own cluster.
 */

/** Four hosts of four slots: our assumption, the smallest cluster in which moving, spreading and fencing all differ. */
export const clusterDefaults = {
  hosts: 4,
  slots_per_host: 4,
  /** YARN: yarn.nm.liveness-monitor.expiry-interval-ms is 10 minutes. */
  node_expiry_s: 600,
  /** NodeManager and application master heartbeats are 1 s each by default in YARN. */
  exit_report_ms: 1000,
  /** Our assumption: localisation of the job package, JVM start and Samza's own start. */
  container_start_s: 10,
  /** Our assumption: YARN starts a new attempt, the job coordinator reads the coordinator stream. */
  am_restart_s: 30,
  placement: 'least-loaded',
} as const;

export const costDefaults = {
  /** Our assumption: a light stateful task, 2,000 records/s per thread. */
  process_us: 500,
  process_distribution: 'constant',
  /** Our assumption: producer to leader inside one data centre. */
  kafka_latency_ms: 2,
  /** Our assumption: mean of an exponential tail on top. */
  kafka_jitter_ms: 1,
  /** Our assumption: one round trip to a broker, for instance for the newest offset. */
  broker_request_ms: 2,
  /** Our assumption; the LinkedIn benchmark of 2015 used 100-byte messages. */
  record_bytes: 200,
  /** Our assumption: a short key, a counter or small value, Kafka's record overhead. */
  changelog_entry_bytes: 120,
  /** Our assumption: flush of a RocksDB memtable with fsync on SSD. */
  store_flush_ms: 20,
  /** Our assumption: hard links of the SST files and a copy of the manifest. */
  store_checkpoint_ms: 15,
  /** Our assumption: sequential writes beside other containers on one SSD. */
  local_disk_bytes_per_s: 200_000_000,
  /** Our assumption: 64 MB write buffer over entries of some hundred bytes. */
  memtable_entries: 100_000,
  /** Our assumption: CPU of one bookkeeping step of a commit. */
  commit_step_us: 100,
  /** Our assumption: OFFSET and CHECKPOINT files, written aside and moved in. */
  write_files_ms: 2,
  /** Our assumption: consumer start and seek on the checkpoint topic, then about 500,000 records/s. */
  checkpoint_read_ms: 200,
  checkpoint_read_per_record_us: 2,
  /** Samza's documentation (state management): restore runs at about 50 MB/s per container. */
  restore_bytes_per_s: 50_000_000,
  /** Our assumption: an object store inside the region. */
  blob_latency_ms: 50,
  blob_bytes_per_s: 100_000_000,
  /** Our assumption; LinkedIn's value is not public. */
  blob_ttl_s: 2_592_000,
  /** Samza sets segment.bytes of changelog topics to this. */
  segment_bytes: 536_870_912,
  /** Kafka: segment.ms is 7 days. */
  segment_s: 604_800,
} as const;

/** The load of a scenario that names none: our assumption, light enough that nothing queues. */
export const loadDefaults = {
  rate_per_s: 20,
  arrivals: 'poisson',
  burst_on_s: 60,
  burst_off_s: 60,
} as const;

/** Length of a run over a rate load, seconds. */
export const HORIZON_DEFAULT_S = 3600;
