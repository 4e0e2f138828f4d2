/**
 * What a free task does next: what it has to attend to, and then, given room in all outputs, its inputs in the order in which
 * they became ready, one element each; a source reads its log. Tasks that may be able to go on stand in one queue, each once,
 * and are looked at when the action at hand is done.
 */
import type { World } from '../../sim/index.ts';
import * as budget from '../ledgers/time-budget.ts';
import * as kinds from './actions.ts';
import * as channel from './channel-layout.ts';
import type { Channels } from './channels.ts';
import type { FlowJob } from './job.ts';
import * as table from './task-table.ts';
import * as status from './task-status.ts';

// What is imported is read from memory at each use; a constant of this file is not.
const { BLOCKED, IDLE, REPLAY, USEFUL } = budget;
const { FREE, SERVING: IS_SERVING } = status;
const { READ: READ_ACTION, SERVED } = kinds;
const { CONTROL, SOURCE, SEQ, DUE } = channel;
const { CHANNEL_INTS, COUNT, FLAGS, HELD, IS_BLOCKED, NEXT_READY, QUEUED, TO } = channel;
const { TASK_INTS, TASK_REALS, ATTENTION, CATEGORY, FIRST_READY, FULL_OUTPUTS, HELD_INPUTS, IS_SOURCE } = table;
const { LAST_READY, MARKED, NEXT_TIME, READ, READING, ROLE, SERVICE, SERVING, SERVING_FROM, SOURCE_INDEX, STATUS } =
  table;

export class Turns {
  private readonly job: FlowJob;
  private readonly world: World;
  /** Records of tasks and of channels. */
  private readonly ints: Int32Array;
  private readonly reals: Float64Array;
  private readonly ofChannels: Int32Array;
  private readonly channels: Channels;
  /** By source: the position of the newest restart, below which everything is read again. */
  private readonly frontier: Int32Array;
  private readonly rereads: number;
  /** Tasks that may be able to go on: a ring with room for all. */
  private readonly runnable: Int32Array;
  private runnableFirst: number = 0;
  /** How many there are. */
  runnableCount: number = 0;

  constructor(job: FlowJob) {
    this.job = job;
    this.world = job.world;
    this.ints = job.tasks.ints;
    this.reals = job.tasks.reals;
    this.channels = job.channels;
    this.ofChannels = job.channels.ints;
    this.frontier = job.frontier;
    this.rereads = job.meter.rereads === 'replay' ? REPLAY : USEFUL;
    this.runnable = new Int32Array(job.plan.tasks.length);
  }

  /** Looks, once the action at hand is done, whether the task can go on. */
  wake(task: number): void {
    const at = task * TASK_INTS;
    if (this.ints[at + MARKED] !== 0 || this.ints[at + STATUS] !== FREE) return;
    this.ints[at + MARKED] = 1;
    let last = this.runnableFirst + this.runnableCount;
    if (last >= this.runnable.length) last -= this.runnable.length;
    this.runnable[last] = task;
    this.runnableCount++;
  }

  /** Lets all tasks that were woken go on, and those that they wake. */
  drain(): void {
    while (this.runnableCount > 0) {
      const task = this.runnable[this.runnableFirst]!;
      if (++this.runnableFirst === this.runnable.length) this.runnableFirst = 0;
      this.runnableCount--;
      this.ints[task * TASK_INTS + MARKED] = 0;
      this.advance(task);
    }
  }

  /** The source's next record is there. */
  recordIsThere(task: number): void {
    this.ints[task * TASK_INTS + READING] = 0;
    this.advance(task);
  }

  private advance(task: number): void {
    const { ints } = this;
    const at = task * TASK_INTS;
    while (ints[at + STATUS] === FREE) {
      if (ints[at + ATTENTION]! > 0) {
        this.job.attention.attend(task);
      } else if (ints[at + ROLE] === IS_SOURCE) {
        if (!this.readNext(task)) return;
      } else if (ints[at + FULL_OUTPUTS]! > 0) {
        this.pause(task, ints[at + FIRST_READY]! >= 0);
        return;
      } else if (ints[at + FIRST_READY]! < 0) {
        this.pause(task, false);
        return;
      } else {
        this.takeInput(task);
      }
    }
  }

  /** Nothing to be done now: for lack of room, because the inputs with something in them are blocked, or for lack of work. */
  private pause(task: number, isHeldUp: boolean): void {
    this.spend(task, isHeldUp || this.ints[task * TASK_INTS + HELD_INPUTS]! > 0 ? BLOCKED : IDLE);
  }

  /** From now on the task's time counts as `category`. */
  spend(task: number, category: number): void {
    if (this.ints[task * TASK_INTS + CATEGORY] !== category) this.enter(task, category);
  }

  /** The same, and a new span begins in the books even if the category stays. */
  enter(task: number, category: number): void {
    this.ints[task * TASK_INTS + CATEGORY] = category;
    this.job.budget.enter(task, category);
  }

  /** A source reads its next record, if it is there and there is room for it. False: it has to wait. */
  private readNext(task: number): boolean {
    const { now } = this.world;
    const at = task * TASK_INTS;
    const time = this.reals[task * TASK_REALS + NEXT_TIME]!;
    if (time > now) {
      this.awaitRecord(task, time);
      return false;
    }
    if (this.ints[at + FULL_OUTPUTS]! > 0) {
      this.spend(task, BLOCKED);
      return false;
    }
    const service = this.ints[at + SERVICE]!;
    const { batches } = this.job;
    if (batches !== null) batches.begin(task, now, this.job.arrivals.spanMicros);
    if (service === 0) this.job.records.emit(task);
    else this.serve(task, this.ints[at + READ]! < this.frontier[this.ints[at + SOURCE_INDEX]!]!, service);
    return true;
  }

  private awaitRecord(task: number, time: number): void {
    const { recovery } = this.job;
    if (recovery.isBehind) recovery.caughtUp(task);
    this.spend(task, IDLE);
    if (time === Infinity || this.ints[task * TASK_INTS + READING] !== 0) return;
    this.ints[task * TASK_INTS + READING] = 1;
    this.world.post(READ_ACTION, task, time - this.world.now);
  }

  /** Takes one element from the input that has been ready longest, of those that are. */
  private takeInput(task: number): void {
    const { ints, ofChannels, channels } = this;
    const at = task * TASK_INTS;
    const input = ints[at + FIRST_READY]!;
    const of = input * CHANNEL_INTS;
    const next = ofChannels[of + NEXT_READY]!;
    ints[at + FIRST_READY] = next;
    if (next < 0) ints[at + LAST_READY] = -1;
    const flags = ofChannels[of + FLAGS]! & ~QUEUED;
    ofChannels[of + FLAGS] = flags;
    if (ofChannels[of + COUNT] === 0) return;
    const slot = channels.slot(input, 0);
    if (channels.times[(slot >> 1) + DUE]! > this.world.now) return;
    if ((flags & IS_BLOCKED) !== 0) {
      this.hold(task, input);
      return;
    }
    const source = channels.words[slot + SOURCE]!;
    if (source === CONTROL) {
      this.job.controls.deliver(input, 0);
      return;
    }
    const service = ints[at + SERVICE]!;
    const { batches } = this.job;
    if (batches !== null) batches.begin(task, this.world.now, channels.spanOf(slot));
    if (service === 0) {
      this.job.records.deliver(input, slot);
    } else {
      ints[at + SERVING] = input;
      this.serve(task, channels.words[slot + SEQ]! < this.frontier[source]!, service);
    }
  }

  private serve(task: number, isReread: boolean, service: number): void {
    const category = isReread ? this.rereads : USEFUL;
    const { now } = this.world;
    const { batches } = this.job;
    let micros = service;
    let from = now;
    if (batches !== null) {
      micros = batches.doneAt(task, now, service) - now;
      // Most records of a batch were done before the last one came.
      const done = Math.max(0, batches.records * service - micros);
      if (done > 0) from -= this.job.budget.split(task, done, category);
    }
    this.spend(task, category);
    this.ints[task * TASK_INTS + STATUS] = IS_SERVING;
    this.reals[task * TASK_REALS + SERVING_FROM] = from;
    this.world.post(SERVED, task, micros);
  }

  /** The task has finished the record it was serving. */
  served(task: number): void {
    const at = task * TASK_INTS;
    this.ints[at + STATUS] = FREE;
    if (this.ints[at + ROLE] === IS_SOURCE) {
      this.job.records.emit(task);
    } else {
      const input = this.ints[at + SERVING]!;
      this.ints[at + SERVING] = -1;
      this.job.records.deliver(input, this.channels.slot(input, 0));
    }
    this.wake(task);
  }

  /** The task waits for this channel's record and nothing else, and processing it takes no time. */
  takesAtOnce(task: number, input: number): boolean {
    const { ints } = this;
    const at = task * TASK_INTS;
    return (
      ints[at + STATUS] === FREE &&
      ints[at + SERVICE] === 0 &&
      ints[at + FIRST_READY]! < 0 &&
      ints[at + ATTENTION] === 0 &&
      ints[at + FULL_OUTPUTS] === 0 &&
      (this.ofChannels[input * CHANNEL_INTS + FLAGS]! & IS_BLOCKED) === 0
    );
  }

  /** The head of the channel has crossed it: the receiver takes it when its turn comes. */
  headArrived(input: number): void {
    const { ints, ofChannels } = this;
    const of = input * CHANNEL_INTS;
    const flags = ofChannels[of + FLAGS]!;
    if ((flags & QUEUED) !== 0) return;
    const task = ofChannels[of + TO]!;
    const at = task * TASK_INTS;
    if ((flags & IS_BLOCKED) !== 0) {
      this.hold(task, input);
    } else {
      ofChannels[of + FLAGS] = flags | QUEUED;
      ofChannels[of + NEXT_READY] = -1;
      const last = ints[at + LAST_READY]!;
      if (last < 0) ints[at + FIRST_READY] = input;
      else ofChannels[last * CHANNEL_INTS + NEXT_READY] = input;
      ints[at + LAST_READY] = input;
    }
    this.wake(task);
  }

  private hold(task: number, input: number): void {
    const of = input * CHANNEL_INTS + FLAGS;
    if ((this.ofChannels[of]! & HELD) !== 0) return;
    this.ofChannels[of]! |= HELD;
    this.ints[task * TASK_INTS + HELD_INPUTS]!++;
  }

  /** The receiver takes nothing from the channel, or takes it again. */
  block(input: number, isBlocked: boolean): void {
    const of = input * CHANNEL_INTS;
    const flags = this.ofChannels[of + FLAGS]!;
    if (isBlocked) {
      this.ofChannels[of + FLAGS] = flags | IS_BLOCKED;
      return;
    }
    this.ofChannels[of + FLAGS] = flags & ~(IS_BLOCKED | HELD);
    if ((flags & HELD) === 0) return;
    const task = this.ofChannels[of + TO]!;
    this.ints[task * TASK_INTS + HELD_INPUTS]!--;
    this.job.batches?.free(task, this.world.now);
    this.headArrived(input);
  }
}
