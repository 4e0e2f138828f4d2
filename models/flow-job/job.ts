/**
 * A dataflow job under a snapshot protocol, in simulated time. The protocol's handlers are those of the untimed world
 * (`models/dataflow/`), and so is what every action does; this folder adds what takes time: channels delay, tasks serve one
 * record at a time, a lack of credit holds them up, snapshots stop them. A record takes effect when its service ends.
 *
 * Here the parts come together: `turns.ts` says what a free task does next, `record-path.ts` how a record goes through the
 * job, `attention.ts` and `controls.ts` what goes before records or between them. Nothing is allocated per record.
 *
 * Length: the parts are made here, each of others, and the table of actions says which of them each one is for.
 */
import { type Model, type World, mix32, randomStreams } from '../../sim/index.ts';
import { FailoverRegions } from '../dataflow/failover-regions.ts';
import { type Protocol, type SinkRules, type TaskPlace, TWO_PHASE } from '../dataflow/protocol.ts';
import { IDLE, TimeBudget } from '../ledgers/time-budget.ts';
import { ActionIds, topologyOf } from './action-ids.ts';
import * as kinds from './actions.ts';
import { Arrivals } from './arrivals.ts';
import { Attention } from './attention.ts';
import { Background } from './background.ts';
import { BatchClock } from './batch-clock.ts';
import * as channel from './channel-layout.ts';
import { Channels } from './channels.ts';
import { CheckpointLedger } from './checkpoint-ledger.ts';
import { Controls } from './controls.ts';
import { CoordinatorSide, type JobMessage } from './coordinator-side.ts';
import { Delays } from './delays.ts';
import { FETCH_FROM_TASKS, fetchAheadOf } from './fetch-ahead.ts';
import { type Graph, copiesAhead, graphOf, placesOf } from './graph.ts';
import { KeyedDraws, keyOf } from './keyed-draws.ts';
import type { FlowHistory } from './outcome.ts';
import { OutputLedger } from './output-ledger.ts';
import { CheckpointStore, type FlowJobPart } from './parts.ts';
import type { FlowJobPlan } from './plan.ts';
import { TaskPort } from './port.ts';
import { RecordPath } from './record-path.ts';
import { Recovery } from './recovery.ts';
import { METER, type MeterRules } from './rules.ts';
import { FREE, SERVING as IS_SERVING, SYNCING } from './task-status.ts';
import * as table from './task-table.ts';
import type { TraceEntry } from './trace.ts';
import { TransactionList } from './transaction-list.ts';
import { openTransaction } from './transactions.ts';
import { Turns } from './turns.ts';

const { ARRIVE, READ, SERVED } = kinds;

export interface FlowJobOptions {
  readonly rules?: Partial<MeterRules>;
  /** Told of everything that happens, in order; ids are built only then. */
  readonly onTrace?: (entry: TraceEntry) => void;
  /** False: what is told of records carries no id. Building texts is most of what a trace costs; who only counts needs none. */
  readonly recordIds?: boolean;
  /** Takes the checkpoints that have ended; without it the outcome lists them all. */
  readonly history?: FlowHistory;
}

/** Coordinator, network, checkpoint store and the two outside. */
const OTHER_ACTORS = 5;

/** What most tasks have of most things: one empty list for all of them. */
const NONE: readonly never[] = [];

export class FlowJob implements Model {
  readonly plan: FlowJobPlan;
  readonly protocol: Protocol;
  readonly sinkRules: SinkRules;
  readonly meter: MeterRules;
  readonly world: World;
  readonly graph: Graph;
  readonly regions: FailoverRegions;
  readonly onTrace: ((entry: TraceEntry) => void) | null;
  readonly recordIds: boolean;
  readonly history: FlowHistory | null;
  readonly ids: ActionIds;
  places: TaskPlace[];

  // ---- parts ----------------------------------------------------------------------------------------------------
  readonly tasks: table.TaskTable;
  readonly channels: Channels;
  readonly turns: Turns;
  readonly records: RecordPath;
  readonly attention: Attention;
  readonly controls: Controls;
  readonly arrivals: Arrivals;
  /** Records go through the job in batches; null: one by one. */
  readonly batches: BatchClock | null;
  readonly coordinator: CoordinatorSide;
  readonly recovery: Recovery;
  readonly background: Background;
  /** Effects of the handlers of all tasks. */
  readonly port: TaskPort;
  readonly store: CheckpointStore = new CheckpointStore();
  readonly output: OutputLedger;
  readonly checkpoints: CheckpointLedger;
  readonly budget: TimeBudget;

  // ---- what is kept by task, and not needed for every record ----------------------------------------------------
  readonly states: unknown[];
  /** How many copies a record it sends owes the sinks. */
  readonly copiesAhead: readonly number[];
  readonly transaction: Int32Array;
  readonly pendingCommits: (readonly (readonly [checkpoint: number, transaction: number])[])[];
  /** Parts captured and not yet handed to their upload. */
  readonly parts: (readonly FlowJobPart[])[];
  /** Uploads booked as blocked time, for the mutant that does. */
  readonly extraBlocked: Float64Array;
  /** By source: the position of the newest restart, below which everything is read again. */
  readonly frontier: Int32Array;

  // ---- channels -------------------------------------------------------------------------------------------------
  /** Records at the head that were restored with a checkpoint's channel state, by channel and in all. */
  readonly recovered: Int32Array;
  recoveredTotal: number = 0;

  // ---- the outside world ----------------------------------------------------------------------------------------
  readonly transactions: TransactionList = new TransactionList();
  /** By sink: those that were not settled at its last restart, or opened since; the newest checkpoint committed. */
  readonly unsettled: (readonly number[])[];
  readonly committedUpTo: Float64Array;
  /** What one record of all these counts stands for. */
  readonly batchRecords: number;
  /** Between tasks and coordinator. */
  messagesSent: number = 0;

  readonly #rpcDelays: Delays;
  readonly #rpcDraws: KeyedDraws;

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
    this.recordIds = options.recordIds ?? true;
    this.history = options.history ?? null;
    this.ids = new ActionIds(plan);
    this.world = world;
    this.graph = graphOf(plan);
    this.regions = new FailoverRegions(protocol, topologyOf(plan), plan);
    const tasks = plan.tasks.length;
    world.reserveActors(tasks + OTHER_ACTORS);
    for (const { name } of plan.tasks) world.addActor(name);
    const coordinatorActor = world.addActor('coordinator');
    const networkActor = world.addActor('network');
    const storeActor = world.addActor('checkpoint-store');
    const outputActor = world.addActor('outside-world');
    const environmentActor = world.addActor('environment');
    const streams = randomStreams(plan.seed, plan.replication);
    this.batchRecords = plan.load.batchRecords ?? 1;
    this.batches = this.batchRecords > 1 ? new BatchClock(this.batchRecords, tasks) : null;
    this.places = placesOf(plan, this.graph, 0);
    this.arrivals = new Arrivals(plan.load, this.graph.sources.length, (source) =>
      streams(`sources/${source}/arrivals`),
    );
    this.copiesAhead = copiesAhead(plan, this.graph);
    this.tasks = tasksOf(plan, this.graph);
    this.channels = channelsOf(plan);
    this.states = Array.from({ length: tasks }, () => null);
    this.frontier = new Int32Array(this.graph.sources.length);
    this.transaction = new Int32Array(tasks).fill(-1);
    this.unsettled = Array.from({ length: tasks }, () => NONE);
    this.committedUpTo = new Float64Array(tasks);
    this.pendingCommits = Array.from({ length: tasks }, () => NONE);
    this.parts = Array.from({ length: tasks }, () => NONE);
    this.extraBlocked = new Float64Array(tasks);
    this.recovered = new Int32Array(plan.channels.length);

    const owed = this.graph.sources.map((task) => this.copiesAhead[task]!);
    this.output = new OutputLedger(plan.sink === 'idempotent' ? owed.map((copies) => Math.min(1, copies)) : owed, {
      tasks,
      holdsBack: plan.sink === 'two-phase',
      batch: this.batchRecords,
    });
    this.checkpoints = new CheckpointLedger(
      plan.tasks.map(({ role }) => role === 'source'),
      this.meter,
      this.history?.checkpoint,
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
    this.recovery = new Recovery(this, environmentActor, {
      crashes: streams('faults/crashes'),
      backoffs: streams('restart/back-off'),
    });
    this.turns = new Turns(this);
    this.records = new RecordPath(this, new KeyedDraws(streams('channels/delay')));
    this.attention = new Attention(this);
    this.controls = new Controls(this);
    this.#rpcDelays = new Delays(plan.costs.rpcDelay);
    this.#rpcDraws = new KeyedDraws(streams('rpc/delay'));
    this.background = new Background(this, { storeActor, outputActor }, new KeyedDraws(streams('faults/uploads')));
    this.port = new TaskPort(this);
    if (tasks >= FETCH_FROM_TASKS) world.fetchAhead(fetchAheadOf(this));
  }

  /** Starts the job: every task fresh and running. */
  begin(): void {
    for (let task = 0; task < this.plan.tasks.length; task++) {
      if (this.tasks.isSink(task) && this.plan.sink === 'two-phase') openTransaction(this, task);
      this.states[task] = this.protocol.task.start(this.places[task]!, 0);
      if (this.tasks.isSource(task)) this.setPosition(task, 0);
      this.turns.enter(task, IDLE);
      this.turns.wake(task);
    }
    this.coordinator.begin();
    this.recovery.begin();
    this.turns.drain();
  }

  /** Spans that are still running when the run ends. */
  end(): void {
    for (let task = 0; task < this.plan.tasks.length; task++) this.#traceCut(task);
  }

  apply(kind: number, actor: number, a: number, b: number, payload: unknown): void {
    if (kind === ARRIVE) this.records.arrived(a);
    else if (kind === SERVED) this.turns.served(actor);
    else if (kind === READ) this.turns.recordIsThere(actor);
    else this.#applyOther(kind, actor, a, b, payload);
    if (this.turns.runnableCount > 0) this.turns.drain();
  }

  #applyOther(kind: number, actor: number, a: number, b: number, payload: unknown): void {
    switch (kind) {
      case kinds.SYNCED:
        this.attention.synced(actor, a);
        return;
      case kinds.OVERTAKE:
        this.attention.urgent(actor, a);
        return;
      case kinds.TIMER:
        this.attention.timer(actor, payload as string);
        return;
      case kinds.TELL_TASK:
        this.attention.message(actor, payload as JobMessage);
        return;
      case kinds.RUNNING:
        this.#running(actor);
        return;
      case kinds.UPLOADED:
        this.background.onUploaded(payload as FlowJobPart, a, b);
        return;
      case kinds.COMMIT:
        this.background.onCommit(a, b, payload as number);
        return;
      case kinds.CRASH:
        this.recovery.onCrash(a);
        return;
      case kinds.DETECT:
        this.recovery.onDetect();
        return;
      default:
        this.coordinator.apply(kind, a, b, payload);
    }
  }

  // ---- questions of the parts -----------------------------------------------------------------------------------

  /** What a record is known by: routing and the state of tasks go by it. */
  hashOf(source: number, seq: number): number {
    return mix32(saltOf(source), seq) | 0;
  }

  /** The source goes on reading here. */
  setPosition(task: number, seq: number): void {
    this.tasks.moveTo(task, seq, this.arrivals.timeOf(this.graph.sourceIndex[task]!, seq));
  }

  /** The snapshot that the task has just taken stops it for its synchronous part. */
  owe(task: number, checkpoint: number): void {
    const { syncMicros, syncMicrosPerMebibyte } = this.plan.costs;
    const micros = syncMicros + Math.round((syncMicrosPerMebibyte * this.stateBytes(task)) / 2 ** 20);
    this.attention.owe(task, checkpoint, micros);
  }

  /** Records in the task's state. */
  processedBy(task: number): number {
    let sum = 0;
    for (const input of this.graph.inputs[task]!) sum += this.channels.received(input);
    return sum;
  }

  stateBytes(task: number): number {
    const { stateBytes, stateBytesPerRecord } = this.plan.tasks[task]!;
    return stateBytes + Math.round(stateBytesPerRecord * this.processedBy(task) * this.batchRecords);
  }

  rpcDelay(task: number, name: string, checkpoint: number): number {
    return this.#rpcDelays.at(this.#rpcDelays.isConstant ? 0 : this.#rpcDraws.at(task, keyOf(name, checkpoint)));
  }

  /** How long ago the record was there to be read. */
  ageOf(source: number, seq: number): number {
    return this.world.now - this.arrivals.timeOf(source, seq);
  }

  /** A record has left the head of the channel, where some are still restored ones. */
  takeRecovered(input: number): void {
    if (this.recovered[input] === 0) return;
    this.recovered[input]!--;
    if (--this.recoveredTotal === 0) this.coordinator.trigger.poke();
  }

  // ---- failures -------------------------------------------------------------------------------------------------

  /** The task's incarnation ends: all that was pending for it, and all it kept in memory. */
  stop(task: number, status: number): void {
    this.#traceCut(task);
    this.world.retire(task);
    this.tasks.setStatus(task, status);
    this.tasks.reset(task);
    this.attention.clear(task);
    this.parts[task] = NONE;
    this.background.forgetTimers(task);
    this.states[task] = null;
    if (this.tasks.isSource(task)) this.setPosition(task, 0);
    this.transaction[task] = -1;
    this.pendingCommits[task] = NONE;
    for (const input of this.graph.inputs[task]!) {
      this.channels.ints[input * channel.CHANNEL_INTS + channel.FLAGS]! &= channel.UNORDERED;
      this.channels.setReceived(input, 0);
    }
    for (const output of this.graph.outputs[task]!) this.channels.setSent(output, 0);
  }

  /** The restarted task has its state. */
  #running(task: number): void {
    this.tasks.setStatus(task, FREE);
    this.batches?.free(task, this.world.now);
    this.turns.enter(task, IDLE);
    this.onTrace?.({ at: this.world.now, id: null, kind: 'running', task });
    this.recovery.onRunning();
    this.turns.wake(task);
  }

  /** After these channels of these tasks have been refilled: times of arrival begin anew, and room is counted again. */
  recountChannels(tasks: readonly number[], channels: readonly number[]): void {
    for (const task of tasks) this.tasks.ints[task * table.TASK_INTS + table.FULL_OUTPUTS] = 0;
    for (const each of channels) {
      this.channels.reals[each * channel.CHANNEL_REALS + channel.LAST_DUE] = 0;
      this.controls.forget(each);
    }
    for (const each of channels) {
      if (this.records.isFull(each)) this.tasks.ints[this.graph.from[each]! * table.TASK_INTS + table.FULL_OUTPUTS]!++;
      if (this.channels.count(each) > 0) this.records.newHead(each, this.channels.slot(each, 0));
    }
  }

  /** A span that ends before its time: the record is not processed, the snapshot not taken. */
  #traceCut(task: number): void {
    const status = this.tasks.status(task);
    if (this.onTrace === null || (status !== IS_SERVING && status !== SYNCING)) return;
    const at = this.world.now;
    const from = this.tasks.reals[task * table.TASK_REALS + table.SERVING_FROM]!;
    if (status === SYNCING) {
      this.onTrace({ at, id: null, kind: 'cut', task, source: -1, seq: -1, from });
      return;
    }
    const input = this.tasks.ints[task * table.TASK_INTS + table.SERVING]!;
    const slot = input < 0 ? -1 : this.channels.slot(input, 0);
    const source = slot < 0 ? this.graph.sourceIndex[task]! : this.channels.words[slot + channel.SOURCE]!;
    const seq = slot < 0 ? this.tasks.read(task) : this.channels.words[slot + channel.SEQ]!;
    this.onTrace({ at, id: null, kind: 'cut', task, source, seq, from });
  }
}

function saltOf(source: number): number {
  return mix32(0x7469_6465, source) | 0;
}

/** The table of tasks as the plan has them. */
function tasksOf(plan: FlowJobPlan, { routes, sourceIndex }: Graph): table.TaskTable {
  const made = new table.TaskTable(plan.tasks.length);
  plan.tasks.forEach(({ role, serviceMicros }, task) => {
    const at = task * table.TASK_INTS;
    const source = sourceIndex[task]!;
    made.ints[at + table.ROLE] = role === 'source' ? table.IS_SOURCE : role === 'sink' ? table.IS_SINK : 0;
    made.ints[at + table.SERVICE] = serviceMicros;
    made.ints[at + table.ROUTE] = routes.ofTask[task]!;
    made.ints[at + table.ROUTE_END] = routes.ofTask[task + 1]!;
    made.ints[at + table.SOURCE_INDEX] = source;
    if (source >= 0) made.ints[at + table.SALT] = saltOf(source);
    made.ints[at + table.CATEGORY] = -1;
  });
  return made;
}

/** The table of channels as the plan has them. */
function channelsOf(plan: FlowJobPlan): Channels {
  const made = new Channels(plan.channels.length, (plan.load.batchRecords ?? 1) > 1);
  plan.channels.forEach(({ from, to, fifo }, each) => {
    const at = each * channel.CHANNEL_INTS;
    made.ints[at + channel.FROM] = from;
    made.ints[at + channel.TO] = to;
    made.ints[at + channel.FLAGS] = fifo ? 0 : channel.UNORDERED;
  });
  return made;
}
