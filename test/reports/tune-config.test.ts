// The lines to paste: keys, units and numbers as each engine reads them.
import { describe, expect, it } from 'vitest';
import { PLAIN_FLUID_PLAN } from '../../models/fluid-job/index.ts';
import { type Engine, PRICES_ASSUMED, type StreamJob } from '../../models/tuning/index.ts';
import { configLines } from '../../reports/index.ts';

function jobOf(engine: Engine): StreamJob {
  return {
    name: 'a',
    title: 'a job',
    engine,
    seed: '1',
    plan: {
      ...PLAIN_FLUID_PLAN,
      checkpoint: {
        ...PLAIN_FLUID_PLAN.checkpoint,
        pauseMicros: 500_000,
        delay: { kind: 'constant', micros: 1_500_000 },
      },
      recovery: { ...PLAIN_FLUID_PLAN.recovery, restart: { kind: 'constant', micros: 25_000_000 } },
    },
    scope: 'job',
    objective: 'utilisation',
    weights: {},
    bounds: {},
    prices: PRICES_ASSUMED,
    assumed: [],
    measured: [],
  };
}

describe('an interval is written', () => {
  it('for Samza in milliseconds', () => {
    expect(configLines(jobOf('samza'), 90).lines).toEqual(['task.commit.ms=90000']);
  });

  it('for Flink as a duration with a unit, with room between checkpoints and a timeout', () => {
    expect(configLines(jobOf('flink'), 45).lines).toEqual([
      'execution:',
      '  checkpointing:',
      '    interval: 45 s',
      '    min-pause: 22500 ms',
      '    timeout: 10 min',
      '    tolerable-failed-checkpoints: 2',
    ]);
    expect(configLines(jobOf('flink'), 120).lines).toContain('    interval: 2 min');
    expect(configLines(jobOf('flink'), 0.25).lines).toContain('    interval: 250 ms');
  });

  it('for Flink with a longer timeout where a checkpoint takes longer', () => {
    const job = jobOf('flink');
    const slow = { ...job.plan.checkpoint, delay: { kind: 'constant', micros: 400_000_000 } } as const;
    const { lines } = configLines({ ...job, plan: { ...job.plan, checkpoint: slow } }, 1200);
    expect(lines).toContain('    timeout: 1202 s');
  });

  it('for Kafka Streams in milliseconds, with transactions that outlive an interval, its commit and an outage', () => {
    const { lines, notes } = configLines(jobOf('kafka-streams'), 5);
    // 5 + 2 + 25 s, in whole tens of seconds.
    expect(lines).toEqual(['commit.interval.ms=5000', 'producer.transaction.timeout.ms=40000']);
    expect(notes.join(' ')).toContain('exactly_once_v2');
    expect(configLines(jobOf('kafka-streams'), 1200).notes.join(' ')).toContain('transaction.max.timeout.ms');
  });

  it('for Spark as a trigger', () => {
    expect(configLines(jobOf('spark'), 30).lines).toEqual(['.trigger(Trigger.ProcessingTime("30 seconds"))']);
    expect(configLines(jobOf('spark'), 1.5).lines).toEqual(['.trigger(Trigger.ProcessingTime("1500 milliseconds"))']);
  });
});
