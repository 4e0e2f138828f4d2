// From runs to prices, and from prices to differences: by hand.
import { describe, expect, test } from 'vitest';

import {
  compareRuns,
  CONTENDERS,
  flowTwinOf,
  METRIC_LIST,
  metricsOf,
  type MetricBasis,
  type MetricName,
  type MetricValues,
  runContender,
} from '../../../models/comparison/index.ts';
import type { FlowJobOutcome, FlowRecovery } from '../../../models/flow-job/outcome.ts';
import { NO_FAULTS } from '../../../models/flow-job/plan.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { catalog, loadScenario } from '../../../scenarios/index.ts';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pipelinePlan } from '../flow-job/pipeline-plan.ts';

const BASIS: MetricBasis = {
  restartMicros: 500_000,
  controlBytes: 10,
  stamps: false,
  hasCycle: false,
  timeOf: () => true,
  hasCheckpoints: true,
};

const plan = pipelinePlan(
  [{ parallelism: 2 }, { parallelism: 2, serviceMicros: 300, stateBytes: 1_000_000 }, { parallelism: 2 }],
  {
    horizonMicros: 12_000_000,
    faults: { ...NO_FAULTS, crashes: [{ target: 2, atMicros: 7_300_000 }] },
  },
);
const outcome = runFlowJob(plan, PROTOCOLS['flink-aligned']);

function recovery(changes: Partial<FlowRecovery>): FlowRecovery {
  return {
    target: 0,
    crashed_us: 1_000,
    detected_us: 1_100,
    restored_checkpoint: 1,
    restored_bytes: 0,
    replayed_records: 0,
    downtime_us: 700_100,
    catchup_us: 50,
    ...changes,
  };
}

describe('prices', () => {
  test('every price has a value or is known to have none, and only those that are listed', () => {
    expect(Object.keys(metricsOf(outcome, BASIS)).toSorted()).toEqual(METRIC_LIST.map(({ name }) => name).toSorted());
  });

  test('the shares of time and idleness are the whole', () => {
    const metrics = metricsOf(outcome, BASIS);
    const idle = outcome.budget.reduce((sum, row) => sum + row.idle_us, 0) / (6 * plan.horizonMicros);
    expect(metrics.overhead_share! + metrics.useful_share! + idle).toBeCloseTo(1, 12);
    const parts = ['blocked_share', 'snapshot_share', 'restart_share', 'replay_share'] as const;
    expect(parts.reduce((sum, part) => sum + metrics[part]!, 0)).toBeCloseTo(metrics.overhead_share!, 12);
  });

  test('time can be counted of some tasks only', () => {
    const ofOne = metricsOf(outcome, { ...BASIS, timeOf: (task) => task === 2 });
    expect(ofOne.useful_share).toBe(outcome.budget[2]!.useful_us / plan.horizonMicros);
  });

  test('the phases of a recovery follow each other; one that was cut off does not count', () => {
    const recoveries = [
      recovery({}),
      recovery({ detected_us: 1_300, downtime_us: 900_300, catchup_us: -1 }),
      recovery({ detected_us: -1, downtime_us: -1, catchup_us: -1 }),
    ];
    const metrics = metricsOf({ ...outcome, recoveries }, BASIS);
    expect(metrics.recoveries).toBe(3);
    expect(metrics.detect_us).toBe(200);
    expect(metrics.restart_us).toBe(500_000);
    expect(metrics.restore_us).toBe((200_000 + 400_000) / 2);
    expect(metrics.catchup_us).toBe(50);
    expect(metrics.recovery_us).toBe(700_150);
  });

  test('without a failure there are no phases, not phases of no length', () => {
    const metrics = metricsOf({ ...outcome, recoveries: [] }, BASIS);
    expect([metrics.recoveries, metrics.detect_us, metrics.restart_us, metrics.recovery_us]).toEqual([
      0,
      null,
      null,
      null,
    ]);
  });

  test('stored bytes are a mean over time, and nothing before the first checkpoint', () => {
    const storage = {
      ...outcome.storage,
      samples: [
        { at_us: 3_000_000, bytes: 40 },
        { at_us: 9_000_000, bytes: 80 },
      ],
    };
    const metrics = metricsOf({ ...outcome, storage } satisfies FlowJobOutcome, BASIS);
    expect(metrics.storage_mean_bytes).toBe((6 * 40 + 3 * 80) / 12);
  });

  test('stamps on records are paid for on the network', () => {
    const { controls, messages } = outcome.sent;
    expect(metricsOf(outcome, BASIS).network_bytes).toBe(10 * (controls + messages));
    const stamped = metricsOf(outcome, { ...BASIS, stamps: true });
    expect(stamped.network_bytes).toBe(10 * (controls + messages + outcome.records.processed));
  });

  test('on a cycle nothing is said about outputs, and without checkpoints nothing about them', () => {
    const cyclic = metricsOf(outcome, { ...BASIS, hasCycle: true });
    expect([cyclic.output_latency_mean_us, cyclic.duplicated_records, cyclic.lost_records]).toEqual([null, null, null]);
    const without = metricsOf(outcome, { ...BASIS, hasCheckpoints: false });
    expect([without.checkpoint_bytes, without.storage_mean_bytes]).toEqual([null, null]);
  });

  test('without checkpoints outputs are seen at once, and a crash doubles all that was shown', () => {
    const none = CONTENDERS.find(({ name }) => name === 'none')!;
    const { metrics } = runContender(none, { plan, controlBytes: 10, samza: null }, 0);
    expect(metrics.checkpoints_completed).toBe(0);
    expect(metrics.control_elements).toBe(0);
    expect(metrics.duplicated_records).toBeGreaterThan(10_000);
    expect(metrics.lost_records).toBe(0);
  });
});

describe('a comparison', () => {
  const run = (protocol: string, replication: number, overhead: number | null) => ({
    protocol,
    replication,
    metrics: { ...metricsOf(outcome, BASIS), overhead_share: overhead } satisfies MetricValues,
  });
  const of = (runs: ReturnType<typeof run>[], name: MetricName = 'overhead_share') =>
    compareRuns(runs, ['a', 'b']).map(({ metrics }) => metrics[name]);

  test('pairs runs by replication', () => {
    const [a, b] = of([run('a', 0, 1), run('a', 1, 5), run('b', 0, 1.5), run('b', 1, 5.5)]);
    expect(a).toMatchObject({ value: { n: 2, mean: 3 }, difference: null });
    expect(b).toMatchObject({ value: { n: 2, mean: 3.5 }, difference: { mean: 0.5, halfWidth95: 0, isClear: true } });
  });

  test('a difference is clear when its interval does not contain 0', () => {
    const b = (values: readonly number[]) =>
      of(values.flatMap((value, i) => [run('a', i, i), run('b', i, i + value)]))[1]!.difference!;
    expect(b([1, 1.1, 0.9]).isClear).toBe(true);
    expect(b([1, 2, -1]).isClear).toBe(false);
    expect(b([0, 0, 0])).toMatchObject({ mean: 0, isClear: false });
    expect(b([1])).toMatchObject({ n: 1, halfWidth95: Infinity, isClear: false });
  });

  test('does not hang on the order in which runs are done', () => {
    const runs = Array.from({ length: 9 }, (_, i) => [run('a', i, 1 / (i + 3)), run('b', i, 0.1 * i)]).flat();
    expect(compareRuns(runs.toReversed(), ['a', 'b'])).toEqual(compareRuns(runs, ['a', 'b']));
  });

  test('leaves out what a run does not have, on both sides of a pair', () => {
    const [a, b] = of([run('a', 0, null), run('a', 1, 5), run('b', 0, 1), run('b', 1, null)]);
    expect(a!.value).toMatchObject({ n: 1, mean: 5 });
    expect(b).toMatchObject({ value: { n: 1, mean: 1 }, difference: null });
    expect(of([run('a', 0, null), run('b', 0, null)])[0]).toEqual({ value: null, difference: null });
  });
});

describe('a dataflow job that stands for a Samza job', () => {
  const folder = fileURLToPath(new URL('../../../scenarios/', import.meta.url));
  const readFile = (path: string): Uint8Array => readFileSync(path);
  const samzaPlan = (name: string) => {
    const path = `${folder}${catalog.find((entry) => entry.name === name)!.file}`;
    const loaded = loadScenario({ path, text: readFile(path) }, { readFile });
    if (loaded.kind === 'errors') throw new Error(name);
    return loaded.plan;
  };

  test('has its tasks, its load, its interval, and its crashes with the time until they are noticed', () => {
    const twin = flowTwinOf(samzaPlan('page-views'));
    const { tasks, load, checkpoints, faults } = twin.plan;
    expect(tasks.filter(({ role }) => role === 'source')).toHaveLength(8);
    expect(twin.tasks).toHaveLength(8);
    expect(load).toMatchObject({ intervalMicros: 400_000, arrivals: 'poisson' });
    expect(checkpoints.intervalMicros).toBe(60_000_000);
    expect(faults.crashes).toEqual([
      { target: 1, atMicros: 900_000_000, detectionMicros: 1_000_000 },
      { target: 2, atMicros: 1_800_000_000, detectionMicros: 600_000_000 },
    ]);
    expect(twin.notes.join()).toContain('Samza restarts the container');
  });

  test.each(catalog.map(({ name }) => name))('%s: runs, and loses nothing under barriers', (name) => {
    const samza = samzaPlan(name);
    const {
      plan: twin,
      tasks,
      notes,
    } = flowTwinOf({ ...samza, horizonMicros: Math.min(samza.horizonMicros, 60_000_000) });
    const barrier = CONTENDERS.find((each) => each.name === 'samza-coordinated-barrier')!;
    const { metrics } = runContender(barrier, { plan: twin, controlBytes: 32, samza: { plan: samza, tasks } }, 0);
    expect(metrics.lost_records).toBe(0);
    expect(metrics.throughput_per_s).toBeGreaterThan(0);
    expect(new Set(notes).size).toBe(notes.length);
  });

  test('real Samza has no price for what it does not have', () => {
    const samza = { ...samzaPlan('page-views'), horizonMicros: 1_000_000_000 };
    const { plan: twin, tasks } = flowTwinOf(samza);
    const contender = CONTENDERS.find(({ name }) => name === 'samza')!;
    const { metrics } = runContender(contender, { plan: twin, controlBytes: 32, samza: { plan: samza, tasks } }, 0);
    expect([metrics.alignment_us, metrics.output_latency_mean_us, metrics.checkpoint_bytes]).toEqual([
      null,
      null,
      null,
    ]);
    expect(metrics).toMatchObject({ recoveries: 1, lost_records: 0, control_elements: 0 });
    expect(metrics.replayed_records).toBeGreaterThan(0);
    expect(Object.keys(metrics).toSorted()).toEqual(METRIC_LIST.map(({ name }) => name).toSorted());
  });
});
