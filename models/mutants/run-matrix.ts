/**
 * The matrix: every mutant is hunted by random runs from a cold start, what they find is shrunk, and a breadth-first
 * search up to a bound looks for something shorter. Its unmutated base gets the same effort in the same surroundings and
 * must be silent. Same options, same results.
 */
import { explore } from '../../sim/explore.ts';
import { randomStreams } from '../../sim/random.ts';
import { shrink } from '../../sim/shrink.ts';
import { randomRun } from '../../sim/swarm.ts';
import { FlowWorld } from '../dataflow/flow-world.ts';
import { lawsFor } from '../dataflow/laws/index.ts';
import type { Protocol } from '../dataflow/protocol.ts';
import { FAULT_KINDS } from '../dataflow/topology.ts';
import { MUTANTS } from './catalogue.ts';
import type { Mutant } from './mutant.ts';

export interface MatrixOptions {
  /** Distinct states of each breadth-first search; 2000 unless given. */
  readonly maxStates?: number;
  /** Random runs for each mutant and each base; 300 unless given. */
  readonly runs?: number;
  /** Only these mutants; all of the catalogue unless given. */
  readonly names?: readonly string[];
  readonly mutants?: readonly Mutant[];
  readonly seed?: string | number;
}

export interface MutantResult {
  readonly name: string;
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
  /** What breadth-first search alone needed: its shortest counterexample, or -1 when the bound hides it. */
  readonly breadthSteps: number;
  /** What the search saw up to its bound. */
  readonly stateGraph: { readonly states: number; readonly transitions: number; readonly emptied: boolean };
  /** Every law seen broken, in order of its id. */
  readonly breaks: readonly string[];
  /** An earlier mutant of the same base and surroundings with the same graph up to the bound. */
  readonly twin: string | null;
  /** Laws the unmutated base broke in the same surroundings with the same effort: none, or the matrix means nothing. */
  readonly baseBreaks: readonly string[];
  /** The shortest counterexample. */
  readonly path: readonly string[];
}

/** Steps after which a random run is given up; paths of the catalogue's jobs are well below. */
const MAX_STEPS = 400;

/** Runs the catalogue, or the mutants given, in order. */
export function runMutants(options: MatrixOptions = {}): MutantResult[] {
  const { names, mutants = MUTANTS } = options;
  const unknown = names?.find((name) => mutants.every((mutant) => mutant.name !== name));
  if (unknown !== undefined) throw new RangeError(`no mutant is called '${unknown}'`);
  const bases = new Map<string, readonly string[]>();
  const graphs = new Map<string, string>();
  return mutants
    .filter((mutant) => names === undefined || names.includes(mutant.name))
    .map((mutant) => {
      const surroundings = surroundingsOf(mutant);
      if (!bases.has(surroundings)) bases.set(surroundings, baseBreaks(mutant, options));
      const { graph, ...found } = hunt(mutant, options);
      const key = `${surroundings} ${graph}`;
      const twin = graphs.get(key) ?? null;
      if (twin === null) graphs.set(key, mutant.name);
      return { ...found, twin, baseBreaks: bases.get(surroundings)! };
    });
}

function surroundingsOf({ base, topology, environment }: Mutant): string {
  return JSON.stringify([base.name, base.lossy ?? [], topology, environment]);
}

function worldOf(mutant: Mutant, protocol: Protocol): FlowWorld {
  // The laws follow from what the original promises: a mutant cannot talk itself out of one.
  return new FlowWorld(protocol, mutant.topology, mutant.environment, lawsFor(mutant.base, mutant.topology));
}

function* swarm(
  world: FlowWorld,
  { runs = 300, seed = 'mutants' }: MatrixOptions,
  stopAtFirst: boolean | string,
): Generator<ReturnType<typeof randomRun>> {
  for (let run = 0; run < runs; run++) {
    const stream = randomStreams(seed, run)('swarm');
    yield randomRun(world, { stream, maxSteps: MAX_STEPS, faultKinds: FAULT_KINDS, stopAtFirst });
  }
}

function baseBreaks(mutant: Mutant, options: MatrixOptions): readonly string[] {
  const world = worldOf(mutant, mutant.base);
  const broken = new Set<string>();
  for (const { violations } of swarm(world, options, true)) for (const { law } of violations) broken.add(law);
  const { violations } = explore(world, { maxStates: options.maxStates ?? 2000, faultKinds: FAULT_KINDS });
  for (const { law } of violations) broken.add(law);
  return [...broken].toSorted();
}

function hunt(mutant: Mutant, options: MatrixOptions): Omit<MutantResult, 'twin' | 'baseBreaks'> & { graph: string } {
  const world = worldOf(mutant, mutant.protocol);
  const isWanted = ({ law }: { readonly law: string }): boolean => mutant.law === '*' || law === mutant.law;
  const breaks = new Set<string>();
  let runs = 0;
  let path: readonly string[] = [];
  let law = mutant.law;
  for (const { violations } of swarm(world, options, mutant.law === '*' ? true : mutant.law)) {
    runs++;
    for (const each of violations) breaks.add(each.law);
    const breach = violations.find(isWanted);
    if (breach === undefined) continue;
    law = breach.law;
    path = shrink(world, breach.path, { law, faultKinds: FAULT_KINDS, maxReplays: 1500 }).ids;
    break;
  }
  const bySwarm = path.length > 0;
  const graph = explore(world, { maxStates: options.maxStates ?? 2000, faultKinds: FAULT_KINDS });
  for (const each of graph.violations) breaks.add(each.law);
  const shortest = graph.violations.find((each) => (bySwarm ? each.law === law : isWanted(each)));
  if (shortest !== undefined && (!bySwarm || shortest.path.length < path.length)) {
    law = shortest.law;
    path = shortest.path;
  }
  const isKilled = path.length > 0;
  const { expected } = mutant;
  const excused = expected.status !== 'killed' && !isKilled;
  return {
    name: mutant.name,
    base: mutant.base.name,
    law,
    status: isKilled ? 'killed' : excused ? expected.status : 'survived',
    why: excused ? expected.why : '',
    driver: bySwarm ? 'swarm' : isKilled ? 'explore' : 'none',
    steps: path.length,
    runs,
    breadthSteps: shortest?.path.length ?? -1,
    stateGraph: { states: graph.states, transitions: graph.transitions, emptied: graph.emptied },
    breaks: [...breaks].toSorted(),
    path,
    graph: JSON.stringify([graph.depths, graph.transitions, graph.durableProjections, graph.endStates]),
  };
}
