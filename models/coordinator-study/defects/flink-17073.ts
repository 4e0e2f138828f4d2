/**
 * Deleting a subsumed checkpoint takes longer than the interval, so deletions pile up in the coordinator's memory until it is
 * gone. The remedy lets no checkpoint begin while more are being deleted than may be pending: deletion sets the pace.
 */
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN } from '../plan.ts';
import { FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

export const flink17073: CoordinatorDefect = defectOf(
  {
    id: 'FLINK-17073',
    issues: ['FLINK-17073'],
    title: 'deletions slower than completions fill the memory',
    laws: ['D3', 'L1'],
  },
  { ...HEALTHY_PLAN, deleteMicros: 25 * SECOND, progressWithinMicros: 90 * SECOND },
  { withDefect: { ...FLINK_RULES, cleaningSeen: () => 0 }, without: FLINK_RULES },
);
