/** A stream job as a fluid, in the order a newcomer should learn it. */
export * from './plan.ts';
export type * from './outcome.ts';
export { simulateFluid, simulateSteered } from './simulate-fluid.ts';
export type { Steering } from './steering.ts';
export { checkFluidPlan } from './check-plan.ts';
export type { DurationLaw, FailureLaw } from './laws.ts';
export { energyJoules, money, type Money, type Powers, type Prices } from './prices.ts';
export { fitPowerLaw, type PowerLawFit } from './power-law.ts';
export { measureClaims, type Claims, type ClaimSweep, type SpaceClaim, type TimeClaim } from './claims.ts';
