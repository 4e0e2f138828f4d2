/**
 * Samza's commit with its order turned round: the checkpoint is written first, outputs and state are flushed behind it. A
 * crash between the two loses what the checkpoint says is done. One crash strikes right behind the append in both orders.
 */
import { matrixCrash, matrixPlan } from '../crash-matrix-plan.ts';
import { APPEND_V1, APPEND_V2, FREEZE_OFFSETS } from '../protocols/samza.ts';
import { simulate } from '../simulate.ts';
import { KILLED } from './mutant.ts';
import type { TimedMutant } from './timed-mutant.ts';

const APPENDS: readonly number[] = [APPEND_V1, APPEND_V2];

/** The appends moved to where only the offsets are known. */
function offsetsFirst(steps: readonly number[]): readonly number[] {
  return steps.flatMap((step) =>
    APPENDS.includes(step)
      ? []
      : step === FREEZE_OFFSETS
        ? [step, ...steps.filter((each) => APPENDS.includes(each))]
        : [step],
  );
}

export const offsetBeforeFlush: TimedMutant = {
  name: 'offsetBeforeFlush',
  broken: 'the commit writes its offsets, then flushes outputs and state',
  base: 'samza',
  law: 'E2',
  expected: KILLED,
  run(mutated) {
    const behindAppend = { on: 'step', step: 'append-v2', when: 'after', task: 0, commit: 3 } as const;
    const plan = matrixPlan('non-tx same host', {
      seed: 'offset-before-flush',
      readVersion: 2,
      faults: [matrixCrash('non-tx same host', behindAppend)],
      point: 'behind the append',
    });
    const { laws } = simulate(plan, {
      onJob: (job) => {
        if (mutated) job.steps = offsetsFirst(job.steps);
      },
    });
    const broken = laws.filter(({ violations }) => violations > 0);
    return {
      violations: broken.map(({ law }) => law),
      facts: Object.fromEntries(
        broken.flatMap(({ law, first }) =>
          Object.entries(first!.facts).map(([name, fact]) => [`${law} ${name}`, fact]),
        ),
      ),
    };
  },
};
