/**
 * The state of a dataflow job under a protocol, in components. A fork shares all of them; the first write to one copies
 * it. The fingerprint of a component stays with it until it is written, in whichever states share it.
 */
import type { Fingerprint } from '../../sim/explorable.ts';
import { type PrintWriter, combineFingerprints, fingerprintOf } from '../../sim/fingerprint.ts';
import {
  copyChannel,
  copyCoordinator,
  copyEnvironment,
  copyNetwork,
  copyOutput,
  copyStore,
  copyTask,
} from './component-copies.ts';
import * as prints from './component-prints.ts';
import type {
  ChannelComponent,
  CoordinatorComponent,
  EnvironmentComponent,
  NetworkComponent,
  OutputComponent,
  StoreComponent,
  TaskComponent,
} from './components.ts';

export * from './components.ts';

const ENVIRONMENT = 0;
const COORDINATOR = 1;
const STORE = 2;
const OUTPUT = 3;
const NETWORK = 4;
const FIRST_TASK = 5;

/** A component, who may write it, and its fingerprint once it was asked for. */
interface Cell<T> {
  readonly value: T;
  /** The state that alone holds it; null once it is shared. */
  owner: FlowState | null;
  print: Fingerprint | null;
}

/** The components of one job, from which its first state is made. */
export interface Components {
  readonly environment: EnvironmentComponent;
  readonly coordinator: CoordinatorComponent;
  readonly store: StoreComponent;
  readonly output: OutputComponent;
  readonly network: NetworkComponent;
  readonly tasks: readonly TaskComponent[];
  readonly channels: readonly ChannelComponent[];
}

export class FlowState {
  readonly tasks: number;
  readonly #cells: Cell<unknown>[];

  private constructor(tasks: number, cells: Cell<unknown>[]) {
    this.tasks = tasks;
    this.#cells = cells;
  }

  static of(from: Components): FlowState {
    const { environment, coordinator, store, output, network, tasks, channels } = from;
    const values = [environment, coordinator, store, output, network, ...tasks, ...channels];
    // Pushed, not mapped: once this is optimized `map` returns another kind of array, and all that reads one is compiled anew.
    const cells: Cell<unknown>[] = [];
    for (const value of values) cells.push({ value, owner: null, print: null });
    return new FlowState(tasks.length, cells);
  }

  /** Both sides share every component until one of them writes it. */
  fork(): FlowState {
    for (const cell of this.#cells) if (cell.owner === this) cell.owner = null;
    return new FlowState(this.tasks, this.#cells.slice());
  }

  get environment(): Readonly<EnvironmentComponent> {
    return this.#cells[ENVIRONMENT]!.value as EnvironmentComponent;
  }
  get coordinator(): Readonly<CoordinatorComponent> {
    return this.#cells[COORDINATOR]!.value as CoordinatorComponent;
  }
  get store(): Readonly<StoreComponent> {
    return this.#cells[STORE]!.value as StoreComponent;
  }
  get output(): Readonly<OutputComponent> {
    return this.#cells[OUTPUT]!.value as OutputComponent;
  }
  get network(): Readonly<NetworkComponent> {
    return this.#cells[NETWORK]!.value as NetworkComponent;
  }
  task(task: number): Readonly<TaskComponent> {
    return this.#cells[FIRST_TASK + task]!.value as TaskComponent;
  }
  channel(channel: number): Readonly<ChannelComponent> {
    return this.#cells[FIRST_TASK + this.tasks + channel]!.value as ChannelComponent;
  }

  writeEnvironment(): EnvironmentComponent {
    return this.#write(ENVIRONMENT, copyEnvironment);
  }
  writeCoordinator(): CoordinatorComponent {
    return this.#write(COORDINATOR, copyCoordinator);
  }
  writeStore(): StoreComponent {
    return this.#write(STORE, copyStore);
  }
  writeOutput(): OutputComponent {
    return this.#write(OUTPUT, copyOutput);
  }
  writeNetwork(): NetworkComponent {
    return this.#write(NETWORK, copyNetwork);
  }
  writeTask(task: number): TaskComponent {
    return this.#write(FIRST_TASK + task, copyTask);
  }
  writeChannel(channel: number): ChannelComponent {
    return this.#write(FIRST_TASK + this.tasks + channel, copyChannel);
  }

  #write<T>(index: number, copy: (from: T) => T): T {
    const cell = this.#cells[index] as Cell<T>;
    if (cell.owner === this) {
      cell.print = null;
      return cell.value;
    }
    const value = copy(cell.value);
    this.#cells[index] = { value, owner: this, print: null };
    return value;
  }

  #print(index: number, write: (from: never, to: PrintWriter) => void): Fingerprint {
    const cell = this.#cells[index] as Cell<never>;
    return (cell.print ??= fingerprintOf(cell.value, write));
  }

  fingerprint(): Fingerprint {
    const parts = [
      this.#print(ENVIRONMENT, prints.writeEnvironment),
      this.#print(COORDINATOR, prints.writeCoordinator),
      this.#print(STORE, prints.writeStore),
      this.#print(OUTPUT, prints.writeOutput),
      this.#print(NETWORK, prints.writeNetwork),
    ];
    const channels = FIRST_TASK + this.tasks;
    for (let i = FIRST_TASK; i < channels; i++) parts.push(this.#print(i, prints.writeTask));
    for (let i = channels; i < this.#cells.length; i++) parts.push(this.#print(i, prints.writeChannel));
    return combineFingerprints(parts);
  }

  /**
   * What a crash of everything leaves: store, output, and in-flight effects that land whatever happens. What stands in open
   * transactions is left out when they never outlive their attempt.
   */
  durableFingerprint(withoutOpen: boolean): Fingerprint {
    const parts = [
      this.#print(STORE, prints.writeStore),
      withoutOpen ? fingerprintOf(this.output, prints.writeVisible) : this.#print(OUTPUT, prints.writeOutput),
      fingerprintOf(this, (state, to) => {
        prints.writeInFlight(state.network.inFlight, to);
        to.integers(state.environment.crashes, state.environment.coordinatorCrashes);
      }),
    ];
    for (let i = FIRST_TASK + this.tasks; i < this.#cells.length; i++) {
      parts.push(fingerprintOf(this.#cells[i]!.value as ChannelComponent, prints.writeLog));
    }
    return combineFingerprints(parts);
  }
}
