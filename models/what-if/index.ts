/** What would be at another checkpoint interval: cost, latency, recovery and space, simulated and by closed form. */
export { type WhatIf, whatIf, whatIfRounds } from './what-if.ts';
export type { CurveMeasure, IntervalCurve } from './interval-curve.ts';
export { type IntervalRun, runWhatIfJob, type WhatIfJob, type WhatIfSample } from './what-if-job.ts';
export { type FlowWhatIf, flowWhatIf, flowWhatIfRounds } from './flow-what-if.ts';
export { type FlowIntervalJob, flowIntervalRun, type FlowIntervalRun } from './flow-interval-run.ts';
export type { SpacePoint, SpaceRow, SpaceStudy } from './space-study.ts';
export type { ConfiguredRun } from './configured-run.ts';
