/** Sums over records whose latency rises or falls at a constant rate from record to record; exact but for the last division. */
import { IntegerSum } from '../../sim/index.ts';
import { LatencyProfile } from './latency-profile.ts';
import type { LatencyView } from './outcome.ts';

const SHARES = [0.5, 0.9, 0.99, 0.999];

export class LatencySum {
  readonly units: IntegerSum = new IntegerSum();
  /** Units that were not delayed. */
  readonly atOnce: IntegerSum = new IntegerSum();
  readonly profile: LatencyProfile | null;
  readonly #twiceArea: IntegerSum = new IntegerSum();
  #max: number = 0;

  constructor(quantiles: boolean) {
    this.profile = quantiles ? new LatencyProfile() : null;
  }

  /** Units whose latency goes evenly from `from` to `to`, in parts of 1/p µs. */
  add(from: number, to: number, units: number): void {
    if (units === 0) return;
    this.units.add(units);
    this.#twiceArea.addProduct(from - to, from + to);
    if (from > this.#max) this.#max = from;
    this.profile?.add(to, from, units);
  }

  /**
   * The sums together. `p` units arrive in a µs, and `stretch` units have their latency within one unit of latency.
   */
  static view(sums: readonly LatencySum[], { p, stretch, inputPerSecond }: ViewScale): LatencyView {
    const atOnce = total(sums, (sum) => sum.atOnce);
    const units = atOnce + total(sums, (sum) => sum.units);
    const unitMicros = ((total(sums, (sum) => sum.#twiceArea) / 2) * stretch) / p;
    const records = (units / (p * 1e6)) * inputPerSecond;
    return {
      records,
      area_record_s: (unitMicros / (p * 1e12)) * inputPerSecond,
      mean_us: units === 0 ? 0 : unitMicros / units,
      max_us: sums.reduce((most, sum) => Math.max(most, sum.#max), 0) / p,
      quantiles: quantilesOf(sums, atOnce, p),
    };
  }
}

export interface ViewScale {
  readonly p: number;
  readonly stretch: number;
  readonly inputPerSecond: number;
}

function total(sums: readonly LatencySum[], of: (sum: LatencySum) => IntegerSum): number {
  return sums.reduce((all, sum) => all + of(sum).toNumber(), 0);
}

function quantilesOf(sums: readonly LatencySum[], atOnce: number, p: number): LatencyView['quantiles'] {
  const profiles = sums.map((sum) => sum.profile).filter((profile) => profile !== null);
  if (profiles.length === 0) return null;
  const undelayed = new LatencyProfile();
  undelayed.addAtom(0, atOnce);
  const [p50, p90, p99, p999] = LatencyProfile.quantiles([...profiles, undelayed], SHARES).map((value) => value / p);
  return { p50_us: p50!, p90_us: p90!, p99_us: p99!, p999_us: p999! };
}
