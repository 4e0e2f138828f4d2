/**
 * Runs in which long calms are not lived through. Once a job has caught up after a failure, one period is like the other, so
 * whole periods are cut out of every long gap between failures, and what such a period comes to is added as often as one was
 * cut out. Nothing is approximated: `simulateFluid` on the whole plan gives the same totals (accounts, which are whole
 * microseconds, to one per period), in a time that grows with the calm. Where a plan is not periodic (drawn durations, a changelog), it is run as it is.
 */
import { type FluidOutcome, type FluidPlan, simulateFluid } from '../fluid-job/index.ts';
import { gapsOf } from '../fluid-job/laws.ts';
import { assertAddsUp } from '../ledgers/adds-up.ts';
import { randomStreams } from '../../sim/index.ts';
import { figuresOf } from './closed-form.ts';
import { type Cycle, cycleOf } from './cycle.ts';

/** The outcome of a run, as far as costs go: budget, latencies (no quantiles), space, io, failures and recoveries. */
export function simulateCalm(plan: FluidPlan, seed: string | number, replication: number): FluidOutcome {
  const regular = calmCycle(plan);
  if (regular === null) return simulateFluid(plan, seed, replication);
  const cycle = regular.micros;
  const unrest = unrestMicros(plan, regular);
  const { retainedSnapshots, historyMicros } = plan.measure;
  // To the next full snapshot, and until nothing is kept that is older.
  const settled = Math.ceil((retainedSnapshots + 1) / regular.checkpoints) + 2;
  const calmAfter = unrest + settled * cycle + historyMicros;
  const cut = withoutCalm(plan, { seed, replication, cycle, calmAfter });
  // Too little to gain.
  if (cut.cycles < 2 * (settled + 1)) return simulateFluid(plan, seed, replication);
  const short = simulateFluid(cut.plan, seed, replication);
  if (!isCalmAfter(short, unrest)) return simulateFluid(plan, seed, replication);
  const quiet = (micros: number): FluidOutcome =>
    simulateFluid({ ...plan, failures: [], end: { kind: 'time', micros } }, seed, replication);
  return longer(short, quiet(calmAfter), quiet(calmAfter + cycle), cut.cycles);
}

/** The cycle to which the job comes back after each failure; null where it never is as it was before, exactly. */
function calmCycle(plan: FluidPlan): Cycle | null {
  const { end, checkpoint, failures, recovery } = plan;
  const isPlain =
    end.kind === 'time' &&
    failures.length === 1 &&
    failures[0]!.level === 1 &&
    failures[0]!.law.kind !== 'at' &&
    recovery.downMicros[0] === 0 &&
    checkpoint.failureProbability === 0 &&
    checkpoint.levels.kind === 'single' &&
    [recovery.detect, recovery.restart, recovery.restore].every(({ kind }) => kind === 'constant');
  return isPlain ? cycleOf(plan) : null;
}

/** Recoveries that take longer than so many of the longest that follows from one failure are not waited for. */
const RECOVERIES = 3;

/** How long a failure is felt, with room for others on its heels. */
function unrestMicros(plan: FluidPlan, { longestPeriodMicros, slack, bytes }: Cycle): number {
  const { load, snapshot, recovery } = plan;
  const { outage_s } = figuresOf(plan);
  const rate = recovery.readBytesPerSecond;
  // The figure counts one full snapshot, a restore reads the chain.
  const read_s = rate === null ? 0 : Math.max(0, bytes - snapshot.stateBytes) / rate;
  const outage = (outage_s + read_s) * 1e6;
  const utilization = load.kind === 'saturated' ? 0 : load.inputPerSecond / load.capacityPerSecond;
  return Math.ceil((RECOVERIES * (outage + 2 * utilization * longestPeriodMicros)) / slack);
}

interface Cut {
  readonly seed: string | number;
  readonly replication: number;
  readonly cycle: number;
  readonly calmAfter: number;
}

/** The plan with the same failures, but as few cycles between them as is possible, and how many were cut out. */
function withoutCalm(
  plan: FluidPlan,
  { seed, replication, cycle, calmAfter }: Cut,
): { readonly plan: FluidPlan; readonly cycles: number } {
  const [{ name, law }] = plan.failures as readonly [FluidPlan['failures'][number]];
  // The stream the run itself would open: the failures are those of the whole plan.
  const next = gapsOf(law, randomStreams(seed, replication)(`failures/${name}`));
  const micros: number[] = [];
  let cycles = 0;
  let [left, horizon] = [plan.end.micros, 0];
  for (let isOver = false; !isOver;) {
    const gap = next();
    isOver = gap > left;
    const span = Math.min(gap, left);
    const cut = Math.max(0, Math.floor((span - calmAfter) / cycle));
    cycles += cut;
    left -= span;
    horizon += span - cut * cycle;
    if (!isOver) micros.push(span - cut * cycle);
  }
  return {
    plan: {
      ...plan,
      end: { kind: 'time', micros: Math.max(1, horizon) },
      failures: [{ name, law: { kind: 'gaps', micros }, level: 1 }],
      // All of them, to see whether they were got over.
      measure: { ...plan.measure, recoveriesMax: micros.length },
    },
    cycles,
  };
}

/** Whether every failure had been got over within this time, or another had come before. */
function isCalmAfter({ recoveries, elapsedMicros, failures, latency }: FluidOutcome, unrest: number): boolean {
  // A saturated job has nothing to catch up with: it is as before as soon as it is up.
  if (latency === null) return true;
  const { list } = recoveries;
  return (
    list.length + failures.inOutage >= failures.count &&
    list.every(({ failedAt_us, caughtUpAt_us }, i) => {
      const end = caughtUpAt_us ?? list[i + 1]?.failedAt_us ?? elapsedMicros;
      return end - failedAt_us <= unrest;
    })
  );
}

type Numbers = Readonly<Record<string, number>>;

/** An outcome with so many times the difference of two others added to everything that adds up. */
function longer(outcome: FluidOutcome, from: FluidOutcome, to: FluidOutcome, times: number): FluidOutcome {
  const add = (of: (outcome: FluidOutcome) => number): number => of(outcome) + times * (of(to) - of(from));
  const addAll = <T extends object>(of: (outcome: FluidOutcome) => T): T =>
    Object.fromEntries(
      Object.keys(of(outcome)).map((key) => [key, add((each) => (of(each) as unknown as Numbers)[key]!)]),
    ) as T;
  const elapsedMicros = add((each) => each.elapsedMicros);
  const budget = addAll((each) => each.budget);
  assertAddsUp('a fluid job without its calms', { ...budget }, elapsedMicros);
  const mean = (of: (outcome: FluidOutcome) => number): number =>
    add((each) => of(each) * each.elapsedMicros) / elapsedMicros;
  const meanOrNull = (of: (outcome: FluidOutcome) => number | null): number | null =>
    of(outcome) === null ? null : mean((each) => of(each) ?? 0);
  const { latency, space, checkpoints } = outcome;
  const view = (of: 'firstOutput' | 'replay' | 'sink') => {
    const records = add((each) => each.latency?.[of].records ?? 0);
    const area_record_s = add((each) => each.latency?.[of].area_record_s ?? 0);
    const max_us = Math.max(outcome.latency?.[of].max_us ?? 0, to.latency?.[of].max_us ?? 0);
    return { records, area_record_s, mean_us: (area_record_s / records) * 1e6, max_us, quantiles: null };
  };
  return {
    ...outcome,
    elapsedMicros,
    budget,
    utilization: budget.useful_us / elapsedMicros,
    committedMicros: add((each) => each.committedMicros),
    checkpoints: {
      ...checkpoints,
      triggered: add((each) => each.checkpoints.triggered),
      completed: add((each) => each.checkpoints.completed),
      remote: add((each) => each.checkpoints.remote),
    },
    latency:
      latency === null
        ? null
        : { ...latency, firstOutput: view('firstOutput'), replay: view('replay'), sink: view('sink') },
    space: {
      ...space,
      replayLogMeanBytes: meanOrNull((each) => each.space.replayLogMeanBytes),
      changelogMeanBytes: meanOrNull((each) => each.space.changelogMeanBytes),
      retainedMeanBytes: mean((each) => each.space.retainedMeanBytes),
      historyMeanBytes: mean((each) => each.space.historyMeanBytes),
      uploadingMeanBytes: mean((each) => each.space.uploadingMeanBytes),
    },
    io: addAll((each) => each.io),
  };
}
