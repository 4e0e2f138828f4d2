/**
 * Not a bug report but the design: ticks wait in the queue while a checkpoint runs, so one of nine minutes at an interval of
 * ten seconds is followed by the 54 that waited, back to back, and by those that come meanwhile. Without it, a tick that finds another waiting adds nothing.
 */
import { tick } from '../../protocols/flink-request-decider.ts';
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN } from '../plan.ts';
import { type CoordinatorRules, FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

const oneTickWaits: CoordinatorRules = {
  ...FLINK_RULES,
  tick(decider, settings, generation, situation) {
    const waiting = decider.queue.some(({ periodic }) => periodic);
    const decision = tick(decider, settings, generation, situation);
    // The newest periodic request is last: nothing sorts behind it.
    if (waiting && decider.queue.filter(({ periodic }) => periodic).length > 1) decider.queue.pop();
    return decision;
  },
};

export const tickBacklog: CoordinatorDefect = defectOf(
  {
    id: 'tick-backlog',
    issues: [],
    title: 'ticks that waited run back to back after one slow checkpoint',
    laws: ['rate'],
  },
  {
    ...HEALTHY_PLAN,
    spells: [
      { fromMicros: 0, durationMicros: SECOND },
      { fromMicros: 300 * SECOND, durationMicros: 540 * SECOND },
      { fromMicros: 320 * SECOND, durationMicros: SECOND },
    ],
    progressWithinMicros: 600 * SECOND,
  },
  { withDefect: FLINK_RULES, without: oneTickWaits },
);
