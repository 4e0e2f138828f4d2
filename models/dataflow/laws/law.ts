/**
 * What a law is: an id of anchors.md §6.1, a statement, when it is asked, and a check that returns the guilty ids and
 * numbers, or null when it holds. A law never prints; sentences are made in reports/.
 */
import type { FlowWorld } from '../flow-world.ts';
import type { FlowRecord, FlowState, InFlight, Message, Transaction } from '../state.ts';

/** What the step that was just taken did. */
export interface FlowStep {
  readonly action: string;
  /** A checkpoint became durable and complete. */
  completed: number | null;
  /** Tasks restarted, all or those of some regions, from this checkpoint (0: from nothing). */
  restored: number | null;
  /** A record was delivered; `expected` is the channel number it should have. */
  delivered: { readonly channel: number; readonly record: FlowRecord; readonly expected: number } | null;
  /** An effect landed; for a commit, what its transaction was before. */
  landed: { readonly effect: InFlight; readonly before: Transaction['status'] | null } | null;
  /** A message of an older attempt changed what the coordinator knows. */
  stale: Message | null;
}

/** A step that has done nothing yet. */
export function newStep(action: string): FlowStep {
  return { action, completed: null, restored: null, delivered: null, landed: null, stale: null };
}

export interface FlowView {
  readonly world: FlowWorld;
  readonly state: FlowState;
  readonly step: FlowStep;
}

export type FlowFacts = Readonly<Record<string, string | number>>;

export interface FlowLaw {
  readonly id: string;
  readonly statement: string;
  readonly scope: 'step' | 'completion' | 'restore' | 'end';
  readonly check: (view: FlowView) => FlowFacts | null;
}
