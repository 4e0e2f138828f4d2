// Mutants 49-51: each deviates from one rule by which a timed job measures itself, and one law with a clock says so.
import { expect, test } from 'vitest';

import { FLOW_JOB_MUTANTS } from '../../../models/flow-job/mutants/index.ts';
import { runTimedMutant } from '../../../models/mutants/timed-mutant.ts';

test.each(FLOW_JOB_MUTANTS)('$name breaks $law, and nothing else', (mutant) => {
  const { status, breaks } = runTimedMutant(mutant);
  expect({ status, breaks }).toEqual({ status: 'killed', breaks: [mutant.law] });
});

test.each(FLOW_JOB_MUTANTS)('without $name no law breaks, and the run has something to break', (mutant) => {
  const { violations, facts } = mutant.run(false);
  expect(violations).toEqual([]);
  expect(facts['checkpoints']).toBeGreaterThan(5);
  expect(facts['reread']).toBeGreaterThan(10);
});
