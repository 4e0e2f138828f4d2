/** The effects of a protocol's handlers, carried out in a timed job. One port serves all tasks, one call at a time. */
import type { Control, CoordinatorEffects, TaskEffects, TaskPlace } from '../dataflow/protocol.ts';
import { CONTROL, HOPS, N, SEQ, SOURCE, TAG } from './channel-layout.ts';
import type { FlowJob } from './job.ts';
import { CAPTURED_WIDTH } from './parts.ts';
import { commitUpTo, preCommit } from './transactions.ts';

export class TaskPort implements TaskEffects {
  readonly #job: FlowJob;
  #place: TaskPlace;
  /** The element under delivery: its channel (-1: none) and place from the head. */
  #channel: number = -1;
  #at: number = 0;

  constructor(job: FlowJob) {
    this.#job = job;
    this.#place = job.places[0]!;
  }

  /** The next handler is this task's. */
  enter(place: TaskPlace, channel: number, at: number): void {
    this.#place = place;
    this.#channel = channel;
    this.#at = at;
  }

  send(output: number, control: Control): void {
    this.#job.controls.send(output, this.#job.channels.intern(control, 1));
  }

  broadcast(control: Control): void {
    const { outputs } = this.#place;
    if (outputs.length === 0) return;
    const index = this.#job.channels.intern(control, outputs.length);
    for (const output of outputs) this.#job.controls.send(output, index);
  }

  block(input: number, blocked: boolean): void {
    this.#job.turns.block(input, blocked);
  }

  prioritise(checkpoint: number, input: number): void {
    this.#job.controls.prioritise(input, checkpoint);
  }

  setTimer(name: string): void {
    this.#job.background.setTimer(this.#place.task, name);
  }

  cancelTimer(name: string): void {
    this.#job.background.cancelTimer(this.#place.task, name);
  }

  snapshot(checkpoint: number): void {
    const job = this.#job;
    const { task, attempt, inputs, outputs } = this.#place;
    const part = {
      checkpoint,
      attempt,
      task,
      snapshot: {
        read: job.tasks.read(task),
        folded: job.tasks.folded(task),
        sent: outputs.map((output) => job.channels.sent(output)),
        received: inputs.map((input) => job.channels.received(input)),
        transaction: job.transaction[task]!,
        pending: [...job.pendingCommits[task]!],
      },
      channels: inputs.map(() => []),
      stateBytes: job.stateBytes(task),
    };
    job.parts[task] = [...job.parts[task]!.filter((each) => each.checkpoint !== checkpoint), part];
    job.owe(task, checkpoint);
  }

  captureRecord(checkpoint: number, input: number): void {
    if (this.#channel === input) this.#capture(checkpoint, input, this.#at, this.#at + 1);
  }

  captureOvertaken(checkpoint: number, input: number): void {
    const { channels } = this.#job;
    const count = channels.count(input);
    let end = 0;
    for (; end < count; end++) {
      const slot = channels.slot(input, end);
      if (
        channels.words[slot + SOURCE] === CONTROL &&
        channels.control(channels.words[slot + SEQ]!).checkpoint === checkpoint
      )
        break;
    }
    this.#capture(checkpoint, input, 0, end);
  }

  #capture(checkpoint: number, input: number, from: number, to: number): void {
    const part = this.#job.parts[this.#place.task]!.find((each) => each.checkpoint === checkpoint);
    const captured = part?.channels[this.#place.inputs.indexOf(input)];
    if (captured === undefined) return;
    const { channels } = this.#job;
    for (let at = from; at < to; at++) {
      const slot = channels.slot(input, at);
      const source = channels.words[slot + SOURCE]!;
      if (source === CONTROL) continue;
      captured.push(
        source,
        channels.words[slot + SEQ]!,
        channels.words[slot + N]!,
        channels.words[slot + TAG]!,
        channels.words[slot + HOPS]!,
      );
    }
  }

  upload(checkpoint: number): void {
    const job = this.#job;
    const { task } = this.#place;
    const part = job.parts[task]!.find((each) => each.checkpoint === checkpoint);
    if (part === undefined) return;
    job.parts[task] = job.parts[task]!.filter((each) => each !== part);
    const captured = part.channels.reduce((sum, each) => sum + each.length / CAPTURED_WIDTH, 0);
    job.background.upload(part, captured * job.batchRecords * job.plan.costs.recordBytes);
  }

  discard(checkpoint: number): void {
    const { task } = this.#place;
    this.#job.parts[task] = this.#job.parts[task]!.filter((each) => each.checkpoint !== checkpoint);
  }

  sent(output: number): number {
    return this.#job.channels.sent(output);
  }

  received(input: number): number {
    return this.#job.channels.received(input);
  }

  tell(message: string, checkpoint: number, data: number = 0): void {
    const { task: from, attempt } = this.#place;
    this.#job.coordinator.send({ from, to: -1, name: message, checkpoint, attempt, data });
  }

  preCommit(checkpoint: number): void {
    if (this.#place.role === 'sink') preCommit(this.#job, this.#place.task, checkpoint);
  }

  commitUpTo(checkpoint: number): void {
    if (this.#place.role === 'sink') commitUpTo(this.#job, this.#place.task, checkpoint);
  }
}

export class CoordinatorPort implements CoordinatorEffects {
  readonly #job: FlowJob;

  constructor(job: FlowJob) {
    this.#job = job;
  }

  tell(task: number, message: string, checkpoint: number): void {
    const attempt = this.#job.store.attemptOf(task);
    this.#job.coordinator.send({ from: -1, to: task, name: message, checkpoint, attempt, data: 0 });
  }

  store(checkpoint: number): void {
    this.#job.coordinator.writeCompleted(checkpoint);
  }

  discard(checkpoint: number): void {
    this.#job.store.discard(checkpoint);
  }
}
