// Two protocols on one job meet the same arrivals, delays, luck and failures, so that what differs is what the protocols do.
import { describe, expect, test } from 'vitest';

import { CONTENDERS, runContender } from '../../../models/comparison/index.ts';
import { KeyedDraws, keyOf } from '../../../models/flow-job/keyed-draws.ts';
import { DEFAULT_COSTS, type FlowJobPlan, NO_FAULTS } from '../../../models/flow-job/plan.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { mix32, randomStreams, summarise } from '../../../sim/index.ts';
import { pipelinePlan } from '../flow-job/pipeline-plan.ts';

const all = Object.values(PROTOCOLS);

describe('keyed draws', () => {
  const draws = (seed: string): KeyedDraws => new KeyedDraws(randomStreams(seed)('test'));

  test('the same key draws the same number, in whatever order it is asked', () => {
    const [one, other] = [draws('1'), draws('1')];
    const forward = Array.from({ length: 100 }, (_, i) => one.at(i, 7));
    const backward = Array.from({ length: 100 }, (_, i) => other.at(99 - i, 7)).toReversed();
    expect(forward).toEqual(backward);
    expect(draws('2').at(3, 7)).not.toBe(one.at(3, 7));
  });

  test('neighbouring keys draw independent numbers from the whole of [0, 1)', () => {
    const of = draws('independent');
    const n = 20_000;
    // As a job asks: by channel, and by the hash of a record.
    const values = Array.from({ length: n }, (_, i) => of.at(i % 4, mix32(5, i >> 2) | 0));
    const { mean } = summarise(values);
    expect(Math.abs(mean - 0.5) * Math.sqrt(12 * n)).toBeLessThan(3.5);
    const pairs = values.slice(1).map((value, i) => (value - 0.5) * (values[i]! - 0.5));
    expect(Math.abs(summarise(pairs).mean) * 12 * Math.sqrt(n)).toBeLessThan(3.5);
    const cells = new Array<number>(100).fill(0);
    for (const value of values) cells[Math.floor(value * 100)]!++;
    const chiSquare = cells.reduce((sum, count) => sum + ((count - n / 100) * (count - n / 100)) / (n / 100), 0);
    // 99 degrees of freedom: mean 99, standard deviation 14.
    expect(chiSquare).toBeLessThan(99 + 3.5 * 14);
    expect(keyOf('barrier', 1)).not.toBe(keyOf('barrier', 2));
    expect(keyOf('barrier', 1)).not.toBe(keyOf('cancel', 1));
  });
});

describe('a job under two protocols', () => {
  test('has the same records in its logs, though its sources are held up at other moments', () => {
    const plan = pipelinePlan([{ parallelism: 3 }, { parallelism: 1, serviceMicros: 700 }, { parallelism: 1 }], {
      load: { records: 1_000_000, intervalMicros: 1_500, arrivals: 'poisson' },
      capacity: 8,
      horizonMicros: 5_000_000,
    });
    const offered = all.map((protocol) => runFlowJob(plan, protocol).records.offered);
    expect(new Set(offered).size).toBe(1);
    expect(offered[0]).toBeGreaterThan(9_000);
  });

  test('carries each record for the same time on each channel, whatever else is sent', () => {
    const graph = pipelinePlan([{ parallelism: 2 }, { parallelism: 2 }, { parallelism: 2 }]);
    const plan: FlowJobPlan = {
      ...graph,
      // Without order no marker holds a record up, and without costs nothing else does.
      channels: graph.channels.map((channel) => ({ ...channel, fifo: false })),
      sink: 'plain',
      capacity: 1_000,
      horizonMicros: 5_000_000,
      costs: {
        ...DEFAULT_COSTS,
        channelDelay: { kind: 'exponential', leastMicros: 100, meanMicros: 5_000 },
        syncMicros: 0,
      },
      checkpoints: { ...graph.checkpoints, intervalMicros: 100_000 },
    };
    const without = runFlowJob(
      { ...plan, checkpoints: { ...plan.checkpoints, intervalMicros: 0 } },
      PROTOCOLS['lai-yang'],
    );
    const marked = runFlowJob(plan, PROTOCOLS['lai-yang']);
    expect(marked.sent.controls).toBeGreaterThan(300);
    expect(marked.output_latency).toEqual(without.output_latency);
  });

  test('loses the same tasks at the same moments', () => {
    const plan = pipelinePlan([{ parallelism: 3 }, { parallelism: 3, serviceMicros: 300 }, { parallelism: 3 }], {
      horizonMicros: 15_000_000,
      faults: { ...NO_FAULTS, mtbfMicros: 2_000_000, lostNotifications: 0.3, failedUploads: 0.2 },
    });
    const failures = all.map((protocol) =>
      JSON.stringify(runFlowJob(plan, protocol).recoveries.map(({ target, crashed_us }) => [target, crashed_us])),
    );
    expect(new Set(failures).size).toBe(1);
    expect(JSON.parse(failures[0]!)).not.toHaveLength(0);
  });

  test('the luck of the upload of a part is its own: an upload more changes no other', () => {
    const plan = pipelinePlan([{ parallelism: 2 }, { parallelism: 2 }, { parallelism: 2 }], {
      faults: { ...NO_FAULTS, failedUploads: 0.1 },
    });
    const aborted = all
      // Requests that supersede, and orders of snapshots, change which uploads there are; each has the same luck.
      .map((protocol) => runFlowJob(plan, protocol).checkpoints.filter(({ status }) => status === 'completed'))
      .map((checkpoints) => checkpoints.map(({ checkpoint }) => checkpoint).join());
    expect(new Set(aborted).size).toBe(1);
    expect(aborted[0]).not.toBe('');
  });

  test('so differences are known far better than the numbers themselves', () => {
    const job = {
      plan: pipelinePlan([{ parallelism: 4 }, { parallelism: 4, serviceMicros: 700 }, { parallelism: 4 }], {
        sink: 'plain',
        horizonMicros: 4_000_000,
        load: { records: 1_000_000, intervalMicros: 1_000, arrivals: 'poisson' },
      }),
      controlBytes: 32,
      samza: null,
    };
    const latencies = (name: string): readonly number[] => {
      const contender = CONTENDERS.find((each) => each.name === name)!;
      return Array.from({ length: 6 }, (_, i) => runContender(contender, job, i).metrics.output_latency_mean_us!);
    };
    const [aligned, unaligned] = [latencies('flink-aligned'), latencies('flink-unaligned')];
    const alone = summarise(aligned).halfWidth95;
    const paired = summarise(aligned.map((value, i) => value - unaligned[i]!)).halfWidth95;
    expect(paired).toBeLessThan(alone / 10);
  });
});
