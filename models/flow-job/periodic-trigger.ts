/**
 * When checkpoints are asked for: at a fixed rate, one request waiting at most; a request is served when every task runs,
 * restored channel state has been processed where the protocol asks for that, a slot is free and the pause is over
 * (engines.md §2.2).
 */
import * as kinds from './actions.ts';
import type { CoordinatorSide } from './coordinator-side.ts';
import type { FlowJob } from './job.ts';

export class PeriodicTrigger {
  readonly #job: FlowJob;
  readonly #coordinator: CoordinatorSide;
  #isWaiting: boolean = false;
  #lastCompletion: number = -Infinity;

  constructor(job: FlowJob, coordinator: CoordinatorSide) {
    this.#job = job;
    this.#coordinator = coordinator;
  }

  /** All tasks run: the first tick is an interval from now. */
  start(): void {
    this.#isWaiting = false;
    this.#arm();
  }

  onTick(): void {
    this.#arm();
    this.#isWaiting = true;
    this.poke();
  }

  completed(): void {
    this.#lastCompletion = this.#job.world.now;
  }

  /** Something has changed that a waiting request may have waited for. */
  poke(): void {
    const { world, plan, protocol, recovery, recoveredTotal } = this.#job;
    if (!this.#isWaiting || !recovery.isUp) return;
    if (protocol.needs.recoveryFirst === true && recoveredTotal > 0) return;
    if (this.#coordinator.pending().length >= plan.checkpoints.maxConcurrent) return;
    const pause = this.#lastCompletion + plan.checkpoints.minPauseMicros - world.now;
    if (pause > 0) {
      world.post(kinds.PAUSE_OVER, this.#coordinator.actor, pause);
      return;
    }
    this.#isWaiting = false;
    this.#coordinator.begins();
  }

  #arm(): void {
    const { intervalMicros } = this.#job.plan.checkpoints;
    if (intervalMicros > 0) this.#job.world.post(kinds.TICK, this.#coordinator.actor, intervalMicros);
  }
}
