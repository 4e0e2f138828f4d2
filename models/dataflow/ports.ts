/**
 * The effects of a protocol's handlers, carried out. A port lives for one handler call.
 */
import { attemptOf } from './attempts.ts';
import { copyApplication } from './component-copies.ts';
import type { FlowWorld } from './flow-world.ts';
import type { Control, CoordinatorEffects, TaskEffects, TaskPlace } from './protocol.ts';
import { savepointOf } from './savepoint-records.ts';
import {
  type CapturedFile,
  type SharedFile,
  captureFiles,
  confirm,
  flush,
  forget,
  uploadedFiles,
} from './shared-files.ts';
import { commitUpTo, preCommit } from './sinks.ts';
import { addInFlight, addMessage, deleteFiles } from './ordered-sets.ts';
import {
  type Application,
  type FlowRecord,
  type FlowState,
  type InFlight,
  type Part,
  TO_COORDINATOR,
} from './state.ts';

/** The element under delivery: its channel and position in the queue. */
interface Delivery {
  readonly channel: number;
  readonly at: number;
}

export class TaskPort implements TaskEffects {
  readonly #world: FlowWorld;
  readonly #state: FlowState;
  readonly #place: TaskPlace;
  readonly #delivery: Delivery | null;

  constructor(world: FlowWorld, state: FlowState, place: TaskPlace, delivery: Delivery | null) {
    this.#world = world;
    this.#state = state;
    this.#place = place;
    this.#delivery = delivery;
  }

  send(output: number, control: Control): void {
    const { name, checkpoint } = control;
    this.#state.writeChannel(output).queue.push({
      is: 'control',
      name,
      checkpoint,
      priority: control.priority ?? false,
      data: control.data ?? 0,
    });
  }

  broadcast(control: Control): void {
    for (const output of this.#place.outputs) this.send(output, control);
  }

  block(input: number, blocked: boolean): void {
    const task = this.#state.writeTask(this.#place.task);
    const others = task.blocked.filter((channel) => channel !== input);
    task.blocked = blocked ? [...others, input].toSorted((x, y) => x - y) : others;
  }

  prioritise(checkpoint: number, input: number): void {
    const { queue } = this.#state.writeChannel(input);
    const at = queue.findLastIndex((element) => element.is === 'control' && element.checkpoint === checkpoint);
    const element = queue[at];
    if (element?.is === 'control') queue[at] = { ...element, priority: true };
  }

  setTimer(name: string): void {
    const task = this.#state.writeTask(this.#place.task);
    if (!task.timers.includes(name)) task.timers = [...task.timers, name].toSorted();
  }

  cancelTimer(name: string): void {
    const task = this.#state.writeTask(this.#place.task);
    task.timers = task.timers.filter((each) => each !== name);
  }

  snapshot(checkpoint: number): void {
    const task = this.#state.writeTask(this.#place.task);
    const application = copyApplication(task.application);
    const part: Part = {
      checkpoint,
      attempt: this.#place.attempt,
      task: this.#place.task,
      parallelism: this.#state.store.parallelism,
      application,
      channels: this.#place.inputs.map((channel) => ({ channel, records: [] })),
      ...(this.#goesToFiles(checkpoint) && { files: this.#moveToFiles(checkpoint, application) }),
    };
    task.parts = [...task.parts.filter((each) => each.checkpoint !== checkpoint), part];
    if (savepointOf(this.#state, checkpoint)?.stops === true) task.suspended = checkpoint;
  }

  /** A savepoint is self-contained: what consists of files of other checkpoints is none. */
  #goesToFiles(checkpoint: number): boolean {
    return this.#world.sharesFiles(this.#place.task) && savepointOf(this.#state, checkpoint) === undefined;
  }

  /** What has been processed goes into files; the application state of the part is left with the rest. */
  #moveToFiles(checkpoint: number, application: Application): readonly CapturedFile[] {
    const { task, attempt } = this.#place;
    const { backend } = this.#state.writeTask(task);
    flush(backend, application.seen);
    application.seen.fill(0);
    const { fileKeys, refersTo } = this.#world.engine;
    const base = refersTo === 'confirmed' ? backend.base : (backend.uploads.at(-1)?.checkpoint ?? 0);
    const local = (name: number): string => `${this.#world.name(task)}/${name}`;
    const path = (name: number): string => `${local(name)}@c${checkpoint}/a${attempt}`;
    return captureFiles(backend, base, { task, path, key: fileKeys === 'path' ? path : local });
  }

  captureRecord(checkpoint: number, input: number): void {
    if (this.#delivery === null || this.#delivery.channel !== input) return;
    const element = this.#state.channel(input).queue[this.#delivery.at];
    if (element?.is === 'record') this.#capture(checkpoint, input, [element]);
  }

  captureOvertaken(checkpoint: number, input: number): void {
    const { queue } = this.#state.channel(input);
    const end = queue.findIndex((element) => element.is === 'control' && element.checkpoint === checkpoint);
    const ahead = queue.slice(0, end < 0 ? queue.length : end);
    this.#capture(
      checkpoint,
      input,
      ahead.filter((element) => element.is === 'record'),
    );
  }

  /** Parts never change: the one with more records in its channel state takes the other's place. */
  #capture(checkpoint: number, input: number, captured: readonly FlowRecord[]): void {
    const task = this.#state.writeTask(this.#place.task);
    task.parts = task.parts.map((part) => {
      if (part.checkpoint !== checkpoint) return part;
      const channels = part.channels.map(({ channel, records }) => ({
        channel,
        records: channel === input ? [...records, ...captured] : records,
      }));
      return { ...part, channels };
    });
  }

  upload(checkpoint: number): void {
    const task = this.#state.writeTask(this.#place.task);
    const part = task.parts.find((each) => each.checkpoint === checkpoint);
    if (part === undefined) return;
    task.parts = task.parts.filter((each) => each !== part);
    const { task: number, attempt } = this.#place;
    const captured = this.#world.engine.capture(part, this.#world.topology);
    const effect: InFlight = { kind: 'upload', task: number, checkpoint, attempt, part: captured };
    addInFlight(this.#state.writeNetwork(), effect);
  }

  discard(checkpoint: number): void {
    const task = this.#state.writeTask(this.#place.task);
    task.parts = task.parts.filter((each) => each.checkpoint !== checkpoint);
    if (task.suspended === checkpoint) task.suspended = 0;
    if (!this.#world.sharesFiles(this.#place.task)) return;
    if (this.#world.engine.abortedUploads === 'deleted')
      deleteFiles(this.#state.writeStore(), uploadedFiles(task.backend, checkpoint));
    forget(task.backend, checkpoint);
  }

  sent(output: number): number {
    return this.#state.task(this.#place.task).application.sent[this.#place.outputs.indexOf(output)] ?? 0;
  }

  received(input: number): number {
    return this.#state.task(this.#place.task).application.received[this.#place.inputs.indexOf(input)] ?? 0;
  }

  tell(message: string, checkpoint: number, data: number = 0): void {
    const { task: from, attempt } = this.#place;
    const network = this.#state.writeNetwork();
    const files = message === 'ack' ? uploadedFiles(this.#state.task(from).backend, checkpoint) : [];
    const carried = files.length > 0 ? { files } : {};
    addMessage(network, { from, to: TO_COORDINATOR, name: message, checkpoint, attempt, data, ...carried });
  }

  preCommit(checkpoint: number): void {
    if (this.#place.role === 'sink') preCommit(this.#world, this.#state, this.#place.task, checkpoint);
  }

  commitUpTo(checkpoint: number): void {
    const { task, role } = this.#place;
    if (role === 'sink') commitUpTo(this.#world, this.#state, task, checkpoint);
    if (this.#world.sharesFiles(task)) confirm(this.#state.writeTask(task).backend, checkpoint);
  }
}

export class CoordinatorPort implements CoordinatorEffects {
  readonly #state: FlowState;

  constructor(state: FlowState) {
    this.#state = state;
  }

  tell(task: number, message: string, checkpoint: number): void {
    const attempt = attemptOf(this.#state, task);
    const network = this.#state.writeNetwork();
    addMessage(network, { from: TO_COORDINATOR, to: task, name: message, checkpoint, attempt, data: 0 });
  }

  store(checkpoint: number, files: readonly SharedFile[] = []): void {
    const { attempt } = this.#state.store;
    const shared = files.length > 0 ? { files } : {};
    addInFlight(this.#state.writeNetwork(), { kind: 'store', task: TO_COORDINATOR, checkpoint, attempt, ...shared });
  }

  discard(checkpoint: number): void {
    const store = this.#state.writeStore();
    // Whoever does not know of a pointer cannot delete it with the files.
    if (!store.unknown.includes(checkpoint))
      store.completed = store.completed.filter((each) => each.checkpoint !== checkpoint);
    // The files of a savepoint are the user's, also where a job was started from them (claim mode NO_CLAIM).
    if ((savepointOf(this.#state, checkpoint)?.status ?? 'requested') !== 'requested') return;
    store.parts = store.parts.filter((part) => part.checkpoint !== checkpoint);
    store.splitParts = store.splitParts.filter((part) => part.checkpoint !== checkpoint);
  }

  deleteFile(path: string): void {
    deleteFiles(this.#state.writeStore(), [{ path }]);
  }
}
