/** What would be at another checkpoint interval: cost, latency, recovery and space, simulated and by closed form. */
export {
  type CurveMeasure,
  type IntervalCurve,
  type IntervalPoint,
  type WhatIf,
  type WhatIfOptions,
  whatIf,
} from './what-if.ts';
export type { ConfiguredRun, RunLatency, RunMoney, RunRecovery, RunTerm } from './configured-run.ts';
export type { SpacePoint, SpaceRow, SpaceStudy } from './space-study.ts';
