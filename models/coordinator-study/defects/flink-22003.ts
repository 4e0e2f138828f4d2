/**
 * A checkpoint is triggered while one source is not RUNNING yet; the trigger does not reach it, nobody works on the
 * checkpoint, and it keeps its slot until the timeout of ten minutes (also FLINK-26650), while ticks wait. Two remedies, each enough: not to
 * trigger before every task is RUNNING, and to abort when a trigger is lost.
 */
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN } from '../plan.ts';
import { FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

export const flink22003: CoordinatorDefect = defectOf(
  {
    id: 'FLINK-22003',
    issues: ['FLINK-22003', 'FLINK-26650'],
    title: 'a trigger to a source that is not running hangs until the timeout',
    laws: ['L2', 'L1', 'rate'],
  },
  // The slow source restores for 25 s; ticks come every 10 s from the deployment on.
  { ...HEALTHY_PLAN, tolerableFailures: 1, sourceStartMicros: [SECOND, 25 * SECOND] },
  { withDefect: { ...FLINK_RULES, mayTrigger: () => true, abortsOnLostTrigger: false }, without: FLINK_RULES },
);
