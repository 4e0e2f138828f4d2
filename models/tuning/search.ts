/**
 * The state of a search: a coarse walk over all intervals that make sense, then a window around the lowest, in which every
 * replication runs every interval with the same failures, until the 95 % interval of the optimum is narrow.
 */
import { summarise } from '../../sim/statistics.ts';
import type { FluidPlan } from '../fluid-job/index.ts';
import { type ClosedForm, closedFormFor, figuresOf, type PlanFigures } from './closed-form.ts';
import { type ConstraintFinding, planConstraints } from './constraints.ts';
import { cycleOf, shortestPeriodMicros } from './cycle.ts';
import { type Estimate, estimate } from './estimate.ts';
import { spread } from './logarithmic-steps.ts';
import type { Objective } from './objective.ts';
import { RecoveryBound } from './recovery-bound.ts';
import { costAt, risenBy } from './response-curve.ts';
import { type TuneJob, type TuneSample, withInterval } from './tune-job.ts';
import type { TuneOptions, TuneResult } from './tune-result.ts';

/** Intervals of the coarse walk, and of a window. */
const COARSE = 13;
const COARSE_FAILURES = 25;
const WINDOW = 11;
/** A window reaches this factor to either side, and is opened anew when the optimum is further from its middle than CENTRED. */
const REACH = 2;
const CENTRED = 1.3;
const WINDOWS_MAX = 6;
const LEAST_REPLICATIONS = 12;
const MORE_REPLICATIONS = 4;
const FLAT_SHARE = 0.05;

export class Search {
  readonly #objective: Objective;
  readonly #plan: FluidPlan;
  readonly #options: Required<Omit<TuneOptions, 'seed'>>;
  #from: number;
  #to: number;
  readonly #closedForm: ClosedForm | null;
  readonly #now: number;
  #nowCosts: readonly number[] = [];
  /** Costs of the longest interval that the bounds allow, where that is shorter than the optimum. */
  #boundCosts: readonly number[] = [];
  #centre = NaN;
  #window: readonly number[] = [];
  /** Samples of the window by replication. */
  #costs: number[][] = [];
  #found: Estimate | null = null;
  /** Null without a bound on recovery. */
  #recovery: RecoveryBound | null = null;
  readonly #planFindings: readonly ConstraintFinding[];
  #runs = 0;
  #failures = 0;
  #windows = 0;
  isDone: boolean = false;

  constructor(objective: Objective, plan: FluidPlan, options: TuneOptions) {
    const figures = figuresOf(plan);
    if (!(figures.failuresPerSecond > 0)) {
      throw new RangeError('nothing ever fails in this plan: without failures the best checkpoint is none');
    }
    this.#objective = objective;
    this.#plan = plan;
    this.#options = {
      precision: options.precision ?? 0.05,
      failuresPerRun: options.failuresPerRun ?? 100,
      maxReplications: options.maxReplications ?? 96,
      constraints: options.constraints ?? {},
    };
    this.#now = plan.checkpoint.intervalMicros / 1e6;
    this.#closedForm = closedFormFor(objective, plan);
    const mtbf = 1 / figures.failuresPerSecond;
    // Far below the optimum checkpoints are so many that a run would never end, and nobody would want it.
    const near = this.#closedForm === null ? leastTried(objective, plan, figures) : this.#closedForm.interval_s / 8;
    // Nor does an interval matter that is shorter than what two checkpoints are apart in any case.
    this.#from = Math.max(1e-3, figures.pause_s * 1.25, near, shortestPeriodMicros(plan) / 1e6);
    this.#to = Math.max(this.#from * 16, Math.min(mtbf * 4, near * 1000));
    this.#planFindings = planConstraints(this.#options.constraints, plan);
  }

  coarseJobs(): TuneJob[] {
    return this.#jobs(spread(this.#from, this.#to, COARSE), 0, COARSE_FAILURES);
  }

  /** Opens the first window: at the closed form, unless the walk says that the optimum is elsewhere. */
  takeCoarse(samples: readonly TuneSample[]): void {
    this.#count(samples);
    const walked = spread(this.#from, this.#to, COARSE).map((interval, i) => ({
      interval,
      cost: samples[i]!.costs[0]!,
    }));
    const possible = walked.filter(({ cost }) => cost < Infinity);
    if (possible.length === 0) throw new RangeError('the job cannot keep up with its input at any interval');
    this.#from = possible[0]!.interval;
    this.#to = possible.at(-1)!.interval;
    const lowest = possible.reduce((least, each) => (each.cost < least.cost ? each : least)).interval;
    const form = this.#closedForm?.interval_s ?? NaN;
    const isNear = form > lowest / REACH && form < lowest * REACH;
    this.#open(isNear ? Math.min(this.#to, Math.max(this.#from, form)) : lowest);
  }

  /** The next replications of the window. */
  nextJobs(): TuneJob[] {
    const done = this.#costs.length;
    const more = done === 0 ? LEAST_REPLICATIONS : Math.min(MORE_REPLICATIONS, this.#options.maxReplications - done);
    return Array.from({ length: more }, (_, i) => this.#jobs(this.#window, done + i)).flat();
  }

  take(samples: readonly TuneSample[]): void {
    this.#count(samples);
    for (let at = 0; at < samples.length; at += this.#window.length) {
      const row = samples.slice(at, at + this.#window.length);
      this.#costs.push(row.map(({ costs }) => costs[0]!));
    }
    this.#found = estimate(this.#centre, this.#window, this.#costs);
    const { optimum, halfWidth } = this.#found;
    const isCentred = optimum !== null && optimum > this.#centre / CENTRED && optimum < this.#centre * CENTRED;
    if (!isCentred && this.#windows < WINDOWS_MAX) {
      const next = optimum ?? this.#lowestMean();
      // At an end of the range the window can move no further.
      const moved = Math.min(this.#to, Math.max(this.#from, next));
      if (moved !== this.#centre) {
        this.#open(moved);
        return;
      }
    }
    // At an end of the range more replications would tell no more.
    const isOver = optimum === null || this.#costs.length >= this.#options.maxReplications;
    this.isDone = isOver || this.#isNarrow(optimum, halfWidth);
  }

  /** The interval that is configured now, with the failures of the window; none where that would take too long. */
  nowJobs(): TuneJob[] {
    if (this.#now < this.#from / 4 || this.#now > this.#to) return [];
    return this.#costs.flatMap((_, replication) => this.#jobs([this.#now], replication));
  }

  takeNow(samples: readonly TuneSample[]): void {
    this.#count(samples);
    this.#nowCosts = samples.map(({ costs }) => costs[0]!);
  }

  /** Runs at the next interval whose recoveries are to be seen; none without a bound on them, or once it is found. */
  recoveryJobs(): TuneJob[] {
    const bound_s = this.#options.constraints.recovery_p99_s;
    if (bound_s === undefined) return [];
    this.#recovery ??= new RecoveryBound(bound_s, this.#from);
    if (this.#recovery.finding !== null) return [];
    const interval_s = this.#recovery.next(this.#best());
    return Array.from({ length: LEAST_REPLICATIONS }, (_, replication) => ({
      interval_s,
      replication,
      plan: withInterval(this.#plan, interval_s, this.#options.failuresPerRun),
      objectives: [],
    }));
  }

  takeRecoveries(samples: readonly TuneSample[]): void {
    this.#count(samples);
    const recovery = this.#recovery!;
    recovery.take(
      recovery.next(this.#best()),
      samples.flatMap(({ recoveries_s }) => recoveries_s),
    );
  }

  /** The longest interval that the bounds allow, with the failures of the window; none where no bound binds. */
  boundJobs(): TuneJob[] {
    const longest = Math.min(...this.#findings().map(({ longest_s }) => longest_s));
    const isBinding = longest < this.#best();
    if (!isBinding || longest < this.#from / 4) return [];
    return this.#costs.flatMap((_, replication) => this.#jobs([longest], replication));
  }

  takeBound(samples: readonly TuneSample[]): void {
    this.#count(samples);
    this.#boundCosts = samples.map(({ costs }) => costs[0]!);
  }

  result(): TuneResult {
    const { optimum, halfWidth, curve } = this.#found!;
    const interval_s = this.#best();
    const [first, last] = [this.#window[0]!, this.#window.at(-1)!];
    const cost = optimum === null ? Math.min(...this.#window.map((_, i) => this.#mean(i))) : costAt(curve, optimum);
    const excessOf = (interval: number): number | null =>
      optimum === null || interval < first || interval > last ? null : costAt(curve, interval) / cost - 1;
    const nowCost = summarise(this.#nowCosts);
    return {
      objective: this.#objective.kind,
      optimum: {
        interval_s,
        low_s: optimum === null ? first : Math.max(interval_s - halfWidth, first),
        high_s: optimum === null ? last : Math.min(interval_s + halfWidth, last),
        cost,
      },
      flat:
        optimum === null
          ? { low_s: interval_s, high_s: interval_s }
          : { low_s: risenBy(curve, optimum, FLAT_SHARE, first), high_s: risenBy(curve, optimum, FLAT_SHARE, last) },
      atBorder: optimum !== null ? null : this.#border(interval_s),
      closed_form:
        this.#closedForm === null ? null : { ...this.#closedForm, excess: excessOf(this.#closedForm.interval_s) },
      now:
        this.#nowCosts.length === 0 ? null : { interval_s: this.#now, cost: nowCost, excess: nowCost.mean / cost - 1 },
      constraints: this.#findings(),
      recommendation: recommended(
        interval_s,
        this.#findings(),
        this.#boundCosts.length === 0 ? null : summarise(this.#boundCosts).mean / cost - 1,
      ),
      points: this.#window.map((interval, i) => ({
        interval_s: interval,
        cost: summarise(this.#costs.map((row) => row[i]!)),
      })),
      replications: this.#costs.length,
      runs: this.#runs,
      failures: this.#failures,
      isPrecise: this.#isNarrow(optimum, halfWidth),
    };
  }

  #open(centre: number): void {
    this.#windows++;
    this.#centre = centre;
    this.#window = spread(Math.max(this.#from, centre / REACH), Math.min(this.#to, centre * REACH), WINDOW);
    this.#costs = [];
    this.#found = null;
  }

  #jobs(intervals: readonly number[], replication: number, failures: number = this.#options.failuresPerRun): TuneJob[] {
    return intervals.map((interval_s) => ({
      interval_s,
      replication,
      plan: withInterval(this.#plan, interval_s, failures),
      objectives: [this.#objective],
    }));
  }

  #count(samples: readonly TuneSample[]): void {
    this.#runs += samples.length;
    for (const { failures } of samples) this.#failures += failures;
  }

  #isNarrow(optimum: number | null, halfWidth: number): boolean {
    return optimum !== null && halfWidth <= this.#options.precision * optimum;
  }

  #findings(): readonly ConstraintFinding[] {
    const recovery = this.#recovery?.finding ?? null;
    return recovery === null ? this.#planFindings : [...this.#planFindings, recovery];
  }

  /** The optimum, or where the window has none inside the best of its intervals. */
  #best(): number {
    return this.#found?.optimum ?? this.#lowestMean();
  }

  #border(lowest: number): 'shortest' | 'longest' | null {
    if (lowest === this.#window[0]) return 'shortest';
    return lowest === this.#window.at(-1) ? 'longest' : null;
  }

  #mean(i: number): number {
    return this.#costs.reduce((sum, row) => sum + row[i]!, 0) / this.#costs.length;
  }

  #lowestMean(): number {
    let lowest = 0;
    for (let i = 1; i < this.#window.length; i++) if (this.#mean(i) < this.#mean(lowest)) lowest = i;
    return this.#window[lowest]!;
  }
}

/**
 * Where the walk begins without a closed form. A sink shows its records sooner the more often it commits, so there it begins
 * where pauses take half of what the input leaves of the capacity, as far as such runs can be made.
 */
function leastTried(objective: Objective, plan: FluidPlan, figures: PlanFigures): number {
  const { pause_s, utilization, failuresPerSecond } = figures;
  const least = 1e-3 / failuresPerSecond;
  if (objective.kind !== 'latency' || objective.view !== 'sink' || utilization === null || utilization >= 1)
    return least;
  const shortest = (2 * pause_s) / (1 - utilization);
  const intervalMicros = Math.max(1, Math.ceil(shortest * 1e6));
  const isRegular = cycleOf({ ...plan, checkpoint: { ...plan.checkpoint, intervalMicros } }) !== null;
  return isRegular ? shortest : least;
}

/** The optimum, cut to the shortest of what the bounds allow. */
function recommended(
  optimum: number,
  findings: readonly ConstraintFinding[],
  excess: number | null,
): TuneResult['recommendation'] {
  const binding = findings
    .filter(({ longest_s }) => longest_s < optimum)
    .toSorted((a, b) => a.longest_s - b.longest_s)[0];
  if (binding === undefined) return { interval_s: optimum, because: 'optimum', excess: 0 };
  const { longest_s, name } = binding;
  return longest_s === 0 ? null : { interval_s: longest_s, because: name, excess };
}
