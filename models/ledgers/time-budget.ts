/**
 * Where the time of each task went, to the microsecond: useful + blocked + snapshot + restart + replay + idle is the
 * horizon, for every task, in every run. A task is always in exactly one category; a charge moves the time since its
 * last charge there.
 */
import type { World } from '../../sim/index.ts';
import type { TaskBudget } from '../outcome.ts';

export const USEFUL = 0;
export const BLOCKED = 1;
export const SNAPSHOT = 2;
export const RESTART = 3;
export const REPLAY = 4;
export const IDLE = 5;

export class TimeBudget {
  readonly #world: World;
  readonly #spent: Float64Array;
  readonly #since: Float64Array;
  readonly #category: Uint8Array;

  /** All tasks begin in `restart`: the job is not up yet. */
  constructor(world: World, tasks: number) {
    this.#world = world;
    this.#spent = new Float64Array(tasks * 6);
    this.#since = new Float64Array(tasks);
    this.#category = new Uint8Array(tasks).fill(RESTART);
  }

  /** From now on the task's time counts as `category`. */
  enter(task: number, category: number): void {
    const now = this.#world.now;
    const elapsed = now - (this.#since[task] as number);
    if (elapsed > 0) {
      const cell = task * 6 + (this.#category[task] as number);
      this.#spent[cell] = (this.#spent[cell] as number) + elapsed;
      this.#digest(cell, elapsed);
      this.#since[task] = now;
    }
    this.#category[task] = category;
  }

  /** Of the time since the last charge, `micros` (at most all of it) counts as `category` instead. */
  split(task: number, micros: number, category: number): void {
    const elapsed = this.#world.now - (this.#since[task] as number);
    const part = Math.min(micros, elapsed);
    const cell = task * 6 + category;
    this.#spent[cell] = (this.#spent[cell] as number) + part;
    this.#digest(cell, part);
    this.#since[task] = (this.#since[task] as number) + part;
  }

  /** Spans go in whole: they may be longer than 32 bits of microseconds. */
  #digest(cell: number, micros: number): void {
    this.#world.cost.add(cell);
    this.#world.cost.add(micros);
  }

  category(task: number): number {
    return this.#category[task] as number;
  }

  /** Charges everything up to now and returns the rows; throws if a row does not add up, which would be a bug of ours. */
  close(): TaskBudget[] {
    const rows: TaskBudget[] = [];
    for (let task = 0; task < this.#since.length; task++) {
      this.enter(task, this.#category[task] as number);
      const at = (category: number): number => this.#spent[task * 6 + category] as number;
      const sum = at(0) + at(1) + at(2) + at(3) + at(4) + at(5);
      if (sum !== this.#world.now) throw new Error(`time budget of task ${task}: ${sum} µs of ${this.#world.now} µs`);
      rows.push({
        task,
        useful_us: at(USEFUL),
        blocked_us: at(BLOCKED),
        snapshot_us: at(SNAPSHOT),
        restart_us: at(RESTART),
        replay_us: at(REPLAY),
        idle_us: at(IDLE),
      });
    }
    return rows;
  }
}
