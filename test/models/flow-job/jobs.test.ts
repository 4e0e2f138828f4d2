// Timed dataflow jobs by example: what a run of a pipeline shows has to agree with what is known about such pipelines.
import { describe, expect, test } from 'vitest';

import type { FlowJobPlan } from '../../../models/flow-job/plan.ts';
import { DEFAULT_COSTS, NO_FAULTS } from '../../../models/flow-job/plan.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { pipelinePlan } from './pipeline-plan.ts';

const WIDE = [{ parallelism: 4 }, { parallelism: 4, serviceMicros: 100, stateBytes: 1_000_000 }, { parallelism: 4 }];
const CRASH = { ...NO_FAULTS, crashes: [{ target: 5, atMicros: 10_700_000 }] };
const aligned = PROTOCOLS['flink-aligned'];

describe('a run is a function of its plan', () => {
  test.each(Object.values(PROTOCOLS))('$name: the same plan gives the same outcome', (protocol) => {
    const plan = pipelinePlan(WIDE, { horizonMicros: 5_000_000, faults: { ...NO_FAULTS, mtbfMicros: 2_000_000 } });
    expect(runFlowJob(plan, protocol)).toEqual(runFlowJob(plan, protocol));
  });

  test.each([
    ['flink-aligned', { order: 'efe1fa246dec709d', state: '321fc9a77dae64e9', cost: '21edd1968a78d4ae' }],
    ['flink-unaligned-timeout', { order: '650abdf8e438734e', state: 'f12f41c6bafac764', cost: 'bd5a86070cb165e1' }],
    ['samza-coordinated-timed', { order: '07cdc18f766b9ae0', state: '24e7dd9f78254a6a', cost: '003a753e916da158' }],
  ] as const)(
    '%s: the digests are those of the version before, unless a change of the model is meant',
    (name, digests) => {
      const plan = pipelinePlan(WIDE, { horizonMicros: 12_000_000, faults: CRASH });
      expect(runFlowJob(plan, PROTOCOLS[name]).digests).toEqual(digests);
    },
  );

  test('another seed gives another run', () => {
    const plan = pipelinePlan(WIDE, { horizonMicros: 3_000_000 });
    const { digests } = runFlowJob({ ...plan, seed: 'other' }, aligned);
    expect(digests.order).not.toBe(runFlowJob(plan, aligned).digests.order);
  });

  test('watching a run changes nothing of it', () => {
    const plan = pipelinePlan(WIDE, { horizonMicros: 3_000_000, faults: CRASH });
    const watched = runFlowJob(plan, aligned, { onTrace: () => {} });
    expect(watched).toEqual(runFlowJob(plan, aligned));
  });
});

describe('one crash', () => {
  const outcomeWith = (name: keyof typeof PROTOCOLS, changes: Partial<FlowJobPlan> = {}) =>
    runFlowJob(pipelinePlan(WIDE, { faults: CRASH, ...changes }), PROTOCOLS[name]);

  test.each(['flink-aligned', 'flink-unaligned', 'flink-unaligned-timeout', 'chandy-lamport', 'lai-yang'] as const)(
    '%s with two-phase sinks shows every record once',
    (name) => {
      const { records, recoveries } = outcomeWith(name);
      expect(recoveries).toHaveLength(1);
      expect(records.reread).toBeGreaterThan(100);
      expect(records).toMatchObject({ duplicated: 0, lost: 0 });
    },
  );

  test('a plain sink shows what is processed again a second time', () => {
    const { records } = outcomeWith('flink-aligned', { sink: 'plain' });
    expect(records.lost).toBe(0);
    expect(records.duplicated).toBeGreaterThan(100);
    expect(records.duplicated).toBeLessThanOrEqual(records.reread);
  });

  test('an idempotent sink shows it once', () => {
    expect(outcomeWith('flink-aligned', { sink: 'idempotent' }).records).toMatchObject({ duplicated: 0, lost: 0 });
  });

  test('snapshots without a cut show records twice even behind two-phase sinks', () => {
    const { records } = outcomeWith('samza-coordinated-timed');
    expect(records.lost).toBe(0);
    expect(records.duplicated).toBeGreaterThan(100);
  });

  test('nothing is lost when the run ends before anybody has noticed', () => {
    expect(outcomeWith('flink-aligned', { horizonMicros: 10_750_000 }).records).toMatchObject({ lost: 0 });
  });

  test('a crash while the job is down changes nothing, and is counted', () => {
    const crashes = [...CRASH.crashes, { target: 0, atMicros: 10_750_000 }];
    const outcome = outcomeWith('flink-aligned', { faults: { ...NO_FAULTS, crashes } });
    expect(outcome.crashes_without_effect).toBe(1);
    expect(outcome.recoveries).toHaveLength(1);
  });

  test('catching up takes rho (a + D) / (1 - rho), as the fluid model says', () => {
    const stages = [{ parallelism: 1 }, { parallelism: 1, serviceMicros: 600 }, { parallelism: 1 }];
    const plan = pipelinePlan(stages, {
      capacity: 1,
      sink: 'plain',
      horizonMicros: 60_000_000,
      checkpoints: { ...pipelinePlan(stages).checkpoints, intervalMicros: 5_000_000 },
      costs: { ...DEFAULT_COSTS, channelDelay: { kind: 'constant', micros: 0 }, syncMicros: 0 },
      faults: { ...NO_FAULTS, crashes: [{ target: 1, atMicros: 23_000_000 }] },
    });
    const { recoveries, checkpoints } = runFlowJob(plan, aligned);
    const [recovery] = recoveries;
    const restored = checkpoints.find(({ checkpoint }) => checkpoint === recovery!.restored_checkpoint);
    const age = recovery!.crashed_us - restored!.triggered_us;
    const expected = (0.6 * (age + recovery!.downtime_us)) / 0.4;
    expect(recovery!.catchup_us).toBeGreaterThan(0.99 * expected);
    expect(recovery!.catchup_us).toBeLessThan(1.01 * expected);
  });
});

describe('back-pressure', () => {
  // The operator takes 3 ms for what comes every 2 ms: its inputs are full.
  const stages = [{ parallelism: 2 }, { parallelism: 1, serviceMicros: 1_500 }, { parallelism: 1 }];
  const outcomeWith = (name: keyof typeof PROTOCOLS, capacity: number) =>
    runFlowJob(pipelinePlan(stages, { capacity, sink: 'plain' }), PROTOCOLS[name]);
  const longest = (values: readonly { readonly duration_us: number }[]): number =>
    Math.max(...values.map(({ duration_us }) => duration_us));

  test('sources wait for room, the slow task never idles', () => {
    const { budget, records } = outcomeWith('flink-aligned', 16);
    expect(budget[0]!.blocked_us).toBeGreaterThan(15_000_000);
    expect(budget[2]!.useful_us).toBeGreaterThan(19_000_000);
    expect(records.read - records.processed / 2).toBeLessThan(40);
  });

  test('aligned checkpoints take as long as the queues are, unaligned ones do not, and store them instead', () => {
    const [short, long] = [outcomeWith('flink-aligned', 16), outcomeWith('flink-aligned', 64)];
    expect(longest(long.checkpoints)).toBeGreaterThan(3 * longest(short.checkpoints));
    const [few, many] = [outcomeWith('flink-unaligned', 16), outcomeWith('flink-unaligned', 64)];
    expect(longest(many.checkpoints)).toBe(longest(few.checkpoints));
    expect(longest(many.checkpoints)).toBeLessThan(longest(short.checkpoints));
    expect(long.checkpoints[3]!.channel_state_bytes).toBe(0);
    expect(many.checkpoints[3]!.channel_state_bytes).toBeGreaterThan(3 * few.checkpoints[3]!.channel_state_bytes);
  });

  test('with an aligned time-out a checkpoint begins aligned and is unaligned once the time-out has passed', () => {
    const patient = outcomeWith('flink-unaligned-timeout', 4).checkpoints[3]!;
    expect(patient.channel_state_bytes).toBe(0);
    const overdue = outcomeWith('flink-unaligned-timeout', 64).checkpoints[3]!;
    expect(overdue.channel_state_bytes).toBeGreaterThan(0);
    expect(overdue.duration_us).toBeGreaterThan(20_000);
    expect(overdue.duration_us).toBeLessThan(60_000);
  });
});

describe('checkpoints', () => {
  test('behind two-phase sinks a record waits half an interval, and the duration of a checkpoint', () => {
    const { output_latency, checkpoints } = runFlowJob(pipelinePlan(WIDE), aligned);
    const { duration_us } = checkpoints[3]!;
    expect(output_latency.mean_us).toBeGreaterThan(500_000);
    expect(output_latency.mean_us).toBeLessThan(500_000 + duration_us + 10_000);
    expect(output_latency.max_us).toBeLessThan(1_000_000 + duration_us + 10_000);
  });

  test('each costs every task its synchronous part', () => {
    const { budget, checkpoints } = runFlowJob(pipelinePlan(WIDE), aligned);
    for (const { snapshot_us } of budget) expect(snapshot_us).toBe(checkpoints.length * DEFAULT_COSTS.syncMicros);
  });

  test('a completed one replaces the one before it in the store', () => {
    const { storage, checkpoints } = runFlowJob(pipelinePlan(WIDE), aligned);
    expect(checkpoints.filter(({ status }) => status === 'completed').length).toBeGreaterThan(15);
    expect(storage).toMatchObject({ bytes_max: 8_000_000, bytes_end: 4_000_000 });
  });

  test('those that expire fail the job when none is tolerated, and the restart strategy ends that', () => {
    const { checkpoints } = pipelinePlan(WIDE);
    const plan = pipelinePlan(WIDE, {
      checkpoints: { ...checkpoints, timeoutMicros: 10_000, tolerableFailures: 0 },
      restart: { kind: 'fixed-delay', attempts: 2, delayMicros: 100_000 },
    });
    const outcome = runFlowJob(plan, aligned);
    expect(outcome.checkpoints.map(({ reason }) => reason)).toEqual(['expired', 'expired', 'expired']);
    expect(outcome.recoveries.map(({ target }) => target)).toEqual([-2, -2, -2]);
    expect(outcome.gave_up).toBe(true);
    expect(outcome.records.visible).toBe(0);
  });

  test('what a slow period has piled up is triggered back to back', () => {
    const { checkpoints } = pipelinePlan(WIDE);
    const slow = { ...DEFAULT_COSTS, uploadMicros: 2_500_000 };
    const outcome = runFlowJob(pipelinePlan(WIDE, { costs: slow, checkpoints }), aligned);
    const [first, second] = outcome.checkpoints;
    const gap = second!.triggered_us - first!.triggered_us;
    expect(gap).toBeGreaterThan(2_500_000);
    expect(gap - first!.duration_us).toBe(0);
  });
});
