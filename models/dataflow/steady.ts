/**
 * Does a protocol do the same twice? A handler that draws random numbers, reads a clock, or keeps something outside the
 * state breaks every search: its counterexamples could not be replayed, and its silence would mean nothing.
 */
import { randomStreams } from '../../sim/random.ts';
import { type RandomRun, randomRun } from '../../sim/swarm.ts';
import { STEPS_MAX } from './counterexample.ts';
import { ProtocolError } from './guard.ts';
import { drawPlan } from './plans.ts';
import { type FlowSubject, worldOf } from './subject.ts';
import { FAULT_KINDS } from './topology.ts';

/** Random runs that are made twice. */
const PROBES = 40;

/** Throws ProtocolError when one of some random runs, made again, goes another way. */
export function assertSteady(subject: FlowSubject): void {
  for (let run = 0; run < PROBES; run++) {
    const [once, again] = [probe(subject, run), probe(subject, run)];
    const at = once.ids.findIndex((id, i) => id !== again.ids[i]);
    const isSame =
      at < 0 &&
      once.ids.length === again.ids.length &&
      once.durable.length === again.durable.length &&
      once.durable.every(({ high, low }, i) => high === again.durable[i]!.high && low === again.durable[i]!.low);
    if (isSame) continue;
    const where = at < 0 ? '' : `: the first difference is ${once.ids[at]} and then ${again.ids[at] ?? 'nothing'}`;
    throw new ProtocolError(
      `the same run, made twice, went two ways${where}\n` +
        '   remedy: handlers use nothing but their arguments: no Math.random, no Date, no variables outside the state',
    );
  }
}

function probe(subject: FlowSubject, run: number): RandomRun {
  const world = worldOf(subject, drawPlan(subject.promised, { seed: 'steady', run }));
  const stream = randomStreams('steady', run)('swarm');
  return randomRun(world, { stream, maxSteps: STEPS_MAX, faultKinds: FAULT_KINDS });
}
