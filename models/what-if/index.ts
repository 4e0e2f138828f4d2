/** What would be at another checkpoint interval: cost, latency, recovery and space, simulated and by closed form. */
export {
  type CurveMeasure,
  type IntervalCurve,
  type IntervalPoint,
  type SpacePoint,
  type SpaceRow,
  type SpaceStudy,
  type WhatIf,
  type WhatIfOptions,
  whatIf,
} from './what-if.ts';
