/** What a timed run of a dataflow job answers. Plain JSON data: times µs, sizes bytes, counts exact. */
import type { TaskBudget } from '../outcome.ts';
import type { CheckpointFailureReason } from '../protocols/flink-failure-manager.ts';
import type { LatencySummary } from './latency-histogram.ts';

/** Why a checkpoint did not complete. */
export type AbortReason = 'declined' | 'expired' | 'subsumed' | 'failover' | 'refused';

/** One checkpoint of the coordinator. Lists are per task; -1: did not happen while the checkpoint was under way. */
export interface FlowCheckpoint {
  readonly checkpoint: number;
  readonly attempt: number;
  readonly triggered_us: number;
  readonly status: 'completed' | 'aborted' | 'pending';
  readonly reason: AbortReason | null;
  /** From the trigger to being durable and known as complete, or given up; -1: pending at the horizon. */
  readonly duration_us: number;
  /** From the trigger to the last acknowledgement. */
  readonly acknowledged_us: number;
  /** From the first barrier at the task to the last. Sources have none: 0. */
  readonly alignment_us: readonly number[];
  readonly sync_us: readonly number[];
  readonly async_us: readonly number[];
  /** From the trigger to the coordinator having the acknowledgement. */
  readonly ack_us: readonly number[];
  readonly bytes: number;
  readonly channel_state_bytes: number;
}

export interface FlowRecovery {
  /** Task number; -1: the coordinator; -2: the job was failed for its checkpoints. */
  readonly target: number;
  readonly crashed_us: number;
  readonly detected_us: number;
  /** 0: from the beginning. */
  readonly restored_checkpoint: number;
  readonly restored_bytes: number;
  /** Tasks that restarted, where others went on; absent: every task. */
  readonly restarted_tasks?: readonly number[];
  /** Records the restarted sources had read past the positions they go back to. */
  readonly replayed_records: number;
  /** From the crash to all tasks running; -1: not by the horizon, or the next failure came first. */
  readonly downtime_us: number;
  /** From then until every source has caught up with its log; -1: not by the horizon or the next failure. */
  readonly catchup_us: number;
}

export interface FlowRecords {
  /** In the logs of the sources by the horizon. */
  readonly offered: number;
  /** Distinct records read, and readings beyond the first of each. */
  readonly read: number;
  readonly reread: number;
  /** Deliveries to operators and sinks. */
  readonly processed: number;
  /** Copies visible behind the sinks, those beyond what each record owes, and those that will never come. */
  readonly visible: number;
  readonly duplicated: number;
  readonly lost: number;
}

/** What the protocol sends besides the records. */
export interface FlowMessages {
  /** Control elements put on channels: barriers, markers, announcements. */
  readonly controls: number;
  /** Messages between tasks and coordinator, both ways. */
  readonly messages: number;
}

export interface StorageSample {
  readonly at_us: number;
  readonly bytes: number;
}

/**
 * Takes what a run has to tell of its past as it comes, in place of the outcome, which then lists none of it: so the memory of a
 * run does not follow the simulated time.
 */
export interface FlowHistory {
  /** A checkpoint has ended: completed or aborted. Those pending at the horizon stand in the outcome. */
  readonly checkpoint: (ended: FlowCheckpoint) => void;
  /** What is stored has changed by it. */
  readonly stored: (sample: StorageSample) => void;
}

export interface FlowJobOutcome {
  readonly plan: string;
  readonly protocol: string;
  readonly seed: string;
  readonly horizon_us: number;
  readonly events: number;
  readonly checkpoints: readonly FlowCheckpoint[];
  /** Requests for checkpoints that came to nothing, by Flink's reasons. */
  readonly rejected_triggers: readonly { readonly reason: CheckpointFailureReason; readonly count: number }[];
  readonly recoveries: readonly FlowRecovery[];
  /** The restart strategy gave the job up: it stays down. */
  readonly gave_up: boolean;
  /** Crashes that changed nothing: the job was down already. */
  readonly crashes_without_effect: number;
  readonly budget: readonly TaskBudget[];
  /** From a record's being there to be read to its being visible, over first copies. */
  readonly output_latency: LatencySummary;
  /** The same by sink, and how long each held its outputs back: from a record's reaching it to its being visible. */
  readonly sink_latency: readonly {
    readonly task: number;
    readonly latency: LatencySummary;
    readonly held: LatencySummary;
  }[];
  readonly records: FlowRecords;
  readonly sent: FlowMessages;
  readonly storage: {
    readonly bytes_max: number;
    readonly bytes_end: number;
    readonly uploaded_bytes: number;
    /** At every end of a checkpoint. */
    readonly samples: readonly StorageSample[];
  };
  readonly digests: { readonly order: string; readonly state: string; readonly cost: string };
}
