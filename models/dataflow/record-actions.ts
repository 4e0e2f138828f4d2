/**
 * How records move: sources read them, channels deliver them, operators count them and send them on, sinks write them.
 * Control elements travel in the same channels and are delivered here too; what they mean is the protocol's business.
 */
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import type { FlowStep } from './laws/law.ts';
import { insertSorted } from './ordered-sets.ts';
import { TaskPort } from './ports.ts';
import { emitToSink } from './sinks.ts';
import type { Application, Element, FlowRecord, FlowState } from './state.ts';

/** Reading, delivering, and what operators have put off. */
export function recordActions(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  for (const source of world.sources) emissions(world, state, source, actions);
  for (let channel = 0; channel < world.topology.channels.length; channel++) deliveries(world, state, channel, actions);
}

function emissions(world: FlowWorld, state: FlowState, source: number, actions: FlowAction[]): void {
  const { up, application, suspended } = state.task(source);
  if (!up || suspended > 0 || !hasRoom(world, state, source)) return;
  if (world.topology.splits !== undefined) {
    splitEmissions(world, source, application.splits, actions);
    return;
  }
  if (application.read >= world.topology.records) return;
  const seq = application.read;
  actions.push({
    id: `emit:${world.name(source)}#${seq}`,
    kind: 'emit',
    run: (s) => {
      s.writeTask(source).application.read++;
      process(world, s, source, { is: 'record', source, seq, n: 0, hops: world.topology.hops, tag: 0 });
    },
  });
}

/** The next record of each split that the source has been given. */
function splitEmissions(world: FlowWorld, source: number, splits: Application['splits'], actions: FlowAction[]): void {
  splits.forEach(([split, seq], i) => {
    if (seq >= world.topology.records) return;
    actions.push({
      id: `emit:${world.name(source)}#${split}.${seq}`,
      kind: 'emit',
      run: (s) => {
        const { application } = s.writeTask(source);
        application.read++;
        application.splits[i] = [split, seq + 1];
        const log = world.sources[split]!;
        process(world, s, source, { is: 'record', source: log, seq, n: 0, hops: world.topology.hops, tag: 0 });
      },
    });
  });
}

/** Timers of the operator fire and requests answer, in any order; each lets the operator process one record it has kept. */
export function deferredActions(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  if (world.topology.deferred !== true) return;
  for (let task = 0; task < state.tasks; task++) {
    const { up, application, suspended } = state.task(task);
    if (!up || suspended > 0 || application.armed === 0 || !hasRoom(world, state, task)) continue;
    application.waiting.forEach((record, i) => {
      actions.push({
        id: `work:${world.name(task)}#${elementName(record)}`,
        kind: 'work',
        run: (s) => {
          const { application } = s.writeTask(task);
          application.armed--;
          application.waiting.splice(i, 1);
          process(world, s, task, record);
        },
      });
    });
  }
}

/** Every output has credit for one more record. */
function hasRoom(world: FlowWorld, state: FlowState, task: number): boolean {
  if (world.protocol.needs.durableChannels === true) return true;
  const { sharedCredit } = world.engine;
  for (const channel of world.outputs[task]!) {
    if (recordsIn(state, channel) >= world.topology.capacity) return false;
    if (sharedCredit === null) continue;
    let held = 0;
    for (const input of world.inputs[world.topology.channels[channel]!.to]!) held += recordsIn(state, input);
    if (held >= sharedCredit) return false;
  }
  return true;
}

function recordsIn(state: FlowState, channel: number): number {
  let records = 0;
  for (const element of state.channel(channel).queue) if (element.is === 'record') records++;
  return records;
}

/** The task has more channel state to read than it can hold, and processes none before it has read all. */
function isRecoveryStuck(world: FlowWorld, state: FlowState, task: number): boolean {
  const { recoveryBuffers } = world.engine;
  if (recoveryBuffers === null) return false;
  let recovered = 0;
  for (const input of world.inputs[task]!) recovered += state.channel(input).recovered;
  return recovered > recoveryBuffers;
}

function deliveries(world: FlowWorld, state: FlowState, channel: number, actions: FlowAction[]): void {
  const { queue } = state.channel(channel);
  if (queue.length === 0) return;
  const { to, fifo } = world.topology.channels[channel]!;
  const receiver = state.task(to);
  if (!receiver.up || isRecoveryStuck(world, state, to)) return;
  const blocked = receiver.blocked.includes(channel);
  const room = hasRoom(world, state, to);
  for (let i = 0; i < queue.length; i++) {
    const element = queue[i]!;
    const overtakes = element.is === 'control' && element.priority;
    if (!overtakes && (blocked || (fifo && i > 0))) continue;
    if (element.is === 'record' && !room) continue;
    actions.push({
      id: `deliver:${world.channelNames[channel]}#${elementName(element)}`,
      kind: element.is === 'record' ? 'deliver' : 'control',
      ample: element.is === 'record' && isOnItsOwn(world, to),
      run: (s, step) => deliver(world, s, { channel, at: i }, step),
    });
    // A priority element further back is delivered first; nothing else of a FIFO channel is.
    if (fifo && overtakes) break;
  }
}

/**
 * A sink with one input, under a protocol that waits its turn: what it takes into its open transaction nobody sees before the
 * barrier behind it, and a crash makes no difference between a record that was taken and one that was not.
 */
function isOnItsOwn(world: FlowWorld, task: number): boolean {
  const { topology, protocol } = world;
  if (topology.tasks[task]!.role !== 'sink' || topology.sink !== 'two-phase' || topology.deferred === true)
    return false;
  return protocol.needs.inTurn === true && world.inputs[task]!.length === 1 && world.opensAfresh && world.isReducible;
}

/** Where the element that is delivered stands. */
interface Delivery {
  readonly channel: number;
  readonly at: number;
}

function deliver(world: FlowWorld, state: FlowState, delivery: Delivery, step: FlowStep): void {
  const { channel, at } = delivery;
  const { to, fifo } = world.topology.channels[channel]!;
  const element = state.channel(channel).queue[at] as Element;
  const place = world.place(state, to);
  const task = state.writeTask(to);
  const port = new TaskPort(world, state, place, delivery);
  if (element.is === 'control') {
    world.protocol.task.control(task.protocol, place, channel, element, port);
    const { queue } = state.writeChannel(channel);
    queue.splice(queue.indexOf(element), 1);
    return;
  }
  world.protocol.task.record?.(task.protocol, place, channel, element, port);
  const rest = state.writeChannel(channel);
  rest.queue.splice(at, 1);
  rest.recovered = Math.max(0, rest.recovered - 1);
  const input = place.inputs.indexOf(channel);
  const { application } = task;
  step.delivered = { channel, record: element, expected: application.received[input] as number };
  application.received[input]!++;
  const got = application.got[input]!;
  const isRepeated = world.protocol.needs.deduplicated === true && got.includes(element.n);
  if (isRepeated) return;
  if (!fifo || world.protocol.needs.deduplicated === true) insertSorted(got, element.n);
  if (world.topology.deferred === true && place.role === 'operator') {
    application.waiting.push(element);
    application.armed++;
    return;
  }
  process(world, state, to, element);
}

/** What user code does: count the record, and send it on. */
function process(world: FlowWorld, state: FlowState, task: number, record: FlowRecord): void {
  const { role } = world.topology.tasks[task]!;
  const { application, protocol } = state.writeTask(task);
  const index = world.recordIndex(record);
  if (role !== 'source') application.seen[index]!++;
  if (role === 'sink') {
    emitToSink(world, state, task, index);
    return;
  }
  if (world.topology.hops > 0 && role === 'operator') {
    if (record.hops <= 0) return;
  }
  const tag = world.protocol.task.stamp?.(protocol) ?? 0;
  const hops = role === 'operator' ? record.hops - 1 : record.hops;
  world.outputs[task]!.forEach((channel, output) => {
    if (world.keyed?.takes(state, channel, record) === false) return;
    const n = application.sent[output]!++;
    const target = state.writeChannel(channel);
    const sent: FlowRecord = { is: 'record', source: record.source, seq: record.seq, n, hops, tag };
    target.queue.push(sent);
    if (world.protocol.needs.durableChannels === true) target.log.push(sent);
  });
}

function elementName(element: Element): string {
  return element.is === 'record'
    ? `r${element.source}.${element.seq}.${element.n}`
    : `${element.name}-${element.checkpoint}`;
}
