/**
 * Random plans of jobs that restart by region: the job that was drawn, as two chains beside each other. What they share is the
 * coordinator and its store, so whatever one chain's failure does to the other goes through those.
 */
import type { RandomStream } from '../../sim/random.ts';
import type { FlowPlan } from './plans.ts';
import { type Environment, chainsTopology } from './topology.ts';

/** One run in this many is of chains, where the protocol can restart one of them. */
const CHAINS_ONE_IN = 6;

/** One in this many of those restarts as a whole all the same. */
const WHOLE_ONE_IN = 4;

/**
 * The plan, or one in some that restarts by region, as two chains with the same load, sink and backend. A keyed job, and one of
 * a topology that was asked for, keeps its tasks: they are one region.
 */
export function drawFailover(plan: FlowPlan, isFixed: boolean, stream: RandomStream): FlowPlan {
  const { topology } = plan;
  const isRegional = stream.int(CHAINS_ONE_IN) === 0;
  const isWhole = stream.int(WHOLE_ONE_IN) === 0;
  const tasks = 2 + stream.int(2);
  if (!isRegional) return plan;
  const environment: Environment = { ...plan.environment, failover: isWhole ? 'full' : 'region' };
  if (isFixed || topology.keyed !== undefined) return { topology, environment };
  const { records, sink, capacity, deferred, backend } = topology;
  const fifo = topology.channels.every((channel) => channel.fifo);
  const chains = chainsTopology({ tasks, records, sink, capacity });
  const channels = chains.channels.map((channel) => ({ ...channel, fifo }));
  return {
    topology: {
      ...chains,
      channels,
      ...(deferred === true && { deferred }),
      ...(backend !== undefined && { backend }),
    },
    environment,
  };
}
