/**
 * Checks a protocol on random jobs, under random faults, in random orders of events: each run draws a plan of its own and
 * a personality of its own (sim/swarm.ts). Runs are numbered and rounds are whole, so the answer does not depend on how
 * many workers share them. Silence counts only when the runs reached enough, completed and restored checkpoints, and
 * convicted a protocol that is known to be wrong.
 */
import {
  type CampaignFindings,
  type CampaignOptions,
  type Round,
  type Shard,
  findingsOfRun,
  judgeCampaign,
  mergeFindings,
  randomRun,
  randomStreams,
  runCampaign,
  runShard,
} from '../../sim/index.ts';
import { type FlowCounterexample, STEPS_MAX, type ShrinkCost, shrinkFlow } from './counterexample.ts';
import { type Coverage, WatchedWorld, addCoverage } from './coverage.ts';
import { type FlowPlan, type TopologyName, drawPlan } from './plans.ts';
import type { Protocol } from './protocol.ts';
import { type FlowSubject, subjectOf, worldOf } from './subject.ts';
import { FAULT_KINDS } from './topology.ts';

export interface CheckOptions {
  /** Random runs, 10,000 unless given. */
  readonly runs?: number;
  readonly seed?: string | number;
  /** Draws everything but the topology. */
  readonly topology?: TopologyName;
  /** The one job of every run; drawn for each unless given. */
  readonly plan?: FlowPlan;
  /** The law whose breach is looked for: others are told, and do not end a run. Any law unless given. */
  readonly law?: string;
  /** Distinct durable projections below which silence means nothing; 1000 unless given, 1 for a plan of one's own. */
  readonly minReach?: number;
  readonly onProgress?: (runs: number) => void;
}

export const CHECK_RUNS = 10_000;
export const CHECK_MIN_REACH = 1000;

/** Runs between two looks at whether a law was broken; part of the answer. */
const ROUND_RUNS = 256;

const CRASH_WEIGHTS: readonly number[] = [1 / 2, 1 / 16, 1 / 64, 1 / 256];

/** Runs in which the canary must be caught; one of the subject's own has as many as the check. */
const CANARY_RUNS = 500;

/** Merged results of some runs. */
export interface CheckFindings {
  readonly campaign: CampaignFindings;
  readonly coverage: Coverage;
}

export interface CheckResult {
  readonly verdict: 'holds' | 'violated' | 'unknown';
  /** Why an unknown is one; null otherwise. */
  readonly why:
    | 'nothing-ran'
    | 'reach-too-small'
    | 'no-run-ended'
    | 'nothing-completed'
    | 'nothing-restored'
    | 'canary-lived'
    | null;
  readonly seed: string;
  readonly runs: number;
  readonly steps: number;
  readonly ended: number;
  /** Distinct durable projections: what a crash would have left. */
  readonly reached: number;
  readonly minReach: number;
  readonly coverage: Coverage | null;
  /** Run in which a protocol that always restarts from nothing was convicted; null: it was not, or not tried. */
  readonly canaryRun: number | null;
  /** Laws broken, in how many runs and in which first. */
  readonly broken: readonly { readonly law: string; readonly runs: number; readonly firstRun: number }[];
  /** The first breach, made small; null when none was seen. */
  readonly counterexample: FlowCounterexample | null;
  readonly shrinking: ShrinkCost | null;
}

/** Rounds, and the rule that ends them: a breach. */
export function checkCampaign({ runs = CHECK_RUNS, law }: CheckOptions): CampaignOptions<CheckFindings> {
  return { runs, roundRuns: ROUND_RUNS, stop: ({ campaign }) => isBroken(campaign.violations, law) };
}

function isBroken(violations: readonly { readonly law: string }[], law: string | undefined): boolean {
  return law === undefined ? violations.length > 0 : violations.some((found) => found.law === law);
}

/** One run, on a plan of its own. */
export function checkRun(subject: FlowSubject, options: CheckOptions, run: number): CheckFindings {
  const { seed = '1', law: stopAtFirst = true } = options;
  const plan = planOf(subject, options, run);
  const world = new WatchedWorld(worldOf(subject, plan));
  const open = randomStreams(seed, run);
  // Where anything may crash at any step, most runs do before anything is worth restoring: faults are made rarer, in some
  // runs very much so.
  const crash = CRASH_WEIGHTS[open('fault-rate').int(CRASH_WEIGHTS.length)] as number;
  const weights = { crash, expire: crash, rescale: crash / 8 };
  const result = randomRun(world, {
    stream: open('swarm'),
    maxSteps: STEPS_MAX,
    faultKinds: FAULT_KINDS,
    weights,
    stopAtFirst,
  });
  return { campaign: findingsOfRun(run, result), coverage: world.coverage() };
}

function planOf({ promised }: FlowSubject, { seed = '1', topology, plan }: CheckOptions, run: number): FlowPlan {
  return plan ?? drawPlan(promised, { seed, run, ...(topology === undefined ? {} : { topology }) });
}

/** Merges the findings of two disjoint sets of runs; neither order nor grouping changes the result. */
export function mergeCheckFindings(a: CheckFindings, b: CheckFindings): CheckFindings {
  return { campaign: mergeFindings(a.campaign, b.campaign), coverage: addCoverage(a.coverage, b.coverage) };
}

/** The findings without what was reached, which is nearly all of their size: enough for the rule that ends a check. */
export function withoutReach({ campaign, coverage }: CheckFindings): CheckFindings {
  const reach = { prints: new Uint32Array(0), firstRuns: new Uint32Array(0) };
  return { campaign: { ...campaign, reach }, coverage };
}

/** One worker's part of a round; undefined when it has none. */
export function checkShard(
  subject: FlowSubject,
  options: CheckOptions,
  { round, shard }: { readonly round: Round; readonly shard: Shard },
): CheckFindings | undefined {
  return runShard(round, shard, { runOne: (run) => checkRun(subject, options, run), merge: mergeCheckFindings });
}

/** Checks a protocol on this thread. */
export function check(protocol: Protocol | FlowSubject, options: CheckOptions = {}): CheckResult {
  const subject = 'promised' in protocol ? protocol : subjectOf(protocol);
  let runs = 0;
  const runOne = (run: number): CheckFindings => {
    if (++runs % 64 === 0) options.onProgress?.(runs);
    return checkRun(subject, options, run);
  };
  return concludeCheck(subject, options, runCampaign(checkCampaign(options), runOne, mergeCheckFindings));
}

/** The answer: what was found, made small; or whether silence means anything. */
export function concludeCheck(
  subject: FlowSubject,
  options: CheckOptions,
  findings: CheckFindings | undefined,
): CheckResult {
  const { seed = '1', plan, law: wanted, minReach = plan === undefined ? CHECK_MIN_REACH : 1 } = options;
  const common = {
    seed: String(seed),
    runs: findings?.campaign.runs ?? 0,
    steps: findings?.campaign.steps ?? 0,
    ended: findings?.campaign.ended ?? 0,
    reached: findings?.campaign.reach.firstRuns.length ?? 0,
    minReach,
    coverage: findings?.coverage ?? null,
  };
  const verdict = judgeCampaign(findings?.campaign, { minReach });
  if (verdict.kind === 'violated') {
    const broken = verdict.violations
      .map(({ law, runs, run }) => ({ law, runs, firstRun: run }))
      .toSorted((x, y) => x.firstRun - y.firstRun || (x.law < y.law ? -1 : 1));
    const leading = broken.find(({ law }) => law === wanted) ?? broken[0];
    const first = verdict.violations.find(({ law }) => law === leading?.law)!;
    const found = { law: first.law, path: first.path };
    const job = plan === undefined ? 'smaller' : 'same';
    const { counterexample, cost } = shrinkFlow(subject, planOf(subject, options, first.run), { ...found, job });
    return { ...common, verdict: 'violated', why: null, canaryRun: null, broken, counterexample, shrinking: cost };
  }
  const canaryRun = findings === undefined ? null : huntCanary(subject, options);
  const why = verdict.kind === 'unknown' ? verdict.why : weakness(findings, options, canaryRun);
  return {
    ...common,
    verdict: why === null ? 'holds' : 'unknown',
    why,
    canaryRun,
    broken: [],
    counterexample: null,
    shrinking: null,
  };
}

function weakness(
  findings: CheckFindings | undefined,
  { plan }: CheckOptions,
  canaryRun: number | null,
): CheckResult['why'] {
  if (findings === undefined) return 'nothing-ran';
  if (findings.coverage.completed === 0) return 'nothing-completed';
  const crashes = plan === undefined || plan.environment.crashes + plan.environment.coordinatorCrashes > 0;
  if (crashes && findings.coverage.restored === 0) return 'nothing-restored';
  return canaryRun === null ? 'canary-lived' : null;
}

/** A protocol known to be wrong, in the same kind of runs: a search that cannot see that sees little. */
function huntCanary({ protocol, promised, canary }: FlowSubject, options: CheckOptions): number | null {
  const wrong: FlowSubject = { protocol: canary ?? { ...protocol, restore: () => 0 }, promised };
  const most = canary === undefined ? CANARY_RUNS : (options.runs ?? CHECK_RUNS);
  for (let run = 0; run < most; run++) {
    if (isBroken(checkRun(wrong, options, run).campaign.violations, options.law)) return run;
  }
  return null;
}
