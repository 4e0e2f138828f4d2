/**
 * The batch layer of a Lambda architecture: every interval it recomputes the view from the input log, up to the offsets
 * it found when it began, and replaces what the speed layer had served up to there. Errors of the speed layer (counts
 * doubled by replay) live until the next batch has finished.
 */
import { BATCH_LAYER } from './actions.ts';
import { compareStates } from './ledgers/reference-state.ts';
import type { BatchLayerCounts } from './outcome.ts';
import type { BatchLayerPlan } from './plan.ts';
import type { Job } from './samza/job.ts';

const BEGIN = 0;
const END = 1;

export class BatchLayer {
  readonly actor: number;
  readonly #job: Job;
  readonly #plan: BatchLayerPlan;
  /** Error of the speed view per task: at the last correction, and when the running batch began. */
  readonly #corrected: Float64Array;
  readonly #atBegin: Float64Array;
  #batches: number = 0;
  #max: number = 0;
  #correctedTotal: number = 0;

  constructor(job: Job, plan: BatchLayerPlan) {
    this.#job = job;
    this.#plan = plan;
    this.actor = job.world.addActor('batch-layer');
    this.#corrected = new Float64Array(job.tasks.length);
    this.#atBegin = new Float64Array(job.tasks.length);
    job.world.post(BATCH_LAYER, this.actor, plan.intervalMicros, BEGIN);
  }

  onAction(what: number): void {
    const { world } = this.#job;
    for (let task = 0; task < this.#corrected.length; task++) {
      const error = this.#errorOf(task) ?? (what === BEGIN ? (this.#corrected[task] as number) : null);
      if (error !== null) this.#see(error - (this.#corrected[task] as number));
      if (what === BEGIN) this.#atBegin[task] = error ?? (this.#corrected[task] as number);
      else {
        this.#correctedTotal += Math.abs((this.#atBegin[task] as number) - (this.#corrected[task] as number));
        this.#corrected[task] = this.#atBegin[task] as number;
      }
    }
    if (what === END) {
      this.#batches++;
      return;
    }
    world.post(BATCH_LAYER, this.actor, this.#plan.durationMicros, END);
    world.post(BATCH_LAYER, this.actor, this.#plan.intervalMicros, BEGIN);
  }

  /** Updates the speed layer's view has too many (or too few) by now, against the exact fold; null while the task is down. */
  #errorOf(task: number): number | null {
    const container = this.#job.cluster.official(task % this.#job.plan.job.containers);
    if (container === null || container.phase !== 'running') return null;
    const t = container.instance(task);
    const store = t.stores[0];
    if (store === undefined) return null;
    const difference = compareStates(store.view, this.#job.references[task]!.at(t.last));
    return difference.over - difference.under;
  }

  #see(error: number): void {
    if (Math.abs(error) > this.#max) this.#max = Math.abs(error);
  }

  close(): BatchLayerCounts {
    let end = 0;
    for (let task = 0; task < this.#corrected.length; task++) {
      const error = this.#errorOf(task);
      if (error !== null) end += Math.abs(error - (this.#corrected[task] as number));
    }
    return {
      batches: this.#batches,
      served_error_max: this.#max,
      corrected_total: this.#correctedTotal,
      served_error_end: end,
    };
  }
}
