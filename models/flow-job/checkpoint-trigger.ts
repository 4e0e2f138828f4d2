/**
 * When checkpoints are asked for: Flink's request decider (`models/protocols/flink-request-decider.ts`) on the clock of the
 * job. A request that comes while not every task runs, or while restored channel state has yet to be processed, comes to
 * nothing (engines.md §2.3, precheck).
 */
import type { RandomStream } from '../../sim/index.ts';
import type { CheckpointFailureReason } from '../protocols/flink-failure-manager.ts';
import {
  type Decision,
  type RequestDecider,
  type Situation,
  type TriggerSettings,
  choose,
  newRequestDecider,
  noteCompletion,
  startScheduler,
  stopScheduler,
  tick,
} from '../protocols/flink-request-decider.ts';
import * as kinds from './actions.ts';
import type { CoordinatorSide } from './coordinator-side.ts';
import type { FlowJob } from './job.ts';

export class CheckpointTrigger {
  /** Requests that came to nothing, by reason. */
  readonly rejected: Map<CheckpointFailureReason, number> = new Map();
  readonly #job: FlowJob;
  readonly #coordinator: CoordinatorSide;
  readonly #settings: TriggerSettings;
  readonly #decider: RequestDecider = newRequestDecider();
  readonly #firstDelays: RandomStream;
  #isTriggering: boolean = false;

  constructor(job: FlowJob, coordinator: CoordinatorSide, firstDelays: RandomStream) {
    const { intervalMicros, minPauseMicros, maxConcurrent } = job.plan.checkpoints;
    this.#job = job;
    this.#coordinator = coordinator;
    this.#firstDelays = firstDelays;
    this.#settings = {
      intervalMicros,
      intervalDuringBacklogMicros: null,
      minPauseMicros,
      maxConcurrent,
      unaligned: false,
    };
  }

  /** All tasks run. */
  start(): void {
    if (this.#settings.intervalMicros === 0) return;
    this.#arm(startScheduler(this.#decider, this.#settings, this.#job.world.now, this.#firstDelays.next()));
  }

  /** The job fails over. */
  stop(): void {
    for (const { reason } of stopScheduler(this.#decider)) this.#reject(reason);
  }

  onTick(generation: number): void {
    this.#follow(tick(this.#decider, this.#settings, generation, this.#situation()));
  }

  completed(): void {
    noteCompletion(this.#decider, this.#job.world.now);
  }

  /** Something has changed that a waiting request may have waited for. */
  poke(): void {
    if (!this.#isTriggering) this.#follow(choose(this.#decider, this.#settings, this.#situation()));
  }

  #situation(): Situation {
    return {
      nowMicros: this.#job.world.now,
      triggering: this.#isTriggering,
      pending: this.#coordinator.pending().length,
      cleaning: 0,
    };
  }

  #follow({ run, rejected, arm }: Decision): void {
    for (const { reason } of rejected) this.#reject(reason);
    if (arm !== null) this.#arm(arm);
    if (run === null) return;
    if (!this.#mayBegin()) {
      this.#reject('NOT_ALL_REQUIRED_TASKS_RUNNING');
      return;
    }
    this.#isTriggering = true;
    this.#coordinator.begins();
    this.#isTriggering = false;
    this.poke();
  }

  #mayBegin(): boolean {
    const { protocol, recovery, recoveredTotal } = this.#job;
    return recovery.isUp && !(protocol.needs.recoveryFirst === true && recoveredTotal > 0);
  }

  #reject(reason: CheckpointFailureReason): void {
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
  }

  #arm({ generation, dueMicros }: { readonly generation: number; readonly dueMicros: number }): void {
    const { world } = this.#job;
    world.post(kinds.TICK, this.#coordinator.actor, Math.max(0, dueMicros - world.now), generation);
  }
}
