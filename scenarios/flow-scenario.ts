/**
 * The scenario of a dataflow job with a clock, as a value. Names are those of the YAML file, with their units; `flow-schema.ts`
 * says what is allowed, and the compiler checks that both agree.
 */
import type { SinkKind } from '../models/dataflow/topology.ts';

export interface FlowScenarioFile {
  readonly $schema?: string | undefined;
  readonly kind: 'dataflow-job';
  readonly name?: string | undefined;
  readonly title: string;
  readonly teaches?: string | undefined;
  readonly seed: string | number;
  readonly horizon_s: number;
  readonly replications: number;
  readonly protocols: readonly string[];
  readonly stages: readonly StageEntry[];
  readonly feedback?: FeedbackEntry | undefined;
  readonly channels: readonly ChannelEntry[];
  readonly channel_capacity: number;
  readonly routing: 'keyed' | 'broadcast';
  readonly hot_share: number;
  readonly sink: SinkKind;
  readonly load: {
    readonly rate_per_s: number;
    readonly arrivals: 'poisson' | 'regular';
    readonly batch_records: number;
  };
  readonly costs: FlowCostsEntry;
  readonly checkpoints: {
    readonly interval_ms: number;
    readonly timeout_ms: number;
    readonly min_pause_ms: number;
    readonly max_concurrent: number;
    readonly aligned_timeout_ms: number;
    readonly tolerable_failures: number | null;
  };
  readonly restart: { readonly delay_ms: number; readonly attempts: number | null };
  readonly faults: {
    readonly crashes: readonly { readonly task: string; readonly at_s: number }[];
    readonly mtbf_s: number | null;
    readonly lost_notifications: number;
    readonly failed_uploads: number;
  };
}

export interface StageEntry {
  readonly name: string;
  readonly inputs?: readonly string[] | undefined;
  readonly parallelism: number;
  readonly service_us: number;
  readonly state_bytes: number;
  readonly state_bytes_per_record: number;
}

export interface FeedbackEntry {
  readonly from: string;
  readonly to: string;
  readonly hops: number;
}

export interface ChannelEntry {
  readonly from: string;
  readonly to: string;
  readonly delay_ms: number;
  readonly jitter_ms: number;
}

export interface FlowCostsEntry {
  readonly record_bytes: number;
  readonly control_bytes: number;
  readonly channel_delay_ms: number;
  readonly channel_jitter_ms: number;
  readonly rpc_delay_ms: number;
  readonly rpc_jitter_ms: number;
  readonly sync_ms: number;
  readonly sync_ms_per_mebibyte: number;
  readonly upload_ms: number;
  readonly upload_bytes_per_s: number;
  readonly store_ms: number;
  readonly commit_ms: number;
  readonly detection_ms: number;
  readonly restart_ms: number;
  readonly download_ms: number;
  readonly download_bytes_per_s: number;
}
