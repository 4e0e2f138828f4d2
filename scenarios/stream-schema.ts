/**
 * The scenario of a stream job that is to be tuned, as a schema: a line per number that a job's metrics show. The committed
 * JSON Schema, the loader's messages and the reference are made from this file.
 */
import { z } from 'zod';
import { nameField, seedField, teachesField, titleField } from './head-fields.ts';
import type { StreamScenarioFile } from './stream-scenario.ts';

/** 31 years; every time stays exact in µs far beyond it. */
const SECONDS_MAX = 1_000_000_000;

const seconds = (): z.ZodNumber => z.number().min(0).max(SECONDS_MAX);
const millis = (): z.ZodNumber =>
  z
    .number()
    .min(0)
    .max(SECONDS_MAX * 1000);
const bytes = (least = 0): z.ZodInt => z.int().min(least).max(1_000_000_000_000_000);
const bytesPerSecond = (): z.ZodNumber => z.number().min(1).max(1_000_000_000_000_000);
const perSecond = (): z.ZodInt => z.int().min(1).max(1_000_000_000);
const price = (): z.ZodNumber => z.number().min(0).max(1_000_000);
const weight = (): z.ZodOptional<z.ZodNumber> => z.number().min(0).max(1_000_000).optional();

const load = z
  .strictObject({
    rate_per_s: perSecond().describe('records per second that arrive'),
    capacity_per_s: perSecond().describe('records per second that the job can process, as seen while it catches up'),
    record_bytes: bytes(1).default(1000).describe('size of an input record in its log'),
  })
  .describe('input, and how much the job can take');

const stateBytes = bytes().describe('size of the whole state');

const state = z
  .discriminatedUnion('backend', [
    z.strictObject({
      backend: z.literal('full').describe('every checkpoint writes the whole state'),
      bytes: stateBytes,
    }),
    z.strictObject({
      backend: z.literal('incremental').describe('a checkpoint writes what changed since the one before'),
      bytes: stateBytes,
      full_every: z.int().min(1).max(1_000_000).default(20).describe('every so many checkpoints the whole state'),
      delta_bytes: bytes(1).optional().describe('what a checkpoint writes; or give updates_per_s and entry_bytes'),
      updates_per_s: z.number().min(0.001).max(1e12).optional().describe('updates of entries, spread over all of them'),
      entry_bytes: bytes(1).optional().describe('size of an entry'),
    }),
    z.strictObject({
      backend: z.literal('changelog').describe('changes go to a log as they happen, the whole state now and then'),
      bytes: stateBytes,
      updates_per_s: z.number().min(0.001).max(1e12).describe('changes per second'),
      entry_bytes: bytes(1).describe('size of a change in the log'),
      materialization_s: seconds().min(0.001).default(600).describe('the whole state is written every so often'),
      materialization_takes_s: seconds().default(0).describe('and that takes so long'),
    }),
  ])
  .describe('the state, and what a checkpoint writes of it');

const checkpoint = z
  .strictObject({
    interval_s: seconds().min(0.001).describe('the interval that is configured now'),
    pause_ms: millis().describe('processing stands still in each checkpoint: synchronous part and alignment'),
    duration_ms: millis().default(0).describe('from the end of the pause to durable, without the upload'),
    upload_bytes_per_s: bytesPerSecond().nullable().default(null).describe('how fast it is uploaded; null: in no time'),
    upload_blocks: z.boolean().default(false).describe('processing stands still during the upload, too'),
    min_pause_s: seconds().default(0).describe('least time from the end of a checkpoint to the next'),
    timeout_s: seconds().min(0.001).nullable().default(600).describe('one that takes longer is given up; null: never'),
    failure_probability: z.number().min(0).max(0.99).default(0).describe('share of checkpoints that fail'),
    keep: z.int().min(1).max(1_000_000).default(1).describe('completed checkpoints that are kept'),
    history_s: seconds().default(0).describe('snapshots are kept so long; 0: only the last ones'),
    objects: z.int().min(1).max(100_000_000).default(1).describe('files or objects that a checkpoint writes'),
  })
  .describe('checkpoints as they are taken now');

const faults = z
  .strictObject({
    mtbf_s: seconds().min(0.001).optional().describe('mean time between failures of the job; or give a trace'),
    shape: z
      .number()
      .min(0.2)
      .max(10)
      .default(1)
      .describe('Weibull shape: 1 is exponential, below it failures come in clusters'),
    trace: z.string().min(1).optional().describe('CSV file of failures, columns started_at,node,downtime_minutes'),
    trace_nodes: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('the job runs on so many nodes of the trace, those with the lowest numbers; default all'),
  })
  .describe('how often the job fails');

const recovery = z
  .strictObject({
    detection_s: seconds().describe('from a failure to its detection'),
    restart_s: seconds().describe('from its detection until tasks are deployed again'),
    restore_s: seconds().default(0).describe('fixed part of the restore'),
    restore_bytes_per_s: bytesPerSecond()
      .nullable()
      .default(null)
      .describe('how fast state is read; null: in no time, or in restore_s'),
    replay_bytes_per_s: bytesPerSecond().nullable().default(null).describe('how fast a changelog is applied'),
  })
  .describe('what a recovery takes, before catching up');

const weights = z
  .strictObject({
    utilisation: weight().describe('weight of the time that is not useful work'),
    latency: weight().describe('weight of the mean latency of first outputs'),
    'recovery-slo': weight().describe('weight of the time that is not useful work, under the bound on recovery'),
    storage: weight().describe('weight of the bytes kept'),
    money: weight().describe('weight of the dollars a month'),
  })
  .describe('of objective weighted; each term counts in multiples of its value at the interval that is configured now');

const bounds = z
  .strictObject({
    recovery_p99_s: seconds()
      .min(0.001)
      .optional()
      .describe('99 in 100 recoveries, catching up included, take at most'),
    output_latency_s: seconds().min(0.001).optional().describe('a transactional sink shows its outputs after at most'),
    transaction_timeout_s: seconds().min(0.001).optional().describe('the broker gives a transaction up after'),
  })
  .describe('what the interval has to keep, whatever it costs');

/** Prices of a month of 30 days, gigabytes of 10^9 bytes; defaults are our assumption. */
const prices = z
  .strictObject({
    cores: z.number().min(0).max(1_000_000).default(1).describe('cores of the job'),
    core_hour_usd: price().default(0.05).describe('a core for an hour'),
    put_usd: price().default(0.000_005).describe('one PUT request'),
    get_usd: price().default(0.000_000_4).describe('one GET request'),
    storage_usd_per_gb_month: price().default(0.023).describe('a gigabyte kept for a month'),
    transfer_usd_per_gb: price().default(0).describe('a gigabyte written over the network'),
  })
  .describe('prices, for objective money; all of them are assumed unless given');

/** The file of a stream job. */
export const streamSchema: z.ZodType<StreamScenarioFile> = z
  .strictObject({
    $schema: z.string().optional().describe('for editors'),
    kind: z.literal('stream').describe('a stream job that is to be tuned'),
    name: nameField(),
    title: titleField(),
    teaches: teachesField(),
    engine: z
      .enum(['samza', 'flink', 'kafka-streams', 'spark'])
      .default('flink')
      .describe('whose configuration the interval is written into'),
    seed: seedField(),
    load,
    state,
    checkpoint,
    faults,
    recovery,
    objective: z
      .enum(['utilisation', 'latency', 'recovery-slo', 'storage', 'money', 'weighted'])
      .default('utilisation')
      .describe('what the interval is to be best for'),
    weights: weights.optional(),
    bounds: bounds.prefault({}),
    prices: prices.optional(),
    assumed: z
      .array(z.string().min(1))
      .max(100)
      .default([])
      .describe('keys of this file whose values nobody has measured; the answer says so'),
  })
  .describe('A Tidemark scenario of a stream job that is to be tuned: what its metrics show');

/** The schema as JSON Schema (draft 2020-12) for editors; committed as stream.schema.json. */
export function streamJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(streamSchema, { io: 'input' });
}
