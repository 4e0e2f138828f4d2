/** The lines that set an interval in the configuration of an engine, with the settings that have to fit it. */
import { figuresOf, type StreamJob } from '../models/tuning/index.ts';

export interface ConfigLines {
  /** Where they belong. */
  readonly file: string;
  readonly lines: readonly string[];
  /** What has to be known to use them. */
  readonly notes: readonly string[];
}

/** Flink's default; a job that needs no longer is left alone. */
const FLINK_TIMEOUT_S = 600;
/** A checkpoint that takes so many times as long as usual is given up. */
const TIMEOUT_FACTOR = 3;
const FLINK_TOLERABLE = 2;

/** The lines for an interval in seconds, which has whole milliseconds. */
export function configLines(job: StreamJob, interval_s: number): ConfigLines {
  switch (job.engine) {
    case 'samza':
      return samzaLines(interval_s);
    case 'flink':
      return flinkLines(job, interval_s);
    case 'kafka-streams':
      return kafkaStreamsLines(job, interval_s);
    case 'spark':
      return sparkLines(interval_s);
  }
}

const millis = (seconds: number): string => String(Math.round(seconds * 1000));

function samzaLines(interval_s: number): ConfigLines {
  return {
    file: 'the job’s .properties file',
    lines: [`task.commit.ms=${millis(interval_s)}`],
    notes: [
      'a job with commits of its own (TaskCoordinator.commit) sets task.commit.ms to -1 and is not helped by this',
    ],
  };
}

function flinkLines({ plan }: StreamJob, interval_s: number): ConfigLines {
  const { duration_s } = figuresOf(withIntervalOnly(plan, interval_s));
  const configured = (plan.checkpoint.timeoutMicros ?? 0) / 1e6;
  const timeout = Math.max(configured, FLINK_TIMEOUT_S, Math.ceil(TIMEOUT_FACTOR * duration_s));
  const minPause = Math.max(plan.checkpoint.minPauseMicros / 1e6, Math.floor((interval_s * 1000) / 2) / 1000);
  return {
    file: 'conf/config.yaml (Flink 1.19 or later; before that the same keys in one piece in flink-conf.yaml)',
    lines: [
      'execution:',
      '  checkpointing:',
      `    interval: ${flinkDuration(interval_s)}`,
      `    min-pause: ${flinkDuration(minPause)}`,
      `    timeout: ${flinkDuration(timeout)}`,
      `    tolerable-failed-checkpoints: ${FLINK_TOLERABLE}`,
    ],
    notes: [
      'min-pause counts from the end of a checkpoint: when one takes long, half an interval of work is left before the next',
      `by default the first failed checkpoint restarts the job; ${FLINK_TOLERABLE} in a row let the replay grow to ${FLINK_TOLERABLE + 1} intervals`,
    ],
  };
}

function withIntervalOnly(plan: StreamJob['plan'], interval_s: number): StreamJob['plan'] {
  return { ...plan, checkpoint: { ...plan.checkpoint, intervalMicros: Math.max(1, Math.round(interval_s * 1e6)) } };
}

/** As Flink reads it: a whole number and a unit. */
export function flinkDuration(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}

/** Kafka's bound on what a producer may ask for, unless the broker is configured otherwise. */
const BROKER_TRANSACTION_MAX_S = 900;

function kafkaStreamsLines({ plan }: StreamJob, interval_s: number): ConfigLines {
  const { duration_s, outage_s } = figuresOf(withIntervalOnly(plan, interval_s));
  const transaction = Math.ceil((interval_s + duration_s + outage_s) / 10) * 10;
  return {
    file: 'the application’s .properties file',
    lines: [`commit.interval.ms=${millis(interval_s)}`, `producer.transaction.timeout.ms=${millis(transaction)}`],
    notes: [
      'with processing.guarantee=exactly_once_v2 commit.interval.ms is 100 unless set, and outputs are seen by read_committed ' +
        'consumers at each commit: the interval is added to their latency; without it the default is 30000',
      'a transaction must outlive an interval, its commit and an outage' +
        (transaction > BROKER_TRANSACTION_MAX_S
          ? `; the broker’s transaction.max.timeout.ms (${millis(BROKER_TRANSACTION_MAX_S)} unless set) must be raised for it`
          : ''),
    ],
  };
}

function sparkLines(interval_s: number): ConfigLines {
  const seconds = Math.round(interval_s * 1000) % 1000 === 0;
  const text = seconds ? `${Math.round(interval_s)} seconds` : `${millis(interval_s)} milliseconds`;
  return {
    file: 'where the query is started',
    lines: [`.trigger(Trigger.ProcessingTime("${text}"))`],
    notes: [
      'a micro-batch is a checkpoint: what it reads is seen at its end, and one that takes longer delays the next',
    ],
  };
}
