/** What would be at another checkpoint interval: cost, latency, recovery and space, simulated and by closed form. */
export { type CurveMeasure, type IntervalCurve, type WhatIf, whatIf, whatIfRounds } from './what-if.ts';
export { type IntervalRun, runWhatIfJob, type WhatIfJob, type WhatIfSample } from './what-if-job.ts';
export type { SpacePoint, SpaceRow, SpaceStudy } from './space-study.ts';
export type { ConfiguredRun } from './configured-run.ts';
