// Conservation of time is asked in the run itself, of every simulator: with one broken charge there is no outcome.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { METERED_PLAN } from '../../models/flow-job/mutants/flow-job-mutant.ts';
import { runFlowJob } from '../../models/flow-job/run.ts';
import { FluidFlow } from '../../models/fluid-job/fluid-flow.ts';
import { simulateFluid } from '../../models/fluid-job/index.ts';
import { simulate } from '../../models/index.ts';
import { assertAddsUp } from '../../models/ledgers/adds-up.ts';
import { RESTART, SNAPSHOT, TimeBudget, USEFUL } from '../../models/ledgers/time-budget.ts';
import { flinkAligned } from '../../models/protocols/flink-aligned.ts';
import { simulateCalm } from '../../models/tuning/calm.ts';
import { planOf } from './plan-builder.ts';
import { loadedPlan } from './tuning/plans.ts';

/** The books of a time budget, with the door that is closed elsewhere. */
type Books = { charge: (task: number, micros: number, category: number) => void };

const books = TimeBudget.prototype as unknown as Books;
const { charge } = books;

/** From now on a charge to the category is another number of microseconds than it should be. */
function miscount(category: number, wrong: (micros: number) => number): void {
  vi.spyOn(books, 'charge').mockImplementation(function (this: Books, task, micros, to) {
    charge.call(this, task, to === category ? wrong(micros) : micros, to);
  });
}

const samza = (): unknown => simulate(planOf());
const dataflow = (): unknown => runFlowJob(METERED_PLAN, flinkAligned);
const fluidPlan = {
  ...loadedPlan({ C: 0.1, M: 1000, R: 5 }, 500, 1000),
  end: { kind: 'time', micros: 100_000_000_000 },
} as const;

afterEach(() => vi.restoreAllMocks());

describe.each([
  ['a Samza job', samza],
  ['a dataflow job', dataflow],
])('%s', (_name, run) => {
  it.each([
    ['a charge that counts twice', SNAPSHOT, (micros: number) => 2 * micros],
    ['a charge that is forgotten', USEFUL, () => 0],
    ['one microsecond too few', RESTART, (micros: number) => Math.max(0, micros - 1)],
    ['a charge in parts of a microsecond', USEFUL, (micros: number) => micros + 0.5],
  ])('has no outcome with %s', (_what, category, wrong) => {
    expect(run).not.toThrow();
    miscount(category, wrong);
    expect(run).toThrow(/the time budget of task \d+ does not add up: useful_us /);
  });
});

describe('a fluid job', () => {
  it.each([
    ['replay', (flow: FluidFlow) => (flow.replayMicros += 1)],
    ['work', (flow: FluidFlow) => (flow.usefulMicros -= 1)],
    ['time caught up', (flow: FluidFlow) => (flow.caughtUpMicros += 2)],
  ])('has no outcome with a broken charge of %s', (_what, breakCharge) => {
    const flow = FluidFlow.prototype as { run: (span: number) => number };
    const { run } = flow;
    vi.spyOn(flow, 'run').mockImplementation(function (this: FluidFlow, span) {
      const caughtUp = run.call(this, span);
      breakCharge(this);
      return caughtUp;
    });
    expect(() => simulateFluid(fluidPlan, '1')).toThrow('the time budget of a fluid job does not add up');
  });

  it('adds up with its calms cut out', () => {
    const { budget, elapsedMicros } = simulateCalm(fluidPlan, '1', 0);
    expect(() => assertAddsUp('it', { ...budget }, elapsedMicros)).not.toThrow();
    expect(() => assertAddsUp('it', { ...budget, idle_us: budget.idle_us + 1 }, elapsedMicros)).toThrow('is 1000');
  });
});
