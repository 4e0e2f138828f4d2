/**
 * A dataflow job under a snapshot protocol, as a model that can be run, searched and explored. The protocol's handlers
 * decide; the files `*-actions.ts` beside this one say what may happen and carry it out; after every step the laws are
 * asked. This file is the job itself: its topology, its first state, and the list of what may happen next.
 */
import type { Explorable, Fingerprint, SearchAction, SearchViolation } from '../../sim/explorable.ts';
import { attemptOf } from './attempts.ts';
import { calmAction, expiries, lastExpiry, timerActions, triggerActions } from './clock-actions.ts';
import { crashes, detection } from './crash-actions.ts';
import { effectFaults, landings } from './effect-actions.ts';
import { ENGINE, type EngineRules } from './engine-rules.ts';
import { FailoverRegions } from './failover-regions.ts';
import type { FlowAction } from './flow-action.ts';
import { KeyedWorld } from './keyed-world.ts';
import { type FlowLaw, type FlowStep, newStep } from './laws/law.ts';
import { arrivals, messageFaults } from './message-actions.ts';
import type { CoordinatorPlace, Protocol, SinkRules, TaskPlace } from './protocol.ts';
import { TWO_PHASE } from './protocol.ts';
import { deferredActions, recordActions } from './record-actions.ts';
import { restartsAfterStop, savepointActions } from './savepoints.ts';
import { freshBackend } from './shared-files.ts';
import { rescales } from './rescale-actions.ts';
import { openTransaction } from './sinks.ts';
import { restoreSplits } from './split-parts.ts';
import { splitActions, splitFaults } from './splits.ts';
import { type Application, FlowState, TO_COORDINATOR } from './state.ts';
import { type Environment, type Topology, channelName } from './topology.ts';
import { brokerAborts } from './transaction-timeouts.ts';
import { unknownOutcomes } from './unknown-stores.ts';

export class FlowWorld implements Explorable<FlowState> {
  readonly topology: Topology;
  readonly environment: Environment;
  readonly protocol: Protocol;
  readonly laws: readonly FlowLaw[];
  readonly rules: SinkRules;
  readonly engine: EngineRules;
  /** Open transactions never outlive the attempt that opened them: what is in them is as volatile as a task. */
  readonly opensAfresh: boolean;
  readonly channelNames: readonly string[];
  readonly sources: readonly number[];
  readonly regions: FailoverRegions;
  /** Footprints of actions hold. They were made for jobs with logs and buffers of their own that nobody stops or takes back. */
  readonly isReducible: boolean;
  /** Channel numbers per task, ascending. */
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
  /** Null: no stage is keyed. */
  readonly keyed: KeyedWorld | null;
  /** Places by attempt and task; they never change, so one of each will do. */
  readonly #places: TaskPlace[][] = [];

  constructor(protocol: Protocol, topology: Topology, environment: Environment, laws: readonly FlowLaw[]) {
    this.protocol = protocol;
    this.topology = topology;
    this.environment = environment;
    this.laws = laws;
    this.rules = { ...TWO_PHASE, ...protocol.sink };
    this.engine = { ...ENGINE, ...protocol.engine };
    this.opensAfresh =
      this.rules.abortOnRestore &&
      this.rules.fencesAborted &&
      this.rules.transactionIds === 'own' &&
      this.rules.abortsOfRemoved === 'heir';
    this.keyed = topology.keyed === undefined ? null : new KeyedWorld(topology, topology.keyed, this.engine.rescale);
    const ownBuffers = this.engine.sharedCredit === null && this.engine.recoveryBuffers === null;
    this.regions = new FailoverRegions(protocol, topology, environment);
    this.isReducible =
      (environment.savepoints ?? 0) === 0 && topology.splits === undefined && ownBuffers && this.regions.areOne;
    this.channelNames = topology.channels.map((_, channel) => channelName(topology, channel));
    const of = (end: 'from' | 'to', task: number): number[] =>
      topology.channels.flatMap((channel, i) => (channel[end] === task ? [i] : []));
    this.inputs = topology.tasks.map((_, task) => of('to', task));
    this.outputs = topology.tasks.map((_, task) => of('from', task));
    this.sources = topology.tasks.flatMap((task, i) => (task.role === 'source' ? [i] : []));
  }

  place(state: FlowState, task: number): TaskPlace {
    const attempt = attemptOf(state, task);
    return (this.#places[attempt] ??= this.#placesOf(attempt))[task]!;
  }

  #placesOf(attempt: number): TaskPlace[] {
    return this.topology.tasks.map(({ role }, task) => ({
      task,
      role,
      inputs: this.inputs[task]!,
      outputs: this.outputs[task]!,
      attempt,
    }));
  }

  coordinatorPlace(state: FlowState): CoordinatorPlace {
    const { attempt, attempts, completed } = state.store;
    const ids = completed.map((each) => each.checkpoint);
    const files = completed.map((each) => each.files ?? []);
    const initiators = this.topology.initiators ?? [this.sources];
    const tasks = this.topology.tasks.length;
    return { tasks, sources: this.sources, initiators, attempt, attempts, completed: ids, files };
  }

  name(task: number): string {
    return task === TO_COORDINATOR ? 'coordinator' : this.topology.tasks[task]!.name;
  }

  /** The task keeps its state in files that checkpoints share. */
  sharesFiles(task: number): boolean {
    return this.topology.backend === 'incremental' && this.topology.tasks[task]!.role === 'operator';
  }

  /** A sink that writes in transactions, and that the parallelism has not removed. */
  opensTransactions(state: FlowState, task: number): boolean {
    const { tasks, sink } = this.topology;
    return tasks[task]!.role === 'sink' && sink === 'two-phase' && this.keyed?.isRemovedSink(state, task) !== true;
  }

  /** Index of a record in `seen` and `visible`. */
  recordIndex(record: { readonly source: number; readonly seq: number }): number {
    return this.sources.indexOf(record.source) * this.topology.records + record.seq;
  }

  /** The record of an index. */
  recordAt(index: number): { readonly source: number; readonly seq: number } {
    const { records } = this.topology;
    return { source: this.sources[Math.floor(index / records)]!, seq: index % records };
  }

  freshApplication(task: number): Application {
    return {
      read: 0,
      splits: [],
      seen: Array.from({ length: this.sources.length * this.topology.records }, () => 0),
      sent: this.outputs[task]!.map(() => 0),
      received: this.inputs[task]!.map(() => 0),
      got: this.inputs[task]!.map(() => []),
      transaction: -1,
      pending: [],
      waiting: [],
      armed: 0,
    };
  }

  // ---- Explorable -----------------------------------------------------------------------------------------------

  initial(): FlowState {
    const e = this.environment;
    const state = FlowState.of({
      environment: {
        checkpoints: e.checkpoints,
        crashes: e.crashes,
        coordinatorCrashes: e.coordinatorCrashes,
        lostNotifications: e.lostNotifications,
        duplicatedMessages: e.duplicatedMessages,
        failedUploads: e.failedUploads,
        failedCommits: e.failedCommits,
        timeouts: e.timeouts,
        unknownStores: e.unknownStores ?? 0,
        transactionTimeouts: e.transactionTimeouts ?? 0,
        savepoints: e.savepoints ?? 0,
        lostEvents: e.lostEvents ?? 0,
        calm: false,
        undetected: false,
        expiredUpTo: 0,
        rescaled: 0,
      },
      coordinator: { up: true, protocol: null, restored: 0, enumerator: { unassigned: [], opening: 0, closedFor: [] } },
      store: {
        nextId: 1,
        attempt: 0,
        attempts: [],
        parallelism: this.topology.keyed?.parallelism ?? 0,
        parts: [],
        completed: [],
        files: [],
        everCompleted: [],
        unknown: [],
        savepoints: [],
        splitParts: [],
        lineage: 0,
      },
      output: {
        transactions: [],
        visible: Array.from({ length: this.sources.length * this.topology.records }, () => 0),
        repeats: Array.from({ length: this.sources.length * this.topology.records }, () => 0),
      },
      network: { messages: [], inFlight: [] },
      tasks: this.topology.tasks.map((_, task) => ({
        up: true,
        parts: [],
        application: this.freshApplication(task),
        blocked: [],
        timers: [],
        suspended: 0,
        protocol: null,
        backend: freshBackend(),
      })),
      channels: this.topology.channels.map(() => ({ queue: [], recovered: 0, log: [] })),
    });
    for (let task = 0; task < state.tasks; task++) {
      if (this.opensTransactions(state, task)) openTransaction(state, task);
      state.writeTask(task).protocol = this.protocol.task.start(this.place(state, task), 0);
    }
    restoreSplits(this, state, 0);
    state.writeCoordinator().protocol = this.protocol.coordinator.start(this.coordinatorPlace(state), 1, 0);
    return state;
  }

  enabled(state: FlowState): readonly SearchAction[] {
    const actions = this.#progress(state);
    if (actions.length === 0) lastExpiry(this, state, actions);
    const quiet = actions.length === 0;
    triggerActions(this, state, actions);
    if (!state.environment.calm) {
      crashes(this, state, actions);
      rescales(this, state, actions);
      expiries(this, state, actions);
      messageFaults(this, state, actions);
      effectFaults(this, state, actions);
      unknownOutcomes(this, state, actions);
      brokerAborts(this, state, actions);
      savepointActions(this, state, actions);
      splitFaults(this, state, actions);
    }
    if (quiet && this.environment.calm && !state.environment.calm && !state.environment.undetected) {
      actions.push(calmAction());
    }
    return actions;
  }

  /** Everything that moves by itself: reading, delivering, effects landing, messages arriving, failures being noticed. */
  #progress(state: FlowState): FlowAction[] {
    const actions: FlowAction[] = [];
    recordActions(this, state, actions);
    timerActions(this, state, actions);
    deferredActions(this, state, actions);
    landings(this, state, actions);
    arrivals(this, state, actions);
    detection(this, state, actions);
    restartsAfterStop(this, state, actions);
    splitActions(this, state, actions);
    return actions;
  }

  apply(state: FlowState, action: SearchAction): readonly SearchViolation[] {
    const step = newStep(action.id);
    (action as FlowAction).run(state, step);
    return this.#ask(state, step, 'step');
  }

  fork(state: FlowState): FlowState {
    return state.fork();
  }

  fingerprint(state: FlowState): Fingerprint {
    return state.fingerprint();
  }

  durable(state: FlowState): Fingerprint {
    return state.durableFingerprint(this.opensAfresh);
  }

  atEnd(state: FlowState): readonly SearchViolation[] {
    return this.#ask(state, newStep('end'), 'end');
  }

  #ask(state: FlowState, step: FlowStep, scope: 'step' | 'end'): readonly SearchViolation[] {
    const violations: SearchViolation[] = [];
    for (const law of this.laws) {
      const due =
        scope === 'end'
          ? law.scope === 'end'
          : law.scope === 'step' ||
            (law.scope === 'completion' && step.completed !== null) ||
            (law.scope === 'restore' && step.restored !== null);
      if (!due) continue;
      const facts = law.check({ world: this, state, step });
      if (facts !== null) violations.push({ law: law.id, facts });
    }
    return violations;
  }
}
