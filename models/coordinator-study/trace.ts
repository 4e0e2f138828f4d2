/** What happened in a study, in order: what the laws are checked on and the facts are counted from. */
import type { CheckpointFailureReason } from '../protocols/flink-failure-manager.ts';

/** What happened, without when. */
export type Untimed =
  | { readonly kind: 'deployed' }
  /** A request was given up before it became a checkpoint. */
  | { readonly kind: 'rejected'; readonly reason: CheckpointFailureReason }
  | {
      readonly kind: 'began';
      readonly checkpoint: number;
      readonly periodic: boolean;
      readonly forced: boolean;
      /** Others that were pending. */
      readonly pending: number;
    }
  /** Nobody works on the checkpoint: its trigger did not reach a source. */
  | { readonly kind: 'trigger-lost'; readonly checkpoint: number }
  /** It failed, for the true reason, whoever was told. */
  | {
      readonly kind: 'failed';
      readonly checkpoint: number;
      readonly reason: CheckpointFailureReason;
      readonly failedOn: 'job-manager' | 'task';
    }
  | { readonly kind: 'completed'; readonly checkpoint: number }
  /** It left the pending ones without completing. */
  | { readonly kind: 'aborted'; readonly checkpoint: number }
  /** Checkpoints that wait for deletion or are being deleted, after one was added. */
  | { readonly kind: 'undeleted'; readonly checkpoints: number }
  | { readonly kind: 'job-failed'; readonly cause: 'checkpoints' | 'host-lost' }
  /** The restart strategy allows no further attempt. */
  | { readonly kind: 'given-up' }
  /** The coordinator itself is gone, and nobody takes over. */
  | { readonly kind: 'coordinator-lost'; readonly cause: 'memory' | 'notice' };

export type TraceEvent = Untimed & { readonly atMicros: number };

export type TraceKind = TraceEvent['kind'];

/** The events of one kind, in order. */
export function eventsOf<Kind extends TraceKind>(
  trace: readonly TraceEvent[],
  kind: Kind,
): Extract<TraceEvent, { kind: Kind }>[] {
  return trace.filter((event): event is Extract<TraceEvent, { kind: Kind }> => event.kind === kind);
}
