/**
 * What goes before records at a task that becomes free: the synchronous parts of snapshots it owes, then its mail (messages,
 * timers), then elements that overtake.
 */
import { SNAPSHOT } from '../ledgers/time-budget.ts';
import * as kinds from './actions.ts';
import type { JobMessage } from './coordinator-side.ts';
import type { FlowJob } from './job.ts';
import { ATTENTION, SERVING_FROM, TASK_INTS, TASK_REALS } from './task-table.ts';
import { TaskQueues } from './task-queues.ts';
import { FREE, SYNCING } from './task-status.ts';

/** Something a busy task does as soon as it is free. */
type Mail = { readonly message: JobMessage } | { readonly timer: string };

/** The synchronous part of a snapshot, to be done as soon as the handler that took it is over. */
interface OwedSync {
  readonly checkpoint: number;
  readonly micros: number;
}

export class Attention {
  readonly #job: FlowJob;
  readonly #mail: TaskQueues<Mail>;
  /** Channels with an element that overtakes. */
  readonly #urgent: TaskQueues<number>;
  readonly #owedSync: TaskQueues<OwedSync>;

  constructor(job: FlowJob) {
    const tasks = job.plan.tasks.length;
    this.#job = job;
    this.#mail = new TaskQueues(tasks);
    this.#urgent = new TaskQueues(tasks);
    this.#owedSync = new TaskQueues(tasks);
  }

  message(task: number, message: JobMessage): void {
    this.#queue(this.#mail, task, { message });
  }

  timer(task: number, timer: string): void {
    this.#queue(this.#mail, task, { timer });
  }

  /** An element of the channel that overtakes has arrived. */
  urgent(task: number, channel: number): void {
    this.#queue(this.#urgent, task, channel);
  }

  /** The task has taken a snapshot, whose synchronous part takes so long. */
  owe(task: number, checkpoint: number, micros: number): void {
    if (micros > 0) this.#queue(this.#owedSync, task, { checkpoint, micros });
  }

  /** When the synchronous parts that the task owes will be over, if it begins with them now. */
  syncedAt(task: number): number {
    return this.#owedSync.of(task).reduce((sum, { micros }) => sum + micros, this.#job.world.now);
  }

  /** The task's memory is gone. */
  clear(task: number): void {
    this.#mail.clear(task);
    this.#urgent.clear(task);
    this.#owedSync.clear(task);
  }

  #queue<T>(queues: TaskQueues<T>, task: number, each: T): void {
    queues.push(task, each);
    this.#job.tasks.ints[task * TASK_INTS + ATTENTION]!++;
    this.#job.turns.wake(task);
  }

  /** The free task does the first of what is there; there is something. */
  attend(task: number): void {
    this.#job.tasks.ints[task * TASK_INTS + ATTENTION]!--;
    const owed = this.#owedSync.shift(task);
    if (owed !== undefined) {
      this.#sync(task, owed);
      return;
    }
    const mail = this.#mail.shift(task);
    if (mail === undefined) this.#job.controls.deliverUrgent(this.#urgent.shift(task) as number);
    else if ('message' in mail) this.#openMessage(task, mail.message);
    else this.#ring(task, mail.timer);
  }

  #sync(task: number, { checkpoint, micros }: OwedSync): void {
    const { tasks, turns, world } = this.#job;
    turns.spend(task, SNAPSHOT);
    tasks.setStatus(task, SYNCING);
    tasks.reals[task * TASK_REALS + SERVING_FROM] = world.now;
    world.post(kinds.SYNCED, task, micros, checkpoint);
  }

  /** The synchronous part is over. */
  synced(task: number, checkpoint: number): void {
    const job = this.#job;
    const { now } = job.world;
    job.tasks.setStatus(task, FREE);
    const from = job.tasks.reals[task * TASK_REALS + SERVING_FROM]!;
    job.batches?.pause(task, now - from);
    job.checkpoints.synced(task, checkpoint, now - from);
    job.onTrace?.({ at: now, id: null, kind: 'synced', task, checkpoint, from });
    job.turns.wake(task);
  }

  #openMessage(task: number, message: JobMessage): void {
    const job = this.#job;
    const { name, checkpoint } = message;
    const place = job.places[task]!;
    job.port.enter(place, -1, 0);
    const { now } = job.world;
    job.onTrace?.({ at: now, id: job.ids.message('tell', message), kind: 'message', task, name, checkpoint });
    job.protocol.task.message(job.states[task], place, name, checkpoint, job.port);
  }

  /** A timer that is due goes off, unless it was cancelled meanwhile. */
  #ring(task: number, name: string): void {
    const job = this.#job;
    const place = job.places[task]!;
    job.port.enter(place, -1, 0);
    if (!job.background.takeTimer(task, name)) return;
    job.onTrace?.({ at: job.world.now, id: job.ids.timer(task, name), kind: 'timer', task, name });
    job.protocol.task.timer?.(job.states[task], place, name, job.port);
  }
}
