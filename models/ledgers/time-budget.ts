/**
 * Where the time of each task went, to the microsecond: useful + blocked + snapshot + restart + replay + idle is the
 * horizon, for every task, in every run. A task is always in exactly one category; a charge moves the time since its
 * last charge there.
 */
import type { World } from '../../sim/index.ts';
import type { TaskBudget } from '../outcome.ts';
import { assertAddsUp } from './adds-up.ts';

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
      this.charge(task, elapsed, this.#category[task] as number);
      this.#since[task] = now;
    }
    this.#category[task] = category;
  }

  /** Of the time since the last charge, `micros` (at most all of it) counts as `category` instead. Returns how much that is. */
  split(task: number, micros: number, category: number): number {
    const elapsed = this.#world.now - (this.#since[task] as number);
    const part = Math.min(micros, elapsed);
    this.charge(task, part, category);
    this.#since[task] = (this.#since[task] as number) + part;
    return part;
  }

  /** The only way into the books. Spans go into the digest whole: they may be longer than 32 bits of microseconds. */
  protected charge(task: number, micros: number, category: number): void {
    const cell = task * 6 + category;
    this.#spent[cell] = (this.#spent[cell] as number) + micros;
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
      // One literal: a row that is spread from another takes half as much again.
      const row = {
        task,
        useful_us: this.#at(task, USEFUL),
        blocked_us: this.#at(task, BLOCKED),
        snapshot_us: this.#at(task, SNAPSHOT),
        restart_us: this.#at(task, RESTART),
        replay_us: this.#at(task, REPLAY),
        idle_us: this.#at(task, IDLE),
      };
      const { task: _task, ...parts } = row;
      assertAddsUp(`task ${task}`, parts, this.#world.now);
      rows.push(row);
    }
    return rows;
  }

  /** What of a table of doubles is read as a double takes 16 bytes of its own; a small integer takes none. */
  #at(task: number, category: number): number {
    const micros = this.#spent[task * 6 + category] as number;
    return (micros | 0) === micros ? micros | 0 : micros;
  }
}
