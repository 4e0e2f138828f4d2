/** A loaded job under failures, and how far they may overlap. */
import { modelled } from './experiment.ts';

export interface Loaded {
  readonly T: number;
  readonly Cd: number;
  readonly D: number;
  readonly M: number;
  readonly load: readonly [number, number];
}

/** models.md §11.7: how far overlapping failures may take a simulation from forms that know none. */
export function overlap({ T, Cd, D, M, load: [input, capacity] }: Loaded): number {
  const recovery = modelled('expected_total_recovery_time', {
    checkpoint_period_s: T,
    checkpoint_duration_s: Cd,
    outage_s: D,
    utilization: input / capacity,
  });
  return (3 * (T + recovery)) / M;
}
