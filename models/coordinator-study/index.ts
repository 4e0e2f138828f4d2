/** The coordinator with a clock, in the order to read it: what is given, what is decided, what happens, what must hold. */
import type { CoordinatorDefect } from './defect.ts';
import { flink17073 } from './defects/flink-17073.ts';
import { flink18336 } from './defects/flink-18336.ts';
import { flink20672 } from './defects/flink-20672.ts';
import { flink20675 } from './defects/flink-20675.ts';
import { flink22003 } from './defects/flink-22003.ts';
import { flink24344 } from './defects/flink-24344.ts';
import { flink27570 } from './defects/flink-27570.ts';
import { flink32347 } from './defects/flink-32347.ts';
import { flink32514 } from './defects/flink-32514.ts';
import { tickBacklog } from './defects/tick-backlog.ts';

export { type CoordinatorPlan, HEALTHY_PLAN, type Trouble } from './plan.ts';
export { type CoordinatorRules, FLINK_RULES } from './rules.ts';
export { studyCoordinator } from './study.ts';
export { brokenLaws } from './laws.ts';
export { type CoordinatorDefect, type CoordinatorFacts } from './defect.ts';

/** Every defect of engines.md §6.2 that is about the coordinator and a clock, by number; the one of the design last. */
export const COORDINATOR_DEFECTS: readonly CoordinatorDefect[] = [
  flink17073,
  flink18336,
  flink20672,
  flink20675,
  flink22003,
  flink24344,
  flink27570,
  flink32347,
  flink32514,
  tickBacklog,
];
