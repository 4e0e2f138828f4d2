/**
 * A host is lost with a checkpoint under way. The notice of its abort finds the task manager gone, the exception reaches the
 * job manager's main thread, and ends it. The remedy: a notice is best effort, a lost one is logged.
 */
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN } from '../plan.ts';
import { FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

export const flink20672: CoordinatorDefect = defectOf(
  {
    id: 'FLINK-20672',
    issues: ['FLINK-20672'],
    title: 'a notice of abort to a lost host ends the job manager',
    laws: ['L1'],
  },
  {
    ...HEALTHY_PLAN,
    spells: [{ fromMicros: 0, durationMicros: 9 * SECOND }],
    troubles: [{ kind: 'host-lost', atMicros: 200 * SECOND }],
  },
  { withDefect: { ...FLINK_RULES, outlivesLostNotice: false }, without: FLINK_RULES },
);
