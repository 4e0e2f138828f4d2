/**
 * What is checked: a protocol, and whose promise it is held to. They are the same but for mutants, which are held to the
 * promise of the protocol they were made from.
 */
import { FlowWorld } from './flow-world.ts';
import { lawsFor } from './laws/index.ts';
import type { FlowPlan } from './plans.ts';
import type { Protocol } from './protocol.ts';

export interface FlowSubject {
  readonly protocol: Protocol;
  readonly promised: Protocol;
  /** A protocol known to break the law that is looked for; one that always restarts from nothing unless given. */
  readonly canary?: Protocol;
}

/** A protocol held to its own promise. */
export function subjectOf(protocol: Protocol): FlowSubject {
  return { protocol, promised: protocol };
}

/** The model of one plan, with the laws that the promise calls for. */
export function worldOf({ protocol, promised }: FlowSubject, { topology, environment }: FlowPlan): FlowWorld {
  return new FlowWorld(protocol, topology, environment, lawsFor(promised, topology));
}
