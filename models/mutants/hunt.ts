/**
 * How one mutant is hunted: random runs from a cold start first, what they find shrunk, then a breadth-first search up to
 * a bound for something shorter. Its base gets the same effort, and no mercy.
 */
import type { Explorable } from '../../sim/explorable.ts';
import { type ExploreResult, explore } from '../../sim/explore.ts';
import { mix32 } from '../../sim/hash.ts';
import { randomStreams } from '../../sim/random.ts';
import { shrink } from '../../sim/shrink.ts';
import { type RandomRun, randomRun } from '../../sim/swarm.ts';
import { FlowWorld } from '../dataflow/flow-world.ts';
import { lawsFor } from '../dataflow/laws/index.ts';
import type { Protocol } from '../dataflow/protocol.ts';
import { FAULT_KINDS } from '../dataflow/topology.ts';
import type { Mutant } from './mutant.ts';

export interface Effort {
  /** Distinct states of each breadth-first search. */
  readonly maxStates: number;
  /** Random runs for each mutant and each base. */
  readonly runs: number;
  readonly seed: string | number;
}

/** What a search saw up to its bound. */
export interface StateGraph {
  readonly states: number;
  readonly transitions: number;
  /** All of it was seen. */
  readonly emptied: boolean;
}

/** What a hunt brought. */
export interface Hunt {
  /** The law that broke; null when none did. */
  readonly law: string | null;
  readonly driver: 'swarm' | 'explore' | 'none';
  /** The shortest counterexample; empty without one. */
  readonly path: readonly string[];
  readonly runs: number;
  /** Length of what a random run found, shrunk; -1 when none found it. */
  readonly shrunkSteps: number;
  /** Length of what breadth-first search found; -1 when its bound hides it. */
  readonly breadthSteps: number;
  /** Every law seen broken, in order of its id. */
  readonly breaks: readonly string[];
  readonly stateGraph: StateGraph;
  /** Equal for equal graphs, as far as they were seen. */
  readonly graph: string;
}

/** Steps after which a random run is given up; paths of the catalogue's jobs are well below. */
const MAX_STEPS = 400;

/** Replays that shrinking may spend. */
const MAX_REPLAYS = 1500;

export function hunt(mutant: Mutant, effort: Effort): Hunt {
  const world = worldOf(mutant, mutant.protocol);
  const breaks = new Set<string>();
  let law = mutant.law === '*' ? null : mutant.law;
  let path: readonly string[] = [];
  let runs = 0;
  for (const { violations } of swarm(world, effort, law ?? true)) {
    runs++;
    for (const each of violations) breaks.add(each.law);
    const breach = violations.find((each) => law === null || each.law === law);
    if (breach === undefined) continue;
    law = breach.law;
    path = shrink(world, breach.path, { law, faultKinds: FAULT_KINDS, maxReplays: MAX_REPLAYS }).ids;
    break;
  }
  const bySwarm = path.length > 0;
  const shrunkSteps = bySwarm ? path.length : -1;
  const { result, graph } = search(world, effort);
  for (const each of result.violations) breaks.add(each.law);
  const shortest = result.violations.find((each) => law === null || each.law === law);
  if (shortest !== undefined && (!bySwarm || shortest.path.length < path.length)) ({ law, path } = shortest);
  const isFound = path.length > 0;
  return {
    law: isFound ? law : null,
    driver: bySwarm ? 'swarm' : isFound ? 'explore' : 'none',
    path,
    runs,
    shrunkSteps,
    breadthSteps: shortest?.path.length ?? -1,
    breaks: [...breaks].toSorted(),
    stateGraph: { states: result.states, transitions: result.transitions, emptied: result.emptied },
    graph,
  };
}

/**
 * For mutants that do nothing wrong and still make one state look like many: the whole graph has more states than the
 * base's, while a crash leaves the same (X1: what means nothing must not show). The path is as long as the first level
 * that differs.
 */
export function huntInflation(mutant: Mutant, effort: Effort): Hunt {
  const { result, graph } = search(worldOf(mutant, mutant.protocol), effort);
  const { result: base } = search(worldOf(mutant, mutant.base), effort);
  const isInflated =
    result.emptied &&
    base.emptied &&
    result.states > base.states &&
    result.durableProjections === base.durableProjections;
  const level = result.depths.findIndex((states, depth) => states !== base.depths[depth]);
  return {
    law: isInflated ? 'X1' : null,
    driver: isInflated ? 'explore' : 'none',
    path: isInflated ? Array.from({ length: level }, (_, i) => `any#${i}`) : [],
    runs: 0,
    shrunkSteps: -1,
    breadthSteps: isInflated ? level : -1,
    breaks: isInflated ? ['X1'] : [],
    stateGraph: { states: result.states, transitions: result.transitions, emptied: result.emptied },
    graph,
  };
}

/** The same effort spent on the original: the laws it breaks (there should be none), and its graph. */
export function probeBase(
  mutant: Mutant,
  effort: Effort,
): { readonly breaks: readonly string[]; readonly graph: string } {
  const world = worldOf(mutant, mutant.base);
  const { result, graph } = search(world, effort);
  const breaks = new Set(result.violations.map(({ law }) => law));
  for (const { violations } of swarm(world, effort, true)) for (const { law } of violations) breaks.add(law);
  return { breaks: [...breaks].toSorted(), graph };
}

/** Every law the mutant breaks in runs that go on after a breach, and in breadth; in order of their ids. */
export function killersOf(mutant: Mutant, effort: Effort): readonly string[] {
  const world = worldOf(mutant, mutant.protocol);
  const broken = new Set(search(world, effort).result.violations.map(({ law }) => law));
  for (const { violations } of swarm(world, effort, false)) for (const { law } of violations) broken.add(law);
  return [...broken].toSorted();
}

function worldOf(mutant: Mutant, protocol: Protocol): FlowWorld {
  // The laws follow from what the original promises: a mutant cannot talk itself out of one.
  return new FlowWorld(protocol, mutant.topology, mutant.environment, lawsFor(mutant.base, mutant.topology));
}

function* swarm(world: FlowWorld, { runs, seed }: Effort, stopAtFirst: boolean | string): Generator<RandomRun> {
  for (let run = 0; run < runs; run++) {
    const stream = randomStreams(seed, run)('swarm');
    yield randomRun(world, { stream, maxSteps: MAX_STEPS, faultKinds: FAULT_KINDS, stopAtFirst });
  }
}

/** Breadth first, with a digest of every state in the order met. */
function search(world: FlowWorld, { maxStates }: Effort): { result: ExploreResult; graph: string } {
  const { model, digest } = digested(world);
  const result = explore(model, { maxStates, faultKinds: FAULT_KINDS });
  return { result, graph: `${result.states} ${result.transitions} ${digest()}` };
}

function digested<State>(world: Explorable<State>): { model: Explorable<State>; digest: () => number } {
  let digest = 0;
  const model: Explorable<State> = {
    initial: () => world.initial(),
    enabled: (state) => world.enabled(state),
    apply: (state, action) => world.apply(state, action),
    fork: (state) => world.fork(state),
    durable: (state) => world.durable(state),
    atEnd: (state) => world.atEnd(state),
    fingerprint(state) {
      const print = world.fingerprint(state);
      digest = mix32(digest, print.low);
      return print;
    },
  };
  return { model, digest: () => digest };
}
