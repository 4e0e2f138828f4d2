/**
 * The coordinator of a timed job: messages to and from it, the checkpoints it has under way, their time-outs and the
 * writing of what completed. What it decides is the protocol's; what becomes of each checkpoint is read off the list of
 * those it has pending.
 */
import type { RandomStream } from '../../sim/index.ts';
import type { CoordinatorPlace, RegionFailover } from '../dataflow/protocol.ts';
import {
  type CheckpointFailureReason,
  type FailureManager,
  newFailureManager,
  reportFailure,
  reportSuccess,
} from '../protocols/flink-failure-manager.ts';
import * as kinds from './actions.ts';
import { CheckpointTrigger } from './checkpoint-trigger.ts';
import type { FlowJob } from './job.ts';
import { type KeyedDraws, keyOf } from './keyed-draws.ts';
import type { AbortReason, StorageSample } from './outcome.ts';
import { CoordinatorPort } from './port.ts';
import { forgetLogs } from './restoration.ts';

/** Between a task and the coordinator, which is -1. */
export interface JobMessage {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly checkpoint: number;
  readonly attempt: number;
  readonly data: number;
}

const FAILURE_REASONS: Readonly<Record<AbortReason, CheckpointFailureReason>> = {
  declined: 'CHECKPOINT_DECLINED',
  expired: 'CHECKPOINT_EXPIRED',
  subsumed: 'CHECKPOINT_SUBSUMED',
  failover: 'JOB_FAILOVER_REGION',
  refused: 'TRIGGER_CHECKPOINT_FAILURE',
};

export class CoordinatorSide {
  readonly trigger: CheckpointTrigger;
  readonly samples: StorageSample[] = [];
  /** Its volatile actions die with it; messages to it wait for its successor. */
  readonly actor: number;
  readonly #networkActor: number;
  readonly #job: FlowJob;
  readonly #losses: KeyedDraws;
  readonly #port: CoordinatorPort;
  readonly #failures: FailureManager = newFailureManager();
  #state: unknown = null;
  /** From its crash until the failure is noticed. */
  #isDown = false;
  /** What came meanwhile waits for its successor. */
  #held: JobMessage[] = [];
  /** By task: when the last message to it, and from it, arrives. Messages of one pair keep their order. */
  readonly #toTask: Float64Array;
  readonly #fromTask: Float64Array;

  constructor(
    job: FlowJob,
    actors: { readonly coordinatorActor: number; readonly networkActor: number },
    streams: { readonly losses: KeyedDraws; readonly firstDelays: RandomStream },
  ) {
    this.#job = job;
    this.actor = actors.coordinatorActor;
    this.#networkActor = actors.networkActor;
    this.#losses = streams.losses;
    this.#port = new CoordinatorPort(job);
    this.trigger = new CheckpointTrigger(job, this, streams.firstDelays);
    this.#toTask = new Float64Array(job.plan.tasks.length);
    this.#fromTask = new Float64Array(job.plan.tasks.length);
  }

  begin(): void {
    this.#beginAnew();
    this.trigger.start();
  }

  #beginAnew(): void {
    this.#state = this.#job.protocol.coordinator.start(this.#place(), this.#job.store.nextId, 0);
  }

  /** The coordinator goes on with the tasks of a new attempt, from this checkpoint. */
  restart(restored: number): void {
    const { store, protocol } = this.#job;
    this.#state = protocol.coordinator.start(this.#place(), store.nextId, restored, this.#state);
    this.#isDown = false;
    const held = this.#held;
    this.#held = [];
    for (const message of held) this.#onMessage(message);
  }

  /** Some tasks have restarted; it goes on with all of them, and with what it knows. */
  failOver(failover: RegionFailover): void {
    this.#job.protocol.coordinator.failover?.(this.#state, this.#place(), failover, this.#port);
  }

  /** What the protocol keeps. */
  get state(): unknown {
    return this.#state;
  }

  pending(): readonly number[] {
    return this.#job.protocol.coordinator.pending(this.#state);
  }

  #place(): CoordinatorPlace {
    const { plan, graph, store } = this.#job;
    const completed = store.completed.map((each) => each.checkpoint);
    const { sources } = graph;
    const initiators = plan.initiators ?? [sources];
    const { attempt, attempts } = store;
    return { tasks: plan.tasks.length, sources, initiators, attempt, attempts, completed };
  }

  apply(kind: number, a: number, b: number, payload: unknown): void {
    switch (kind) {
      case kinds.TELL_COORDINATOR:
        this.#onMessage(payload as JobMessage);
        return;
      case kinds.LOST:
        this.#onLost(payload as JobMessage);
        return;
      case kinds.STORED:
        this.#onStored(a, b);
        return;
      case kinds.EXPIRE:
        this.#onExpired(a);
        return;
      case kinds.TICK:
        this.trigger.onTick(a);
        return;
      default:
        throw new Error(`no such action: kind ${kind}`);
    }
  }

  /** Puts a message on its way. */
  send(message: JobMessage): void {
    const job = this.#job;
    const { world, plan, protocol } = job;
    const task = Math.max(message.from, message.to);
    const last = message.to < 0 ? this.#fromTask : this.#toTask;
    const due = Math.max(world.now + job.rpcDelay(task, message.name, message.checkpoint), last[task]!);
    last[task] = due;
    job.messagesSent++;
    if (message.to < 0) {
      world.post(kinds.TELL_COORDINATOR, this.#networkActor, due - world.now, 0, 0, message);
      return;
    }
    const { lostNotifications } = plan.faults;
    // What is sent to a task that goes on is lost or arrives whatever restarts elsewhere.
    const mayBeLost = lostNotifications > 0 && protocol.lossy?.includes(message.name) === true;
    if (mayBeLost && this.#losses.at(task, keyOf(message.name, message.checkpoint)) < lostNotifications)
      world.post(kinds.LOST, job.regions.areOne ? this.actor : message.to, due - world.now, 0, 0, message);
    else world.post(kinds.TELL_TASK, message.to, due - world.now, 0, 0, message);
  }

  #onLost(message: JobMessage): void {
    const job = this.#job;
    const { to: task, name, checkpoint } = message;
    job.onTrace?.({ at: job.world.now, id: job.ids.message('lose', message), kind: 'lose', task, name, checkpoint });
  }

  #onMessage(message: JobMessage): void {
    if (this.#isDown) {
      this.#held.push(message);
      return;
    }
    const job = this.#job;
    const { from: task, name, checkpoint, attempt } = message;
    const id = job.ids.message('tell', message);
    job.onTrace?.({ at: job.world.now, id, kind: 'report', task, name, checkpoint, attempt });
    if (name === 'ack') job.checkpoints.acknowledged(task, checkpoint, attempt, job.world.now);
    job.protocol.coordinator.message(this.#state, this.#place(), message, this.#port);
    this.#settle('declined');
  }

  /** The trigger has decided: a checkpoint begins, if the protocol agrees. */
  begins(): void {
    const job = this.#job;
    const { world, store } = job;
    const checkpoint = store.nextId++;
    job.onTrace?.({
      at: world.now,
      id: 'trigger:coordinator',
      kind: 'trigger',
      checkpoint,
      attempt: store.attempt,
    });
    const attempts = job.plan.tasks.map((_, task) => store.attemptOf(task));
    job.checkpoints.triggered(checkpoint, attempts, world.now);
    job.protocol.coordinator.trigger(this.#state, this.#place(), checkpoint, this.#port);
    if (this.pending().includes(checkpoint) && job.protocol.coordinator.expired !== undefined)
      world.post(kinds.EXPIRE, this.actor, job.plan.checkpoints.timeoutMicros, checkpoint);
    this.#settle('refused');
  }

  #onExpired(checkpoint: number): void {
    if (!this.pending().includes(checkpoint)) return;
    const job = this.#job;
    job.onTrace?.({ at: job.world.now, id: `expire:coordinator#${checkpoint}`, kind: 'expire', checkpoint });
    job.protocol.coordinator.expired?.(this.#state, this.#place(), checkpoint, this.#port);
    this.#settle('expired');
  }

  /** Writes the completed checkpoint's metadata. */
  writeCompleted(checkpoint: number): void {
    const { world, plan, store } = this.#job;
    world.post(kinds.STORED, this.actor, plan.costs.storeMicros, checkpoint, store.attempt);
  }

  #onStored(checkpoint: number, attempt: number): void {
    const job = this.#job;
    job.onTrace?.({ at: job.world.now, id: job.ids.store(checkpoint, attempt), kind: 'store', checkpoint, attempt });
    job.world.state.addInts(kinds.STORED, checkpoint, attempt);
    job.store.completed.push({ checkpoint, attempt });
    job.checkpoints.completed(checkpoint, job.world.now);
    if (this.#isDown) {
      forgetLogs(job);
      this.#sample();
      return;
    }
    this.trigger.completed();
    reportSuccess(this.#failures, checkpoint);
    job.protocol.coordinator.stored(this.#state, this.#place(), checkpoint, this.#port);
    forgetLogs(job);
    this.#sample();
    this.#settle('subsumed');
    this.trigger.poke();
  }

  /** Checkpoints the coordinator has dropped in the last handler end for this reason. */
  #settle(reason: AbortReason): void {
    this.#endAllBut(this.pending(), reason);
  }

  #endAllBut(pending: readonly number[], reason: AbortReason): void {
    const job = this.#job;
    const ended = job.checkpoints.settle(pending, reason, job.world.now);
    if (ended.length === 0) return;
    for (const checkpoint of ended) job.onTrace?.({ at: job.world.now, id: null, kind: 'aborted', checkpoint, reason });
    this.#sample();
    this.trigger.poke();
    for (const checkpoint of ended) this.#count(checkpoint, reason);
  }

  /** Too many failures in a row fail the job (engines.md §2.4). */
  #count(checkpoint: number, reason: AbortReason): void {
    const job = this.#job;
    const tolerable = job.plan.checkpoints.tolerableFailures ?? Infinity;
    const failure = { checkpoint, snapshot: 'checkpoint', reason: FAILURE_REASONS[reason] } as const;
    const failedOn = reason === 'declined' ? 'task' : 'job-manager';
    if (reportFailure(this.#failures, tolerable, { ...failure, failedOn }) === 'fail-job') job.recovery.failJob();
  }

  /** The job fails over: everything under way ends here. */
  failover(): void {
    this.trigger.stop();
    this.#job.world.retire(this.actor);
    this.#endAllBut([], 'failover');
  }

  /** The coordinator's memory is gone; its successor begins from what is durable, and has nothing under way. */
  crash(): void {
    this.#endAllBut([], 'failover');
    this.#beginAnew();
    this.#isDown = true;
  }

  #sample(): void {
    const { world, store, history } = this.#job;
    const sample = { at_us: world.now, bytes: store.bytes };
    if (history === null) this.samples.push(sample);
    else history.stored(sample);
  }
}
