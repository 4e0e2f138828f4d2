// What the random plans of the other tests here reach: a law that holds because nothing happens would say nothing.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { checkRefinement } from '../../../models/flow-job/laws/x2-refinement.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { MUTANTS } from '../../../models/mutants/index.ts';
import { plansFor } from './random-plans.ts';
import { traced } from './traced.ts';

const PLANS = 120;

test.each(Object.values(PROTOCOLS))('$name: completions, restores, and every fault that can strike', (protocol) => {
  const reached = new Map<string, number>();
  const count = (what: string): void => void reached.set(what, (reached.get(what) ?? 0) + 1);
  for (const plan of fc.sample(plansFor(protocol), { numRuns: PLANS, seed: 4 })) {
    const { outcome, trace } = traced(plan, protocol);
    if (outcome.checkpoints.some(({ status }) => status === 'completed')) count('completed');
    if (outcome.recoveries.some((each) => each.restored_checkpoint > 0)) count('restored');
    if (outcome.records.reread > 0) count('reread');
    if (outcome.budget.some((row) => row.blocked_us > 0)) count('blocked');
    if (outcome.checkpoints.some((each) => each.channel_state_bytes > 0)) count('channel state');
    for (const kind of new Set(trace.map((entry) => entry.kind))) count(kind);
  }
  const expected = [
    ...['completed', 'restored', 'reread', 'commit', 'lose', 'fail-upload', 'expire', 'cut'],
    // Logs have room without end.
    ...(protocol.needs.durableChannels === true ? [] : ['blocked']),
    ...(protocol.task.record === undefined ? [] : ['channel state']),
    ...(protocol.name === 'flink-unaligned-timeout' ? ['timer'] : []),
  ];
  for (const what of expected) expect.soft(reached.get(what) ?? 0, what).toBeGreaterThan(PLANS / 50);
});

test('a run of another protocol is no path of the untimed world', () => {
  const noAlign = MUTANTS.find(({ name }) => name === 'noAlign')!;
  const convicted = fc.sample(plansFor(noAlign.protocol), { numRuns: PLANS, seed: 5 }).filter((plan) => {
    const { job, trace } = traced(plan, noAlign.protocol);
    return checkRefinement(job, trace, noAlign.base) !== null;
  });
  expect(convicted.length).toBeGreaterThan(PLANS / 10);
});
