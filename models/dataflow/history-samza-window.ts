/**
 * Which stretch of a Samza run is worth a picture: around what broke a law, else around the first death of a container,
 * else the first commits. A breach is often found long after what caused it, so the stretch begins before the last death
 * that came before it.
 */
import type { Outcome, Violation } from '../outcome.ts';
import type { RunPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';

export type WindowChoice =
  /** The first of the next three that there is. */
  | { readonly kind: 'auto' }
  | { readonly kind: 'violation' }
  | { readonly kind: 'crash' }
  | { readonly kind: 'commits' }
  | { readonly kind: 'times'; readonly fromMicros: number; readonly toMicros: number };

export interface SamzaWindow {
  readonly fromMicros: number;
  readonly toMicros: number;
  /** What has to be seen of it, if it holds too many events. */
  readonly focus: readonly [fromMicros: number, toMicros: number];
  /** The breach to be marked; null: the run broke no law. */
  readonly violation: Violation | null;
  /** Why this stretch, in a sentence. */
  readonly note: string;
}

/** There is nothing of the kind in this run: a sentence. */
export interface NoWindow {
  readonly problem: string;
}

const SECOND = 1_000_000;
/** A death this long before a breach is no part of its story. */
const CAUSE_MICROS = 300 * SECOND;
/** Shown before and after, when commits do not say how much. */
const LEAD_MICROS = 60 * SECOND;
/** Recoveries and commit intervals may be long; a picture is not. */
const MARGIN_MAX_MICROS = 120 * SECOND;

/** Chooses the stretch; the outcome is that of the whole run. */
export function windowOfRun(plan: RunPlan, outcome: Outcome, choice: WindowChoice): SamzaWindow | NoWindow {
  switch (choice.kind) {
    case 'times':
      return times(plan, outcome, choice);
    case 'violation':
      return aroundViolation(plan, outcome) ?? { problem: 'no law was broken in this run' };
    case 'crash':
      return aroundCrash(plan, outcome) ?? { problem: 'no container died in this run' };
    case 'commits':
      return firstCommits(plan, outcome) ?? { problem: 'no task committed in this run' };
    case 'auto':
      return (
        aroundViolation(plan, outcome) ??
        aroundCrash(plan, outcome) ??
        firstCommits(plan, outcome) ??
        times(plan, outcome, { fromMicros: 0, toMicros: plan.horizonMicros })
      );
  }
}

/** When what broke the law happened: laws that are checked at the end may know it. */
export function breachMicros({ facts, atMicros }: Violation): number {
  const known = Object.entries(facts).flatMap(([name, value]) =>
    name.endsWith('_at_us') && typeof value === 'number' ? [value] : [],
  );
  return Math.min(atMicros, ...known);
}

function violationOf({ verdict, laws }: Outcome): Violation | null {
  return verdict.kind === 'violated' ? (laws.find(({ law }) => law === verdict.law)?.first ?? null) : null;
}

function times(
  plan: RunPlan,
  outcome: Outcome,
  { fromMicros, toMicros }: { readonly fromMicros: number; readonly toMicros: number },
): SamzaWindow {
  const to = Math.min(toMicros, plan.horizonMicros);
  const violation = violationOf(outcome);
  const breach = violation === null ? -1 : breachMicros(violation);
  const isInside = breach >= fromMicros && breach <= to;
  return {
    fromMicros,
    toMicros: to,
    focus: isInside ? [breach, breach] : [fromMicros, fromMicros],
    violation,
    note: '',
  };
}

function aroundViolation(plan: RunPlan, outcome: Outcome): SamzaWindow | null {
  const violation = violationOf(outcome);
  if (violation === null) return null;
  const breach = breachMicros(violation);
  const isLate = breach >= plan.horizonMicros;
  // Found at the end, and nothing says since when: the first death is the likeliest place.
  const crash = isLate ? aroundCrash(plan, outcome) : null;
  if (crash !== null)
    return { ...crash, note: `Law ${violation.law} was found broken at the end of the run; shown is the first death.` };
  const deaths = outcome.recoveries
    .map(({ at_us }) => at_us)
    .filter((at) => at <= breach && at > breach - CAUSE_MICROS);
  const cause = Math.max(...deaths, -1);
  const margin = marginOf(plan);
  const start = cause < 0 ? breach : cause;
  return {
    fromMicros: Math.max(0, start - margin),
    toMicros: Math.min(plan.horizonMicros, breach + Math.floor(margin / 2)),
    focus: [start, breach],
    violation,
    note: `Shown is what broke law ${violation.law}${cause < 0 ? '' : ', from before the last death that came before it'}.`,
  };
}

function aroundCrash(plan: RunPlan, outcome: Outcome): SamzaWindow | null {
  const [first] = outcome.recoveries.toSorted((x, y) => x.at_us - y.at_us);
  if (first === undefined) return null;
  const margin = marginOf(plan);
  const back = first.finished
    ? first.detect_us + first.restart_us + first.restore_us + Math.max(0, first.catchup_us)
    : 0;
  return {
    fromMicros: Math.max(0, first.at_us - margin),
    toMicros: Math.min(plan.horizonMicros, first.at_us + Math.min(back, MARGIN_MAX_MICROS) + margin),
    focus: [first.at_us, first.at_us + Math.min(back, MARGIN_MAX_MICROS)],
    violation: violationOf(outcome),
    note: 'Shown is the first death of a container.',
  };
}

/** A commit interval shows what the tasks had done since they last committed. */
function marginOf({ job }: RunPlan): number {
  const { commitMicros } = job.samza;
  return Math.min(MARGIN_MAX_MICROS, commitMicros > 0 ? commitMicros : LEAD_MICROS);
}

function firstCommits(plan: RunPlan, outcome: Outcome): SamzaWindow | null {
  const at = firstCommitMicros(plan);
  if (at === null) return null;
  return {
    fromMicros: Math.max(0, at - Math.floor(marginOf(plan) / 4)),
    toMicros: Math.min(plan.horizonMicros, at + Math.floor(marginOf(plan) / 2)),
    focus: [at, at],
    violation: violationOf(outcome),
    note: 'Shown are the first commits.',
  };
}

/** Commits of the timer usually come early, so a short run is tried first. */
function firstCommitMicros(plan: RunPlan): number | null {
  for (let horizonMicros = 2 * marginOf(plan); ; horizonMicros *= 8) {
    const until = Math.min(horizonMicros, plan.horizonMicros);
    let first: number | null = null;
    simulate(
      { ...plan, horizonMicros: until },
      {
        onJob: (job) => {
          job.probe = {
            // Number 0 is the commit with which a start seals what it restored.
            onFrozen: ({ number }) => {
              if (number > 0) first ??= job.world.now;
            },
          };
        },
      },
    );
    if (first !== null || until === plan.horizonMicros) return first;
  }
}
