/**
 * For property tests of a user's own: plans and random orders of events by number, so that any generator of numbers,
 * fast-check's above all, gives arbitraries of them; nothing here depends on it.
 */
import { randomStreams } from '../../sim/random.ts';
import { randomRun } from '../../sim/swarm.ts';
import { type FlowCounterexample, STEPS_MAX, shrinkFlow } from './counterexample.ts';
import { type FlowPlan, drawPlan } from './plans.ts';
import type { Protocol } from './protocol.ts';
import { subjectOf, worldOf } from './subject.ts';
import { FAULT_KINDS } from './topology.ts';

/** Numbers to plans the protocol promises to survive: `fc.nat().map(plansOf(protocol))` is an arbitrary of fast-check. */
export function plansOf(protocol: Protocol): (number: number) => FlowPlan {
  return (run) => drawPlan(protocol, { seed: 'plans', run });
}

/** Runs the plan in the order of events with this number; null when no law broke, else the breach, already small. */
export function tryOrder(protocol: Protocol, plan: FlowPlan, order: number): FlowCounterexample | null {
  const subject = subjectOf(protocol);
  const stream = randomStreams('order', order)('swarm');
  const { violations } = randomRun(worldOf(subject, plan), { stream, maxSteps: STEPS_MAX, faultKinds: FAULT_KINDS });
  return violations[0] === undefined ? null : shrinkFlow(subject, plan, violations[0]).counterexample;
}
