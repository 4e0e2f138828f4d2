/**
 * The matrix read the other way (anchors.md §6.3): for each law the mutants that it alone convicts, for each kind of fault
 * those that live without it, and all pairs of guards of which each makes up for the other. A law that convicts nobody
 * alone is redundant, a fault that nobody needs is decoration; both are said, not hidden.
 */
import { PROTOCOL_LAWS } from '../protocol-laws.ts';
import { ALL_MUTANTS } from './catalogue.ts';
import { type Effort, hunt, killersOf } from './hunt.ts';
import type { Mutant } from './mutant.ts';
import { guardPairs } from './pairs.ts';
import { REDUNDANT_LAWS } from './redundant-laws.ts';
import { SOLE_MUTANTS } from './sole-mutants.ts';
import { TIMED_MUTANTS } from './timed-catalogue.ts';

/** What a mutant's surroundings may lack, by the field of its environment. */
export const FAULTS = {
  crashes: 'crash of a task',
  coordinatorCrashes: 'crash of the coordinator',
  zombies: 'effects of the dead that land',
  lostNotifications: 'lost notification',
  duplicatedMessages: 'duplicated message',
  failedUploads: 'failed upload',
  failedCommits: 'failed commit',
  timeouts: 'expiry',
} as const;

export type FaultName = keyof typeof FAULTS;

export interface LawRow {
  readonly law: string;
  /** Mutants that break this law and, however long their runs go on, no other. */
  readonly only: readonly string[];
  /** Mutants that break this law among others. */
  readonly also: readonly string[];
  /** Why fewer than two break it alone; empty when two or more do. */
  readonly why: string;
}

export interface FaultRow {
  readonly fault: FaultName;
  /** Mutants that are killed, and live when this fault is taken out of their surroundings. */
  readonly neededBy: readonly string[];
}

export interface PairRow {
  readonly name: string;
  /** The law that convicts the pair; null: a third guard makes up for both. */
  readonly law: string | null;
  readonly steps: number;
}

export interface TransposedMatrix {
  readonly laws: readonly LawRow[];
  readonly faults: readonly FaultRow[];
  readonly pairs: readonly PairRow[];
}

export interface TransposedOptions {
  /** Distinct states of each breadth-first search; 2000 unless given. */
  readonly maxStates?: number;
  /** Random runs of each search; 400 unless given. */
  readonly runs?: number;
  readonly seed?: string | number;
  /** Called after each mutant. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Every mutant, those made for one law included, searched once for all laws it breaks, and once without each fault of its surroundings. */
export function transpose(options: TransposedOptions = {}): TransposedMatrix {
  const { maxStates = 2000, runs = 400, seed = 'mutants', onProgress } = options;
  const effort = { maxStates, runs, seed };
  const all = [...ALL_MUTANTS, ...SOLE_MUTANTS];
  const hunted = all.filter(({ expected, law }) => expected.status === 'killed' && law !== 'X1');
  const killers = new Map<string, readonly string[]>();
  const needs = new Map<string, readonly FaultName[]>();
  hunted.forEach((mutant, i) => {
    killers.set(mutant.name, killersOf(mutant, effort));
    needs.set(mutant.name, faultsNeeded(mutant, effort));
    onProgress?.(i + 1, hunted.length);
  });
  for (const { name, law } of all) if (law === 'X1') killers.set(name, ['X1']);
  for (const { name, run } of TIMED_MUTANTS)
    killers.set(
      name,
      run(true).violations.map((law) => law),
    );
  return {
    laws: lawIds().map((law) => lawRow(law, killers)),
    faults: (Object.keys(FAULTS) as FaultName[]).map((fault) => ({
      fault,
      neededBy: hunted.filter(({ name }) => needs.get(name)!.includes(fault)).map(({ name }) => name),
    })),
    pairs: guardPairs(ALL_MUTANTS).map((pair) => {
      const { law, path } = hunt(pair, effort);
      return { name: pair.name, law, steps: path.length };
    }),
  };
}

/**
 * Ids of the laws that convict mutants, in order: all but X2, which holds the timed world against the untimed one and
 * convicts neither of a broken protocol.
 */
function lawIds(): readonly string[] {
  return PROTOCOL_LAWS.map(({ id }) => id)
    .filter((id) => id !== 'X2')
    .toSorted();
}

function lawRow(law: string, killers: ReadonlyMap<string, readonly string[]>): LawRow {
  const breaking = Array.from(killers).filter(([, laws]) => laws.includes(law));
  const only = breaking.filter(([, laws]) => laws.length === 1).map(([name]) => name);
  const also = breaking.filter(([, laws]) => laws.length > 1).map(([name]) => name);
  return { law, only, also, why: only.length >= 2 ? '' : (REDUNDANT_LAWS[law] ?? '') };
}

/** Faults of the mutant's surroundings without which it is not found. */
function faultsNeeded(mutant: Mutant, effort: Effort): readonly FaultName[] {
  const { environment } = mutant;
  const isThere = (fault: FaultName): boolean =>
    fault === 'zombies'
      ? environment.zombies && environment.crashes + environment.coordinatorCrashes > 0
      : environment[fault] > 0;
  return (Object.keys(FAULTS) as FaultName[]).filter(isThere).filter((fault) => {
    const without = { ...environment, [fault]: fault === 'zombies' ? false : 0 };
    return hunt({ ...mutant, environment: without }, effort).law === null;
  });
}
