/**
 * What a batch of records does to the clocks of a job. Its records arrive one after the other, and a task takes each as soon
 * as it can; yet only the last one is an event. So when that one is there, the task has long begun with the first, if it was
 * free: the clock says since when, and by when the last is done. `lead` is how long before the last record the first one
 * passed the same point; in between, records follow each other evenly.
 */
export class BatchClock {
  readonly records: number;
  /** By task: since when it could have taken a record. */
  readonly #freeSince: Float64Array;
  /** By task: for how long it has stood still since its last batch; what it had done of the next one before stays done. */
  readonly #paused: Float64Array;
  /** By task: when it began with the first record of the batch in hand. */
  readonly #begun: Float64Array;

  constructor(records: number, tasks: number) {
    this.records = records;
    this.#freeSince = new Float64Array(tasks);
    this.#paused = new Float64Array(tasks);
    this.#begun = new Float64Array(tasks);
  }

  /** The task can take records from now on, and could not before. */
  free(task: number, now: number): void {
    this.#freeSince[task] = now;
    this.#paused[task] = 0;
  }

  /** The task has stood still for so long, with or without a part of a batch in hand. */
  pause(task: number, micros: number): void {
    this.#paused[task] = this.#paused[task]! + micros;
  }

  /** The last record of a batch is there now, the first was `lead` earlier: the task begins with it, or has begun before. */
  begin(task: number, now: number, lead: number): void {
    this.#begun[task] = Math.min(now, Math.max(now - lead, this.#freeSince[task]!) + this.#paused[task]!);
  }

  /** When the last record of the batch in hand is done that is there now, if each takes `service` µs. */
  doneAt(task: number, now: number, service: number): number {
    return Math.max(now + service, this.#begun[task]! + this.records * service);
  }

  /** The batch is done, and each record took `service` µs: returns how long before the last one the first was done. */
  end(task: number, now: number, service: number): number {
    this.#freeSince[task] = now;
    this.#paused[task] = 0;
    return now - service - this.#begun[task]!;
  }
}
