/** Control elements: barriers, markers, announcements. They travel in the channels, and those with priority overtake there. */
import * as kinds from './actions.ts';
import { CONTROL, DUE, SEQ, SOURCE } from './channel-layout.ts';
import type { FlowJob } from './job.ts';
import { keyOf } from './keyed-draws.ts';

export class Controls {
  /** Put on channels so far. */
  sent: number = 0;
  readonly #job: FlowJob;
  /** By channel: when the newest element with priority is across. */
  readonly #lastUrgentDue: Float64Array;

  constructor(job: FlowJob) {
    this.#job = job;
    this.#lastUrgentDue = new Float64Array(job.plan.channels.length);
  }

  /** Puts a control from the pool behind what was sent before; one with priority is announced to arrive on its own. */
  send(channel: number, index: number): void {
    const { channels, protocol, records, world, graph } = this.#job;
    if (protocol.needs.durableChannels === true)
      throw new Error(`${protocol.name} sends controls through channels that are logs`);
    const slot = channels.push(channel);
    channels.words[slot + SOURCE] = CONTROL;
    channels.words[slot + SEQ] = index;
    const { name, checkpoint, priority } = channels.control(index);
    const key = keyOf(name, checkpoint);
    this.sent++;
    if (priority !== true) {
      records.depart(channel, slot, key);
      return;
    }
    const due = Math.max(world.now + records.delayOf(channel, key), this.#lastUrgentDue[channel]!);
    this.#lastUrgentDue[channel] = due;
    channels.times[(slot >> 1) + DUE] = due;
    world.post(kinds.OVERTAKE, graph.to[channel]!, due - world.now, channel);
    if (channels.count(channel) === 1) records.newHead(channel, slot);
  }

  /** The checkpoint's barrier on this input becomes a priority element; on the wire it still has to arrive. */
  prioritise(channel: number, checkpoint: number): void {
    const { channels, world, graph } = this.#job;
    for (let at = channels.count(channel) - 1; at >= 0; at--) {
      const slot = channels.slot(channel, at);
      if (channels.words[slot + SOURCE] !== CONTROL) continue;
      const control = channels.control(channels.words[slot + SEQ]!);
      if (control.checkpoint !== checkpoint) continue;
      channels.release(channels.words[slot + SEQ]!);
      channels.words[slot + SEQ] = channels.intern({ ...control, priority: true }, 1);
      const wait = Math.max(0, channels.times[(slot >> 1) + DUE]! - world.now);
      world.post(kinds.OVERTAKE, graph.to[channel]!, wait, channel);
      return;
    }
  }

  /** Delivers the first priority element of the channel, if it has arrived. */
  deliverUrgent(channel: number): void {
    const { attention, channels, graph, world } = this.#job;
    for (let at = 0; at < channels.count(channel); at++) {
      const slot = channels.slot(channel, at);
      if (channels.words[slot + SOURCE] !== CONTROL || channels.control(channels.words[slot + SEQ]!).priority !== true)
        continue;
      if (channels.times[(slot >> 1) + DUE]! > world.now) return;
      this.deliver(channel, at);
      // There may be another behind it.
      attention.urgent(graph.to[channel]!, channel);
      return;
    }
  }

  /** Hands the control at this place in the channel to its receiver's handler. */
  deliver(channel: number, at: number): void {
    const job = this.#job;
    const { channels } = job;
    const { now } = job.world;
    const task = job.graph.to[channel]!;
    const index = channels.words[channels.slot(channel, at) + SEQ]!;
    const control = channels.control(index);
    const { name, checkpoint } = control;
    job.world.state.addInts(kinds.ARRIVE, channel, checkpoint);
    job.checkpoints.barrier(task, control, now);
    job.onTrace?.({ at: now, id: job.ids.control(channel, control), kind: 'control', task, channel, name, checkpoint });
    const place = job.places[task]!;
    job.port.enter(place, channel, at);
    job.protocol.task.control(job.states[task], place, channel, control, job.port);
    channels.release(index);
    if (at > 0) {
      channels.removeAt(channel, at);
      return;
    }
    channels.pop(channel);
    if (channels.count(channel) > 0) job.records.newHead(channel, channels.slot(channel, 0));
  }

  /** What was on its way on these channels is gone. */
  forget(channel: number): void {
    this.#lastUrgentDue[channel] = 0;
  }
}
