/**
 * For property tests of a user's own: plans as an arbitrary, and one random order of events on a plan. Any generator with
 * a `map` will do, fast-check's `fc.nat()` above all; nothing here depends on it.
 */
import { randomStreams } from '../../sim/random.ts';
import { randomRun } from '../../sim/swarm.ts';
import { type FlowCounterexample, STEPS_MAX, shrinkFlow } from './counterexample.ts';
import { type FlowPlan, drawPlan } from './plans.ts';
import type { Protocol } from './protocol.ts';
import { subjectOf, worldOf } from './subject.ts';
import { FAULT_KINDS } from './topology.ts';

/** A generator of whole numbers from 0, such as `fc.nat()`. */
export interface NumberArbitrary<Plans> {
  map(plan: (number: number) => FlowPlan): Plans;
}

/** Plans the protocol promises to survive: `plans(fc.nat(), protocol)` is an arbitrary of fast-check. */
export function plans<Plans>(numbers: NumberArbitrary<Plans>, protocol: Protocol): Plans {
  return numbers.map((run) => drawPlan(protocol, { seed: 'plans', run }));
}

/** Runs the plan in the order of events with this number; null when no law broke, else the breach, already small. */
export function tryOrder(protocol: Protocol, plan: FlowPlan, order: number): FlowCounterexample | null {
  const subject = subjectOf(protocol);
  const stream = randomStreams('order', order)('swarm');
  const { violations } = randomRun(worldOf(subject, plan), { stream, maxSteps: STEPS_MAX, faultKinds: FAULT_KINDS });
  return violations[0] === undefined ? null : shrinkFlow(subject, plan, violations[0]).counterexample;
}
