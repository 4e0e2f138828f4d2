/**
 * One random stream for two purposes: when records arrive, and how long the brokers take. Equal plans still give equal
 * bytes (X1); but two runs that differ in what is sent to the brokers no longer see the same arrivals, and a comparison of
 * the two measures the luck of the draw.
 */
import { type Model, type RandomStream, World, randomStreams, runTimed } from '../../sim/index.ts';
import { ARRIVE, KIND_NAMES } from '../actions.ts';
import { InputPartition } from '../kafka/input-partition.ts';
import { Load } from '../load.ts';
import type { InputPlan, LoadPlan } from '../plan.ts';
import { KILLED } from './mutant.ts';
import type { TimedMutant } from './timed-mutant.ts';

const INPUT: InputPlan = {
  stream: 'input',
  partitions: 1,
  offsetDefault: 'oldest',
  resetOffset: false,
  deleteCommitted: false,
  retentionMicros: null,
  weight: 1,
  startsAtMicros: 0,
};

const LOAD: LoadPlan = {
  kind: 'rate',
  perSecond: 100,
  arrivals: 'poisson',
  burstOnMicros: 1,
  burstOffMicros: 1,
  records: 200,
  stopsAtMicros: null,
};

/** When records arrive at a job that sends `outputs` of each to the brokers, with a latency drawn for every one. */
function arrivals(outputs: number, streams: (name: string) => RandomStream): readonly number[] {
  const world = new World(KIND_NAMES);
  const latency = streams('kafka/latency');
  const input = new InputPartition(
    world,
    { ssp: 0, task: 0, name: 'input-0' },
    { retentionMicros: null, segmentMicros: 1_000_000 },
  );
  const load = new Load(world, LOAD, { inputs: [input], plans: [INPUT], recordsPerArrival: 1 }, streams);
  const times: number[] = [];
  const model: Model = {
    apply(kind, _actor, records) {
      if (kind !== ARRIVE) return;
      times.push(world.now);
      for (let i = 0; i < outputs; i++) latency.exponential(500);
      load.arrive(records);
    },
  };
  runTimed(world, model, 10_000_000);
  return times;
}

/** Every name opens the same stream. */
function oneForAll(): (name: string) => RandomStream {
  const shared = randomStreams('shared-stream')('everything');
  return () => shared;
}

export const sharedStream: TimedMutant = {
  name: 'sharedStream',
  broken: 'arrivals and broker latencies are drawn from one stream',
  base: 'random streams',
  law: 'paired',
  expected: KILLED,
  run(mutated) {
    const streams = (): ((name: string) => RandomStream) => (mutated ? oneForAll() : randomStreams('shared-stream'));
    const [none, again, one] = [arrivals(0, streams()), arrivals(0, streams()), arrivals(1, streams())];
    const moved = none.filter((at, i) => at !== one[i]).length;
    const isSame = none.every((at, i) => at === again[i]);
    return {
      violations: [...(isSame ? [] : ['X1']), ...(moved > 0 ? ['paired'] : [])],
      facts: { 'arrivals that moved when outputs were sent': moved, of: none.length },
    };
  },
};
