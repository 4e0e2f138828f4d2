/**
 * A dataflow job under a snapshot protocol, as a model that can be run, searched and explored: which actions are enabled,
 * and what each does. The protocol's handlers decide; this file carries their effects out, moves records, crashes tasks,
 * restarts attempts, and asks the laws after every step.
 *
 * Length: one action list and what each action does; apart they would have to be read side by side.
 */
import type { Explorable, Fingerprint, SearchAction, SearchViolation } from '../../sim/explorable.ts';
import { fingerprint } from '../../sim/fingerprint.ts';
import { type FlowLaw, type FlowStep, newStep } from './laws/law.ts';
import { CoordinatorPort, TaskPort } from './ports.ts';
import type { CoordinatorPlace, EngineRules, Protocol, SinkRules, TaskPlace } from './protocol.ts';
import { ENGINE, TWO_PHASE } from './protocol.ts';
import { restartAll } from './restart.ts';
import { putPart } from './ordered-sets.ts';
import {
  type Application,
  type Element,
  type FlowRecord,
  FlowState,
  type InFlight,
  type Message,
  TO_COORDINATOR,
} from './state.ts';
import { abortTransaction, commitTransaction, emitToSink, openTransaction } from './sinks.ts';
import { type Environment, type Topology, channelName } from './topology.ts';

interface FlowAction extends SearchAction {
  readonly run: (state: FlowState, step: FlowStep) => void;
}

export class FlowWorld implements Explorable<FlowState> {
  readonly topology: Topology;
  readonly environment: Environment;
  readonly protocol: Protocol;
  readonly laws: readonly FlowLaw[];
  readonly rules: SinkRules;
  readonly engine: EngineRules;
  readonly channelNames: readonly string[];
  readonly sources: readonly number[];
  readonly #inputs: readonly (readonly number[])[];
  readonly #outputs: readonly (readonly number[])[];

  constructor(protocol: Protocol, topology: Topology, environment: Environment, laws: readonly FlowLaw[]) {
    this.protocol = protocol;
    this.topology = topology;
    this.environment = environment;
    this.laws = laws;
    this.rules = { ...TWO_PHASE, ...protocol.sink };
    this.engine = { ...ENGINE, ...protocol.engine };
    this.channelNames = topology.channels.map((_, channel) => channelName(topology, channel));
    const of = (end: 'from' | 'to', task: number): number[] =>
      topology.channels.flatMap((channel, i) => (channel[end] === task ? [i] : []));
    this.#inputs = topology.tasks.map((_, task) => of('to', task));
    this.#outputs = topology.tasks.map((_, task) => of('from', task));
    this.sources = topology.tasks.flatMap((task, i) => (task.role === 'source' ? [i] : []));
  }

  place(state: FlowState, task: number): TaskPlace {
    return {
      task,
      role: this.topology.tasks[task]!.role,
      inputs: this.#inputs[task]!,
      outputs: this.#outputs[task]!,
      attempt: state.store.attempt,
    };
  }

  coordinatorPlace(state: FlowState): CoordinatorPlace {
    const { attempt, completed } = state.store;
    const ids = completed.map((each) => each.checkpoint);
    return { tasks: this.topology.tasks.length, sources: this.sources, attempt, completed: ids };
  }

  name(task: number): string {
    return task === TO_COORDINATOR ? 'coordinator' : this.topology.tasks[task]!.name;
  }

  /** Index of a record in `seen` and `visible`. */
  recordIndex(record: { readonly source: number; readonly seq: number }): number {
    return this.sources.indexOf(record.source) * this.topology.records + record.seq;
  }

  freshApplication(task: number): Application {
    return {
      read: 0,
      seen: Array.from({ length: this.sources.length * this.topology.records }, () => 0),
      sent: this.#outputs[task]!.map(() => 0),
      received: this.#inputs[task]!.map(() => 0),
      got: this.#inputs[task]!.map(() => []),
      transaction: -1,
      pending: [],
      waiting: [],
      armed: 0,
    };
  }

  // ---- Explorable -----------------------------------------------------------------------------------------------

  initial(): FlowState {
    const e = this.environment;
    const state = FlowState.of(this.topology.tasks.length, [
      {
        checkpoints: e.checkpoints,
        crashes: e.crashes,
        coordinatorCrashes: e.coordinatorCrashes,
        lostNotifications: e.lostNotifications,
        duplicatedMessages: e.duplicatedMessages,
        failedUploads: e.failedUploads,
        failedCommits: e.failedCommits,
        timeouts: e.timeouts,
        calm: false,
        undetected: false,
        expiredUpTo: 0,
      },
      { protocol: null, restored: 0 },
      { nextId: 1, attempt: 0, parts: [], completed: [], everCompleted: [] },
      { transactions: [], visible: Array.from({ length: this.sources.length * this.topology.records }, () => 0) },
      { messages: [], inFlight: [] },
      ...this.topology.tasks.map((_, task) => ({
        up: true,
        parts: [],
        application: this.freshApplication(task),
        blocked: [],
        timers: [],
        protocol: null,
      })),
      ...this.topology.channels.map(() => ({ queue: [], recovered: 0, log: [] })),
    ]);
    for (let task = 0; task < state.tasks; task++) {
      if (this.topology.tasks[task]!.role === 'sink' && this.topology.sink === 'two-phase')
        openTransaction(state, task);
      state.writeTask(task).protocol = this.protocol.task.start(this.place(state, task), 0);
    }
    state.writeCoordinator().protocol = this.protocol.coordinator.start(this.coordinatorPlace(state), 1, 0);
    return state;
  }

  enabled(state: FlowState): readonly SearchAction[] {
    const actions = this.#progress(state);
    if (actions.length === 0) this.#lastTimers(state, actions);
    const quiet = actions.length === 0;
    this.#triggers(state, actions);
    if (!state.environment.calm) this.#faults(state, actions);
    if (quiet && this.environment.calm && !state.environment.calm && !state.environment.undetected) {
      actions.push({ id: 'calm:all', kind: 'calm', run: (s) => this.#calm(s) });
    }
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
    return state.durableFingerprint();
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

  // ---- what may happen ------------------------------------------------------------------------------------------

  /** Everything that moves by itself: reading, delivering, effects landing, messages arriving, failures being noticed. */
  #progress(state: FlowState): FlowAction[] {
    const actions: FlowAction[] = [];
    for (const source of this.sources) this.#emit(state, source, actions);
    for (let channel = 0; channel < this.topology.channels.length; channel++) this.#deliveries(state, channel, actions);
    this.#timers(state, actions);
    if (this.topology.deferred === true) this.#deferred(state, actions);
    state.network.inFlight.forEach((effect, i) => {
      actions.push({ id: this.#effectId(effect), kind: effect.kind, run: (s, step) => this.#land(s, i, effect, step) });
    });
    this.#arrivals(state, actions);
    if (state.environment.undetected) {
      actions.push({ id: 'detect:failure', kind: 'detect', run: (s, step) => restartAll(this, s, step) });
    }
    return actions;
  }

  #emit(state: FlowState, source: number, actions: FlowAction[]): void {
    const { up, application } = state.task(source);
    if (!up || application.read >= this.topology.records || !this.#hasRoom(state, source)) return;
    const seq = application.read;
    actions.push({
      id: `emit:${this.name(source)}#${seq}`,
      kind: 'emit',
      run: (s) => {
        s.writeTask(source).application.read++;
        this.#process(s, source, { is: 'record', source, seq, n: 0, hops: this.topology.hops, tag: 0 });
      },
    });
  }

  /** Time means nothing here: a timer that is armed may fire now. */
  #timers(state: FlowState, actions: FlowAction[]): void {
    for (let task = 0; task < state.tasks; task++) {
      for (const name of state.task(task).timers) {
        actions.push({
          id: `timer:${this.name(task)}#${name}`,
          kind: 'timer',
          run: (s) => {
            const place = this.place(s, task);
            const port = new TaskPort(this, s, place, null);
            port.cancelTimer(name);
            this.protocol.task.timer?.(s.writeTask(task).protocol, place, name, port);
          },
        });
      }
    }
  }

  /** Timers of the operator fire and requests answer, in any order; each lets the operator process one record it has kept. */
  #deferred(state: FlowState, actions: FlowAction[]): void {
    for (let task = 0; task < state.tasks; task++) {
      const { up, application } = state.task(task);
      if (!up || application.armed === 0 || !this.#hasRoom(state, task)) continue;
      application.waiting.forEach((record, i) => {
        actions.push({
          id: `work:${this.name(task)}#${elementName(record)}`,
          kind: 'work',
          run: (s) => {
            const { application } = s.writeTask(task);
            application.armed--;
            application.waiting.splice(i, 1);
            this.#process(s, task, record);
          },
        });
      });
    }
  }

  /** A checkpoint that nothing can complete any more expires, however long its time-out. */
  #lastTimers(state: FlowState, actions: FlowAction[]): void {
    if (this.protocol.coordinator.expired === undefined) return;
    for (const checkpoint of this.protocol.coordinator.pending(state.coordinator.protocol)) {
      if (checkpoint <= state.environment.expiredUpTo) continue;
      actions.push({
        id: `timeout:coordinator#${checkpoint}`,
        kind: 'timeout',
        run: (s) => {
          s.writeEnvironment().expiredUpTo = checkpoint;
          this.#expire(s, checkpoint);
        },
      });
      return;
    }
  }

  #hasRoom(state: FlowState, task: number): boolean {
    if (this.protocol.needs.durableChannels === true) return true;
    return this.#outputs[task]!.every((channel) => {
      let records = 0;
      for (const element of state.channel(channel).queue) if (element.is === 'record') records++;
      return records < this.topology.capacity;
    });
  }

  #deliveries(state: FlowState, channel: number, actions: FlowAction[]): void {
    const { queue } = state.channel(channel);
    if (queue.length === 0) return;
    const { to, fifo } = this.topology.channels[channel]!;
    const receiver = state.task(to);
    if (!receiver.up) return;
    const blocked = receiver.blocked.includes(channel);
    const room = this.#hasRoom(state, to);
    for (let i = 0; i < queue.length; i++) {
      const element = queue[i]!;
      const overtakes = element.is === 'control' && element.priority;
      if (!overtakes && (blocked || (fifo && i > 0))) continue;
      if (element.is === 'record' && !room) continue;
      actions.push({
        id: `deliver:${this.channelNames[channel]}#${elementName(element)}`,
        kind: element.is === 'record' ? 'deliver' : 'control',
        run: (s, step) => this.#deliver(s, channel, i, step),
      });
      // A priority element further back is delivered first; nothing else of a FIFO channel is.
      if (fifo && overtakes) break;
    }
  }

  #deliver(state: FlowState, channel: number, at: number, step: FlowStep): void {
    const { to } = this.topology.channels[channel]!;
    const element = state.channel(channel).queue[at] as Element;
    const place = this.place(state, to);
    const task = state.writeTask(to);
    if (element.is === 'control') {
      const port = new TaskPort(this, state, place, { channel, at });
      this.protocol.task.control(task.protocol, place, channel, element, port);
      const { queue } = state.writeChannel(channel);
      queue.splice(queue.indexOf(element), 1);
      return;
    }
    const port = new TaskPort(this, state, place, { channel, at });
    this.protocol.task.record?.(task.protocol, place, channel, element, port);
    const rest = state.writeChannel(channel);
    rest.queue.splice(at, 1);
    rest.recovered = Math.max(0, rest.recovered - 1);
    const input = place.inputs.indexOf(channel);
    step.delivered = { channel, record: element, expected: task.application.received[input] as number };
    task.application.received[input]!++;
    const got = task.application.got[input]!;
    const isRepeated = this.protocol.needs.deduplicated === true && got.includes(element.n);
    if (isRepeated) return;
    if (!this.topology.channels[channel]!.fifo || this.protocol.needs.deduplicated === true)
      insertSorted(got, element.n);
    if (this.topology.deferred === true && place.role === 'operator') {
      const { application } = state.writeTask(to);
      application.waiting.push(element);
      application.armed++;
      return;
    }
    this.#process(state, to, element);
  }

  /** What user code does: count the record, and send it on. */
  #process(state: FlowState, task: number, record: FlowRecord): void {
    const { role } = this.topology.tasks[task]!;
    const { application, protocol } = state.writeTask(task);
    const index = this.recordIndex(record);
    if (role !== 'source') application.seen[index]!++;
    if (role === 'sink') {
      emitToSink(this, state, task, index);
      return;
    }
    if (this.topology.hops > 0 && role === 'operator') {
      if (record.hops <= 0) return;
    }
    const tag = this.protocol.task.stamp?.(protocol) ?? 0;
    const hops = role === 'operator' ? record.hops - 1 : record.hops;
    this.#outputs[task]!.forEach((channel, output) => {
      const n = application.sent[output]!++;
      const target = state.writeChannel(channel);
      const sent = { ...record, n, hops, tag };
      target.queue.push(sent);
      if (this.protocol.needs.durableChannels === true) target.log.push(sent);
    });
  }

  #effectId(effect: InFlight): string {
    const who = this.name(effect.task);
    const what = effect.kind === 'commit' ? `t${effect.transaction}` : `c${effect.checkpoint}`;
    return `${effect.kind}:${who}#${what}/a${effect.attempt}`;
  }

  #land(state: FlowState, at: number, effect: InFlight, step: FlowStep): void {
    state.writeNetwork().inFlight.splice(at, 1);
    const before = effect.kind === 'commit' ? state.output.transactions[effect.transaction]!.status : null;
    step.landed = { effect, before };
    switch (effect.kind) {
      case 'upload': {
        const store = state.writeStore();
        putPart(store, effect.part);
        if (effect.attempt === store.attempt && state.task(effect.task).up)
          this.#toTask(state, effect.task, 'uploaded', effect.checkpoint);
        return;
      }
      case 'store': {
        const store = state.writeStore();
        store.completed.push({ checkpoint: effect.checkpoint, attempt: effect.attempt });
        store.everCompleted.push(effect.checkpoint);
        step.completed = effect.checkpoint;
        if (effect.attempt !== store.attempt) return;
        const port = new CoordinatorPort(state);
        this.protocol.coordinator.stored(
          state.writeCoordinator().protocol,
          this.coordinatorPlace(state),
          effect.checkpoint,
          port,
        );
        return;
      }
      case 'commit':
        commitTransaction(this, state, effect.transaction);
        if (effect.attempt === state.store.attempt) this.#forgetPending(state, effect.task, effect.transaction);
        return;
    }
  }

  #forgetPending(state: FlowState, task: number, transaction: number): void {
    const { application } = state.writeTask(task);
    application.pending = application.pending.filter(([, id]) => id !== transaction);
  }

  #toTask(state: FlowState, task: number, what: 'uploaded' | 'uploadFailed', checkpoint: number): void {
    const place = this.place(state, task);
    const { protocol } = state.writeTask(task);
    const port = new TaskPort(this, state, place, null);
    if (what === 'uploaded') this.protocol.task.uploaded(protocol, place, checkpoint, port);
    else this.protocol.task.uploadFailed?.(protocol, place, checkpoint, port);
  }

  /** Messages between one pair keep their order: only the first of each pair may arrive. */
  #arrivals(state: FlowState, actions: FlowAction[]): void {
    const seen = new Set<string>();
    state.network.messages.forEach((message, i) => {
      const pair = `${message.from}>${message.to}/${message.attempt}`;
      if (seen.has(pair)) return;
      seen.add(pair);
      if (message.to !== TO_COORDINATOR && !state.task(message.to).up) return;
      actions.push({
        id: this.messageId('tell', message),
        kind: 'tell',
        run: (s, step) => this.#arrive(s, i, { remove: true, step }),
      });
    });
  }

  messageId(verb: string, message: Message): string {
    return `${verb}:${this.name(message.from)}>${this.name(message.to)}#${message.name}-${message.checkpoint}/a${message.attempt}`;
  }

  #arrive(state: FlowState, at: number, { remove, step }: { remove: boolean; step: FlowStep }): void {
    const message = state.network.messages[at] as Message;
    if (remove) state.writeNetwork().messages.splice(at, 1);
    if (message.to === TO_COORDINATOR) {
      const port = new CoordinatorPort(state);
      const coordinator = state.writeCoordinator();
      const isOld = message.attempt < state.store.attempt;
      const before = isOld ? fingerprint(coordinator.protocol) : null;
      this.protocol.coordinator.message(coordinator.protocol, this.coordinatorPlace(state), message, port);
      if (before !== null && !equal(before, fingerprint(coordinator.protocol))) step.stale = message;
      return;
    }
    if (message.attempt !== state.store.attempt) return;
    const place = this.place(state, message.to);
    const port = new TaskPort(this, state, place, null);
    this.protocol.task.message(state.writeTask(message.to).protocol, place, message.name, message.checkpoint, port);
  }

  #triggers(state: FlowState, actions: FlowAction[]): void {
    const { environment } = state;
    if (environment.checkpoints <= 0 || environment.undetected) return;
    const pending = this.protocol.coordinator.pending(state.coordinator.protocol);
    if (pending.length >= this.environment.maxConcurrent) return;
    for (let task = 0; task < state.tasks; task++) if (!state.task(task).up) return;
    if (this.protocol.needs.recoveryFirst === true) {
      for (let channel = 0; channel < this.channelNames.length; channel++) {
        if (state.channel(channel).recovered > 0) return;
      }
    }
    actions.push({
      id: `trigger:coordinator#${environment.checkpoints}`,
      kind: 'trigger',
      run: (s) => this.#trigger(s),
    });
  }

  #trigger(state: FlowState): void {
    state.writeEnvironment().checkpoints--;
    const checkpoint = state.writeStore().nextId++;
    const port = new CoordinatorPort(state);
    this.protocol.coordinator.trigger(
      state.writeCoordinator().protocol,
      this.coordinatorPlace(state),
      checkpoint,
      port,
    );
  }

  #calm(state: FlowState): void {
    const environment = state.writeEnvironment();
    environment.calm = true;
    environment.checkpoints = 1;
  }

  #faults(state: FlowState, actions: FlowAction[]): void {
    const { environment } = state;
    if (environment.crashes > 0 && !environment.undetected) {
      this.topology.tasks.forEach((task, i) => {
        if (state.task(i).up)
          actions.push({
            id: `crash:${task.name}#${environment.crashes}`,
            kind: 'crash',
            run: (s) => this.#crash(s, i),
          });
      });
    }
    if (environment.coordinatorCrashes > 0 && !environment.undetected) {
      actions.push({
        id: `crash:coordinator#${environment.coordinatorCrashes}`,
        kind: 'crash',
        run: (s) => this.#crashCoordinator(s),
      });
    }
    if (environment.timeouts > 0 && this.protocol.coordinator.expired !== undefined) {
      for (const checkpoint of this.protocol.coordinator.pending(state.coordinator.protocol)) {
        actions.push({
          id: `expire:coordinator#${checkpoint}`,
          kind: 'expire',
          run: (s) => {
            s.writeEnvironment().timeouts--;
            this.#expire(s, checkpoint);
          },
        });
      }
    }
    this.#messageFaults(state, actions);
    this.#effectFaults(state, actions);
  }

  #messageFaults(state: FlowState, actions: FlowAction[]): void {
    const { environment } = state;
    state.network.messages.forEach((message, i) => {
      if (environment.lostNotifications > 0 && this.protocol.lossy?.includes(message.name) === true) {
        actions.push({
          id: this.messageId('lose', message),
          kind: 'lose',
          run: (s) => {
            s.writeEnvironment().lostNotifications--;
            s.writeNetwork().messages.splice(i, 1);
          },
        });
      }
      if (environment.duplicatedMessages > 0 && message.to === TO_COORDINATOR) {
        actions.push({
          id: this.messageId('duplicate', message),
          kind: 'duplicate',
          run: (s, step) => {
            s.writeEnvironment().duplicatedMessages--;
            this.#arrive(s, i, { remove: false, step });
          },
        });
      }
    });
  }

  #effectFaults(state: FlowState, actions: FlowAction[]): void {
    const { environment } = state;
    state.network.inFlight.forEach((effect, i) => {
      if (effect.kind === 'upload' && environment.failedUploads > 0) {
        actions.push({
          id: `fail-${this.#effectId(effect)}`,
          kind: 'fail',
          run: (s) => this.#failUpload(s, i, effect),
        });
      }
      if (effect.kind === 'commit' && environment.failedCommits > 0) {
        actions.push({ id: `fail-${this.#effectId(effect)}`, kind: 'fail', run: (s) => this.#failCommit(s, i) });
      }
    });
  }

  #failUpload(state: FlowState, at: number, effect: InFlight): void {
    state.writeEnvironment().failedUploads--;
    state.writeNetwork().inFlight.splice(at, 1);
    if (effect.attempt !== state.store.attempt || !state.task(effect.task).up) return;
    this.#toTask(state, effect.task, 'uploadFailed', effect.checkpoint);
  }

  /** A retriable failure leaves the request in flight; a sink that drops failed commits forgets it. */
  #failCommit(state: FlowState, at: number): void {
    state.writeEnvironment().failedCommits--;
    if (this.rules.onFailedCommit !== 'drop') return;
    const [effect] = state.writeNetwork().inFlight.splice(at, 1);
    if (effect?.kind === 'commit' && effect.attempt === state.store.attempt)
      this.#forgetPending(state, effect.task, effect.transaction);
  }

  #expire(state: FlowState, checkpoint: number): void {
    const port = new CoordinatorPort(state);
    this.protocol.coordinator.expired?.(
      state.writeCoordinator().protocol,
      this.coordinatorPlace(state),
      checkpoint,
      port,
    );
  }

  /** The task's volatile state is gone at once; somebody has to notice. */
  #crash(state: FlowState, task: number): void {
    const environment = state.writeEnvironment();
    environment.crashes--;
    environment.undetected = true;
    const component = state.writeTask(task);
    component.up = false;
    component.parts = [];
    component.blocked = [];
    component.timers = [];
    component.protocol = null;
    component.application = this.freshApplication(task);
    if (this.environment.zombies) return;
    const network = state.writeNetwork();
    network.messages = network.messages.filter((message) => message.from !== task);
    network.inFlight = network.inFlight.filter((effect) => effect.task !== task);
  }

  /** The coordinator's memory is gone; its successor begins from what is durable, with every task restarted. */
  #crashCoordinator(state: FlowState): void {
    const environment = state.writeEnvironment();
    environment.coordinatorCrashes--;
    environment.undetected = true;
    const { nextId } = state.store;
    state.writeCoordinator().protocol = this.protocol.coordinator.start(this.coordinatorPlace(state), nextId, 0);
    if (this.environment.zombies) return;
    const network = state.writeNetwork();
    network.inFlight = network.inFlight.filter((effect) => effect.task !== TO_COORDINATOR);
  }

  /** Used by restarts: transactions nobody will commit. */
  abort(state: FlowState, transaction: number): void {
    abortTransaction(this, state, transaction);
  }
}

function equal(one: Fingerprint, other: Fingerprint): boolean {
  return one.high === other.high && one.low === other.low;
}

function insertSorted(list: number[], value: number): void {
  const at = list.findIndex((each) => each > value);
  list.splice(at < 0 ? list.length : at, 0, value);
}

function elementName(element: Element): string {
  return element.is === 'record'
    ? `r${element.source}.${element.seq}.${element.n}`
    : `${element.name}-${element.checkpoint}`;
}
