/**
 * A run of a dataflow job with its verdict: what the protocol promises of the outputs is held against what is visible behind
 * the sinks, and the books and metrics of the run against what happened in it (laws Q1 and Q2, which look on while it runs).
 */
import type { Protocol } from '../dataflow/protocol.ts';
import { grouped } from '../grouped-digits.ts';
import type { LawReport, Verdict, Violation } from '../outcome.ts';
import { FLOW_JOB_LAWS, type FlowJobBreach } from './laws/breach.ts';
import { BudgetWatch } from './laws/q1-budget.ts';
import { DefinitionWatch } from './laws/q2-definition.ts';
import type { FlowJobOutcome } from './outcome.ts';
import type { FlowJobPlan } from './plan.ts';
import { runFlowJob, type RunFlowJobOptions } from './run.ts';

export interface JudgedRun {
  readonly outcome: FlowJobOutcome;
  readonly verdict: Verdict;
  readonly laws: readonly LawReport[];
}

/** What outputs are to be like, by the protocol and the kind of sink. */
export type OutputPromise = 'exactly-once' | 'at-least-once' | 'at-most-once' | 'none';

const NOT_LOST = 'no output of a record that was read is lost: it is visible, on its way, or will be made again';
const NOT_DOUBLED = 'no output is visible more often than without failures';

/** Runs the plan and judges it by the promise. On a cycle a record owes no fixed number of outputs: the verdict is `unknown`. */
export function runJudged(
  plan: FlowJobPlan,
  protocol: Protocol,
  { promise, ...options }: RunFlowJobOptions & { readonly promise: OutputPromise },
): JudgedRun {
  const budgets = new BudgetWatch(plan.tasks.length);
  const definitions = new DefinitionWatch(plan);
  const outcome = runFlowJob(plan, protocol, {
    ...options,
    recordIds: options.onTrace !== undefined,
    onTrace: (entry) => {
      budgets.add(entry);
      definitions.add(entry);
      options.onTrace?.(entry);
    },
  });
  const { records, checkpoints, recoveries, horizon_us } = outcome;
  const { read, visible, lost, duplicated } = records;
  const isCounted = plan.hops === 0;
  const asksLoss = isCounted && (promise === 'exactly-once' || promise === 'at-least-once');
  const asksTwice = isCounted && (promise === 'exactly-once' || promise === 'at-most-once');
  const facts = { protocol: outcome.protocol, promise, sink: plan.sink };
  const ofOutputs = (
    law: string,
    statement: string,
    { checked, broken, found }: { checked: number; broken: number; found: Violation['facts'] },
  ): LawReport => ({
    law,
    statement,
    checked,
    violations: checked === 0 ? 0 : broken,
    first: checked === 0 || broken === 0 ? null : { law, statement, atMicros: horizon_us, facts: found },
  });
  const laws = [
    ofOutputs('E2', NOT_LOST, { checked: asksLoss ? read : 0, broken: lost, found: { ...facts, lost } }),
    ofOutputs('E1', NOT_DOUBLED, {
      checked: asksTwice ? visible : 0,
      broken: duplicated,
      found: { ...facts, duplicated },
    }),
    ofMeasuring('Q1', budgets.close(outcome), { checked: plan.tasks.length, atMicros: horizon_us }),
    ofMeasuring('Q2', definitions.close(outcome), {
      checked: checkpoints.length + recoveries.length + 1,
      atMicros: horizon_us,
    }),
  ];
  return { outcome, verdict: verdictOf(laws, plan, outcome), laws };
}

function ofMeasuring(
  law: 'Q1' | 'Q2',
  breach: FlowJobBreach | null,
  { checked, atMicros }: { readonly checked: number; readonly atMicros: number },
): LawReport {
  const statement = FLOW_JOB_LAWS[law];
  const first = breach === null ? null : { law, statement, atMicros, facts: breach.facts };
  return { law, statement, checked, violations: breach === null ? 0 : 1, first };
}

function verdictOf(laws: readonly LawReport[], { hops, seed }: FlowJobPlan, outcome: FlowJobOutcome): Verdict {
  const bound = `within ${outcome.horizon_us / 1e6} s of simulated time, seed ${seed}, ${grouped(String(outcome.events))} events, one run`;
  const broken = laws.find(({ violations }) => violations > 0);
  if (broken !== undefined) return { kind: 'violated', law: broken.law, bound };
  if (hops > 0)
    return { kind: 'unknown', law: null, bound: `on a cycle lost and duplicated outputs are not counted, ${bound}` };
  return { kind: 'holds', law: null, bound };
}
