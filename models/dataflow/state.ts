/**
 * The state of a dataflow job under a protocol, in components: environment, coordinator, store, output, network, tasks,
 * channels. A fork shares all components; the first write to one copies it. Everything is plain data, so that copying,
 * hashing and comparing need no help from anybody.
 */
import type { Fingerprint } from '../../sim/explorable.ts';
import { clonePlain, combineFingerprints, fingerprint as fingerprintOf } from '../../sim/fingerprint.ts';

/** A record in a channel. `n` is its number among the records of the channel. */
export interface FlowRecord {
  readonly is: 'record';
  readonly source: number;
  readonly seq: number;
  readonly n: number;
  readonly hops: number;
  readonly tag: number;
}

export interface FlowControl {
  readonly is: 'control';
  readonly name: string;
  readonly checkpoint: number;
  readonly priority: boolean;
  readonly data: number;
}

export type Element = FlowRecord | FlowControl;

/** What the operator knows, as opposed to its protocol: the state a snapshot captures. */
export interface Application {
  /** Source: records read from its log. */
  read: number;
  /** How often each record (source * records + seq) has been processed. */
  seen: number[];
  /** Records sent per output, received per input, in the order of the place's lists. */
  sent: number[];
  received: number[];
  /** Non-FIFO inputs: the numbers of the records received, ascending; empty for FIFO ones. */
  got: number[][];
  /** Two-phase sink: open transaction (-1: none), and pre-committed ones as [checkpoint, transaction]. */
  transaction: number;
  pending: [number, number][];
  /** Operators that defer: records taken in and not yet processed, and how many timers or requests will do so. */
  waiting: FlowRecord[];
  armed: number;
}

/** One task's part of a checkpoint: its application state at the cut, and the messages captured as channel state. */
export interface Part {
  readonly checkpoint: number;
  readonly attempt: number;
  readonly task: number;
  readonly application: Application;
  /** Per input channel number, in order. */
  readonly channels: { readonly channel: number; readonly records: FlowRecord[] }[];
}

export interface TaskComponent {
  up: boolean;
  /** Parts captured and not yet uploaded. */
  parts: Part[];
  application: Application;
  /** Channel numbers that are not delivered. */
  blocked: number[];
  /** Timers that are armed, in the order of their names. */
  timers: string[];
  protocol: unknown;
}

export interface ChannelComponent {
  queue: Element[];
  /** How many records at the head were restored from a checkpoint's channel state. */
  recovered: number;
  /** Durable channels: every record ever appended; the queue is what the receiver has not read yet. */
  log: FlowRecord[];
}

export interface CoordinatorComponent {
  protocol: unknown;
  /** Completed checkpoint the running attempt was restored from; 0: none. */
  restored: number;
}

export interface Completed {
  readonly checkpoint: number;
  readonly attempt: number;
}

/** What survives everything. Parts are keyed by (checkpoint, task): a later upload under the same key replaces. */
export interface StoreComponent {
  nextId: number;
  attempt: number;
  parts: Part[];
  completed: Completed[];
  /** Every checkpoint that ever completed: for laws, no protocol reads it. */
  everCompleted: number[];
}

export interface Transaction {
  readonly task: number;
  readonly attempt: number;
  checkpoint: number;
  status: 'open' | 'prepared' | 'committed' | 'aborted';
  records: number[];
}

/** The outside world: what a committed reader sees, and the transactions of two-phase sinks. */
export interface OutputComponent {
  transactions: Transaction[];
  /** How often each record is visible. */
  visible: number[];
}

export interface Message {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly checkpoint: number;
  readonly attempt: number;
  readonly data: number;
}

/** Work that is under way outside any task: it lands whatever becomes of its sender. */
export type InFlight =
  | {
      readonly kind: 'upload';
      readonly task: number;
      readonly checkpoint: number;
      readonly attempt: number;
      readonly part: Part;
    }
  | { readonly kind: 'store'; readonly task: number; readonly checkpoint: number; readonly attempt: number }
  | {
      readonly kind: 'commit';
      readonly task: number;
      readonly checkpoint: number;
      readonly attempt: number;
      readonly transaction: number;
    };

export interface NetworkComponent {
  messages: Message[];
  inFlight: InFlight[];
}

export interface EnvironmentComponent {
  checkpoints: number;
  crashes: number;
  coordinatorCrashes: number;
  lostNotifications: number;
  duplicatedMessages: number;
  failedUploads: number;
  failedCommits: number;
  timeouts: number;
  calm: boolean;
  /** A failure nobody has noticed yet. */
  undetected: boolean;
  /** Where nothing else moves, every checkpoint under way expires in the end; up to this id they have. */
  expiredUpTo: number;
}

type Component =
  | EnvironmentComponent
  | CoordinatorComponent
  | StoreComponent
  | OutputComponent
  | NetworkComponent
  | TaskComponent
  | ChannelComponent;

/** The coordinator in message addresses. */
export const TO_COORDINATOR = -1;

export const ENVIRONMENT = 0;
export const COORDINATOR = 1;
export const STORE = 2;
export const OUTPUT = 3;
export const NETWORK = 4;
export const FIRST_TASK = 5;

const copyChannel = (channel: ChannelComponent): ChannelComponent => ({
  queue: channel.queue.slice(),
  recovered: channel.recovered,
  log: channel.log.slice(),
});

export class FlowState {
  readonly tasks: number;
  readonly #components: Component[];
  readonly #owned: boolean[];
  readonly #prints: (Fingerprint | null)[];

  constructor(tasks: number, components: Component[], owned: boolean[], prints: (Fingerprint | null)[]) {
    this.tasks = tasks;
    this.#components = components;
    this.#owned = owned;
    this.#prints = prints;
  }

  static of(tasks: number, components: Component[]): FlowState {
    return new FlowState(
      tasks,
      components,
      components.map(() => true),
      components.map(() => null),
    );
  }

  /** Both sides share every component until one of them writes it. */
  fork(): FlowState {
    this.#owned.fill(false);
    return new FlowState(this.tasks, this.#components.slice(), this.#owned.slice(), this.#prints.slice());
  }

  get environment(): Readonly<EnvironmentComponent> {
    return this.#components[ENVIRONMENT] as EnvironmentComponent;
  }
  get coordinator(): Readonly<CoordinatorComponent> {
    return this.#components[COORDINATOR] as CoordinatorComponent;
  }
  get store(): Readonly<StoreComponent> {
    return this.#components[STORE] as StoreComponent;
  }
  get output(): Readonly<OutputComponent> {
    return this.#components[OUTPUT] as OutputComponent;
  }
  get network(): Readonly<NetworkComponent> {
    return this.#components[NETWORK] as NetworkComponent;
  }
  task(task: number): Readonly<TaskComponent> {
    return this.#components[FIRST_TASK + task] as TaskComponent;
  }
  channel(channel: number): Readonly<ChannelComponent> {
    return this.#components[FIRST_TASK + this.tasks + channel] as ChannelComponent;
  }

  writeEnvironment(): EnvironmentComponent {
    return this.#write(ENVIRONMENT) as EnvironmentComponent;
  }
  writeCoordinator(): CoordinatorComponent {
    return this.#write(COORDINATOR) as CoordinatorComponent;
  }
  writeStore(): StoreComponent {
    return this.#write(STORE) as StoreComponent;
  }
  writeOutput(): OutputComponent {
    return this.#write(OUTPUT) as OutputComponent;
  }
  writeNetwork(): NetworkComponent {
    return this.#write(NETWORK) as NetworkComponent;
  }
  writeTask(task: number): TaskComponent {
    return this.#write(FIRST_TASK + task) as TaskComponent;
  }
  writeChannel(channel: number): ChannelComponent {
    return this.#write(FIRST_TASK + this.tasks + channel) as ChannelComponent;
  }

  #write(index: number): Component {
    if (!this.#owned[index]) {
      const component = this.#components[index] as Component;
      // Channel elements never change: their list is copied, they are not.
      this.#components[index] =
        index >= FIRST_TASK + this.tasks ? copyChannel(component as ChannelComponent) : clonePlain(component);
      this.#owned[index] = true;
    }
    this.#prints[index] = null;
    return this.#components[index] as Component;
  }

  /** Fingerprint of one component, cached until it is written. */
  #print(index: number): Fingerprint {
    return (this.#prints[index] ??= fingerprintOf(this.#components[index]));
  }

  fingerprint(): Fingerprint {
    return combineFingerprints(this.#components.map((_, index) => this.#print(index)));
  }

  #logPrints(): Fingerprint[] {
    const logs = this.#components.slice(FIRST_TASK + this.tasks).map((channel) => (channel as ChannelComponent).log);
    return logs.some((log) => log.length > 0) ? logs.map((log) => fingerprintOf(log)) : [];
  }

  /** What a crash of everything leaves: store, output, and in-flight effects that land whatever happens. */
  durableFingerprint(): Fingerprint {
    const { crashes, coordinatorCrashes } = this.environment;
    return combineFingerprints([
      this.#print(STORE),
      this.#print(OUTPUT),
      fingerprintOf([this.network.inFlight, crashes, coordinatorCrashes]),
      ...this.#logPrints(),
    ]);
  }
}
