/**
 * What checkpointing cost: how many commits began, ended, were skipped, blocked or cut off, and the time each named
 * step took.
 */
import type { CheckpointCounts, PhaseTime } from '../outcome.ts';
import { COMMIT_STEPS } from '../protocols/samza.ts';

export class CommitLedger {
  started: number = 0;
  completed: number = 0;
  skipped: number = 0;
  blocked: number = 0;
  failed: number = 0;
  timedOut: number = 0;
  cutOff: number = 0;
  syncTotal: number = 0;
  syncMax: number = 0;
  asyncTotal: number = 0;
  asyncMax: number = 0;
  readonly #count: Float64Array = new Float64Array(COMMIT_STEPS.length);
  readonly #total: Float64Array = new Float64Array(COMMIT_STEPS.length);
  readonly #max: Float64Array = new Float64Array(COMMIT_STEPS.length);

  step(step: number, micros: number): void {
    this.#count[step] = (this.#count[step] as number) + 1;
    this.#total[step] = (this.#total[step] as number) + micros;
    if (micros > (this.#max[step] as number)) this.#max[step] = micros;
  }

  syncEnded(micros: number): void {
    this.syncTotal += micros;
    if (micros > this.syncMax) this.syncMax = micros;
  }

  asyncEnded(micros: number): void {
    this.asyncTotal += micros;
    if (micros > this.asyncMax) this.asyncMax = micros;
  }

  counts(): CheckpointCounts {
    return {
      started: this.started,
      completed: this.completed,
      skipped: this.skipped,
      blocked: this.blocked,
      failed: this.failed,
      timed_out: this.timedOut,
      cut_off: this.cutOff,
      sync_us_total: this.syncTotal,
      async_us_total: this.asyncTotal,
      sync_us_max: this.syncMax,
      async_us_max: this.asyncMax,
    };
  }

  phases(): PhaseTime[] {
    return COMMIT_STEPS.map((step, i) => ({
      step: step.name,
      stage: step.stage,
      count: this.#count[i] as number,
      total_us: this.#total[i] as number,
      max_us: this.#max[i] as number,
    })).filter((phase) => phase.count > 0);
  }
}
