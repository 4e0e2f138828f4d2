/**
 * O8: containers that live on after their application master has given them up. Nothing fences them but their own
 * heartbeat, which bounds how long they may go on (samza.md §4.2).
 */
import type { Container } from './container.ts';
import type { Job } from './job.ts';

/** A heartbeat period, all its tries, and the forced exit. */
const BOUND_MICROS = (60 + 93 + 120) * 1_000_000;

export class Zombies {
  readonly #job: Job;
  /** Live containers that were given up, with the time of it. */
  readonly #since: Map<Container, number> = new Map();

  constructor(job: Job) {
    this.#job = job;
  }

  add(container: Container): void {
    this.#since.set(container, this.#job.world.now);
    this.#job.zombieSeen = true;
  }

  /** The container's process has ended; nothing happens if it was no zombie. */
  ended(container: Container): void {
    const since = this.#since.get(container);
    if (since === undefined) return;
    this.#since.delete(container);
    this.#check(container, since);
  }

  #check(zombie: Container, since: number): void {
    const { world, laws } = this.#job;
    const lived = world.now - since;
    laws.check(
      'O8',
      world.now,
      lived <= BOUND_MICROS
        ? null
        : { container: zombie.processor, host: zombie.host.index, lived_s: Math.round(lived / 1e6), bound_s: 273 },
    );
  }

  /** At the horizon: zombies still alive past the bound. */
  close(): void {
    for (const [zombie, since] of this.#since) {
      if (this.#job.world.now - since > BOUND_MICROS) this.#check(zombie, since);
    }
  }
}
