/**
 * One directed run of a dataflow for the crash matrix: what has been enabled longest happens first, except what a phase
 * holds back; faults and triggers happen where the phase says. After the last phase nothing is held, and the run goes on
 * to its end through calm. What is read off at the end is all the matrix knows.
 */
import type { SearchAction } from '../sim/explorable.ts';
import { FlowWorld } from './dataflow/flow-world.ts';
import { timesAtSinks, timesProcessed } from './dataflow/laws/expected.ts';
import { lawsFor } from './dataflow/laws/index.ts';
import type { Protocol } from './dataflow/protocol.ts';
import type { FlowState } from './dataflow/state.ts';
import { type Environment, FAULT_KINDS, PEACE, type SinkKind, type Topology } from './dataflow/topology.ts';

/** What a phase may look at to see that it is over. */
export interface PhaseView {
  readonly state: FlowState;
  readonly taken: ReadonlySet<string>;
}

/** A stretch of a directed schedule. */
export interface Phase {
  /** Actions that must wait. */
  readonly hold?: readonly RegExp[];
  /** Timers fire as soon as they are armed; elsewhere only where a phase takes them. */
  readonly timers?: boolean;
  /** The actions taken first, by the beginning of their ids; each must be enabled. */
  readonly take?: readonly string[];
  /** Over when this is true; unless given, when nothing but what is held can happen. */
  readonly until?: (view: PhaseView) => boolean;
}

/** Two sources into a join into two sinks that get every record: skew between inputs, and sinks that are told one by one. */
export function matrixTopology(sink: SinkKind): Topology {
  return {
    name: 'matrix',
    tasks: [
      { name: 's0', role: 'source' },
      { name: 's1', role: 'source' },
      { name: 'join', role: 'operator' },
      { name: 'k0', role: 'sink' },
      { name: 'k1', role: 'sink' },
    ],
    channels: [
      { from: 0, to: 2, fifo: true },
      { from: 1, to: 2, fifo: true },
      { from: 2, to: 3, fifo: true },
      { from: 2, to: 4, fifo: true },
    ],
    records: 3,
    capacity: 4,
    sink,
    hops: 0,
  };
}

export const MATRIX_ENVIRONMENT: Environment = {
  ...PEACE,
  checkpoints: 2,
  crashes: 2,
  coordinatorCrashes: 1,
  lostNotifications: 1,
  unknownStores: 1,
  transactionTimeouts: 2,
  savepoints: 1,
};

/** What one run showed. */
export interface FlowObservation {
  /** Checkpoints restored from, in order; 0: from nothing. */
  readonly restored: readonly number[];
  /** Updates the operators have counted too often, and missed, in the end. */
  readonly over: number;
  readonly under: number;
  /** Outputs a committed reader has seen too often, and never. */
  readonly twice: number;
  readonly lost: number;
  /** Outputs of the epoch that checkpoint n closes: all, and those visible before the fault. */
  readonly epoch: number;
  readonly epochEarly: number;
  /** Checkpoint under which they were committed; 0: without transactions. */
  readonly epochCommittedUnder: number;
  readonly aborted: number;
  /** Transactions that are neither committed, aborted nor a sink's current one. */
  readonly lingering: number;
  /** Laws of the protocol's promise that were broken, by id. */
  readonly broken: readonly string[];
  /** Actions taken before the last phase was over, and in all. */
  readonly faultAfter: number;
  readonly steps: number;
  /** A phase could not be played: the protocol does not do this. */
  readonly missing: string | null;
}

/** Actions of the whole run, at most. */
const STEPS_MAX = 2000;

/** Only where a phase takes them: they have no place in a first-in-first-out order. */
const DIRECTED_ONLY: readonly RegExp[] = [/^trigger:/, /^timeout:/, /^calm:/];

/** Records with this number at their source make up the epoch between checkpoints n-1 and n. */
const EPOCH_SEQ = 1;

class DirectedRun {
  readonly world: FlowWorld;
  readonly state: FlowState;
  readonly taken: Set<string> = new Set();
  readonly restored: number[] = [];
  readonly broken: Set<string> = new Set();
  steps: number = 0;
  #waiting: string[] = [];

  constructor(world: FlowWorld) {
    this.world = world;
    this.state = world.initial();
  }

  apply(action: SearchAction): void {
    const attempt = this.state.store.attempt;
    for (const { law } of this.world.apply(this.state, action)) this.broken.add(law);
    this.taken.add(action.id);
    this.steps++;
    if (this.state.store.attempt > attempt) this.restored.push(this.state.coordinator.restored);
  }

  /** Plays one phase; false when something it takes, or waits for, does not come. */
  play({ hold = [], timers = false, take = [], until }: Phase): boolean {
    for (const prefix of take) {
      const action = this.world.enabled(this.state).find(({ id }) => id.startsWith(prefix));
      if (action === undefined) return false;
      this.apply(action);
    }
    const held = [...hold, ...DIRECTED_ONLY, ...(timers ? [] : [/^timer:/])];
    while (this.steps < STEPS_MAX) {
      if (until?.({ state: this.state, taken: this.taken }) === true) return true;
      const next = this.#oldest(held);
      if (next === undefined) return until === undefined;
      this.apply(next);
    }
    return false;
  }

  /** To the end of the path: calm comes when nothing else moves. */
  settle(): void {
    for (;;) {
      const next = this.#oldest([]);
      if (next === undefined || this.steps >= STEPS_MAX) break;
      this.apply(next);
    }
    for (const { law } of this.world.atEnd(this.state)) this.broken.add(law);
  }

  /** The action that has been enabled longest; ties go to the world's own order. */
  #oldest(held: readonly RegExp[]): SearchAction | undefined {
    const enabled = this.world.enabled(this.state).filter(({ kind }) => !FAULT_KINDS.includes(kind));
    const ids = enabled.map(({ id }) => id);
    const still = this.#waiting.filter((id) => ids.includes(id));
    this.#waiting = [...still, ...ids.filter((id) => !still.includes(id))];
    const first = this.#waiting.find((id) => !held.some((pattern) => pattern.test(id)));
    if (first === undefined) return undefined;
    this.#waiting = this.#waiting.filter((id) => id !== first);
    return enabled.find(({ id }) => id === first);
  }
}

/** Runs the phases, then on to the end, and reads off what became of state and outputs. */
export function observeFlow(protocol: Protocol, sink: SinkKind, phases: readonly Phase[]): FlowObservation {
  const topology = matrixTopology(sink);
  const world = new FlowWorld(protocol, topology, MATRIX_ENVIRONMENT, lawsFor(protocol, topology));
  const run = new DirectedRun(world);
  const before = { visible: run.state.output.visible, steps: 0 };
  let missing: string | null = null;
  for (const [i, phase] of phases.entries()) {
    if (isFault(phase)) Object.assign(before, { visible: run.state.output.visible.slice(), steps: run.steps });
    if (run.play(phase)) continue;
    missing = `phase ${i + 1} of ${phases.length}`;
    break;
  }
  run.settle();
  return { ...stateEffect(world, run.state), ...outputEffect(world, run.state, before.visible), ...ending() };

  function ending(): Pick<FlowObservation, 'restored' | 'broken' | 'faultAfter' | 'steps' | 'missing'> {
    const broken = [...run.broken].toSorted();
    return { restored: run.restored, broken, faultAfter: before.steps, steps: run.steps, missing };
  }
}

const isFault = ({ take }: Phase): boolean => take?.some((id) => /^(?:crash|lose|savepoint:restore)/.test(id)) === true;

function stateEffect(world: FlowWorld, state: FlowState): Pick<FlowObservation, 'over' | 'under'> {
  const times = timesProcessed(world.topology);
  let [over, under] = [0, 0];
  world.topology.tasks.forEach(({ role }, task) => {
    if (role !== 'operator') return;
    state.task(task).application.seen.forEach((n, i) => {
      const due = times[task]![Math.floor(i / world.topology.records)]!;
      over += Math.max(0, n - due);
      under += Math.max(0, due - n);
    });
  });
  return { over, under };
}

function outputEffect(
  world: FlowWorld,
  state: FlowState,
  early: readonly number[],
): Omit<FlowObservation, 'over' | 'under' | 'restored' | 'broken' | 'faultAfter' | 'steps' | 'missing'> {
  const { records, sink } = world.topology;
  const due = timesAtSinks(world.topology).map((times) => (sink === 'idempotent' ? Math.min(1, times) : times));
  const sum = (of: (visible: number, i: number) => number): number =>
    state.output.visible.reduce((all, visible, i) => all + of(visible, i), 0);
  const inEpoch = (i: number): boolean => i % records === EPOCH_SEQ;
  const { transactions } = state.output;
  const current = new Set(world.topology.tasks.map((_, task) => state.task(task).application.transaction));
  return {
    twice: sum((visible, i) => Math.max(0, visible - due[i]!)),
    lost: sum((visible, i) => Math.max(0, due[i]! - visible)),
    epoch: sum((_, i) => (inEpoch(i) ? due[i]! : 0)),
    epochEarly: sum((_, i) => (inEpoch(i) ? Math.min(due[i]!, early[i]!) : 0)),
    epochCommittedUnder: Math.max(
      0,
      ...transactions.filter((t) => t.status === 'committed' && t.records.some(inEpoch)).map((t) => t.checkpoint),
    ),
    aborted: transactions.filter(({ status }) => status === 'aborted').length,
    lingering: transactions.filter((t, id) => (t.status === 'open' || t.status === 'prepared') && !current.has(id))
      .length,
  };
}
