// Reports to look at: a small run that was simulated, hand-made outcomes with nothing or very much in them, and a study of a
// small stream job.
import {
  type CheckpointHistory,
  CheckpointHistoryWriter,
  SamzaCheckpointWatch,
} from '../../../models/checkpoint-history/index.ts';
import { type FluidPlan, PLAIN_FLUID_PLAN } from '../../../models/fluid-job/index.ts';
import type { Outcome } from '../../../models/outcome.ts';
import type { RunPlan } from '../../../models/plan.ts';
import { simulate } from '../../../models/simulate.ts';
import { PRICES_ASSUMED } from '../../../models/tuning/stream-job.ts';
import { type WhatIf, whatIf } from '../../../models/what-if/index.ts';
import { type ReportData, runPart } from '../../../reports/index.ts';
import { holding } from '../fixtures.ts';

/** The outcome of a plan, with the history of its checkpoints. */
export function watched(plan: RunPlan): { readonly outcome: Outcome; readonly history: CheckpointHistory } {
  const watches: SamzaCheckpointWatch[] = [];
  const outcome = simulate(plan, {
    onJob: (job) => {
      const watch = new SamzaCheckpointWatch(job);
      job.probe = watch.probe();
      watches.push(watch);
    },
  });
  return { outcome, history: watches[0]!.close() };
}

/** A job of which everything is modelled: pause, upload, restore, failures. */
export const streamPlan: FluidPlan = {
  ...PLAIN_FLUID_PLAN,
  load: { kind: 'constant', inputPerSecond: 4_000, capacityPerSecond: 10_000, recordBytes: 200 },
  checkpoint: {
    ...PLAIN_FLUID_PLAN.checkpoint,
    pauseMicros: 500_000,
    delay: { kind: 'constant', micros: 2_000_000 },
  },
  snapshot: { kind: 'full', stateBytes: 50_000_000 },
  failures: [{ name: 'job', law: { kind: 'exponential', meanMicros: 7_200_000_000 }, level: 1 }],
  recovery: { ...PLAIN_FLUID_PLAN.recovery, restart: { kind: 'constant', micros: 20_000_000 } },
};

/** Small, for the speed of the tests. */
export const study: WhatIf = whatIf(streamPlan, 'job', { seed: '1', prices: PRICES_ASSUMED, replications: 3 });

export const noCheckpoints: CheckpointHistory = new CheckpointHistoryWriter('commit of a task').close();

/** A report around an outcome. */
export function reportOf(
  outcome: Outcome,
  history: CheckpointHistory,
  { study: given = null, title = 'A title' }: { readonly study?: WhatIf | null; readonly title?: string } = {},
): ReportData {
  return {
    tidemark: '0.1.0',
    command: `tidemark report ${outcome.scenario} --seed ${outcome.seed}`,
    scenario: outcome.scenario,
    title,
    teaches: '',
    engine: 'samza',
    seed: outcome.seed,
    scenario_hash: '0123456789abcdef',
    notes: [],
    run: runPart(outcome, history, { kind: 'holds' }),
    what_if: given,
    what_if_why_not: given === null ? 'the test gives none' : null,
  };
}

/** Nothing died, nothing was committed, nothing was planned. */
export const empty: ReportData = reportOf(
  { ...holding, recoveries: [], faults: [], budgets: [], checkpoint_phases: [], laws: [] },
  noCheckpoints,
);
