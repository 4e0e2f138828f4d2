// Failover by region in simulated time: what restarts, what goes on, and that it is a path of the untimed world.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { restartsAsAWhole } from '../../../models/dataflow/failover-regions.ts';
import { chainsTopology } from '../../../models/dataflow/topology.ts';
import { checkBudget } from '../../../models/flow-job/laws/q1-budget.ts';
import { checkDefinitions } from '../../../models/flow-job/laws/q2-definition.ts';
import { checkRefinement } from '../../../models/flow-job/laws/x2-refinement.ts';
import { DEFAULT_COSTS, type FlowJobPlan, NO_FAULTS, RESTART_AT_ONCE } from '../../../models/flow-job/plan.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { regionalPlansFor } from './random-plans.ts';
import { traced } from './traced.ts';

const BY_REGION = Object.values(PROTOCOLS).filter((protocol) => restartsAsAWhole(protocol) === null);

const RUNS = 150;

test.each(BY_REGION)('$name: every timed run is a path of the untimed world, and adds up', (protocol) => {
  let regional = 0;
  fc.assert(
    fc.property(regionalPlansFor(protocol), (plan) => {
      const { job, trace, outcome } = traced(plan, protocol);
      expect(checkRefinement(job, trace)).toBeNull();
      expect(checkBudget(outcome, trace)).toBeNull();
      expect(checkDefinitions({ plan, outcome, trace })).toBeNull();
      if (outcome.recoveries.some(({ restarted_tasks }) => restarted_tasks !== undefined)) regional++;
      expect(outcome.records.lost).toBe(0);
      if (plan.sink === 'two-phase' && protocol.promise.output['two-phase'] === 'exactly-once')
        expect(outcome.records.duplicated).toBe(0);
    }),
    { numRuns: RUNS, seed: 1 },
  );
  expect(regional).toBeGreaterThan(RUNS / 3);
});

/** Two chains of a record each millisecond; the sink of the first crashes behind the first checkpoint. */
const { tasks, channels, hops } = chainsTopology({ tasks: 2 });
const plan: FlowJobPlan = {
  name: 'chains',
  seed: '1',
  replication: 0,
  horizonMicros: 3_000_000,
  tasks: tasks.map(({ name, role }) => ({
    name,
    role,
    vertex: name,
    serviceMicros: 0,
    stateBytes: 1000,
    stateBytesPerRecord: 0,
  })),
  channels,
  capacity: 10,
  routing: 'broadcast',
  hops,
  sink: 'two-phase',
  load: { records: 2500, intervalMicros: 1000, arrivals: 'regular' },
  costs: DEFAULT_COSTS,
  checkpoints: {
    intervalMicros: 400_000,
    timeoutMicros: 10_000_000,
    minPauseMicros: 0,
    maxConcurrent: 1,
    alignedTimeoutMicros: 0,
    tolerableFailures: null,
  },
  restart: RESTART_AT_ONCE,
  faults: { ...NO_FAULTS, crashes: [{ target: 1, atMicros: 1_000_000 }] },
};

describe('when a sink crashes', () => {
  const byRegion = runFlowJob({ ...plan, failover: 'region' }, PROTOCOLS['flink-aligned']);
  const whole = runFlowJob(plan, PROTOCOLS['flink-aligned']);

  test('its chain restarts, and the recovery says so; of the other chain nothing is read again', () => {
    const [recovery] = byRegion.recoveries;
    expect(recovery).toMatchObject({ target: 1, restarted_tasks: [0, 1] });
    expect(recovery!.restored_checkpoint).toBeGreaterThan(0);
    expect(byRegion.records.reread).toBe(recovery!.replayed_records);
    expect(recovery!.replayed_records).toBeLessThan(whole.recoveries[0]!.replayed_records);
    expect(whole.recoveries[0]).not.toHaveProperty('restarted_tasks');
  });

  test('the other chain is never down', () => {
    const restarts = (outcome: typeof whole): readonly number[] => outcome.budget.map(({ restart_us }) => restart_us);
    expect(restarts(byRegion).map((micros) => micros > 0)).toEqual([true, true, false, false]);
    expect(restarts(byRegion).slice(0, 2)).toEqual(restarts(whole).slice(0, 2));
    expect(restarts(whole).every((micros) => micros > 0)).toBe(true);
  });

  test('checkpoints complete again when the chain runs, and each record is visible once', () => {
    const behind = byRegion.checkpoints.filter(({ attempt, status }) => attempt === 1 && status === 'completed');
    expect(behind.length).toBeGreaterThan(2);
    expect(byRegion.records).toMatchObject({ duplicated: 0, lost: 0 });
  });
});

test('a notice that gets lost on its way to a chain that goes on holds up none behind it', () => {
  let lost = 0;
  for (let seed = 0; seed < 40; seed++) {
    const crashes = [0, 1, 2].map((i) => ({
      target: i % 2,
      atMicros: 1000 + i * 2500 + ((seed * 2741 + i * 911) % 3000),
    }));
    const hurried: FlowJobPlan = {
      ...plan,
      seed: String(seed),
      failover: 'region',
      horizonMicros: 14_000,
      load: { records: 10, intervalMicros: 500, arrivals: 'regular' },
      costs: {
        ...DEFAULT_COSTS,
        channelDelay: { kind: 'constant', micros: 20 },
        rpcDelay: { kind: 'constant', micros: 200 + ((seed * 919) % 1000) },
        syncMicros: 0,
        uploadMicros: 50,
        storeMicros: 20,
        commitMicros: 50,
        detectionMicros: (seed * 37) % 300,
        restartMicros: 50,
        downloadMicros: 10,
      },
      checkpoints: { ...plan.checkpoints, intervalMicros: 700, timeoutMicros: 8000 },
      faults: { ...NO_FAULTS, lostNotifications: 0.5, crashes },
    };
    const { job, trace } = traced(hurried, PROTOCOLS['flink-aligned']);
    expect(checkRefinement(job, trace), `seed ${seed}`).toBeNull();
    lost += trace.filter(({ kind }) => kind === 'lose').length;
  }
  expect(lost).toBeGreaterThan(100);
});

test('a protocol whose regions cannot restart on their own is refused', () => {
  expect(() => runFlowJob({ ...plan, failover: 'region' }, PROTOCOLS['samza-coordinated-timed'])).toThrow(
    'keeps its channels as logs',
  );
});
