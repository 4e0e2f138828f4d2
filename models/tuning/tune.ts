/**
 * Finds the interval with the least cost by simulation: a coarse walk over all intervals that make sense, then a window
 * around the lowest, in which every replication runs every interval with the same failures. A curve through the means gives
 * the optimum; leaving out one replication after the other gives its 95 % interval, and ends the search when it is narrow.
 */
import { portableExp, portableLog } from '../../sim/portable-math.ts';
import { studentT95, summarise, type Summary } from '../../sim/statistics.ts';
import { type FluidPlan, simulateFluid } from '../fluid-job/index.ts';
import { type ClosedForm, closedFormFor, figuresOf } from './closed-form.ts';
import {
  type ConstraintFinding,
  type ConstraintName,
  type Constraints,
  planConstraints,
  recoveryP99,
} from './constraints.ts';
import { type Objective, costOf, planFor } from './objective.ts';
import { costAt, fitCurve, lowestPoint, type ResponseCurve, risenBy } from './response-curve.ts';

export interface TuneOptions {
  readonly seed?: string | number;
  /** The search ends when the half-width of the optimum's 95 % interval is at most this share of it; 0.05 unless given. */
  readonly precision?: number;
  /** Simulated failures per run; 150 unless given. */
  readonly failuresPerRun?: number;
  /** Replications at most; 64 unless given. */
  readonly maxReplications?: number;
  readonly constraints?: Constraints;
}

/** One run that the search asks for. */
export interface TuneJob {
  readonly interval_s: number;
  readonly replication: number;
  /** The plan as it is run. */
  readonly plan: FluidPlan;
}

/** What a run came to. */
export interface TuneSample {
  readonly cost: number;
  readonly recoveries_s: readonly number[];
  readonly failures: number;
}

export interface TunePoint {
  readonly interval_s: number;
  readonly cost: Summary;
}

export interface TuneResult {
  readonly objective: Objective['kind'];
  readonly optimum: {
    readonly interval_s: number;
    readonly low_s: number;
    readonly high_s: number;
    readonly cost: number;
  };
  /** Intervals whose cost is within 5 % of the least. */
  readonly flat: { readonly low_s: number; readonly high_s: number };
  /** The end of the range at which the cost still falls; null when the optimum lies inside. */
  readonly atBorder: 'shortest' | 'longest' | null;
  readonly closed_form: ClosedForm | null;
  readonly constraints: readonly ConstraintFinding[];
  /** What to run: the optimum, or the longest interval below it that keeps every bound; null when none does. */
  readonly recommendation: { readonly interval_s: number; readonly because: 'optimum' | ConstraintName } | null;
  /** In ascending order; the last window, of all replications. */
  readonly points: readonly TunePoint[];
  readonly replications: number;
  readonly runs: number;
  readonly failures: number;
  /** The interval is as narrow as was asked for. */
  readonly isPrecise: boolean;
  /** The search was stopped before it was done. */
  readonly isPartial: boolean;
}

/** Intervals of the coarse walk, and of a window. */
const COARSE = 13;
const COARSE_FAILURES = 25;
const WINDOW = 11;
/** A window reaches this factor to either side. */
const REACH = 2;
const LEAST_REPLICATIONS = 12;
const FLAT_SHARE = 0.05;
/** Halvings of the range of intervals, on a logarithm: the last is well below a percent. */
const RECOVERY_STEPS = 12;

/**
 * The search as a generator: it yields runs to make, in rounds, and takes their samples in the same order; null ends it with
 * what it has. Whoever drives it may make the runs in any order, on any number of cores.
 */
export function* tuning(
  objective: Objective,
  plan: FluidPlan,
  options: TuneOptions = {},
): Generator<readonly TuneJob[], TuneResult, readonly TuneSample[] | null> {
  const search = new Search(objective, plan, options);
  let isStopped = false;
  const coarse = yield search.coarseJobs();
  if (coarse === null) isStopped = true;
  else search.takeCoarse(coarse);
  while (!isStopped && !search.isDone) {
    const samples = yield search.nextJobs();
    if (samples === null) isStopped = true;
    else search.take(samples);
  }
  for (let jobs = search.recoveryJobs(); !isStopped && jobs.length > 0; jobs = search.recoveryJobs()) {
    const samples = yield jobs;
    if (samples === null) isStopped = true;
    else search.takeRecoveries(samples);
  }
  return search.result(isStopped);
}

/** The search on one core. */
export function tune(objective: Objective, plan: FluidPlan, options: TuneOptions = {}): TuneResult {
  const rounds = tuning(objective, plan, options);
  for (let step = rounds.next(); ;) {
    if (step.done === true) return step.value;
    step = rounds.next(step.value.map((job) => runTuneJob(job, objective, options.seed)));
  }
}

/** One run of the search. */
export function runTuneJob(
  { plan, replication }: TuneJob,
  objective: Objective,
  seed: string | number = 'tune',
): TuneSample {
  const outcome = simulateFluid(plan, seed, replication);
  const recoveries_s = outcome.recoveries.list.flatMap(({ failedAt_us, caughtUpAt_us }) =>
    caughtUpAt_us === null ? [] : [(caughtUpAt_us - failedAt_us) / 1e6],
  );
  return { cost: costOf(outcome, objective, plan), recoveries_s, failures: outcome.failures.count };
}

class Search {
  readonly #objective: Objective;
  readonly #given: FluidPlan;
  /** As the objective is measured. */
  readonly #plan: FluidPlan;
  readonly #options: Required<Omit<TuneOptions, 'seed'>>;
  readonly #from: number;
  readonly #to: number;
  readonly #closedForm: ClosedForm | null;
  #centre = NaN;
  #window: readonly number[] = [];
  /** Samples of the window by replication. */
  #costs: number[][] = [];
  /** Where the longest interval that keeps the bound on recovery is looked for, while it is. */
  readonly #allowed: { from: number; to: number; steps: number; findings: ConstraintFinding[] };
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
    this.#given = plan;
    this.#plan = planFor(objective, plan);
    this.#options = {
      precision: options.precision ?? 0.05,
      failuresPerRun: options.failuresPerRun ?? 150,
      maxReplications: options.maxReplications ?? 64,
      constraints: options.constraints ?? {},
    };
    this.#closedForm = closedFormFor(objective, plan);
    const mtbf = 1 / figures.failuresPerSecond;
    // Far below the optimum checkpoints are so many that a run would never end, and nobody would want it.
    const near = this.#closedForm === null ? mtbf * 1e-3 : this.#closedForm.interval_s / 8;
    this.#from = Math.max(1e-3, figures.pause_s * 1.25, near);
    this.#to = Math.max(this.#from * 16, Math.min(mtbf * 4, near * 1000));
    this.#allowed = {
      from: this.#from,
      to: this.#to,
      steps: 0,
      findings: planConstraints(this.#options.constraints, plan),
    };
  }

  coarseJobs(): TuneJob[] {
    return this.#jobs(spread(this.#from, this.#to, COARSE), 0, COARSE_FAILURES);
  }

  takeCoarse(samples: readonly TuneSample[]): void {
    this.#count(samples);
    const intervals = spread(this.#from, this.#to, COARSE);
    let lowest = 0;
    samples.forEach(({ cost }, i) => {
      if (cost < samples[lowest]!.cost) lowest = i;
    });
    this.#open(intervals[lowest]!);
  }

  /** The next replication of the window; the first ones together. */
  nextJobs(): TuneJob[] {
    const done = this.#costs.length;
    const more = done === 0 ? LEAST_REPLICATIONS : Math.min(4, this.#options.maxReplications - done);
    return Array.from({ length: more }, (_, i) => this.#jobs(this.#window, done + i)).flat();
  }

  take(samples: readonly TuneSample[]): void {
    this.#count(samples);
    for (let at = 0; at < samples.length; at += this.#window.length) {
      const row = samples.slice(at, at + this.#window.length);
      this.#costs.push(row.map(({ cost }) => cost));
    }
    const { optimum, halfWidth } = this.#estimate();
    const isCentred = optimum !== null && optimum > this.#centre / 1.3 && optimum < this.#centre * 1.3;
    if (!isCentred && this.#windows < 6) {
      const next = optimum ?? this.#lowestMean();
      // At an end of the range the window can move no further.
      const moved = Math.min(this.#to, Math.max(this.#from, next));
      if (moved !== this.#centre) {
        this.#open(moved);
        return;
      }
    }
    const isNarrow = optimum !== null && halfWidth <= this.#options.precision * optimum;
    this.isDone = isNarrow || this.#costs.length >= this.#options.maxReplications;
    if (this.isDone) this.#allowed.to = optimum ?? this.#lowestMean();
  }

  /** The next interval whose recoveries are to be seen; none without a bound on them, or once it is found. */
  recoveryJobs(): TuneJob[] {
    const bound = this.#options.constraints.recovery_p99_s;
    if (bound === undefined || this.#allowed.steps >= RECOVERY_STEPS) return [];
    const { from, to, steps } = this.#allowed;
    // The optimum first: if it keeps the bound, there is nothing to look for.
    const interval = steps === 0 ? to : Math.sqrt(from * to);
    return Array.from({ length: LEAST_REPLICATIONS }, (_, replication) => ({
      interval_s: interval,
      replication,
      plan: withInterval(this.#given, interval, this.#options.failuresPerRun),
    }));
  }

  takeRecoveries(samples: readonly TuneSample[]): void {
    this.#count(samples);
    const allowed = this.#allowed;
    const bound_s = this.#options.constraints.recovery_p99_s!;
    const isKept = recoveryP99(samples.flatMap(({ recoveries_s }) => recoveries_s)) <= bound_s;
    if (allowed.steps === 0 && isKept) allowed.steps = RECOVERY_STEPS;
    else {
      if (isKept) allowed.from = Math.sqrt(allowed.from * allowed.to);
      else if (allowed.steps > 0) allowed.to = Math.sqrt(allowed.from * allowed.to);
      allowed.steps++;
    }
    if (allowed.steps < RECOVERY_STEPS) return;
    const longest_s = allowed.from > this.#from ? allowed.from : isKept ? allowed.to : 0;
    allowed.findings = [...allowed.findings, { name: 'recovery_p99_s', bound_s, longest_s, by: 'simulation' }];
  }

  result(isPartial: boolean): TuneResult {
    const { optimum, halfWidth, curve } = this.#estimate();
    const means = this.#window.map((_, i) => this.#mean(i));
    const lowest = this.#window.length === 0 ? this.#centre : this.#lowestMean();
    const interval_s = optimum ?? lowest;
    const [first = NaN, last = NaN] = [this.#window[0], this.#window.at(-1)];
    return {
      objective: this.#objective.kind,
      optimum: {
        interval_s,
        low_s: optimum === null ? first : Math.max(interval_s - halfWidth, first),
        high_s: optimum === null ? last : Math.min(interval_s + halfWidth, last),
        cost: optimum === null ? Math.min(...means) : costAt(curve, interval_s),
      },
      flat:
        optimum === null
          ? { low_s: first, high_s: last }
          : {
              low_s: risenBy(curve, optimum, FLAT_SHARE, first),
              high_s: risenBy(curve, optimum, FLAT_SHARE, last),
            },
      atBorder: optimum !== null ? null : lowest <= this.#from * REACH ? 'shortest' : 'longest',
      closed_form: this.#closedForm,
      constraints: this.#allowed.findings,
      recommendation: recommended(interval_s, this.#allowed.findings),
      points: this.#window.map((interval, i) => ({
        interval_s: interval,
        cost: summarise(this.#costs.map((row) => row[i]!)),
      })),
      replications: this.#costs.length,
      runs: this.#runs,
      failures: this.#failures,
      isPrecise: optimum !== null && halfWidth <= this.#options.precision * optimum,
      isPartial,
    };
  }

  #open(centre: number): void {
    this.#windows++;
    this.#centre = centre;
    this.#window = spread(Math.max(this.#from, centre / REACH), Math.min(this.#to, centre * REACH), WINDOW);
    this.#costs = [];
  }

  #jobs(intervals: readonly number[], replication: number, failures: number = this.#options.failuresPerRun): TuneJob[] {
    return intervals.map((interval_s) => ({
      interval_s,
      replication,
      plan: withInterval(this.#plan, interval_s, failures),
    }));
  }

  #count(samples: readonly TuneSample[]): void {
    this.#runs += samples.length;
    for (const { failures } of samples) this.#failures += failures;
  }

  #mean(i: number): number {
    return this.#costs.reduce((sum, row) => sum + row[i]!, 0) / this.#costs.length;
  }

  #lowestMean(): number {
    let lowest = 0;
    for (let i = 1; i < this.#window.length; i++) if (this.#mean(i) < this.#mean(lowest)) lowest = i;
    return this.#window[lowest]!;
  }

  /** The optimum of all replications, and by the jackknife how far it may be off. */
  #estimate(): { readonly optimum: number | null; readonly halfWidth: number; readonly curve: ResponseCurve } {
    const n = this.#costs.length;
    const sums = this.#window.map((_, i) => this.#costs.reduce((sum, row) => sum + row[i]!, 0));
    const fit = (totals: readonly number[], count: number): ResponseCurve =>
      fitCurve(
        this.#centre,
        this.#window,
        totals.map((total) => total / count),
      );
    const [first, last] = [this.#window[0]!, this.#window.at(-1)!];
    const curve = fit(sums, n);
    const optimum = n === 0 ? null : lowestPoint(curve, first, last);
    if (optimum === null || n < 2) return { optimum, halfWidth: Infinity, curve };
    let squares = 0;
    for (const row of this.#costs) {
      const left = fit(
        sums.map((sum, i) => sum - row[i]!),
        n - 1,
      );
      const without = lowestPoint(left, first, last) ?? (costAt(left, first) < costAt(left, last) ? first : last);
      squares += (without - optimum) * (without - optimum);
    }
    const halfWidth = studentT95(n - 1) * Math.sqrt((squares * (n - 1)) / n);
    return { optimum, halfWidth, curve };
  }
}

/** The optimum, cut to the shortest of what the bounds allow. */
function recommended(optimum: number, findings: readonly ConstraintFinding[]): TuneResult['recommendation'] {
  const binding = findings
    .filter(({ longest_s }) => longest_s < optimum)
    .toSorted((a, b) => a.longest_s - b.longest_s)[0];
  if (binding === undefined) return { interval_s: optimum, because: 'optimum' };
  return binding.longest_s === 0 ? null : { interval_s: binding.longest_s, because: binding.name };
}

/** Evenly spread over the logarithm, both ends included. */
function spread(from: number, to: number, count: number): number[] {
  const step = portableLog(to / from) / (count - 1);
  return Array.from({ length: count }, (_, i) => from * portableExp(i * step));
}

/** The plan with another interval, long enough for so many failures. */
export function withInterval(plan: FluidPlan, interval_s: number, failures: number): FluidPlan {
  const micros = Math.max(1, Math.round(interval_s * 1e6));
  // As the closed forms count: a period after a restart ends with the pause of its checkpoint, like every other.
  const pause = Math.round(figuresOf(plan).pause_s * 1e6);
  const horizon = Math.round((failures / figuresOf(plan).failuresPerSecond) * 1e6);
  return {
    ...plan,
    end: { kind: 'time', micros: horizon },
    checkpoint: { ...plan.checkpoint, intervalMicros: micros, firstTriggerMicros: Math.max(1, micros - pause) },
    measure: { ...plan.measure, recoveriesMax: failures },
  };
}
