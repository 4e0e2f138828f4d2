/**
 * A dataflow job under a snapshot protocol, in simulated time. The protocol's handlers are those of the untimed world
 * (`models/dataflow/`), and so is what every action does; this file adds what takes time: channels delay, tasks serve one
 * record at a time, a lack of credit holds them up, snapshots stop them. A record takes effect when its service ends.
 *
 * A task takes, when it is free: the synchronous part of a snapshot it owes, its mail (messages, timers), elements that
 * overtake, and then, given room in all outputs, its inputs in the order in which they became ready, one element each.
 * Nothing is allocated per record.
 *
 * Length: the path of a record, from its source to its sink, is one loop over shared arrays; apart it could not be read.
 */
import { type Model, type World, mix32, randomStreams } from '../../sim/index.ts';
import { FailoverRegions } from '../dataflow/failover-regions.ts';
import { type Protocol, type SinkRules, type TaskPlace, TWO_PHASE } from '../dataflow/protocol.ts';
import { BLOCKED, IDLE, REPLAY, SNAPSHOT, TimeBudget, USEFUL } from '../ledgers/time-budget.ts';
import * as kinds from './actions.ts';
import { Arrivals } from './arrivals.ts';
import { CONTROL, DUE, HOPS, N, SEQ, SOURCE, TAG, HASH, Channels } from './channels.ts';
import { CheckpointLedger } from './checkpoint-ledger.ts';
import { CoordinatorSide, type JobMessage } from './coordinator-side.ts';
import { Delays } from './delays.ts';
import { KeyedDraws, keyOf } from './keyed-draws.ts';
import { type Graph, type Routes, copiesAhead, graphOf, placesOf } from './graph.ts';
import { OutputLedger } from './output-ledger.ts';
import { CheckpointStore, type FlowJobPart } from './parts.ts';
import type { FlowJobPlan } from './plan.ts';
import { TaskPort } from './port.ts';
import { Recovery } from './recovery.ts';
import { METER, type MeterRules } from './rules.ts';
import { ActionIds, topologyOf } from './action-ids.ts';
import { Background } from './background.ts';
import { BatchClock } from './batch-clock.ts';
import { TaskQueues } from './task-queues.ts';
import { FREE, SERVING, SYNCING } from './task-status.ts';
import type { TraceEntry } from './trace.ts';
import { TransactionList } from './transaction-list.ts';
import { emitToSink, openTransaction } from './transactions.ts';

/** Something a busy task does as soon as it is free. */
type Mail = { readonly message: JobMessage } | { readonly timer: string };

/** The synchronous part of a snapshot, to be done as soon as the handler that took it is over. */
interface OwedSync {
  readonly checkpoint: number;
  readonly micros: number;
}

export interface FlowJobOptions {
  readonly rules?: Partial<MeterRules>;
  /** Told of everything that happens, in order; ids are built only then. */
  readonly onTrace?: (entry: TraceEntry) => void;
}

/** Coordinator, network, checkpoint store and the two outside. */
const OTHER_ACTORS = 5;

/** What most tasks have of most things: one empty list for all of them. */
const NONE: readonly never[] = [];

/** The record a protocol's handler is shown; one object for all. */
class ShownRecord {
  source: number = 0;
  seq: number = 0;
  tag: number = 0;
}

export class FlowJob implements Model {
  readonly plan: FlowJobPlan;
  readonly protocol: Protocol;
  readonly sinkRules: SinkRules;
  readonly meter: MeterRules;
  readonly world: World;
  readonly graph: Graph;
  readonly regions: FailoverRegions;
  readonly channels: Channels;
  readonly store: CheckpointStore = new CheckpointStore();
  /** By task: how many copies a record it sends owes the sinks. */
  readonly copiesAhead: readonly number[];
  readonly output: OutputLedger;
  readonly checkpoints: CheckpointLedger;
  readonly budget: TimeBudget;
  readonly arrivals: Arrivals;
  readonly coordinator: CoordinatorSide;
  readonly recovery: Recovery;
  readonly background: Background;
  /** Effects of the handlers of all tasks. */
  readonly port: TaskPort;
  readonly onTrace: ((entry: TraceEntry) => void) | null;
  readonly ids: ActionIds;
  places: TaskPlace[];

  // ---- tasks ----------------------------------------------------------------------------------------------------
  readonly busy: Uint8Array;
  readonly states: unknown[];
  /** Sources: position in the log; the furthest ever; that of the newest restart, below which everything is read again. */
  readonly read: Int32Array;
  readonly readMax: Int32Array;
  readonly frontier: Int32Array;
  /** Sum of the hashes of the records in the task's state, modulo 2^32. */
  readonly folded: Int32Array;
  readonly transaction: Int32Array;
  readonly pendingCommits: (readonly (readonly [checkpoint: number, transaction: number])[])[];
  /** Parts captured and not yet handed to their upload. */
  readonly parts: (readonly FlowJobPart[])[];
  /** Uploads booked as blocked time, for the mutant that does. */
  readonly extraBlocked: Float64Array;

  // ---- channels -------------------------------------------------------------------------------------------------
  readonly sent: Int32Array;
  readonly received: Int32Array;
  readonly blocked: Uint8Array;
  /** Records at the head that were restored with a checkpoint's channel state. */
  readonly recovered: Int32Array;
  recoveredTotal: number = 0;

  // ---- the outside world ----------------------------------------------------------------------------------------
  readonly transactions: TransactionList = new TransactionList();
  /** By sink: those that were not settled at its last restart, or opened since; the newest checkpoint committed. */
  readonly unsettled: (readonly number[])[];
  readonly committedUpTo: Float64Array;
  /** What one record of all these counts stands for. */
  readonly batchRecords: number;
  recordsProcessed: number = 0;
  recordsRead: number = 0;
  /** Control elements put on channels, and messages between tasks and coordinator. */
  controlsSent: number = 0;
  messagesSent: number = 0;

  readonly #environmentActor: number;
  readonly #shown: ShownRecord = new ShownRecord();
  readonly #isSource: Uint8Array;
  readonly #isSink: Uint8Array;
  readonly #service: Int32Array;
  readonly #sourceSalt: Int32Array;
  readonly #routes: Routes;
  /** The protocol wants to see, or to stamp, every record. */
  readonly #watchesRecords: boolean;
  readonly #stampsRecords: boolean;
  readonly #hopsMax: number;
  /** Records go through the job in batches; null: one by one. */
  readonly #batches: BatchClock | null;
  /** Hashes below this are the hot key's. */
  readonly #hotBelow: number;
  readonly #durable: boolean;
  readonly #capacity: number;
  readonly #lastDue: Float64Array;
  readonly #lastUrgentDue: Float64Array;
  readonly #fullOutputs: Int32Array;
  /** The channel stands in its receiver's list of ready inputs; the lists are linked through `nextReady`. */
  readonly #queued: Uint8Array;
  readonly #nextReady: Int32Array;
  readonly #firstReady: Int32Array;
  readonly #lastReady: Int32Array;
  /** Blocked channels whose head has arrived, and how many a task has. */
  readonly #held: Uint8Array;
  readonly #heldInputs: Int32Array;
  readonly #serving: Int32Array;
  readonly #servingFrom: Float64Array;
  /** Sources: when the next record is there; an action is pending for that moment. */
  readonly #nextTime: Float64Array;
  readonly #reading: Uint8Array;
  /** How many of the three lists below have something in them. */
  readonly #attention: Int32Array;
  readonly #mail: TaskQueues<Mail>;
  readonly #urgent: TaskQueues<number>;
  readonly #owedSync: TaskQueues<OwedSync>;
  readonly #runnable: Int32Array;
  readonly #marked: Uint8Array;
  /** The record in hand, while it is read or processed. */
  #source: number = 0;
  #seq: number = 0;
  #hops: number = 0;
  #hash: number = 0;
  /** Of a batch: how long before the last record the first one was. */
  #lead: number = 0;
  /** Since when the task has been at the batch that it takes. */
  #begun: number = 0;
  #runnableFirst: number = 0;
  #runnableCount: number = 0;
  /** By channel. */
  readonly #channelDelays: readonly Delays[];
  readonly #channelDraws: KeyedDraws;
  readonly #rpcDelays: Delays;
  readonly #rpcDraws: KeyedDraws;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #fifo: Uint8Array;

  constructor(plan: FlowJobPlan, protocol: Protocol, world: World, options: FlowJobOptions = {}) {
    const { ids: _ids, ...engine } = protocol.engine ?? {};
    if (Object.keys(engine).length > 0 || protocol.needs.deduplicated === true)
      throw new Error(
        `${protocol.name} changes the engine or drops repeated numbers: only the untimed world does that`,
      );
    this.plan = plan;
    this.protocol = protocol;
    this.sinkRules = { ...TWO_PHASE, ...protocol.sink };
    this.meter = { ...METER, ...options.rules };
    this.onTrace = options.onTrace ?? null;
    this.ids = new ActionIds(plan);
    this.world = world;
    this.graph = graphOf(plan);
    this.regions = new FailoverRegions(protocol, topologyOf(plan), plan);
    const tasks = plan.tasks.length;
    const channels = plan.channels.length;
    world.reserveActors(tasks + OTHER_ACTORS);
    for (const { name } of plan.tasks) world.addActor(name);
    const coordinatorActor = world.addActor('coordinator');
    const networkActor = world.addActor('network');
    const storeActor = world.addActor('checkpoint-store');
    const outputActor = world.addActor('outside-world');
    this.#environmentActor = world.addActor('environment');
    const streams = randomStreams(plan.seed, plan.replication);
    const batchRecords = plan.load.batchRecords ?? 1;
    this.batchRecords = batchRecords;
    this.#batches = batchRecords > 1 ? new BatchClock(batchRecords, tasks) : null;
    this.channels = new Channels(channels, batchRecords > 1);
    this.arrivals = new Arrivals(plan.load, this.graph.sources.length, (source) =>
      streams(`sources/${source}/arrivals`),
    );
    this.copiesAhead = copiesAhead(plan, this.graph);
    const owed = this.graph.sources.map((task) => this.copiesAhead[task]!);
    this.output = new OutputLedger(
      plan.sink === 'idempotent' ? owed.map((copies) => Math.min(1, copies)) : owed,
      batchRecords,
    );
    this.checkpoints = new CheckpointLedger(
      plan.tasks.map(({ role }) => role === 'source'),
      this.meter,
    );
    this.budget = new TimeBudget(world, tasks);
    this.coordinator = new CoordinatorSide(
      this,
      { coordinatorActor, networkActor },
      {
        losses: new KeyedDraws(streams('faults/notifications')),
        firstDelays: streams('checkpoints/first-delay'),
      },
    );
    this.recovery = new Recovery(this, this.#environmentActor, {
      crashes: streams('faults/crashes'),
      backoffs: streams('restart/back-off'),
    });
    const usual = new Delays(plan.costs.channelDelay);
    this.#channelDelays = plan.channels.map(({ delay }) => (delay === undefined ? usual : new Delays(delay)));
    this.#channelDraws = new KeyedDraws(streams('channels/delay'));
    this.#rpcDelays = new Delays(plan.costs.rpcDelay);
    this.#rpcDraws = new KeyedDraws(streams('rpc/delay'));
    this.#from = this.graph.from;
    this.#to = this.graph.to;
    this.#fifo = this.graph.fifo;
    this.background = new Background(this, { storeActor, outputActor }, new KeyedDraws(streams('faults/uploads')));
    this.places = placesOf(plan, this.graph, 0);

    this.busy = new Uint8Array(tasks);
    this.states = Array.from({ length: tasks }, () => null);
    this.read = new Int32Array(tasks);
    this.readMax = new Int32Array(tasks);
    this.frontier = new Int32Array(this.graph.sources.length);
    this.folded = new Int32Array(tasks);
    this.transaction = new Int32Array(tasks).fill(-1);
    this.unsettled = Array.from({ length: tasks }, () => NONE);
    this.committedUpTo = new Float64Array(tasks);
    this.pendingCommits = Array.from({ length: tasks }, () => NONE);
    this.parts = Array.from({ length: tasks }, () => NONE);
    this.extraBlocked = new Float64Array(tasks);
    this.sent = new Int32Array(channels);
    this.received = new Int32Array(channels);
    this.blocked = new Uint8Array(channels);
    this.recovered = new Int32Array(channels);
    const isRole = (role: string): Uint8Array => Uint8Array.from(plan.tasks, (task) => Number(task.role === role));
    this.#isSource = isRole('source');
    this.#isSink = isRole('sink');
    this.#service = Int32Array.from(plan.tasks, ({ serviceMicros }) => serviceMicros);
    this.#sourceSalt = Int32Array.from(this.graph.sources, (_, index) => mix32(0x7469_6465, index));
    this.#routes = this.graph.routes;
    this.#watchesRecords = protocol.task.record !== undefined;
    this.#stampsRecords = protocol.task.stamp !== undefined;
    this.#hopsMax = plan.hops;
    this.#hotBelow = (plan.hotShare ?? 0) * 2 ** 32;
    this.#durable = protocol.needs.durableChannels === true;
    this.#capacity = Math.max(1, Math.round(plan.capacity / batchRecords));
    this.#lastDue = new Float64Array(channels);
    this.#lastUrgentDue = new Float64Array(channels);
    this.#fullOutputs = new Int32Array(tasks);
    this.#queued = new Uint8Array(channels);
    this.#nextReady = new Int32Array(channels).fill(-1);
    this.#firstReady = new Int32Array(tasks).fill(-1);
    this.#lastReady = new Int32Array(tasks).fill(-1);
    this.#held = new Uint8Array(channels);
    this.#heldInputs = new Int32Array(tasks);
    this.#serving = new Int32Array(tasks).fill(-1);
    this.#servingFrom = new Float64Array(tasks);
    this.#nextTime = new Float64Array(tasks);
    this.#reading = new Uint8Array(tasks);
    this.#attention = new Int32Array(tasks);
    this.#mail = new TaskQueues(tasks);
    this.#urgent = new TaskQueues(tasks);
    this.#owedSync = new TaskQueues(tasks);
    this.#runnable = new Int32Array(tasks);
    this.#marked = new Uint8Array(tasks);
    this.port = new TaskPort(this);
  }

  /** Starts the job: every task fresh and running. */
  begin(): void {
    for (let task = 0; task < this.plan.tasks.length; task++) {
      if (this.#isSink[task] && this.plan.sink === 'two-phase') openTransaction(this, task);
      this.states[task] = this.protocol.task.start(this.places[task]!, 0);
      if (this.#isSource[task]) this.setPosition(task, 0);
      this.budget.enter(task, IDLE);
      this.wake(task);
    }
    this.coordinator.begin();
    this.recovery.begin();
    this.#drain();
  }

  /** Spans that are still running when the run ends. */
  end(): void {
    for (let task = 0; task < this.plan.tasks.length; task++) this.#traceCut(task);
  }

  apply(kind: number, actor: number, a: number, b: number, payload: unknown): void {
    switch (kind) {
      case kinds.ARRIVE:
        this.#arrived(a);
        break;
      case kinds.SERVED:
        this.#served(actor);
        break;
      case kinds.READ:
        this.#reading[actor] = 0;
        this.#advance(actor);
        break;
      case kinds.SYNCED:
        this.#synced(actor, a);
        break;
      case kinds.OVERTAKE:
        this.#queue(this.#urgent, actor, a);
        break;
      case kinds.TIMER:
        this.#queue(this.#mail, actor, { timer: payload as string });
        break;
      case kinds.TELL_TASK:
        this.#queue(this.#mail, actor, { message: payload as JobMessage });
        break;
      case kinds.RUNNING:
        this.#running(actor);
        break;
      case kinds.UPLOADED:
        this.background.onUploaded(payload as FlowJobPart, a, b);
        break;
      case kinds.COMMIT:
        this.background.onCommit(a, b, payload as number);
        break;
      case kinds.CRASH:
        this.recovery.onCrash(a);
        break;
      case kinds.DETECT:
        this.recovery.onDetect();
        break;
      default:
        this.coordinator.apply(kind, a, b, payload);
    }
    if (this.#runnableCount > 0) this.#drain();
  }

  // ---- what a free task does ------------------------------------------------------------------------------------

  /** Looks, once the action at hand is done, whether the task can go on. */
  wake(task: number): void {
    if (this.#marked[task] || this.busy[task] !== FREE) return;
    this.#marked[task] = 1;
    const tasks = this.#runnable.length;
    let at = this.#runnableFirst + this.#runnableCount;
    if (at >= tasks) at -= tasks;
    this.#runnable[at] = task;
    this.#runnableCount++;
  }

  #drain(): void {
    while (this.#runnableCount > 0) {
      const task = this.#runnable[this.#runnableFirst]!;
      if (++this.#runnableFirst === this.#runnable.length) this.#runnableFirst = 0;
      this.#runnableCount--;
      this.#marked[task] = 0;
      this.#advance(task);
    }
  }

  #advance(task: number): void {
    while (this.busy[task] === FREE) {
      if (this.#attention[task]! > 0) {
        this.#attend(task);
      } else if (this.#isSource[task]) {
        if (!this.#readNext(task)) return;
      } else if (this.#fullOutputs[task]! > 0) {
        this.#pause(task, this.#firstReady[task]! >= 0);
        return;
      } else if (!this.#takeInput(task)) {
        this.#pause(task, false);
        return;
      }
    }
  }

  #queue<T>(queues: TaskQueues<T>, task: number, each: T): void {
    queues.push(task, each);
    this.#attention[task] = this.#attention[task]! + 1;
    this.wake(task);
  }

  /** What goes before records: snapshots that are owed, then mail, then elements that overtake. */
  #attend(task: number): void {
    this.#attention[task] = this.#attention[task]! - 1;
    const owed = this.#owedSync.shift(task);
    if (owed !== undefined) {
      this.#sync(task, owed);
      return;
    }
    const mail = this.#mail.shift(task);
    if (mail !== undefined) this.#openMail(task, mail);
    else this.#deliverUrgent(this.#urgent.shift(task) as number);
  }

  /** Nothing to be done now: for lack of room, because the inputs with something in them are blocked, or for lack of work. */
  #pause(task: number, isHeldUp: boolean): void {
    this.#enter(task, isHeldUp || this.#heldInputs[task]! > 0 ? BLOCKED : IDLE);
  }

  #enter(task: number, category: number): void {
    if (this.budget.category(task) !== category) this.budget.enter(task, category);
  }

  /** A source reads its next record, if it is there and there is room for it. False: it has to wait. */
  #readNext(task: number): boolean {
    const { now } = this.world;
    const time = this.#nextTime[task]!;
    if (time > now) {
      if (this.recovery.isBehind) this.recovery.caughtUp(task);
      this.#enter(task, IDLE);
      if (time < Infinity && !this.#reading[task]) {
        this.#reading[task] = 1;
        this.world.post(kinds.READ, task, time - now);
      }
      return false;
    }
    if (this.#fullOutputs[task]! > 0) {
      this.#enter(task, BLOCKED);
      return false;
    }
    const service = this.#service[task]!;
    if (this.#batches !== null) this.#begun = this.#batches.begin(task, now, this.arrivals.spanMicros);
    if (service === 0) this.#emit(task, now);
    else this.#serve(task, this.read[task]! < this.frontier[this.graph.sourceIndex[task]!]!, service);
    return true;
  }

  /** Takes one element from the input that has been ready longest. False: none is. */
  #takeInput(task: number): boolean {
    const channel = this.#firstReady[task]!;
    if (channel < 0) return false;
    const next = this.#nextReady[channel]!;
    this.#firstReady[task] = next;
    if (next < 0) this.#lastReady[task] = -1;
    this.#queued[channel] = 0;
    const { channels } = this;
    if (channels.count(channel) === 0) return true;
    const slot = channels.slot(channel, 0);
    if (channels.times[(slot >> 1) + DUE]! > this.world.now) return true;
    if (this.blocked[channel]) {
      this.#hold(task, channel);
      return true;
    }
    const source = channels.words[slot + SOURCE]!;
    if (source === CONTROL) {
      this.#deliverControl(channel, 0);
      return true;
    }
    const service = this.#service[task]!;
    if (this.#batches !== null) this.#begun = this.#batches.begin(task, this.world.now, channels.spanOf(slot));
    if (service === 0) {
      this.#deliverRecord(channel, this.world.now);
    } else {
      this.#serving[task] = channel;
      this.#serve(task, channels.words[slot + SEQ]! < this.frontier[source]!, service);
    }
    return true;
  }

  #serve(task: number, isReread: boolean, service: number): void {
    const category = isReread && this.meter.rereads === 'replay' ? REPLAY : USEFUL;
    const { now } = this.world;
    const micros = this.#batches === null ? service : this.#batches.doneAt(this.#begun, now, service) - now;
    // Most records of a batch were done before the last one came.
    const done = this.#batches === null ? 0 : Math.max(0, this.batchRecords * service - micros);
    const doneBefore = done === 0 ? 0 : this.budget.split(task, done, category);
    this.#enter(task, category);
    this.busy[task] = SERVING;
    this.#servingFrom[task] = now - doneBefore;
    this.world.post(kinds.SERVED, task, micros);
  }

  #served(task: number): void {
    this.busy[task] = FREE;
    const from = this.#servingFrom[task]!;
    if (this.#isSource[task]) {
      this.#emit(task, from);
    } else {
      const channel = this.#serving[task]!;
      this.#serving[task] = -1;
      this.#deliverRecord(channel, from);
    }
    this.wake(task);
  }

  #sync(task: number, { checkpoint, micros }: OwedSync): void {
    this.#enter(task, SNAPSHOT);
    this.busy[task] = SYNCING;
    this.#servingFrom[task] = this.world.now;
    this.world.post(kinds.SYNCED, task, micros, checkpoint);
  }

  #synced(task: number, checkpoint: number): void {
    this.busy[task] = FREE;
    const from = this.#servingFrom[task]!;
    this.#batches?.pause(task, this.world.now - from);
    this.checkpoints.synced(task, checkpoint, this.world.now - from);
    this.onTrace?.({ at: this.world.now, id: null, kind: 'synced', task, checkpoint, from });
    this.wake(task);
  }

  #running(task: number): void {
    this.busy[task] = FREE;
    this.#batches?.free(task, this.world.now);
    this.budget.enter(task, IDLE);
    this.onTrace?.({ at: this.world.now, id: null, kind: 'running', task });
    this.recovery.onRunning();
    this.wake(task);
  }

  #openMail(task: number, mail: Mail): void {
    const place = this.places[task]!;
    this.port.enter(place, -1, 0);
    if ('message' in mail) {
      const { name, checkpoint } = mail.message;
      this.onTrace?.({
        at: this.world.now,
        id: this.ids.message('tell', mail.message),
        kind: 'message',
        task,
        name,
        checkpoint,
      });
      this.protocol.task.message(this.states[task], place, name, checkpoint, this.port);
    } else if (this.background.takeTimer(task, mail.timer)) {
      this.onTrace?.({
        at: this.world.now,
        id: this.ids.timer(task, mail.timer),
        kind: 'timer',
        task,
        name: mail.timer,
      });
      this.protocol.task.timer?.(this.states[task], place, mail.timer, this.port);
    }
  }

  // ---- channels -------------------------------------------------------------------------------------------------

  #arrived(channel: number): void {
    const { channels } = this;
    if (channels.count(channel) === 0) return;
    const slot = channels.slot(channel, 0);
    // The head may have gone meanwhile, overtaken or restarted: the new one has an arrival of its own.
    if (channels.times[(slot >> 1) + DUE]! > this.world.now) return;
    if (channels.words[slot + SOURCE] !== CONTROL && this.#takesAtOnce(this.#to[channel]!, channel)) {
      this.#batches?.begin(this.#to[channel]!, this.world.now, channels.spanOf(slot));
      this.#deliverRecord(channel, this.world.now);
    } else this.#headArrived(channel);
  }

  /** The task waits for this channel's record and nothing else, and processing it takes no time. */
  #takesAtOnce(task: number, channel: number): boolean {
    return (
      this.busy[task] === FREE &&
      this.#service[task] === 0 &&
      this.#firstReady[task]! < 0 &&
      this.#attention[task] === 0 &&
      this.#fullOutputs[task] === 0 &&
      !this.blocked[channel]
    );
  }

  /** The channel has a new head. */
  newHead(channel: number): void {
    const wait = this.channels.times[(this.channels.slot(channel, 0) >> 1) + DUE]! - this.world.now;
    if (wait <= 0) this.#headArrived(channel);
    else this.world.post(kinds.ARRIVE, this.#to[channel]!, wait, channel);
  }

  #headArrived(channel: number): void {
    if (this.#queued[channel]) return;
    const task = this.#to[channel]!;
    if (this.blocked[channel]) {
      this.#hold(task, channel);
    } else {
      this.#queued[channel] = 1;
      this.#nextReady[channel] = -1;
      const last = this.#lastReady[task]!;
      if (last < 0) this.#firstReady[task] = channel;
      else this.#nextReady[last] = channel;
      this.#lastReady[task] = channel;
    }
    this.wake(task);
  }

  #hold(task: number, channel: number): void {
    if (this.#held[channel]) return;
    this.#held[channel] = 1;
    this.#heldInputs[task] = this.#heldInputs[task]! + 1;
  }

  block(channel: number, blocked: boolean): void {
    this.blocked[channel] = Number(blocked);
    if (blocked || !this.#held[channel]) return;
    this.#held[channel] = 0;
    const task = this.#to[channel]!;
    this.#heldInputs[task] = this.#heldInputs[task]! - 1;
    this.#batches?.free(task, this.world.now);
    this.#headArrived(channel);
  }

  /** The source goes on reading here. */
  setPosition(task: number, seq: number): void {
    this.read[task] = seq;
    this.#nextTime[task] = this.arrivals.timeOf(this.graph.sourceIndex[task]!, seq);
  }

  #emit(task: number, from: number): void {
    const source = this.graph.sourceIndex[task]!;
    const seq = this.read[task]!;
    this.onTrace?.({ at: this.world.now, id: this.ids.emit(task, seq), kind: 'emit', task, source, seq, from });
    this.setPosition(task, seq + 1);
    this.#lead = this.#batches === null ? 0 : this.#batches.end(task, this.world.now, this.#service[task]!);
    this.recordsRead++;
    if (seq >= this.readMax[task]!) this.readMax[task] = seq + 1;
    this.world.state.add(seq);
    this.#source = source;
    this.#seq = seq;
    this.#hops = this.#hopsMax;
    this.#hash = this.hashOf(source, seq);
    this.#send(task);
  }

  /** What a record is known by: routing and the state of tasks go by it. */
  hashOf(source: number, seq: number): number {
    return mix32(this.#sourceSalt[source]!, seq) | 0;
  }

  /** The record at the head of the channel is processed: it leaves the channel, changes the task's state and is sent on. */
  #deliverRecord(channel: number, from: number): void {
    const { channels } = this;
    const task = this.#to[channel]!;
    const slot = channels.slot(channel, 0);
    const source = channels.words[slot + SOURCE]!;
    const seq = channels.words[slot + SEQ]!;
    const hops = channels.words[slot + HOPS]!;
    const hash = channels.words[slot + HASH]!;
    if (this.onTrace !== null) {
      const id = this.ids.record(channel, { source: this.graph.sources[source]!, seq, n: channels.words[slot + N]! });
      this.onTrace({ at: this.world.now, id, kind: 'record', task, source, seq, from });
    }
    if (this.#watchesRecords) {
      const shown = this.#shown;
      shown.source = this.graph.sources[source]!;
      shown.seq = seq;
      shown.tag = channels.words[slot + TAG]!;
      const place = this.places[task]!;
      this.port.enter(place, channel, 0);
      this.protocol.task.record?.(this.states[task], place, channel, shown, this.port);
    }
    this.#takeRecord(channel);
    this.received[channel] = this.received[channel]! + 1;
    this.recordsProcessed++;
    this.#lead = this.#batches === null ? 0 : this.#batches.end(task, this.world.now, this.#service[task]!);
    this.#source = source;
    this.#seq = seq;
    this.#hops = hops;
    this.#hash = hash;
    const folded = (this.folded[task]! + hash) | 0;
    this.folded[task] = folded;
    this.world.state.add(folded);
    if (this.#isSink[task]) emitToSink(this, task, source, seq, this.#lead);
    else this.#passOn(task);
  }

  /** Around a cycle a record goes as often as it has hops. */
  #passOn(task: number): void {
    if (this.#hopsMax > 0 && this.#hops <= 0) return;
    this.#hops--;
    this.#send(task);
  }

  #takeRecord(channel: number): void {
    const { channels } = this;
    channels.pop(channel, this.#durable);
    const records = channels.records[channel]!;
    channels.records[channel] = records - 1;
    if (records === this.#capacity && !this.#durable) {
      const sender = this.#from[channel]!;
      this.#fullOutputs[sender] = this.#fullOutputs[sender]! - 1;
      if (this.#fullOutputs[sender] === 0) {
        this.#batches?.free(sender, this.world.now);
        this.wake(sender);
      }
    }
    if (this.recoveredTotal > 0 && this.recovered[channel]! > 0) {
      this.recovered[channel] = this.recovered[channel]! - 1;
      if (--this.recoveredTotal === 0) this.coordinator.trigger.poke();
    }
    if (channels.count(channel) > 0) this.newHead(channel);
  }

  /** The record in hand goes out on one channel of each route. */
  #send(task: number): void {
    const tag = this.#stampsRecords ? (this.protocol.task.stamp?.(this.states[task]) ?? 0) : 0;
    const { ofTask, first, channels, salts } = this.#routes;
    const end = ofTask[task + 1]!;
    for (let route = ofTask[task]!; route < end; route++) {
      const from = first[route]!;
      const count = first[route + 1]! - from;
      const isHot = this.#hash >>> 0 < this.#hotBelow;
      const pick = isHot || count === 1 ? 0 : (Math.imul(this.#hash, salts[route]!) >>> 8) % count;
      this.#put(task, channels[from + pick]!, tag);
    }
  }

  #put(task: number, channel: number, tag: number): void {
    const { channels } = this;
    const slot = channels.push(channel);
    const n = this.sent[channel]!;
    this.sent[channel] = n + 1;
    channels.words[slot + SOURCE] = this.#source;
    channels.words[slot + SEQ] = this.#seq;
    channels.words[slot + HASH] = this.#hash;
    channels.words[slot + N] = n;
    channels.words[slot + TAG] = tag;
    channels.words[slot + HOPS] = this.#hops;
    if (this.#batches !== null) channels.setSpan(slot, this.#lead);
    const records = channels.records[channel]! + 1;
    channels.records[channel] = records;
    if (records === this.#capacity && !this.#durable) this.#fullOutputs[task] = this.#fullOutputs[task]! + 1;
    this.#depart(channel, slot, this.#hash + this.#hops);
  }

  /** How long the element with this key takes on the channel. */
  #delayOf(channel: number, key: number): number {
    const delays = this.#channelDelays[channel]!;
    return delays.at(delays.isConstant ? 0 : this.#channelDraws.at(channel, key));
  }

  /** Gives the newest element of the channel its time of arrival. */
  #depart(channel: number, slot: number, key: number): void {
    const { channels } = this;
    let due = this.world.now + this.#delayOf(channel, key);
    if (this.#fifo[channel]) {
      if (due < this.#lastDue[channel]!) due = this.#lastDue[channel]!;
      else this.#lastDue[channel] = due;
      channels.times[(slot >> 1) + DUE] = due;
      if (channels.count(channel) === 1) this.newHead(channel);
    } else {
      channels.times[(slot >> 1) + DUE] = due;
      if (channels.sortTail(channel) === 0) this.newHead(channel);
    }
  }

  // ---- controls -------------------------------------------------------------------------------------------------

  /** Puts a control from the pool behind what was sent before; one with priority is announced to arrive on its own. */
  sendControl(channel: number, index: number): void {
    if (this.#durable) throw new Error(`${this.protocol.name} sends controls through channels that are logs`);
    const { channels } = this;
    const slot = channels.push(channel);
    channels.words[slot + SOURCE] = CONTROL;
    channels.words[slot + SEQ] = index;
    const { name, checkpoint, priority } = channels.control(index);
    const key = keyOf(name, checkpoint);
    this.controlsSent++;
    if (priority !== true) {
      this.#depart(channel, slot, key);
      return;
    }
    const due = Math.max(this.world.now + this.#delayOf(channel, key), this.#lastUrgentDue[channel]!);
    this.#lastUrgentDue[channel] = due;
    channels.times[(slot >> 1) + DUE] = due;
    this.world.post(kinds.OVERTAKE, this.#to[channel]!, due - this.world.now, channel);
    if (channels.count(channel) === 1) this.newHead(channel);
  }

  /** The checkpoint's barrier on this input becomes a priority element; on the wire it still has to arrive. */
  prioritise(channel: number, checkpoint: number): void {
    const { channels } = this;
    for (let at = channels.count(channel) - 1; at >= 0; at--) {
      const slot = channels.slot(channel, at);
      if (channels.words[slot + SOURCE] !== CONTROL) continue;
      const control = channels.control(channels.words[slot + SEQ]!);
      if (control.checkpoint !== checkpoint) continue;
      channels.release(channels.words[slot + SEQ]!);
      channels.words[slot + SEQ] = channels.intern({ ...control, priority: true }, 1);
      const wait = Math.max(0, channels.times[(slot >> 1) + DUE]! - this.world.now);
      this.world.post(kinds.OVERTAKE, this.#to[channel]!, wait, channel);
      return;
    }
  }

  /** Delivers the first priority element of the channel, if it has arrived. */
  #deliverUrgent(channel: number): void {
    const { channels } = this;
    for (let at = 0; at < channels.count(channel); at++) {
      const slot = channels.slot(channel, at);
      if (channels.words[slot + SOURCE] !== CONTROL || channels.control(channels.words[slot + SEQ]!).priority !== true)
        continue;
      if (channels.times[(slot >> 1) + DUE]! > this.world.now) return;
      this.#deliverControl(channel, at);
      // There may be another behind it.
      this.#queue(this.#urgent, this.#to[channel]!, channel);
      return;
    }
  }

  #deliverControl(channel: number, at: number): void {
    const { channels } = this;
    const task = this.#to[channel]!;
    const index = channels.words[channels.slot(channel, at) + SEQ]!;
    const control = channels.control(index);
    const { name, checkpoint } = control;
    const { now } = this.world;
    this.world.state.addInts(kinds.ARRIVE, channel, checkpoint);
    this.checkpoints.barrier(task, control, now);
    this.onTrace?.({
      at: now,
      id: this.ids.control(channel, control),
      kind: 'control',
      task,
      channel,
      name,
      checkpoint,
    });
    const place = this.places[task]!;
    this.port.enter(place, channel, at);
    this.protocol.task.control(this.states[task], place, channel, control, this.port);
    channels.release(index);
    if (at > 0) {
      channels.removeAt(channel, at);
      return;
    }
    channels.pop(channel, false);
    if (channels.count(channel) > 0) this.newHead(channel);
  }

  // ---- questions of the other parts -----------------------------------------------------------------------------

  owe(task: number, checkpoint: number): void {
    const { syncMicros, syncMicrosPerMebibyte } = this.plan.costs;
    const micros = syncMicros + Math.round((syncMicrosPerMebibyte * this.stateBytes(task)) / 2 ** 20);
    if (micros > 0) this.#queue(this.#owedSync, task, { checkpoint, micros });
  }

  /** Records in the task's state. */
  processedBy(task: number): number {
    let sum = 0;
    for (const channel of this.graph.inputs[task]!) sum += this.received[channel]!;
    return sum;
  }

  stateBytes(task: number): number {
    const { stateBytes, stateBytesPerRecord } = this.plan.tasks[task]!;
    return stateBytes + Math.round(stateBytesPerRecord * this.processedBy(task) * this.batchRecords);
  }

  /** When the synchronous parts that the task owes will be over, if it begins with them now. */
  syncedAt(task: number): number {
    return this.#owedSync.of(task).reduce((sum, { micros }) => sum + micros, this.world.now);
  }

  rpcDelay(task: number, name: string, checkpoint: number): number {
    return this.#rpcDelays.at(this.#rpcDelays.isConstant ? 0 : this.#rpcDraws.at(task, keyOf(name, checkpoint)));
  }

  /** How long ago the record was there to be read. */
  ageOf(source: number, seq: number): number {
    return this.world.now - this.arrivals.timeOf(source, seq);
  }

  // ---- failures -------------------------------------------------------------------------------------------------

  /** The task's incarnation ends: all that was pending for it, and all it kept in memory. */
  stop(task: number, busy: number): void {
    this.#traceCut(task);
    this.world.retire(task);
    this.busy[task] = busy;
    this.#serving[task] = -1;
    this.#reading[task] = 0;
    this.#attention[task] = 0;
    this.#mail.clear(task);
    this.#urgent.clear(task);
    this.#owedSync.clear(task);
    this.parts[task] = NONE;
    this.background.forgetTimers(task);
    this.#firstReady[task] = -1;
    this.#lastReady[task] = -1;
    this.#heldInputs[task] = 0;
    this.states[task] = null;
    if (this.#isSource[task]) this.setPosition(task, 0);
    this.folded[task] = 0;
    this.transaction[task] = -1;
    this.pendingCommits[task] = NONE;
    for (const channel of this.graph.inputs[task]!) {
      this.#queued[channel] = 0;
      this.#held[channel] = 0;
      this.blocked[channel] = 0;
      this.received[channel] = 0;
    }
    for (const channel of this.graph.outputs[task]!) this.sent[channel] = 0;
  }

  /** After these channels of these tasks have been refilled: times of arrival begin anew, and room is counted again. */
  recountChannels(tasks: readonly number[], channels: readonly number[]): void {
    for (const task of tasks) this.#fullOutputs[task] = 0;
    for (const channel of channels) {
      this.#lastDue[channel] = 0;
      this.#lastUrgentDue[channel] = 0;
    }
    for (const channel of channels) {
      const sender = this.#from[channel]!;
      if (!this.#durable && this.channels.records[channel]! >= this.#capacity)
        this.#fullOutputs[sender] = this.#fullOutputs[sender]! + 1;
      if (this.channels.count(channel) > 0) this.newHead(channel);
    }
  }

  /** A span that ends before its time: the record is not processed, the snapshot not taken. */
  #traceCut(task: number): void {
    const busy = this.busy[task];
    if (this.onTrace === null || (busy !== SERVING && busy !== SYNCING)) return;
    const at = this.world.now;
    const from = this.#servingFrom[task]!;
    if (busy === SYNCING) {
      this.onTrace({ at, id: null, kind: 'cut', task, source: -1, seq: -1, from });
      return;
    }
    const channel = this.#serving[task]!;
    const slot = channel < 0 ? -1 : this.channels.slot(channel, 0);
    const source = slot < 0 ? this.graph.sourceIndex[task]! : this.channels.words[slot + SOURCE]!;
    const seq = slot < 0 ? this.read[task]! : this.channels.words[slot + SEQ]!;
    this.onTrace({ at, id: null, kind: 'cut', task, source, seq, from });
  }
}
