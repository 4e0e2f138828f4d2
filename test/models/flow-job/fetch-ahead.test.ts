// Reading ahead changes nothing, in a job that is large enough for it, while it checkpoints, crashes and comes back.
import { expect, test } from 'vitest';

import { FLOW_JOB_KINDS } from '../../../models/flow-job/actions.ts';
import { FETCH_FROM_TASKS } from '../../../models/flow-job/fetch-ahead.ts';
import { FlowJob } from '../../../models/flow-job/job.ts';
import { DEFAULT_COSTS, type FlowJobPlan, NO_FAULTS } from '../../../models/flow-job/plan.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { type FetchAhead, World, runTimed } from '../../../sim/index.ts';
import { pipelinePlan } from './pipeline-plan.ts';

const CHAINS = Math.ceil(FETCH_FROM_TASKS / 3);

/** So many chains of a source, an operator and a sink. */
function chains(changes: Partial<FlowJobPlan>): FlowJobPlan {
  const stage = { parallelism: 1 };
  const { tasks, channels } = pipelinePlan([stage, stage, stage]);
  const each = Array.from({ length: CHAINS }, (_, chain) => chain);
  return pipelinePlan([stage], {
    tasks: each.flatMap((chain) => tasks.map((task) => ({ ...task, name: `${task.name}-${chain}` }))),
    channels: each.flatMap((chain) =>
      channels.map((channel) => ({ ...channel, from: channel.from + 3 * chain, to: channel.to + 3 * chain })),
    ),
    horizonMicros: 400_000,
    sink: 'plain',
    load: { records: 2 ** 31 - 1, intervalMicros: 5_000, arrivals: 'poisson' },
    costs: { ...DEFAULT_COSTS, channelDelay: { kind: 'exponential', leastMicros: 1_000, meanMicros: 5_000 } },
    ...changes,
  });
}

class WatchedWorld extends World {
  /** Actions that were announced. */
  announced: number = 0;
  /** Times that reading ahead was asked for. */
  asked = 0;
  private readonly isFetching: boolean;

  constructor(isFetching: boolean) {
    super(FLOW_JOB_KINDS);
    this.isFetching = isFetching;
  }

  override fetchAhead(fetch: FetchAhead): void {
    this.asked++;
    super.fetchAhead((upcoming) => {
      this.announced += upcoming.count;
      return this.isFetching ? fetch(upcoming) : 0;
    });
  }
}

function digestsOf(plan: FlowJobPlan, isFetching: boolean) {
  const world = new WatchedWorld(isFetching);
  const job = new FlowJob(plan, PROTOCOLS['flink-aligned'], world);
  job.begin();
  runTimed(world, job, plan.horizonMicros);
  const { order, state, cost, events, announced } = world;
  return { digests: [order.hex(), state.hex(), cost.hex()], share: announced / events };
}

test.each([
  ['records only', { checkpoints: { ...pipelinePlan([{ parallelism: 1 }]).checkpoints, intervalMicros: 0 } }],
  [
    'checkpoints, a crash and what is read again',
    {
      sink: 'two-phase',
      checkpoints: { ...pipelinePlan([{ parallelism: 1 }]).checkpoints, intervalMicros: 100_000 },
      faults: { ...NO_FAULTS, crashes: [{ target: 4, atMicros: 150_000 }] },
    },
  ],
] satisfies [string, Partial<FlowJobPlan>][])('%s', (_, changes) => {
  const plan = chains(changes);
  const [fetching, not] = [digestsOf(plan, true), digestsOf(plan, false)];
  expect(fetching.digests).toEqual(not.digests);
  // Most actions come from spans behind the buckets, and so are announced.
  expect(fetching.share).toBeGreaterThan(0.5);
});

test('a small job reads nothing ahead', () => {
  const world = new WatchedWorld(true);
  const plan = pipelinePlan([{ parallelism: 2 }, { parallelism: 2 }, { parallelism: 2 }], { horizonMicros: 100_000 });
  const job = new FlowJob(plan, PROTOCOLS['flink-aligned'], world);
  job.begin();
  runTimed(world, job, plan.horizonMicros);
  expect(world.asked).toBe(0);
});
