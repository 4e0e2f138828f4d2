// What stands in the record of a pending action: where in its two views, and marks that stand in place of a value. Who reads
// records takes these into constants of its own file, since an engine reads what is imported from memory at each use.
import { OWN_INTS, OWN_REALS, RECORD_INTS, RECORD_REALS } from './queue.ts';

export interface ActionRecord {
  /** Lengths of a record. */
  readonly reals: number;
  readonly ints: number;
  /** Among the reals: the operands. */
  readonly a: number;
  readonly b: number;
  /** Among the integers: kind, actor, incarnation of the actor, and how many of the kind were posted for the actor before. */
  readonly kind: number;
  readonly actor: number;
  readonly generation: number;
  readonly nth: number;
  /** In place of a kind: no action stands in the slot. */
  readonly free: number;
  /** In place of an incarnation, which it is not: the action was taken back. */
  readonly cancelled: number;
  /** Added to a kind when the action carries a payload: of those that do not, the table of payloads is not looked at. */
  readonly loaded: number;
}

/** The queue keeps when an action is due in front of this. */
export const ACTION: ActionRecord = {
  reals: RECORD_REALS,
  ints: RECORD_INTS,
  a: OWN_REALS,
  b: OWN_REALS + 1,
  kind: OWN_INTS,
  actor: OWN_INTS + 1,
  generation: OWN_INTS + 2,
  nth: OWN_INTS + 3,
  free: -1,
  cancelled: -1,
  loaded: 2 ** 30,
};
