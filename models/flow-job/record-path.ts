/**
 * The path of a record, from its source to its sink: it is read, sent, crosses channels, takes effect in the state of each task
 * on its way and is shown by a sink. Nothing is allocated per record, and what few jobs ask for (a trace, batches, protocols
 * that look at records) stands apart, behind one question each.
 *
 * Length: one path, and whoever follows a record wants to turn no pages.
 */
import { type World, mix32 } from '../../sim/index.ts';
import * as kinds from './actions.ts';
import type { Arrivals } from './arrivals.ts';
import type { BatchClock } from './batch-clock.ts';
import * as channel from './channel-layout.ts';
import type { Channels } from './channels.ts';
import { Delays } from './delays.ts';
import * as graph from './graph.ts';
import type { FlowJob } from './job.ts';
import type { KeyedDraws } from './keyed-draws.ts';
import type { OutputLedger } from './output-ledger.ts';
import * as table from './task-table.ts';
import type { TraceEntry } from './trace.ts';
import { emitToSink } from './transactions.ts';
import type { Turns } from './turns.ts';

// What is imported is read from memory at each use; a constant of this file is not.
// Fewer bytecodes than through Math, and V8 inlines by their number.
const imul = Math.imul;
const { ARRIVE } = kinds;
const { CONTROL, DUE, HASH, HOPS, N, SEQ, SOURCE, TAG } = channel;
const { BASE, BEHIND, CHANNEL_INTS, CHANNEL_REALS, COUNT, DELAY, DELAY_SALT, FLAGS, FROM, HEAD, LAST_DUE } = channel;
const { MASK, RECEIVED, RECORDS, SENT, TO, UNORDERED } = channel;
const { FIRST, ONLY, ROUTE_INTS, ROUTE_SALT, WIDTH } = graph;
const { TASK_INTS, TASK_REALS, FOLDED, FULL_OUTPUTS, IS_SINK, NEXT_TIME, READ, ROLE, ROUTE, ROUTE_END } = table;
const { SALT, SERVICE, SERVING_FROM, SOURCE_INDEX } = table;

/** More records than a channel holds. */
const UNBOUNDED = 2 ** 31 - 1;

/** The record a protocol's handler is shown; one object for all. */
class ShownRecord {
  source: number = 0;
  seq: number = 0;
  tag: number = 0;
}

export class RecordPath {
  /** Read by sources, and processed by operators and sinks; of batches, their number. */
  read: number = 0;
  processed: number = 0;

  private readonly job: FlowJob;
  private readonly world: World;
  private readonly turns: Turns;
  private readonly arrivals: Arrivals;
  private readonly output: OutputLedger;
  private readonly channels: Channels;
  private readonly onTrace: ((entry: TraceEntry) => void) | null;
  private readonly batches: BatchClock | null;
  /** Records of tasks, of channels and of routes. */
  private readonly ints: Int32Array;
  private readonly reals: Float64Array;
  private readonly ofChannels: Int32Array;
  private readonly routes: Int32Array;
  private readonly routeChannels: Int32Array;
  /** The job's different delays. */
  private readonly delays: readonly Delays[];
  /** Somebody wants to see every record: who traces the run, or the protocol. */
  private readonly isWatched: boolean;
  /** The protocol stamps every record. */
  private readonly isStamped: boolean;
  private readonly isDurable: boolean;
  /** A sink shows each record as it comes, one by one. */
  private readonly isShownAtOnce: boolean;
  private readonly hopsMax: number;
  /** Hashes below this are the hot key's. */
  private readonly hotBelow: number;
  /** Records that fill a channel; of those without bound, more than any holds. */
  private readonly capacity: number;
  private readonly shown: ShownRecord = new ShownRecord();
  /** Of the batch in hand: how long before the last record the first one was. */
  private lead: number = 0;

  constructor(job: FlowJob, draws: KeyedDraws) {
    const { plan, protocol } = job;
    this.job = job;
    this.world = job.world;
    this.turns = job.turns;
    this.arrivals = job.arrivals;
    this.output = job.output;
    this.channels = job.channels;
    this.onTrace = job.onTrace;
    this.batches = job.batches;
    this.ints = job.tasks.ints;
    this.reals = job.tasks.reals;
    this.ofChannels = job.channels.ints;
    this.routes = job.graph.routes.records;
    this.routeChannels = job.graph.routes.channels;
    this.isWatched = this.onTrace !== null || protocol.task.record !== undefined;
    this.isStamped = protocol.task.stamp !== undefined;
    this.isDurable = protocol.needs.durableChannels === true;
    this.isShownAtOnce = plan.sink === 'plain' && job.batches === null;
    this.hopsMax = plan.hops;
    this.hotBelow = (plan.hotShare ?? 0) * 2 ** 32;
    this.capacity = this.isDurable ? UNBOUNDED : Math.max(1, Math.round(plan.capacity / job.batchRecords));
    const delays = [new Delays(plan.costs.channelDelay)];
    plan.channels.forEach(({ delay }, each) => {
      const at = each * CHANNEL_INTS;
      this.ofChannels[at + DELAY] = delay === undefined ? 0 : delays.push(new Delays(delay)) - 1;
      this.ofChannels[at + DELAY_SALT] = draws.saltOf(each);
    });
    this.delays = delays;
  }

  // ---- sources --------------------------------------------------------------------------------------------------

  /** The source has read the record at its position. */
  emit(task: number): void {
    const { ints } = this;
    const at = task * TASK_INTS;
    const source = ints[at + SOURCE_INDEX]!;
    const seq = ints[at + READ]!;
    if (this.onTrace !== null) this.traceEmit(task, source, seq);
    ints[at + READ] = seq + 1;
    this.reals[task * TASK_REALS + NEXT_TIME] = this.arrivals.timeOf(source, seq + 1);
    if (this.batches !== null) this.lead = this.batches.end(task, this.world.now, ints[at + SERVICE]!);
    this.read++;
    this.world.state.add(seq);
    this.send(task, source, seq, mix32(ints[at + SALT]!, seq) | 0, this.hopsMax);
  }

  // ---- receivers ------------------------------------------------------------------------------------------------

  /** An element has crossed the channel. */
  arrived(input: number): void {
    const { channels } = this;
    const of = input * CHANNEL_INTS;
    if (this.ofChannels[of + COUNT] === 0) return;
    const slot = channels.slot(input, 0);
    // The head may have gone meanwhile, overtaken or restarted: the new one has an arrival of its own.
    if (channels.times[(slot >> 1) + DUE]! > this.world.now) return;
    const task = this.ofChannels[of + TO]!;
    if (channels.words[slot + SOURCE] !== CONTROL && this.turns.takesAtOnce(task, input)) {
      if (this.batches !== null) this.batches.begin(task, this.world.now, channels.spanOf(slot));
      this.deliver(input, slot);
    } else this.turns.headArrived(input);
  }

  /**
   * The record at the head of the channel, in this slot, is processed: it leaves the channel, in which there is room for another
   * then, changes the task's state and is sent on.
   */
  deliver(input: number, slot: number): void {
    const { ints, ofChannels } = this;
    const { words } = this.channels;
    if (this.isWatched) this.show(input, slot);
    const source = words[slot + SOURCE]!;
    const seq = words[slot + SEQ]!;
    const hash = words[slot + HASH]!;
    const hops = words[slot + HOPS]!;
    const of = input * CHANNEL_INTS;
    // What `Channels.pop` does, and the new head's slot with it.
    const head = (ofChannels[of + HEAD]! + 1) & ofChannels[of + MASK]!;
    const count = ofChannels[of + COUNT]! - 1;
    const records = ofChannels[of + RECORDS]!;
    ofChannels[of + HEAD] = head;
    ofChannels[of + COUNT] = count;
    ofChannels[of + RECORDS] = records - 1;
    ofChannels[of + RECEIVED]!++;
    if (this.isDurable) ofChannels[of + BEHIND]!++;
    if (records === this.capacity) this.makeRoom(ofChannels[of + FROM]!);
    if (this.job.recoveredTotal > 0) this.job.takeRecovered(input);
    if (count > 0) this.newHead(input, (ofChannels[of + BASE]! + head) << 3);
    const task = ofChannels[of + TO]!;
    const at = task * TASK_INTS;
    if (this.batches !== null) this.lead = this.batches.end(task, this.world.now, ints[at + SERVICE]!);
    this.processed++;
    const folded = (ints[at + FOLDED]! + hash) | 0;
    ints[at + FOLDED] = folded;
    this.world.state.add(folded);
    if (ints[at + ROLE] === IS_SINK) this.reachSink(task, source, seq);
    // Around a cycle a record goes as often as it has hops.
    else if (this.hopsMax === 0 || hops > 0) this.send(task, source, seq, hash, hops - 1);
  }

  /** One output of the sender is not full any more. */
  private makeRoom(sender: number): void {
    const at = sender * TASK_INTS + FULL_OUTPUTS;
    const full = this.ints[at]! - 1;
    this.ints[at] = full;
    if (full > 0) return;
    if (this.batches !== null) this.batches.free(sender, this.world.now);
    this.turns.wake(sender);
  }

  private reachSink(task: number, source: number, seq: number): void {
    if (this.isShownAtOnce) this.output.show(source, seq, task, this.world.now - this.arrivals.timeOf(source, seq));
    else emitToSink(this.job, task, source, seq, this.lead);
  }

  // ---- channels -------------------------------------------------------------------------------------------------

  /** The record goes out on one channel of each route. */
  private send(task: number, source: number, seq: number, hash: number, hops: number): void {
    const { channels, ofChannels, routes, world } = this;
    const tag = this.isStamped ? this.stampOf(task) : 0;
    const end = this.ints[task * TASK_INTS + ROUTE_END]!;
    for (let route = this.ints[task * TASK_INTS + ROUTE]!; route < end; route++) {
      const only = routes[route * ROUTE_INTS + ONLY]!;
      const output = only < 0 ? this.pick(route * ROUTE_INTS, hash) : only;
      const of = output * CHANNEL_INTS;
      const slot = channels.push(output);
      const { words } = channels;
      words[slot + SOURCE] = source;
      words[slot + SEQ] = seq;
      words[slot + HASH] = hash;
      words[slot + N] = ofChannels[of + SENT]!++;
      words[slot + TAG] = tag;
      words[slot + HOPS] = hops;
      if (this.batches !== null) channels.setSpan(slot, this.lead);
      const records = ofChannels[of + RECORDS]! + 1;
      ofChannels[of + RECORDS] = records;
      if (records === this.capacity) this.ints[task * TASK_INTS + FULL_OUTPUTS]!++;
      // What `delayOf` and `depart` do.
      const delays = this.delays[ofChannels[of + DELAY]!]!;
      let due = world.now;
      if (delays.isConstant) due += delays.least;
      else due += delays.drawn(mix32(ofChannels[of + DELAY_SALT]!, (hash + hops) | 0));
      if ((ofChannels[of + FLAGS]! & UNORDERED) !== 0) {
        this.departUnordered(output, slot, due);
        continue;
      }
      const { reals } = channels;
      const last = reals[output * CHANNEL_REALS + LAST_DUE]!;
      if (due < last) due = last;
      else reals[output * CHANNEL_REALS + LAST_DUE] = due;
      channels.times[(slot >> 1) + DUE] = due;
      if (ofChannels[of + COUNT] === 1) this.newHead(output, slot);
    }
  }

  /** The channel of a route with several (whose record is at `at`) that a record with this hash takes. */
  private pick(at: number, hash: number): number {
    const { routes } = this;
    const width = hash >>> 0 < this.hotBelow ? 1 : routes[at + WIDTH]!;
    return this.routeChannels[routes[at + FIRST]! + ((imul(hash, routes[at + ROUTE_SALT]!) >>> 8) % width)]!;
  }

  /** How long the element with this key takes on the channel. */
  delayOf(output: number, key: number): number {
    const of = output * CHANNEL_INTS;
    const delays = this.delays[this.ofChannels[of + DELAY]!]!;
    return delays.isConstant ? delays.least : delays.drawn(mix32(this.ofChannels[of + DELAY_SALT]!, key));
  }

  /** The channel has no room for another record. */
  isFull(output: number): boolean {
    return this.ofChannels[output * CHANNEL_INTS + RECORDS]! >= this.capacity;
  }

  /** Gives the newest element of the channel its time of arrival. */
  depart(output: number, slot: number, key: number): void {
    const { channels, ofChannels } = this;
    const of = output * CHANNEL_INTS;
    let due = this.world.now + this.delayOf(output, key);
    if ((ofChannels[of + FLAGS]! & UNORDERED) !== 0) {
      this.departUnordered(output, slot, due);
      return;
    }
    const last = channels.reals[output * CHANNEL_REALS + LAST_DUE]!;
    if (due < last) due = last;
    else channels.reals[output * CHANNEL_REALS + LAST_DUE] = due;
    channels.times[(slot >> 1) + DUE] = due;
    if (ofChannels[of + COUNT] === 1) this.newHead(output, slot);
  }

  private departUnordered(output: number, slot: number, due: number): void {
    const { channels } = this;
    channels.times[(slot >> 1) + DUE] = due;
    if (channels.sortTail(output) === 0) this.newHead(output, channels.slot(output, 0));
  }

  /** The channel has a new head, in this slot. */
  newHead(input: number, slot: number): void {
    const wait = this.channels.times[(slot >> 1) + DUE]! - this.world.now;
    if (wait <= 0) this.turns.headArrived(input);
    else this.world.post(ARRIVE, this.ofChannels[input * CHANNEL_INTS + TO]!, wait, input);
  }

  // ---- what few jobs ask for ------------------------------------------------------------------------------------

  private stampOf(task: number): number {
    return this.job.protocol.task.stamp?.(this.job.states[task]) ?? 0;
  }

  /** When the service began that is over now. */
  private servedFrom(task: number): number {
    const takesTime = this.ints[task * TASK_INTS + SERVICE]! > 0;
    return takesTime ? this.reals[task * TASK_REALS + SERVING_FROM]! : this.world.now;
  }

  private traceEmit(task: number, source: number, seq: number): void {
    const id = this.job.recordIds ? this.job.ids.emit(task, seq) : null;
    const from = this.servedFrom(task);
    this.job.onTrace?.({ at: this.world.now, id, kind: 'emit', task, source, seq, from });
  }

  /** Shows the record that is processed to who traces the run, and to the handler of the protocol. */
  private show(input: number, slot: number): void {
    const { job, shown } = this;
    const { words } = this.channels;
    const task = this.ofChannels[input * CHANNEL_INTS + TO]!;
    const source = words[slot + SOURCE]!;
    const seq = words[slot + SEQ]!;
    shown.source = job.graph.sources[source]!;
    shown.seq = seq;
    shown.tag = words[slot + TAG]!;
    if (this.onTrace !== null) {
      const id = job.recordIds ? job.ids.record(input, { source: shown.source, seq, n: words[slot + N]! }) : null;
      this.onTrace({ at: this.world.now, id, kind: 'record', task, source, seq, from: this.servedFrom(task) });
    }
    if (job.protocol.task.record === undefined) return;
    const place = job.places[task]!;
    job.port.enter(place, input, 0);
    job.protocol.task.record(job.states[task], place, input, shown, job.port);
  }
}
