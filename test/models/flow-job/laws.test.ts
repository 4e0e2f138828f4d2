// Laws Q1 and Q2: the time of every task adds up to the horizon, and what is reported is what the definitions give when
// they are computed again from the trace; on random small plans of every protocol.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { checkBudget } from '../../../models/flow-job/laws/q1-budget.ts';
import { checkDefinitions } from '../../../models/flow-job/laws/q2-definition.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { plansFor } from './random-plans.ts';
import { traced } from './traced.ts';

const RUNS = 100;

test.each(Object.values(PROTOCOLS))(
  '$name: the time of every task adds up, and is what the trace shows',
  (protocol) => {
    fc.assert(
      fc.property(plansFor(protocol), (plan) => {
        const { outcome, trace } = traced(plan, protocol);
        expect(checkBudget(outcome, trace)).toBeNull();
      }),
      { numRuns: RUNS, seed: 2 },
    );
  },
);

test.each(Object.values(PROTOCOLS))('$name: every metric is what its definition gives', (protocol) => {
  fc.assert(
    fc.property(plansFor(protocol), (plan) => {
      const { outcome, trace } = traced(plan, protocol);
      expect(checkDefinitions({ plan, outcome, trace })).toBeNull();
    }),
    { numRuns: RUNS, seed: 3 },
  );
});
