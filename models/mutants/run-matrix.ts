/**
 * The matrix: every mutant hunted, its unmutated base beside it. A mutant that ought to be killed and is not has
 * survived; a base that is not silent makes its mutants' deaths worthless. Same options, same results.
 */
import { MUTANTS } from './catalogue.ts';
import { type Effort, type Hunt, type StateGraph, hunt, huntInflation, probeBase } from './hunt.ts';
import type { Mutant } from './mutant.ts';
import { TIMED_MUTANTS } from './timed-catalogue.ts';
import { type TimedMutant, runTimedMutant } from './timed-mutant.ts';

export interface MatrixOptions {
  /** Distinct states of each breadth-first search; 2000 unless given. */
  readonly maxStates?: number;
  /** Random runs for each mutant and each base; 400 unless given. */
  readonly runs?: number;
  readonly seed?: string | number;
  /** Only the mutants of these names; all unless given. */
  readonly names?: readonly string[];
  /** Which mutants; the catalogue, with the timed ones behind it, unless given. */
  readonly mutants?: readonly Mutant[];
  /** Mutants of timed worlds; none when `mutants` is given. */
  readonly timed?: readonly TimedMutant[];
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
  /** Who found it first; `timed`: the mutant's own run in a timed world. */
  readonly driver: 'swarm' | 'explore' | 'timed' | 'none';
  /** Length of the shortest counterexample; 0 without one, as in timed worlds. */
  readonly steps: number;
  /** Random runs made until the first breach, or in all. */
  readonly runs: number;
  /** Length of what a random run found, shrunk; -1 when none found it. */
  readonly shrunkSteps: number;
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
  /** What a timed mutant's run measured; empty for the others. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Runs the catalogue, or the mutants given, in order; throws a RangeError on a name that none of them has. */
export function runMutants(options: MatrixOptions = {}): MutantResult[] {
  const { names, mutants = MUTANTS, maxStates = 2000, runs = 400, seed = 'mutants' } = options;
  const { timed = options.mutants === undefined ? TIMED_MUTANTS : [] } = options;
  const unknown = names?.find((name) => [...mutants, ...timed].every((mutant) => mutant.name !== name));
  if (unknown !== undefined) throw new RangeError(`no mutant is called '${unknown}'`);
  const effort = { maxStates, runs, seed };
  const bases = new Map<string, ReturnType<typeof probeBase>>();
  const graphs = new Map<string, string>();
  const isChosen = ({ name }: { readonly name: string }): boolean => names?.includes(name) ?? true;
  const chosen = mutants.filter(isChosen);
  const chosenTimed = timed.filter(isChosen);
  const total = chosen.length + chosenTimed.length;
  const searched = chosen.map((mutant, i) => {
    const surroundings = surroundingsOf(mutant);
    const base = bases.get(surroundings) ?? probeBase(mutant, effort);
    bases.set(surroundings, base);
    const found = huntFor(mutant, effort);
    const graph = `${surroundings} ${found.graph}`;
    const twin = graphs.get(graph) ?? null;
    if (twin === null) graphs.set(graph, mutant.name);
    options.onProgress?.(i + 1, total);
    return resultOf(mutant, found, { twin, base });
  });
  const run = chosenTimed.map((mutant, i) => {
    const result = runTimedMutant(mutant);
    options.onProgress?.(chosen.length + i + 1, total);
    return result;
  });
  return [...searched, ...run];
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
  const { driver, runs, shrunkSteps, breadthSteps, stateGraph, breaks, path } = found;
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
    shrunkSteps,
    breadthSteps,
    stateGraph,
    breaks,
    twin,
    baseBreaks: base.breaks,
    path,
    facts: {},
  };
}

function statusOf(mutant: Mutant, found: Hunt, baseGraph: string): Pick<MutantResult, 'status' | 'why'> {
  if (found.law !== null) return { status: 'killed', why: '' };
  if (mutant.expected.status !== 'killed') return mutant.expected;
  if (found.stateGraph.emptied && found.graph === baseGraph)
    return { status: 'equivalent', why: 'in these surroundings its graph of states is that of its base' };
  return { status: 'survived', why: '' };
}
