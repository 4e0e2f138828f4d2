/**
 * What the most frequent actions of a job will read, read some time before they are applied. With a hundred thousand tasks each
 * record that an action needs is in no cache, and one tells where the next one lies: applied one after the other, actions would
 * wait for every one of them. Here the first records of all coming actions are read, then the second ones, and so on: those of
 * different actions come at the same time, and nothing that is decided hangs on one that is still on its way.
 *
 * Nothing is changed: a run is the same with and without it.
 */
import type { FetchAhead, Upcoming } from '../../sim/index.ts';
import * as kinds from './actions.ts';
import * as channel from './channel-layout.ts';
import * as graph from './graph.ts';
import type { FlowJob } from './job.ts';
import * as table from './task-table.ts';

const { ARRIVE, READ: READ_ACTION } = kinds;
const { CHANNEL_INTS, CONTROL, COUNT, DUE, SEQ, SOURCE, TO } = channel;
const { ONLY, ROUTE_INTS } = graph;
const { TASK_INTS, IS_SINK, READ, ROLE, ROUTE, ROUTE_END, SOURCE_INDEX } = table;

/** With fewer tasks too much is at hand anyway: 5,000 lose 9 % by it, about 10,000 are as fast, 15,000 gain 8 % (docs/performance.md). */
export const FETCH_FROM_TASKS: number = 2 ** 14;

/** Where the second line of a task's record begins. */
const LINE = 16;

/** For the coming actions of this job. */
export function fetchAheadOf(job: FlowJob): FetchAhead {
  const ahead = new Ahead(job);
  return (upcoming) => ahead.fetch(upcoming);
}

class Ahead {
  private readonly job: FlowJob;
  /** By action: the channel a record will leave on, -1: none known; and the slot of the element that arrives, -1: none. */
  private outputs: Int32Array = new Int32Array(0);
  private elements: Int32Array = new Int32Array(0);

  constructor(job: FlowJob) {
    this.job = job;
  }

  fetch(upcoming: Upcoming): number {
    const { length } = upcoming.kinds;
    if (this.outputs.length < length) {
      this.outputs = new Int32Array(length);
      this.elements = new Int32Array(length);
    }
    return (
      this.fetchOwners(upcoming) ^
      this.fetchElements(upcoming) ^
      this.fetchSources(upcoming) ^
      this.fetchOutputs(upcoming) ^
      this.fetchEnds(upcoming)
    );
  }

  /** Of each action: its actor, its task, and the channel it is about. */
  private fetchOwners({ count, kinds: kind, actors, operands }: Upcoming): number {
    const { world, tasks, channels } = this.job;
    const { ints } = tasks;
    const ofChannels = channels.ints;
    let read = 0;
    for (let i = 0; i < count; i++) {
      const actor = actors[i]! * world.perActor;
      const at = actors[i]! * TASK_INTS;
      read ^= world.actors[actor]! ^ world.actors[actor + 1 + kind[i]!]!;
      // Of the outside world's actors there is no record.
      if (at < ints.length) read ^= ints[at]!;
      if (kind[i] === ARRIVE) read ^= ofChannels[operands[i]! * CHANNEL_INTS]!;
      else if (kind[i] === READ_ACTION) read ^= ints[at + LINE]!;
    }
    return read;
  }

  /** The element that arrives and the one behind it, and the route that a record takes from here. */
  private fetchElements({ count, kinds: kind, actors, operands }: Upcoming): number {
    const { tasks, channels, graph: of } = this.job;
    const { ints } = tasks;
    const routes = of.routes.records;
    const { outputs, elements } = this;
    const { words } = channels;
    let read = 0;
    for (let i = 0; i < count; i++) {
      outputs[i] = -1;
      elements[i] = -1;
      if (kind[i] !== ARRIVE && kind[i] !== READ_ACTION) continue;
      const at = actors[i]! * TASK_INTS;
      if (kind[i] === ARRIVE) {
        const slot = channels.slot(operands[i]!, 0);
        elements[i] = slot;
        read ^= words[slot]! ^ words[channels.slot(operands[i]!, 1)]!;
      }
      const route = ints[at + ROUTE]!;
      if (route === ints[at + ROUTE_END]!) continue;
      const only = route * ROUTE_INTS + ONLY;
      outputs[i] = only;
      read ^= routes[only]!;
    }
    return read;
  }

  /** The source whose record it is, and the channel a record goes out on. */
  private fetchSources({ count, kinds: kind, actors }: Upcoming): number {
    const { tasks, channels, graph: of, arrivals, output } = this.job;
    const { ints } = tasks;
    const routes = of.routes.records;
    const { outputs, elements } = this;
    let read = 0;
    for (let i = 0; i < count; i++) {
      if (outputs[i]! >= 0) {
        outputs[i] = routes[outputs[i]!]!;
        if (outputs[i]! >= 0) read ^= channels.ints[outputs[i]! * CHANNEL_INTS]!;
      }
      const at = actors[i]! * TASK_INTS;
      if (kind[i] === READ_ACTION) read ^= arrivals.fetchSource(ints[at + SOURCE_INDEX]!);
      else if (elements[i]! >= 0 && ints[at + ROLE] === IS_SINK) {
        const source = channels.words[elements[i]! + SOURCE]!;
        if (source === CONTROL) elements[i] = -1;
        else read ^= arrivals.fetchSource(source) ^ output.fetchSource(source, actors[i]!);
      } else elements[i] = -1;
    }
    return read;
  }

  /** Where the record goes on its channel, and who it arrives at; when a record was there, and what the sink's table says. */
  private fetchOutputs({ count, kinds: kind, actors }: Upcoming): number {
    const { world, tasks, channels, arrivals, output } = this.job;
    const { ints } = tasks;
    const ofChannels = channels.ints;
    const { words } = channels;
    const { outputs, elements } = this;
    let read = 0;
    for (let i = 0; i < count; i++) {
      const out = outputs[i]!;
      if (out >= 0) {
        const of = out * CHANNEL_INTS;
        const slot = channels.slot(out, ofChannels[of + COUNT]!);
        const actor = ofChannels[of + TO]! * world.perActor;
        read ^= words[slot]! ^ world.actors[actor]! ^ world.actors[actor + 1 + ARRIVE]!;
      }
      const at = actors[i]! * TASK_INTS;
      const slot = elements[i]!;
      if (kind[i] === READ_ACTION) read ^= arrivals.fetchTime(ints[at + SOURCE_INDEX]!, ints[at + READ]! + 1);
      else if (slot >= 0) {
        const source = words[slot + SOURCE]!;
        const seq = words[slot + SEQ]!;
        read ^= arrivals.fetchTime(source, seq) ^ output.fetchRow(source, seq, actors[i]!);
      }
    }
    return read;
  }

  /** What a sink counts. */
  private fetchEnds({ count, actors }: Upcoming): number {
    const { channels, arrivals, output } = this.job;
    const { words, times } = channels;
    const { elements } = this;
    let read = 0;
    for (let i = 0; i < count; i++) {
      const slot = elements[i]!;
      if (slot < 0) continue;
      const from = arrivals.fetchTime(words[slot + SOURCE]!, words[slot + SEQ]!);
      read ^= output.fetchCount(actors[i]!, times[(slot >> 1) + DUE]! - from);
    }
    return read;
  }
}
