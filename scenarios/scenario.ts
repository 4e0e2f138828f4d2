/**
 * A scenario file as a value, after its defaults are filled in and before it becomes a RunPlan: the names are those of
 * the YAML file, with their units. `schema.ts` says what is allowed and why; the compiler checks that both agree.
 */

/** Samza's own keys with their values, as written in YAML. */
export type SamzaEntries = Readonly<Record<string, SamzaScalar | readonly SamzaScalar[]>>;
export type SamzaScalar = string | number | boolean;

export interface Scenario {
  readonly $schema?: string | undefined;
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  readonly teaches?: string | undefined;
  readonly expect: ExpectationEntry;
  readonly seed: string | number;
  readonly replication: number;
  readonly horizon_s?: number | undefined;
  readonly protocol: 'samza';
  readonly ties: 'fifo' | 'shuffled' | 'adversarial';
  readonly job: JobEntry;
  readonly cluster: ClusterEntry;
  readonly load: LoadEntry;
  readonly faults: { readonly trace?: string | undefined; readonly plan: readonly FaultEntry[] };
  readonly costs: CostEntry;
}

export type ExpectationEntry =
  | { readonly verdict: 'holds' }
  | { readonly verdict: 'violated'; readonly law: string }
  | { readonly verdict: 'unknown' };

export interface InputEntry {
  readonly stream: string;
  readonly system?: string | undefined;
  readonly partitions: number;
  readonly retention_s: number | null;
  readonly weight: number;
  readonly starts_at_s: number;
}

export interface JobEntry {
  readonly inputs?: readonly InputEntry[] | undefined;
  readonly logic?: 'stateless' | 'count' | 'dedup' | 'match' | undefined;
  readonly keys: number;
  readonly key_skew: number;
  readonly containers?: number | undefined;
  readonly task_kind: 'sync' | 'async';
  readonly batch_records: number;
  readonly batch_layer: { readonly interval_s: number; readonly duration_s: number } | null;
  readonly manual_commit: { readonly every_records: number; readonly scope: 'task' | 'container' } | null;
  readonly properties?: string | undefined;
  readonly samza: SamzaEntries;
}

export interface ClusterEntry {
  readonly hosts: number;
  readonly slots_per_host: number;
  readonly node_expiry_s: number;
  readonly exit_report_ms: number;
  readonly container_start_s: number;
  readonly am_restart_s: number;
  readonly placement: 'least-loaded' | 'random';
  readonly clock_skew_ms: readonly number[];
}

export type LoadEntry =
  | {
      readonly kind: 'rate';
      readonly rate_per_s: number;
      readonly arrivals: 'poisson' | 'even' | 'bursty';
      readonly burst_on_s: number;
      readonly burst_off_s: number;
      readonly records: number | null;
      readonly stops_at_s: number | null;
    }
  | { readonly kind: 'trace'; readonly trace: string; readonly arrivals: 'poisson' | 'even' };

export interface CostEntry {
  readonly process_us: number;
  readonly process_distribution: 'constant' | 'exponential';
  readonly kafka_latency_ms: number;
  readonly kafka_jitter_ms: number;
  readonly broker_request_ms: number;
  readonly record_bytes: number;
  readonly changelog_entry_bytes: number;
  readonly store_flush_ms: number;
  readonly store_checkpoint_ms: number;
  readonly local_disk_bytes_per_s: number;
  readonly memtable_entries: number;
  readonly commit_step_us: number;
  readonly write_files_ms: number;
  readonly checkpoint_read_ms: number;
  readonly checkpoint_read_per_record_us: number;
  readonly restore_bytes_per_s: number;
  readonly blob_latency_ms: number;
  readonly blob_bytes_per_s: number;
  readonly blob_ttl_s: number;
  readonly segment_bytes: number;
  readonly segment_s: number;
}

/** Exactly one of the three is given; the loader checks it. */
export interface TriggerEntry {
  readonly at_s?: number | undefined;
  readonly at_step?:
    | {
        readonly step: string;
        readonly when: 'before' | 'during' | 'after';
        readonly task: number;
        readonly commit: number;
      }
    | undefined;
  readonly at_start?:
    | {
        readonly moment: 'restore' | 'trim' | 'seal' | 'running';
        readonly container: number;
        readonly start: number;
        readonly delay_ms: number;
      }
    | undefined;
}

/** Exactly one of the two is given; the loader checks it. */
export interface HostEntry {
  readonly host?: number | undefined;
  readonly host_of_container?: number | undefined;
}

export interface LogEntry {
  readonly log: 'input' | 'output' | 'changelog' | 'checkpoint';
  readonly partition: number | null;
}

export type FaultEntry = TriggerEntry &
  (
    | { readonly kind: 'container-crash'; readonly container: number; readonly exit_code: number }
    | ({ readonly kind: 'host-crash'; readonly down_s: number; readonly disk_lost: boolean } & HostEntry)
    | { readonly kind: 'job-restart'; readonly down_s: number; readonly samza: SamzaEntries | null }
    | { readonly kind: 'am-crash' }
    | ({
        readonly kind: 'partition';
        readonly cut: 'node-manager' | 'cluster-manager' | 'kafka';
        readonly for_s: number;
      } & HostEntry)
    | { readonly kind: 'pause'; readonly container: number; readonly for_s: number }
    | ({ readonly kind: 'broker-stall'; readonly for_s: number } & LogEntry)
    | ({ readonly kind: 'leader-loss'; readonly unreplicated_records: number } & LogEntry)
    | ({ readonly kind: 'send-failure'; readonly batches: number } & LogEntry)
    | ({ readonly kind: 'topic-recreated' } & LogEntry)
    | { readonly kind: 'blob-outage'; readonly for_s: number }
    | { readonly kind: 'blob-slow'; readonly factor: number; readonly for_s: number }
  );
