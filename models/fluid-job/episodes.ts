/**
 * Failures of a job that was up, each from its moment to the end of its backlog: an episode. Failures during the outage prolong
 * it; one while catching up ends it and begins the next.
 */
import type { FluidRecovery, RecoveryTimes } from './outcome.ts';
import { Tally } from './tally.ts';

interface Episode {
  readonly failedAt: number;
  readonly age: number;
  restarts: number;
  resumedAt: number;
}

export interface Fall {
  readonly age: number;
  readonly sinceProgress: number;
  readonly lostWork: number;
}

export class Episodes {
  /** Failures that struck during an outage. */
  inOutage: number = 0;
  /** Failures that struck while catching up. */
  inCatchUp: number = 0;
  #open: Episode | null = null;
  readonly #listMax: number;
  readonly #list: FluidRecovery[] = [];
  readonly #age: Tally = new Tally();
  readonly #sinceProgress: Tally = new Tally();
  readonly #lostWork: Tally = new Tally();
  readonly #outage: Tally = new Tally();
  readonly #catchUp: Tally = new Tally();
  readonly #total: Tally = new Tally();

  constructor(listMax: number) {
    this.#listMax = listMax;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** A job that was up has failed. */
  begin(now: number, { age, sinceProgress, lostWork }: Fall): void {
    if (this.#open !== null) {
      this.inCatchUp++;
      this.#end(null);
    }
    this.#age.add(age);
    this.#sinceProgress.add(sinceProgress);
    this.#lostWork.add(lostWork);
    this.#open = { failedAt: now, age, restarts: 0, resumedAt: now };
  }

  /** A failure struck during the outage. */
  restart(): void {
    this.inOutage++;
    this.#open!.restarts++;
  }

  resumed(now: number): void {
    this.#open!.resumedAt = now;
    this.#outage.add(now - this.#open!.failedAt);
  }

  caughtUp(at: number): void {
    const { failedAt, resumedAt } = this.#open!;
    this.#catchUp.add(at - resumedAt);
    this.#total.add(at - failedAt);
    this.#end(at);
  }

  /** The times of all; call it once, at the end of the run. */
  times(readBytes: Tally): RecoveryTimes {
    if (this.#open !== null) this.#end(null);
    return {
      age_us: this.#age.distribution(),
      sinceProgress_us: this.#sinceProgress.distribution(),
      lostWork_us: this.#lostWork.distribution(),
      outage_us: this.#outage.distribution(),
      catchUp_us: this.#catchUp.distribution(),
      total_us: this.#total.distribution(),
      readBytes: readBytes.distribution(),
      list: this.#list,
    };
  }

  #end(caughtUpAt_us: number | null): void {
    const { failedAt, age, restarts, resumedAt } = this.#open!;
    this.#open = null;
    if (this.#list.length >= this.#listMax) return;
    this.#list.push({ failedAt_us: failedAt, age_us: age, restarts, resumedAt_us: resumedAt, caughtUpAt_us });
  }
}
