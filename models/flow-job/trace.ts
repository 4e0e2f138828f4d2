/**
 * What happened in a timed run, in order: each entry that is also an action of the untimed world carries its id there,
 * so that the whole can be replayed as a path; the others (service, synchronous parts) only take time. (Records carry none
 * where the option `recordIds` says so.)
 */
import type { AbortReason } from './outcome.ts';

export type TraceEntry = { readonly at: number; readonly id: string | null } &
  /** A source has read a record, an operator or sink has processed one; the service began at `from`. `source` is an index. */
  (
    | {
        readonly kind: 'emit' | 'record';
        readonly task: number;
        readonly source: number;
        readonly seq: number;
        readonly from: number;
      }
    /** A service (source -1: the synchronous part of a snapshot) ended before its time. */
    | {
        readonly kind: 'cut';
        readonly task: number;
        readonly source: number;
        readonly seq: number;
        readonly from: number;
      }
    | {
        readonly kind: 'control';
        readonly task: number;
        readonly channel: number;
        readonly name: string;
        readonly checkpoint: number;
      }
    | { readonly kind: 'synced'; readonly task: number; readonly checkpoint: number; readonly from: number }
    | { readonly kind: 'message'; readonly task: number; readonly name: string; readonly checkpoint: number }
    | {
        readonly kind: 'report';
        readonly task: number;
        readonly name: string;
        readonly checkpoint: number;
        readonly attempt: number;
      }
    | { readonly kind: 'lose'; readonly task: number; readonly name: string; readonly checkpoint: number }
    | { readonly kind: 'timer'; readonly task: number; readonly name: string }
    /** The task hands its part over; the upload runs from `from` on. */
    | {
        readonly kind: 'uploading';
        readonly task: number;
        readonly checkpoint: number;
        readonly from: number;
        readonly bytes: number;
        readonly channelBytes: number;
      }
    | {
        readonly kind: 'upload' | 'fail-upload';
        readonly task: number;
        readonly checkpoint: number;
        readonly attempt: number;
      }
    | { readonly kind: 'store'; readonly checkpoint: number; readonly attempt: number }
    | { readonly kind: 'commit'; readonly task: number; readonly transaction: number }
    | { readonly kind: 'trigger'; readonly checkpoint: number; readonly attempt: number }
    /** The coordinator has given the checkpoint up. */
    | { readonly kind: 'aborted'; readonly checkpoint: number; readonly reason: AbortReason }
    | { readonly kind: 'expire'; readonly checkpoint: number }
    /** Task -1 is the coordinator. */
    | { readonly kind: 'crash'; readonly task: number }
    /** These tasks begin again, the sources among them at these positions; -1: the source goes on. */
    | {
        readonly kind: 'detect';
        readonly restored: number;
        readonly restarted: readonly number[];
        readonly positions: readonly number[];
      }
    | { readonly kind: 'running'; readonly task: number }
  );
