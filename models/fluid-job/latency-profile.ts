/**
 * The distribution of a latency that is uniform over stretches: each stretch adds mass between two values. Values are rounded
 * to 13 significant bits, so that the memory is bounded whatever the run; masses are not.
 */

const SIGNIFICANT = 2 ** 13;

export class LatencyProfile {
  /** By value: how the density changes there. */
  readonly #steps: Map<number, number> = new Map();
  /** By value: mass that has just this value. */
  readonly #atoms: Map<number, number> = new Map();

  /** Adds mass uniformly from `low` to `high`. */
  add(low: number, high: number, mass: number): void {
    const from = rounded(low);
    const to = rounded(high);
    if (from === to) {
      increase(this.#atoms, from, mass);
      return;
    }
    const density = mass / (to - from);
    increase(this.#steps, from, density);
    increase(this.#steps, to, -density);
  }

  addAtom(value: number, mass: number): void {
    increase(this.#atoms, rounded(value), mass);
  }

  /** The values below which these ascending shares of the mass lie. */
  static quantiles(profiles: readonly LatencyProfile[], shares: readonly number[]): number[] {
    const steps = merged(profiles.map((each) => each.#steps));
    const atoms = merged(profiles.map((each) => each.#atoms));
    const values = [...new Set([...steps.keys(), ...atoms.keys()])].sort((a, b) => a - b);
    const total = massOf(values, steps, atoms);
    const found: number[] = [];
    let density = 0;
    let mass = 0;
    for (let i = 0; i < values.length && found.length < shares.length; i++) {
      const value = values[i]!;
      const atom = atoms.get(value) ?? 0;
      density += steps.get(value) ?? 0;
      const width = (values[i + 1] ?? value) - value;
      while (found.length < shares.length && shares[found.length]! * total <= mass + atom) found.push(value);
      mass += atom;
      while (found.length < shares.length && shares[found.length]! * total <= mass + density * width) {
        found.push(value + (shares[found.length]! * total - mass) / density);
      }
      mass += density * width;
    }
    while (found.length < shares.length) found.push(values.at(-1) ?? NaN); // the last digit of a sum
    return found;
  }
}

function massOf(
  values: readonly number[],
  steps: ReadonlyMap<number, number>,
  atoms: ReadonlyMap<number, number>,
): number {
  let density = 0;
  let mass = 0;
  for (const [i, value] of values.entries()) {
    density += steps.get(value) ?? 0;
    mass += (atoms.get(value) ?? 0) + density * ((values[i + 1] ?? value) - value);
  }
  return mass;
}

function merged(maps: readonly ReadonlyMap<number, number>[]): Map<number, number> {
  const all = new Map<number, number>();
  for (const map of maps) for (const [value, amount] of map) increase(all, value, amount);
  return all;
}

function increase(map: Map<number, number>, value: number, by: number): void {
  map.set(value, (map.get(value) ?? 0) + by);
}

function rounded(value: number): number {
  let step = 1;
  while (value >= SIGNIFICANT * step) step *= 2;
  return Math.round(value / step) * step;
}
