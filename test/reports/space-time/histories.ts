// Histories for pictures and traces: runs that hold, runs with a crash, protocols broken on purpose and the path that shows it.
import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { type History, historyOf } from '../../../models/dataflow/history.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import type { Protocol, TaskEffects } from '../../../models/dataflow/protocol.ts';
import {
  chainTopology,
  type Environment,
  joinTopology,
  PEACE,
  ringTopology,
  type Topology,
} from '../../../models/dataflow/topology.ts';
import { chandyLamport } from '../../../models/protocols/chandy-lamport.ts';
import { flinkAligned } from '../../../models/protocols/flink-aligned.ts';
import { explore, randomRun, randomStreams } from '../../../sim/index.ts';

export function worldOf(protocol: Protocol, topology: Topology, environment: Partial<Environment> = {}): FlowWorld {
  return new FlowWorld(protocol, topology, { ...PEACE, ...environment }, lawsFor(protocol, topology));
}

export const FAULT_KINDS = ['crash', 'lose', 'duplicate', 'fail', 'expire'];

/** One random run to its end. */
export function randomHistory(world: FlowWorld, seed: string, title?: string): History {
  const run = randomRun(world, {
    stream: randomStreams(seed)('history'),
    maxSteps: 2_000,
    faultKinds: FAULT_KINDS,
    stormSteps: 60,
    bias: 'uniform',
    weights: { crash: 0.4 },
  });
  return historyOf(world, run.ids, { faultKinds: FAULT_KINDS, ...(title === undefined ? {} : { title }) });
}

/** The shortest way to break a law. */
export function brokenHistory(world: FlowWorld, law: string): { history: History; path: readonly string[] } {
  const { violations } = explore(world, { faultKinds: FAULT_KINDS, maxStates: 200_000, stopAtFirst: law });
  const found = violations.find((each) => each.law === law);
  if (found === undefined) throw new Error(`${world.protocol.name} does not break ${law}`);
  return { history: historyOf(world, found.path, { law, faultKinds: FAULT_KINDS }), path: found.path };
}

/** Acknowledges a part when its upload begins. */
export const acksBeforeUpload: Protocol = {
  ...flinkAligned,
  name: 'flink-aligned (acknowledges before the upload)',
  task: {
    ...flinkAligned.task,
    control: (state, place, input, control, fx) =>
      flinkAligned.task.control(state, place, input, control, acknowledging(fx)),
    message: (state, place, message, checkpoint, fx) =>
      flinkAligned.task.message(state, place, message, checkpoint, acknowledging(fx)),
  },
};

function acknowledging(fx: TaskEffects): TaskEffects {
  return changed(fx, {
    upload(checkpoint) {
      fx.tell('ack', checkpoint);
      fx.upload(checkpoint);
    },
  });
}

/** Never holds an input back: what comes behind the first barrier is processed before the snapshot. */
export const doesNotAlign: Protocol = {
  ...flinkAligned,
  name: 'flink-aligned (does not hold inputs back)',
  task: {
    ...flinkAligned.task,
    control: (state, place, input, control, fx) =>
      flinkAligned.task.control(state, place, input, control, changed(fx, { block: () => undefined })),
  },
};

/** Takes its part at the first barrier and does not wait for the others. */
export const cutsAtFirstBarrier: Protocol = {
  ...flinkAligned,
  name: 'flink-aligned (cuts at the first barrier)',
  task: {
    ...flinkAligned.task,
    control: (state, place, _input, control, fx) => flinkAligned.task.message(state, place, 'trigger', control.checkpoint, fx),
  },
};

function changed(fx: TaskEffects, changes: Partial<TaskEffects>): TaskEffects {
  const all: TaskEffects = {
    send: (output, control) => fx.send(output, control),
    broadcast: (control) => fx.broadcast(control),
    block: (input, blocked) => fx.block(input, blocked),
    snapshot: (checkpoint) => fx.snapshot(checkpoint),
    captureRecord: (checkpoint, input) => fx.captureRecord(checkpoint, input),
    captureOvertaken: (checkpoint, input) => fx.captureOvertaken(checkpoint, input),
    upload: (checkpoint) => fx.upload(checkpoint),
    discard: (checkpoint) => fx.discard(checkpoint),
    sent: (output) => fx.sent(output),
    received: (input) => fx.received(input),
    tell: (message, checkpoint, data) => fx.tell(message, checkpoint, data),
    preCommit: (checkpoint) => fx.preCommit(checkpoint),
    commitUpTo: (checkpoint) => fx.commitUpTo(checkpoint),
  };
  return { ...all, ...changes };
}

/** `parallel` sources, maps and sinks in pairs; every map feeds one aggregate, which feeds all sinks. */
export function wideTopology(tasks: number): Topology {
  const sources = Math.floor((tasks - 2) / 2);
  const specs: Topology['tasks'][number][] = [];
  const channels: Topology['channels'][number][] = [];
  for (let s = 0; s < sources; s++) specs.push({ name: `s${s}`, role: 'source' });
  for (let m = 0; m < sources; m++) {
    specs.push({ name: `map${m}`, role: 'operator' });
    channels.push({ from: m, to: sources + m, fifo: true }, { from: sources + m, to: 2 * sources, fifo: true });
  }
  specs.push({ name: 'window', role: 'operator' }, { name: 'sink', role: 'sink' });
  channels.push({ from: 2 * sources, to: 2 * sources + 1, fifo: true });
  return { ...joinTopology({ records: 1 }), name: `${specs.length} tasks`, tasks: specs, channels };
}

export const histories = {
  chain: (): History => randomHistory(worldOf(flinkAligned, chainTopology({ records: 2 })), '1'),
  join: (): History => randomHistory(worldOf(flinkAligned, joinTopology({ records: 2 })), '5'),
  crash: (): History =>
    randomHistory(worldOf(flinkAligned, joinTopology({ records: 2 }), { crashes: 1, checkpoints: 2 }), '4'),
  ring: (): History => randomHistory(worldOf(chandyLamport, ringTopology({ records: 2 })), '3'),
  wide: (): History => randomHistory(worldOf(flinkAligned, wideTopology(20), { crashes: 1, checkpoints: 1 }), '2'),
  earlyAck: (): History => brokenHistory(worldOf(acksBeforeUpload, joinTopology()), 'D1').history,
  orphan: (): History => brokenHistory(worldOf(doesNotAlign, joinTopology()), 'C2').history,
  lost: (): History => brokenHistory(worldOf(cutsAtFirstBarrier, joinTopology()), 'C3').history,
  twice: (): History =>
    brokenHistory(worldOf(doesNotAlign, joinTopology({ sink: 'two-phase' }), { crashes: 1, calm: true }), 'E1').history,
} as const;
