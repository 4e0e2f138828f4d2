// Histories for pictures and traces: runs that hold, runs with a crash, protocols broken on purpose and the path that shows it.
import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { type History, historyOf } from '../../../models/dataflow/history.ts';
import { samzaHistory } from '../../../models/dataflow/history-samza.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import {
  chainTopology,
  type Environment,
  FAULT_KINDS,
  joinTopology,
  PEACE,
  ringTopology,
  type Topology,
} from '../../../models/dataflow/topology.ts';
import { withEffects, withTask } from '../../../models/mutants/wrap.ts';
import { chandyLamport } from '../../../models/protocols/chandy-lamport.ts';
import { flinkAligned } from '../../../models/protocols/flink-aligned.ts';
import { planOf, second } from '../../models/plan-builder.ts';
import { explore, randomRun, randomStreams, shrink } from '../../../sim/index.ts';

export function worldOf(protocol: Protocol, topology: Topology, environment: Partial<Environment> = {}): FlowWorld {
  return new FlowWorld(protocol, topology, { ...PEACE, ...environment }, lawsFor(protocol, topology));
}

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

/** The first random run that breaks a law, shrunk. */
function shrunkHistory(world: FlowWorld, law: string): History {
  for (let run = 0; run < 2_000; run++) {
    const stream = randomStreams('histories', run)('swarm');
    const { violations } = randomRun(world, { stream, maxSteps: 400, faultKinds: FAULT_KINDS, stopAtFirst: law });
    const breach = violations.find((each) => each.law === law);
    if (breach === undefined) continue;
    const { ids } = shrink(world, breach.path, { law, faultKinds: FAULT_KINDS, maxReplays: 1500 });
    return historyOf(world, ids, { law });
  }
  throw new Error(`${world.protocol.name} does not break ${law}`);
}

/** Acknowledges a part when its upload begins. */
export const acksBeforeUpload: Protocol = {
  ...withEffects(flinkAligned, (fx) => ({
    upload(checkpoint) {
      fx.tell('ack', checkpoint);
      fx.upload(checkpoint);
    },
  })),
  name: 'flink-aligned (acknowledges before the upload)',
};

/** Never holds an input back: what comes behind the first barrier is processed before the snapshot. */
export const doesNotAlign: Protocol = {
  ...withEffects(flinkAligned, () => ({ block: () => undefined })),
  name: 'flink-aligned (does not hold inputs back)',
};

/** Takes its part at the first barrier and does not wait for the others. */
export const cutsAtFirstBarrier: Protocol = {
  ...withTask(flinkAligned, (base) => ({
    control: (state, place, _input, control, fx) => base.message(state, place, 'trigger', control.checkpoint, fx),
  })),
  name: 'flink-aligned (cuts at the first barrier)',
};

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

/** Two containers, three tasks; one dies between two steps of a commit, while outputs are still on their way. */
export function samzaWindow(): History {
  const plan = planOf({
    horizonMicros: 40 * second,
    inputs: [{ partitions: 3 }],
    job: { containers: 2 },
    load: { perSecond: 40 },
    faults: [
      {
        kind: 'container-crash',
        container: 0,
        exitCode: 1,
        trigger: { on: 'step', step: 'append-v2', when: 'before', task: 0, commit: 2 },
      },
    ],
  });
  return samzaHistory(plan, {
    fromMicros: 9 * second,
    toMicros: 17 * second,
    title: 'Samza, a container dies before append-v2',
  });
}

export const histories = {
  samza: samzaWindow,
  chain: (): History => randomHistory(worldOf(flinkAligned, chainTopology({ records: 2 })), '1'),
  join: (): History => randomHistory(worldOf(flinkAligned, joinTopology({ records: 2 })), '5'),
  crash: (): History =>
    randomHistory(worldOf(flinkAligned, joinTopology({ records: 2 }), { crashes: 1, checkpoints: 2 }), '4'),
  ring: (): History => randomHistory(worldOf(chandyLamport, ringTopology({ records: 2 })), '3'),
  wide: (): History => randomHistory(worldOf(flinkAligned, wideTopology(20), { crashes: 1, checkpoints: 1 }), '2'),
  earlyAck: (): History => brokenHistory(worldOf(acksBeforeUpload, joinTopology()), 'D1').history,
  orphan: (): History => brokenHistory(worldOf(doesNotAlign, joinTopology()), 'C2').history,
  lost: (): History => shrunkHistory(worldOf(cutsAtFirstBarrier, joinTopology()), 'C3'),
  twice: (): History => shrunkHistory(worldOf(doesNotAlign, joinTopology(), { crashes: 1 }), 'E1'),
} as const;
