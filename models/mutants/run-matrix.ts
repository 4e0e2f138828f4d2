/**
 * The matrix: every mutant hunted, its unmutated base beside it. A mutant that ought to be killed and is not has
 * survived; a base that is not silent makes its mutants' deaths worthless. Same options, same results.
 */
import { MUTANTS } from './catalogue.ts';
import { type Effort, type Hunt, type StateGraph, hunt, huntInflation, probeBase } from './hunt.ts';
import type { Mutant } from './mutant.ts';

export interface MatrixOptions {
  /** Distinct states of each breadth-first search; 2000 unless given. */
  readonly maxStates?: number;
  /** Random runs for each mutant and each base; 400 unless given. */
  readonly runs?: number;
  readonly seed?: string | number;
  /** Only the mutants of these names; all unless given. */
  readonly names?: readonly string[];
  /** Which mutants; the catalogue unless given. */
  readonly mutants?: readonly Mutant[];
  /** Called after each mutant. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface MutantResult {
  readonly name: string;
  /** What is broken, in one sentence. */
  readonly broken: string;
  /** The protocol it was made from. */
  readonly base: string;
  /** The law that broke, or the one that should have. */
  readonly law: string;
  readonly status: 'killed' | 'redundant-guard' | 'equivalent' | 'survived';
  /** Why a mutant that is not killed need not be; empty otherwise. */
  readonly why: string;
  /** Who found it first. */
  readonly driver: 'swarm' | 'explore' | 'none';
  /** Length of the shortest counterexample; 0 without one. */
  readonly steps: number;
  /** Random runs made until the first breach, or in all. */
  readonly runs: number;
  /** What breadth-first search alone found; -1 when its bound hides it. */
  readonly breadthSteps: number;
  readonly stateGraph: StateGraph;
  /** Every law seen broken, in order of its id. */
  readonly breaks: readonly string[];
  /** An earlier mutant of the same base and surroundings with the same graph up to the bound. */
  readonly twin: string | null;
  /** Laws the base broke in the same surroundings with the same effort: none, or the death means nothing. */
  readonly baseBreaks: readonly string[];
  /** The shortest counterexample. */
  readonly path: readonly string[];
}

/** Runs the catalogue, or the mutants given, in order; throws a RangeError on a name that none of them has. */
export function runMutants(options: MatrixOptions = {}): MutantResult[] {
  const { names, mutants = MUTANTS, maxStates = 2000, runs = 400, seed = 'mutants' } = options;
  const unknown = names?.find((name) => mutants.every((mutant) => mutant.name !== name));
  if (unknown !== undefined) throw new RangeError(`no mutant is called '${unknown}'`);
  const effort = { maxStates, runs, seed };
  const bases = new Map<string, ReturnType<typeof probeBase>>();
  const graphs = new Map<string, string>();
  const chosen = mutants.filter((mutant) => names === undefined || names.includes(mutant.name));
  return chosen.map((mutant, i) => {
    const surroundings = surroundingsOf(mutant);
    const base = bases.get(surroundings) ?? probeBase(mutant, effort);
    bases.set(surroundings, base);
    const found = huntFor(mutant, effort);
    const graph = `${surroundings} ${found.graph}`;
    const twin = graphs.get(graph) ?? null;
    if (twin === null) graphs.set(graph, mutant.name);
    options.onProgress?.(i + 1, chosen.length);
    return resultOf(mutant, found, { twin, base });
  });
}

function huntFor(mutant: Mutant, effort: Effort): Hunt {
  return mutant.law === 'X1' ? huntInflation(mutant, effort) : hunt(mutant, effort);
}

function surroundingsOf({ base, topology, environment }: Mutant): string {
  return JSON.stringify([base.name, topology, environment]);
}

function resultOf(
  mutant: Mutant,
  found: Hunt,
  { twin, base }: { twin: string | null; base: ReturnType<typeof probeBase> },
): MutantResult {
  const { status, why } = statusOf(mutant, found, base.graph);
  const { driver, runs, breadthSteps, stateGraph, breaks, path } = found;
  return {
    name: mutant.name,
    broken: mutant.broken,
    base: mutant.base.name,
    law: found.law ?? mutant.law,
    status,
    why,
    driver,
    steps: path.length,
    runs,
    breadthSteps,
    stateGraph,
    breaks,
    twin,
    baseBreaks: base.breaks,
    path,
  };
}

function statusOf(mutant: Mutant, found: Hunt, baseGraph: string): Pick<MutantResult, 'status' | 'why'> {
  if (found.law !== null) return { status: 'killed', why: '' };
  if (mutant.expected.status !== 'killed') return mutant.expected;
  if (found.stateGraph.emptied && found.graph === baseGraph)
    return { status: 'equivalent', why: 'in these surroundings its graph of states is that of its base' };
  return { status: 'survived', why: '' };
}
