/**
 * What a campaign of random runs found: for each broken law the lowest run that broke it, and how far the runs reached,
 * counted in distinct durable projections (what a crash would leave), each with the first run that reached it. Merging is
 * associative, commutative and made of plain data, so it can be done by any worker in any order.
 *
 * Silence proves little: where the runs reached less than was demanded, or none came to an end, the verdict is unknown.
 */
import type { Counterexample } from './explore-path.ts';
import type { RandomRun } from './swarm.ts';

/** A law broken in a campaign: the breach of the lowest run, of these the shortest. */
export interface Finding extends Counterexample {
  readonly run: number;
  /** Runs in which the law was broken. */
  readonly runs: number;
}

/** Distinct durable projections, sorted: two words each in `prints` (high, low), and the lowest run that reached each. */
export interface Reach {
  readonly prints: Uint32Array;
  readonly firstRuns: Uint32Array;
}

/** The merged results of some runs of a campaign. */
export interface CampaignFindings {
  readonly runs: number;
  /** Actions applied in all runs. */
  readonly steps: number;
  /** Runs that came to the end of their path. */
  readonly ended: number;
  /** One per broken law, in order of its id. */
  readonly violations: readonly Finding[];
  readonly reach: Reach;
}

/** What one run found, as the smallest part of a campaign. */
export function findingsOfRun(run: number, { ids, ended, violations, durable }: RandomRun): CampaignFindings {
  const sorted = [...durable].sort((a, b) => a.high - b.high || a.low - b.low);
  return {
    runs: 1,
    steps: ids.length,
    ended: ended ? 1 : 0,
    violations: violations.map((found) => ({ ...found, run, runs: 1 })).sort(byLaw),
    reach: {
      prints: Uint32Array.from(sorted.flatMap(({ high, low }) => [high, low])),
      firstRuns: new Uint32Array(sorted.length).fill(run),
    },
  };
}

/** Merges the findings of two disjoint sets of runs; neither order nor grouping changes the result. */
export function mergeFindings(a: CampaignFindings, b: CampaignFindings): CampaignFindings {
  const byId = new Map(a.violations.map((found) => [found.law, found]));
  for (const found of b.violations) {
    const known = byId.get(found.law);
    byId.set(found.law, known === undefined ? found : mergeFinding(known, found));
  }
  return {
    runs: a.runs + b.runs,
    steps: a.steps + b.steps,
    ended: a.ended + b.ended,
    violations: [...byId.values()].sort(byLaw),
    reach: mergeReach(a.reach, b.reach),
  };
}

/** When to end a campaign before its last run. */
export interface StopRules {
  /** Once a law was broken: any (true) or the named one. */
  readonly violation?: boolean | string;
  /** Once this many runs in a row, up to the last, reached no new durable projection. */
  readonly staleRuns?: number;
  /** Once this many actions were applied. */
  readonly steps?: number;
}

/** The stop rules as a campaign asks them; one that applies is enough. */
export function stopWhen(rules: StopRules): (soFar: CampaignFindings, runsDone: number) => boolean {
  return ({ violations, reach, steps }, runsDone) => {
    if (rules.violation === true && violations.length > 0) return true;
    if (violations.some(({ law }) => law === rules.violation)) return true;
    if (rules.steps !== undefined && steps >= rules.steps) return true;
    if (rules.staleRuns === undefined) return false;
    const newest = reach.firstRuns.reduce((latest, run) => Math.max(latest, run), 0);
    return runsDone - 1 - newest >= rules.staleRuns;
  };
}

/** The answer of a campaign. `reached` counts distinct durable projections. */
export type CampaignVerdict =
  | { readonly kind: 'holds'; readonly runs: number; readonly reached: number }
  | { readonly kind: 'violated'; readonly violations: readonly Finding[] }
  | {
      readonly kind: 'unknown';
      readonly why: 'nothing-ran' | 'reach-too-small' | 'no-run-ended';
      readonly runs: number;
      readonly reached: number;
    };

/** Judges a campaign: a breach counts whatever was reached, silence only from `minReach` durable projections on. */
export function judgeCampaign(
  findings: CampaignFindings | undefined,
  { minReach }: { readonly minReach: number },
): CampaignVerdict {
  if (findings === undefined) return { kind: 'unknown', why: 'nothing-ran', runs: 0, reached: 0 };
  const { runs, ended, violations, reach } = findings;
  const reached = reach.firstRuns.length;
  if (violations.length > 0) return { kind: 'violated', violations };
  if (reached < minReach) return { kind: 'unknown', why: 'reach-too-small', runs, reached };
  if (ended === 0) return { kind: 'unknown', why: 'no-run-ended', runs, reached };
  return { kind: 'holds', runs, reached };
}

function byLaw(a: Finding, b: Finding): number {
  return a.law < b.law ? -1 : 1;
}

function mergeFinding(a: Finding, b: Finding): Finding {
  const runs = a.runs + b.runs;
  const aFirst = a.run < b.run || (a.run === b.run && a.path.length <= b.path.length);
  return { ...(aFirst ? a : b), runs };
}

/** The union of two sorted lists. */
function mergeReach(a: Reach, b: Reach): Reach {
  const [m, n] = [a.firstRuns.length, b.firstRuns.length];
  const prints = new Uint32Array(2 * (m + n));
  const firstRuns = new Uint32Array(m + n);
  let [i, j, size] = [0, 0, 0];
  while (i < m || j < n) {
    const order = i === m ? 1 : j === n ? -1 : compareAt(a.prints, i, { prints: b.prints, at: j });
    const [from, at] = order <= 0 ? [a, i] : [b, j];
    prints[2 * size] = from.prints[2 * at]!;
    prints[2 * size + 1] = from.prints[2 * at + 1]!;
    firstRuns[size++] = order === 0 ? Math.min(a.firstRuns[i]!, b.firstRuns[j]!) : from.firstRuns[at]!;
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return { prints: prints.slice(0, 2 * size), firstRuns: firstRuns.slice(0, size) };
}

function compareAt(
  prints: Uint32Array,
  at: number,
  other: { readonly prints: Uint32Array; readonly at: number },
): number {
  return prints[2 * at]! - other.prints[2 * other.at]! || prints[2 * at + 1]! - other.prints[2 * other.at + 1]!;
}
