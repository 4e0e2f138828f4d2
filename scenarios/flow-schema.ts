/**
 * The scenario of a dataflow job with a clock, as a schema: its stages and channels, what everything takes, when checkpoints are
 * asked for and what fails. The committed JSON Schema, the loader's messages and the reference are made from this file.
 */
import { z } from 'zod';
import { nameField, seedField, teachesField, titleField } from './head-fields.ts';
import { DEFAULT_COSTS } from '../models/flow-job/plan.ts';
import type { FlowScenarioFile } from './flow-scenario.ts';

const STAGES_MAX = 20;
const PARALLELISM_MAX = 64;
/** A day and a half; a run of a job in detail is hardly longer than an hour. */
const SECONDS_MAX = 100_000;

const seconds = (least: number): z.ZodNumber => z.number().min(least).max(SECONDS_MAX);
const millis = (): z.ZodNumber =>
  z
    .number()
    .min(0)
    .max(SECONDS_MAX * 1000);
const bytes = (): z.ZodInt => z.int().min(0).max(1_000_000_000_000);
const bytesPerSecond = (): z.ZodInt => z.int().min(1).max(1_000_000_000_000);
const share = (): z.ZodNumber => z.number().min(0).max(1);
const stageName = (): z.ZodString =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'must be letters and digits, because it stands in the names of tasks');
const taskName = (): z.ZodString =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9]*-\d+$/, 'must be a stage and the number of a task in it, such as map-0');

const stages = z
  .array(
    z
      .strictObject({
        name: stageName().describe('name of the stage; its tasks are name-0, name-1 and so on'),
        inputs: z
          .array(stageName())
          .max(STAGES_MAX)
          .optional()
          .describe('stages it reads, every task from every task; [] for a source; default the stage before'),
        parallelism: z.int().min(1).max(PARALLELISM_MAX).default(1).describe('tasks'),
        service_us: z
          .number()
          .min(0)
          .max(1_000_000_000)
          .default(0)
          .describe('time a record takes; a source: to read it'),
        state_bytes: bytes().default(0).describe('state of one task at the beginning'),
        state_bytes_per_record: z.number().min(0).max(1_000_000).default(0).describe('growth per record processed'),
      })
      .describe('one stage'),
  )
  .min(2)
  .max(STAGES_MAX)
  .describe('sources first, sinks last; a stage that nobody reads is a sink');

const feedback = z
  .strictObject({
    from: stageName().describe('the stage that sends back'),
    to: stageName().describe('the stage before it that gets the records again'),
    hops: z
      .int()
      .min(1)
      .max(100)
      .default(4)
      .describe('how often an operator passes a record on before it is done with'),
  })
  .describe('a cycle');

const channels = z
  .array(
    z
      .strictObject({
        from: taskName().describe('the sending task'),
        to: taskName().describe('the receiving task'),
        delay_ms: millis().describe('least delay'),
        jitter_ms: millis().default(0).describe('mean of the exponential part'),
      })
      .describe('one channel'),
  )
  .max(1000)
  .default([])
  .describe('channels with a delay of their own');

const costs = z
  .strictObject({
    record_bytes: bytes().default(DEFAULT_COSTS.recordBytes).describe('size of a record'),
    control_bytes: bytes().default(32).describe('size of a barrier, marker, message or stamp on the network'),
    channel_delay_ms: millis().default(1).describe('least delay of a channel'),
    channel_jitter_ms: millis().default(0).describe('mean of the exponential part'),
    rpc_delay_ms: millis().default(0.5).describe('least delay of a message between a task and the coordinator'),
    rpc_jitter_ms: millis().default(0).describe('mean of the exponential part'),
    sync_ms: millis().default(2).describe('synchronous part of a snapshot: the task does nothing else'),
    sync_ms_per_mebibyte: millis().default(0).describe('and for each MiB of state'),
    upload_ms: millis().default(10).describe('asynchronous part: latency'),
    upload_bytes_per_s: bytesPerSecond().default(DEFAULT_COSTS.uploadBytesPerSecond).describe('bandwidth of one task'),
    store_ms: millis().default(5).describe('writing the metadata of a completed checkpoint'),
    commit_ms: millis().default(3).describe('commit of one transaction'),
    detection_ms: millis().default(100).describe('from a crash to its being noticed'),
    restart_ms: millis().default(500).describe('until new tasks begin to restore'),
    download_ms: millis().default(10).describe('restore: latency'),
    download_bytes_per_s: bytesPerSecond()
      .default(DEFAULT_COSTS.downloadBytesPerSecond)
      .describe('bandwidth of one task'),
  })
  .describe('what everything takes');

const checkpoints = z
  .strictObject({
    interval_ms: z
      .number()
      .min(1)
      .max(SECONDS_MAX * 1000)
      .describe('between two triggers'),
    timeout_ms: z
      .number()
      .min(1)
      .max(SECONDS_MAX * 1000)
      .default(600_000)
      .describe('a checkpoint that takes longer is given up'),
    min_pause_ms: millis().default(0).describe('least time from a completion to the next trigger'),
    max_concurrent: z.int().min(1).max(100).default(1).describe('checkpoints under way at the same time'),
    aligned_timeout_ms: millis().default(100).describe('for flink-unaligned-timeout: aligned until so old'),
    tolerable_failures: z
      .int()
      .min(0)
      .max(1_000_000)
      .nullable()
      .default(null)
      .describe('failed checkpoints in a row that do not fail the job; null: any number'),
  })
  .describe('when checkpoints are asked for');

const restart = z
  .strictObject({
    delay_ms: millis().default(0).describe('fixed delay of the restart strategy'),
    attempts: z.int().min(0).max(1_000_000).nullable().default(null).describe('restarts; null: any number'),
  })
  .describe('what follows a failure');

const faults = z
  .strictObject({
    crashes: z
      .array(
        z
          .strictObject({
            task: z.string().min(1).describe('the task, such as map-0, or coordinator'),
            at_s: seconds(0).describe('when'),
          })
          .describe('one crash'),
      )
      .max(1000)
      .default([])
      .describe('crashes at given times'),
    mtbf_s: seconds(0.1).nullable().default(null).describe('mean time between crashes of any task; null: none'),
    lost_notifications: share().default(0).describe('share of the messages lost that a protocol never repeats'),
    failed_uploads: share().default(0).describe('share of uploads that fail'),
  })
  .describe('what fails');

/** The file of a dataflow job with a clock. */
export const flowSchema: z.ZodType<FlowScenarioFile> = z
  .strictObject({
    $schema: z.string().optional().describe('for editors'),
    kind: z.literal('dataflow-job').describe('a dataflow job with a clock'),
    name: nameField(),
    title: titleField(),
    teaches: teachesField(),
    seed: seedField(),
    horizon_s: seconds(0.001).describe('simulated time'),
    replications: z.int().min(1).max(100_000).default(10).describe('runs of each protocol, with other random draws'),
    protocols: z
      .array(z.string().min(1))
      .min(1)
      .max(20)
      .default(['flink-aligned', 'none', 'flink-unaligned', 'flink-at-least-once'])
      .describe(
        'what is compared, each with the first; as `tidemark list protocols` names them, or none: no checkpoints',
      ),
    stages,
    feedback: feedback.optional(),
    channels,
    channel_capacity: z.int().min(1).max(1_000_000).default(64).describe('records that a channel holds (credit)'),
    routing: z
      .enum(['keyed', 'broadcast'])
      .default('keyed')
      .describe('a record goes to one task of each next stage, by its key, or to all'),
    hot_share: share().default(0).describe('share of records with one and the same key; it goes to task 0 of a stage'),
    sink: z.enum(['two-phase', 'idempotent', 'plain']).default('two-phase').describe('what sinks do with outputs'),
    load: z
      .strictObject({
        rate_per_s: z
          .number()
          .min(0.001)
          .max(10_000_000)
          .describe('records per second over all sources, spread evenly'),
        arrivals: z.enum(['poisson', 'regular']).default('poisson').describe('independent, or at equal distances'),
        batch_records: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(1)
          .describe(
            'records of a source that go through the job as one, with one key; for high rates, and regular arrivals only',
          ),
      })
      .describe('input'),
    costs: costs.prefault({}),
    checkpoints,
    restart: restart.prefault({}),
    faults: faults.prefault({}),
  })
  .describe('A Tidemark scenario of a dataflow job with a clock, to compare what guarantees cost');

/** The schema as JSON Schema (draft 2020-12) for editors; committed as dataflow-job.schema.json. */
export function flowJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(flowSchema, { io: 'input' });
}
