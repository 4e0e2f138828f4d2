/**
 * Mutants of what a timed dataflow job measures: its clocks and its books (anchors.md §6.2, 49-51). All run the same small
 * pipeline under flink-aligned, with one crash, and are judged by the laws with a clock.
 */
import { KILLED } from '../../mutants/mutant.ts';
import type { TimedMutant, TimedRun } from '../../mutants/timed-mutant.ts';
import { flinkAligned } from '../../protocols/flink-aligned.ts';
import { checkBudget } from '../laws/q1-budget.ts';
import { checkDefinitions } from '../laws/q2-definition.ts';
import { DEFAULT_COSTS, type FlowJobPlan, NO_FAULTS, RESTART_AT_ONCE, pipelineGraph } from '../plan.ts';
import type { MeterRules } from '../rules.ts';
import { runFlowJob } from '../run.ts';
import type { TraceEntry } from '../trace.ts';

/** Two sources, two operators, a sink; a second of work, a checkpoint each 100 ms, a crash in the middle. */
export const METERED_PLAN: FlowJobPlan = {
  name: 'metered',
  seed: 'metered',
  replication: 0,
  horizonMicros: 1_000_000,
  ...pipelineGraph([
    { parallelism: 2, serviceMicros: 20 },
    { parallelism: 2, serviceMicros: 300, stateBytes: 100_000 },
    { parallelism: 1, serviceMicros: 100 },
  ]),
  capacity: 32,
  routing: 'keyed',
  hops: 0,
  sink: 'two-phase',
  load: { records: 10_000, intervalMicros: 1_000, arrivals: 'poisson' },
  costs: { ...DEFAULT_COSTS, detectionMicros: 20_000, restartMicros: 30_000 },
  checkpoints: {
    intervalMicros: 100_000,
    timeoutMicros: 1_000_000,
    minPauseMicros: 0,
    maxConcurrent: 1,
    alignedTimeoutMicros: 0,
    tolerableFailures: null,
  },
  restart: RESTART_AT_ONCE,
  faults: { ...NO_FAULTS, crashes: [{ target: 2, atMicros: 555_000 }] },
};

/** A mutant that deviates from the rules by which a job measures itself. */
export function flowJobMutant(
  mutant: Pick<TimedMutant, 'name' | 'broken' | 'law'> & { readonly rules: Partial<MeterRules> },
): TimedMutant {
  const { rules, ...facts } = mutant;
  return {
    ...facts,
    base: flinkAligned.name,
    expected: KILLED,
    run: (mutated) => metered(mutated ? rules : {}),
  };
}

function metered(rules: Partial<MeterRules>): TimedRun {
  const trace: TraceEntry[] = [];
  const outcome = runFlowJob(METERED_PLAN, flinkAligned, { rules, onTrace: (entry) => trace.push(entry) });
  const breaches = [checkBudget(outcome, trace), checkDefinitions({ plan: METERED_PLAN, outcome, trace })].filter(
    (each) => each !== null,
  );
  const first = breaches[0]?.facts ?? {};
  return {
    violations: breaches.map(({ law }) => law),
    facts: { ...first, checkpoints: outcome.checkpoints.length, reread: outcome.records.reread },
  };
}
