/** What would be at another checkpoint interval: cost, latency, recovery and space, simulated and by closed form. */
export { type CurveMeasure, type IntervalCurve, type WhatIf, whatIf } from './what-if.ts';
export type { SpacePoint, SpaceRow, SpaceStudy } from './space-study.ts';
export type { ConfiguredRun } from './configured-run.ts';
