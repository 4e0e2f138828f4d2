/**
 * At the end of backlog the timer is set sooner, while the one that was set for the interval during backlog has not been
 * cancelled in time: both tick on, and checkpoints come at twice the rate. The remedy: a timer that has been superseded does
 * nothing when it is due.
 */
import { tick } from '../../protocols/flink-request-decider.ts';
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN } from '../plan.ts';
import { type CoordinatorRules, FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

/** Each timer ticks for itself, as if it were the one in force. */
const everyTimerTicks: CoordinatorRules = {
  ...FLINK_RULES,
  tick(decider, settings, generation, situation) {
    const inForce = decider.timer;
    if (inForce === null || inForce.generation === generation) return tick(decider, settings, generation, situation);
    decider.timer = { generation, dueMicros: situation.nowMicros };
    const decision = tick(decider, settings, generation, situation);
    decider.timer = inForce;
    return decision;
  },
};

export const flink32514: CoordinatorDefect = defectOf(
  {
    id: 'FLINK-32514',
    issues: ['FLINK-32514'],
    title: 'two timers alive after backlog ends trigger at twice the rate',
    laws: ['rate'],
  },
  {
    ...HEALTHY_PLAN,
    trigger: { ...HEALTHY_PLAN.trigger, intervalDuringBacklogMicros: 120 * SECOND },
    troubles: [
      { kind: 'backlog', source: 0, atMicros: 100 * SECOND, backlog: true },
      { kind: 'backlog', source: 0, atMicros: 365 * SECOND, backlog: false },
    ],
    progressWithinMicros: 180 * SECOND,
  },
  { withDefect: everyTimerTicks, without: FLINK_RULES },
);
