/**
 * Actions due at the same microsecond, with those of the lower actor always first. The same plan still gives the same
 * bytes (X1); but three tasks that ask for one slot at the same moments are served by their number. It shows when the
 * answer under the kernel's own order is held against one under shuffled ties, as `--ties shuffled` does.
 */
import { type Model, type TieRank, World, hash32, mix32, randomStreams, runTimed } from '../../sim/index.ts';
import { KILLED } from './mutant.ts';
import type { TimedMutant } from './timed-mutant.ts';

const ASK = 0;
const DONE = 1;
const TASKS = 3;
/** How long the slot is held, µs. */
const HELD_MICROS = 1000;
const ROUNDS = 3000;
/** Shares of one answer and the other that differ by more hang on the order of ties. */
const TOLERANCE = 0.05;

/** Tasks that ask for the one slot, use it, and ask again; whoever finds it taken asks again when it is free. */
class OneSlot implements Model {
  readonly served: number[] = Array.from({ length: TASKS }, () => 0);
  readonly #world: World;
  #freeAt: number = 0;

  constructor(world: World) {
    this.#world = world;
    for (let task = 0; task < TASKS; task++) world.post(ASK, world.addActor(`task-${task}`), 0);
  }

  apply(kind: number, task: number): void {
    if (kind === DONE) this.#world.post(ASK, task, 0);
    else if (this.#world.now < this.#freeAt) this.#world.post(ASK, task, this.#freeAt - this.#world.now);
    else {
      this.#freeAt = this.#world.now + HELD_MICROS;
      this.served[task]!++;
      this.#world.post(DONE, task, HELD_MICROS);
    }
  }
}

/** Each task's share of the slot, and what the run can be told by. */
function shares(rank: TieRank | null): { readonly shares: readonly number[]; readonly digest: string } {
  const world = new World(['ask', 'done'], rank);
  const model = new OneSlot(world);
  runTimed(world, model, ROUNDS * HELD_MICROS);
  const all = model.served.reduce((sum, each) => sum + each, 0);
  return { shares: model.served.map((each) => each / all), digest: world.order.hex() };
}

const byActor: TieRank = (_kind, actor) => actor;

function shuffled(): TieRank {
  const salt = randomStreams('tie-bias')('ties').int(2 ** 32);
  return (kind, actor, nth) => mix32(hash32(salt, kind, actor), nth) >>> 12;
}

export const tieBias: TimedMutant = {
  name: 'tieBias',
  broken: 'of actions due at the same time, those of the lower actor come first',
  base: 'timed kernel',
  law: 'ties',
  expected: KILLED,
  run(mutated) {
    const rank = mutated ? byActor : null;
    const own = shares(rank);
    const other = shares(shuffled());
    const apart = Math.max(...own.shares.map((share, task) => Math.abs(share - other.shares[task]!)));
    return {
      violations: [...(shares(rank).digest === own.digest ? [] : ['X1']), ...(apart > TOLERANCE ? ['ties'] : [])],
      facts: {
        'share of the first task, %': Math.round(100 * own.shares[0]!),
        'with shuffled ties, %': Math.round(100 * other.shares[0]!),
      },
    };
  },
};
