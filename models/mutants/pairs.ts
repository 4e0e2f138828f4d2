/**
 * Pairs of redundant guards: each mutant alone lives because another guard makes up for it. Two of them together show
 * whether they were each other's guard (defence in depth), or whether a third one holds.
 */
import type { Protocol } from '../dataflow/protocol.ts';
import type { Environment, Topology } from '../dataflow/topology.ts';
import { KILLED, type Mutant } from './mutant.ts';

/** Every unordered pair of the mutants that are redundant guards of one base, in the surroundings of both. */
export function guardPairs(mutants: readonly Mutant[]): readonly Mutant[] {
  const guards = mutants.filter(({ expected }) => expected.status === 'redundant-guard');
  return guards.flatMap((one, i) =>
    guards
      .slice(i + 1)
      .filter(({ base }) => base === one.base)
      .map((other) => pairOf(one, other)),
  );
}

function pairOf(one: Mutant, other: Mutant): Mutant {
  return {
    name: `${one.name} + ${other.name}`,
    broken: `${one.broken}; ${other.broken}`,
    base: one.base,
    protocol: bothChanges(one, other),
    topology: size(one.topology) >= size(other.topology) ? one.topology : other.topology,
    environment: worstOf(one.environment, other.environment),
    law: '*',
    expected: KILLED,
  };
}

/** The base with what either has changed; a handler that both have changed cannot be paired, which is our own mistake. */
function bothChanges({ base, protocol: one }: Mutant, { protocol: other }: Mutant): Protocol {
  return {
    ...withBoth<Protocol>(base, one, other),
    task: withBoth(base.task, one.task, other.task),
    coordinator: withBoth(base.coordinator, one.coordinator, other.coordinator),
    sink: { ...one.sink, ...other.sink },
    engine: { ...one.engine, ...other.engine },
  };
}

/** Parts that are put together from within, not taken whole. */
const JOINED: readonly string[] = ['task', 'coordinator', 'sink', 'engine'];

/** What either lacks is left out: a footprint of handlers that have changed is none. */
function withBoth<Part extends object>(base: Part, one: Part, other: Part): Part {
  const values = new Map<string, unknown>(Object.entries(base));
  const changes = (part: Part): [string, unknown][] =>
    Object.entries(part).filter(([key, value]) => !JOINED.includes(key) && value !== values.get(key));
  const [ofOne, ofOther] = [changes(one), changes(other)];
  const both = ofOne.find(([key]) => ofOther.some(([name]) => name === key));
  if (both !== undefined) throw new Error(`both mutants of a pair change ${both[0]}`);
  const kept = Array.from(values).filter(([key]) => key in one && key in other);
  return Object.fromEntries([...kept, ...ofOne, ...ofOther]) as Part;
}

function size({ tasks, channels, records }: Topology): number {
  return (tasks.length + channels.length) * records;
}

/** Every budget as large as the larger of both. */
function worstOf(one: Environment, other: Environment): Environment {
  const budgets = Object.entries(one).map(([name, budget]) => {
    const its = other[name as keyof Environment];
    return [name, typeof budget === 'number' ? Math.max(budget, Number(its)) : budget || its];
  });
  return Object.fromEntries(budgets) as Environment;
}
