/**
 * A mutant: a protocol with one thing broken, the smallest surroundings in which that can show, and the law that must say
 * so. Mutants test the laws and the searches: a law that no mutant breaks may be empty, a mutant that survives is a gap.
 */
import type { Protocol } from '../dataflow/protocol.ts';
import type { Environment, Topology } from '../dataflow/topology.ts';

export interface Mutant {
  /** As in the catalogue; pairs are joined by ' + '. */
  readonly name: string;
  /** What is broken, in one sentence. */
  readonly broken: string;
  /** Keys of the issues in which it was seen, of Flink's tracker unless they say otherwise. */
  readonly seen?: readonly string[];
  readonly base: Protocol;
  readonly protocol: Protocol;
  readonly topology: Topology;
  readonly environment: Environment;
  /** Id of the law that must break; `*` for whichever breaks first. */
  readonly law: string;
  readonly expected: Expectation;
}

/** What becomes of a mutant, and why when it is not killed. */
export type Expectation =
  | { readonly status: 'killed' }
  /** Another guard makes up for the broken one; the pair of both is killed. */
  | { readonly status: 'redundant-guard'; readonly why: string }
  /** No order of events tells it from the original. */
  | { readonly status: 'equivalent'; readonly why: string };

export const KILLED: Expectation = { status: 'killed' };
