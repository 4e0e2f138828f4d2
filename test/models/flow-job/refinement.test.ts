// Law X2, the differential test of the two dataflow worlds: whatever a protocol does in simulated time is a path of the
// untimed world, and both come to the same end.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { checkRefinement } from '../../../models/flow-job/laws/x2-refinement.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { plansFor } from './random-plans.ts';
import { traced } from './traced.ts';

const RUNS = 100;

test.each(Object.values(PROTOCOLS))('$name: every timed run is a path of the untimed world', (protocol) => {
  fc.assert(
    fc.property(plansFor(protocol), (plan) => {
      const { job, trace } = traced(plan, protocol);
      expect(checkRefinement(job, trace)).toBeNull();
    }),
    { numRuns: RUNS, seed: 1 },
  );
});
