/**
 * The scenario file, as a schema: what may be written, with unit in the name, bound, default and a sentence each.
 * The committed JSON Schema, the loader's messages and the scenario reference are all made from it.
 */
import { z } from 'zod';
import { HORIZON_DEFAULT_S, clusterDefaults, costDefaults, loadDefaults } from './defaults.ts';
import { faults } from './fault-schema.ts';
import type { Scenario } from './scenario.ts';
import { bytes, bytesPerSecond, count, micros, millis, samzaKeys, seconds, SECONDS_MAX } from './schema-values.ts';

const expectation = z
  .discriminatedUnion('verdict', [
    z.strictObject({ verdict: z.literal('holds').describe('every law is kept') }),
    z.strictObject({
      verdict: z.literal('violated').describe('a law is broken'),
      law: z
        .string()
        .regex(/^[A-Z]\d+$/, 'must be the id of a law, such as O1')
        .describe('id of the law that breaks, such as O1 or E2'),
    }),
    z.strictObject({ verdict: z.literal('unknown').describe('the run cannot decide') }),
  ])
  .describe('the verdict the author of the scenario expects; the run never reads it');

const input = z
  .strictObject({
    stream: z.string().min(1).describe('name of the input stream'),
    system: z.string().min(1).optional().describe('Kafka system of the stream; default job.default.system, else kafka'),
    partitions: count(1, 10_000).describe('partitions; task k consumes partition k of every input'),
    retention_s: seconds().nullable().default(null).describe('records older than this leave the log; null keeps all'),
    weight: z.number().min(0).max(1_000_000).default(1).describe('share of the load, relative to the other inputs'),
    starts_at_s: seconds().default(0).describe('no record arrives before this time'),
  })
  .describe('one input stream');

const job = z
  .strictObject({
    inputs: z
      .array(input)
      .min(1)
      .max(100)
      .optional()
      .describe('input streams; default one stream "input" of 4 partitions, or task.inputs of the Samza keys'),
    logic: z
      .enum(['stateless', 'count', 'dedup', 'match'])
      .optional()
      .describe(
        'what a task does with a record: pass it on, count per key, let the first of a key pass, match orders; default count with a store, else stateless',
      ),
    keys: count(1, 10_000_000).default(1000).describe('distinct keys over all partitions of a stream'),
    key_skew: z.number().min(0).max(10).default(0).describe('Zipf exponent of key popularity; 0 is uniform'),
    containers: count(1, 10_000)
      .optional()
      .describe('active containers, task k runs in container k modulo containers; default job.container.count, else 1'),
    task_kind: z
      .enum(['sync', 'async'])
      .default('sync')
      .describe('sync is StreamTask, async is AsyncStreamTask with callbacks'),
    batch_records: count(1, 1_000_000)
      .default(1)
      .describe('most records one process call takes; 1 to see every interleaving, more for cost runs'),
    batch_layer: z
      .strictObject({
        interval_s: seconds().min(0.001).describe('a batch starts every so often'),
        duration_s: seconds().describe('and takes this long until its view is served'),
      })
      .nullable()
      .default(null)
      .describe('a batch layer that recomputes from the input log and corrects the served view (Lambda architecture)'),
    manual_commit: z
      .strictObject({
        every_records: count(1, 1_000_000_000).describe('coordinator.commit after each n-th record of a task'),
        scope: z.enum(['task', 'container']).default('task').describe('CURRENT_TASK or ALL_TASKS_IN_CONTAINER'),
      })
      .nullable()
      .default(null)
      .describe('the manual trigger of a checkpoint, from user code'),
    properties: z.string().min(1).optional().describe('path of a Samza .properties file; keys in samza: override it'),
    samza: samzaKeys.default({}).describe('Samza’s own configuration keys, as in a .properties file'),
  })
  .describe('the job: inputs, what its tasks do, and Samza’s configuration');

const cluster = z
  .strictObject({
    hosts: count(1, 10_000).default(clusterDefaults.hosts).describe('hosts of the cluster'),
    slots_per_host: count(1, 10_000).default(clusterDefaults.slots_per_host).describe('containers one host can run'),
    node_expiry_s: seconds().default(clusterDefaults.node_expiry_s).describe('YARN gives a silent host up after this'),
    exit_report_ms: millis()
      .default(clusterDefaults.exit_report_ms)
      .describe('from the exit of a container to the application master’s knowledge'),
    container_start_s: seconds()
      .default(clusterDefaults.container_start_s)
      .describe('launch request to running container'),
    am_restart_s: seconds()
      .default(clusterDefaults.am_restart_s)
      .describe('a new application master after the old one died'),
    placement: z
      .enum(['least-loaded', 'random'])
      .default(clusterDefaults.placement)
      .describe('which host is offered when none is preferred'),
    clock_skew_ms: z
      .array(
        z
          .number()
          .min(-SECONDS_MAX * 1000)
          .max(SECONDS_MAX * 1000),
      )
      .max(10_000)
      .default([])
      .describe('clock of host h minus true time, one entry per host; missing entries are 0'),
  })
  .describe('hosts and cluster manager');

const rateLoad = z
  .strictObject({
    kind: z.literal('rate').default('rate').describe('records at a mean rate'),
    rate_per_s: z
      .number()
      .min(0)
      .max(100_000_000)
      .default(loadDefaults.rate_per_s)
      .describe('mean records per second over all inputs'),
    arrivals: z.enum(['poisson', 'even', 'bursty']).default(loadDefaults.arrivals).describe('how records are spaced'),
    burst_on_s: seconds()
      .min(0.001)
      .default(loadDefaults.burst_on_s)
      .describe('bursty: mean length of the phases with records'),
    burst_off_s: seconds().default(loadDefaults.burst_off_s).describe('bursty: mean length of the silent phases'),
    records: count(0, 1_000_000_000_000)
      .nullable()
      .default(null)
      .describe('stop after this many records; null for no limit'),
    stops_at_s: seconds().nullable().default(null).describe('silence after this time; null for none'),
  })
  .describe('records at a mean rate');

const traceLoad = z
  .strictObject({
    kind: z.literal('trace').describe('records counted in a CSV file'),
    trace: z.string().min(1).describe('path of a CSV file with columns timestamp,value: records per interval'),
    arrivals: z.enum(['poisson', 'even']).default('poisson').describe('how the records of an interval are spaced'),
  })
  .describe('records counted in a CSV file');

const load = z.discriminatedUnion('kind', [rateLoad, traceLoad]).describe('where records come from');

const costs = z
  .strictObject({
    process_us: micros().default(costDefaults.process_us).describe('CPU of one process call, mean per record'),
    process_distribution: z
      .enum(['constant', 'exponential'])
      .default(costDefaults.process_distribution)
      .describe('spread of that time'),
    kafka_latency_ms: millis()
      .default(costDefaults.kafka_latency_ms)
      .describe('one way from producer to broker, constant part'),
    kafka_jitter_ms: millis().default(costDefaults.kafka_jitter_ms).describe('mean of an exponential part on top'),
    broker_request_ms: millis()
      .default(costDefaults.broker_request_ms)
      .describe('one request to a broker, such as the newest offset'),
    record_bytes: bytes().default(costDefaults.record_bytes).describe('size of an input or output record'),
    changelog_entry_bytes: bytes().default(costDefaults.changelog_entry_bytes).describe('size of a changelog record'),
    store_flush_ms: millis().default(costDefaults.store_flush_ms).describe('flush of a RocksDB memtable, fixed part'),
    store_checkpoint_ms: millis().default(costDefaults.store_checkpoint_ms).describe('RocksDB checkpoint (hard links)'),
    local_disk_bytes_per_s: bytesPerSecond()
      .default(costDefaults.local_disk_bytes_per_s)
      .describe('sequential write speed of a local disk'),
    memtable_entries: count(1, 1_000_000_000)
      .default(costDefaults.memtable_entries)
      .describe('entries after which RocksDB flushes by itself'),
    commit_step_us: micros().default(costDefaults.commit_step_us).describe('CPU of one bookkeeping step of a commit'),
    write_files_ms: millis().default(costDefaults.write_files_ms).describe('OFFSET and CHECKPOINT files'),
    checkpoint_read_ms: millis()
      .default(costDefaults.checkpoint_read_ms)
      .describe('reading the checkpoint topic at start, fixed part'),
    checkpoint_read_per_record_us: micros()
      .default(costDefaults.checkpoint_read_per_record_us)
      .describe('and per retained record'),
    restore_bytes_per_s: bytesPerSecond()
      .default(costDefaults.restore_bytes_per_s)
      .describe('changelog restore speed of a container'),
    blob_latency_ms: millis().default(costDefaults.blob_latency_ms).describe('one request to the blob store'),
    blob_bytes_per_s: bytesPerSecond().default(costDefaults.blob_bytes_per_s).describe('bandwidth to the blob store'),
    blob_ttl_s: seconds()
      .default(costDefaults.blob_ttl_s)
      .describe('a new blob expires after this unless a commit completes'),
    segment_bytes: bytes().default(costDefaults.segment_bytes).describe('Kafka log segments roll at this size'),
    segment_s: seconds()
      .default(costDefaults.segment_s)
      .describe('or at this age; only closed segments are compacted or expired'),
  })
  .describe('what things take');

/** A scenario file. */
export const scenarioSchema: z.ZodType<Scenario> = z
  .strictObject({
    $schema: z.string().optional().describe('for editors'),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by hyphens')
      .optional()
      .describe('name of the scenario; default the file’s'),
    title: z.string().optional().describe('one line'),
    teaches: z.string().optional().describe('one sentence on what the scenario teaches'),
    expect: expectation.default({ verdict: 'holds' }),
    seed: z
      .union([z.string().min(1), z.int()])
      .default('1')
      .describe('root of all random draws'),
    replication: count(0, 1_000_000_000).default(0).describe('the same plan with other draws under the same names'),
    horizon_s: z
      .number()
      .positive()
      .max(SECONDS_MAX)
      .optional()
      .describe(`simulated time; default ${HORIZON_DEFAULT_S}, or the length of the load trace`),
    protocol: z.enum(['samza']).default('samza').describe('how checkpoints are taken'),
    ties: z
      .enum(['fifo', 'shuffled', 'adversarial'])
      .default('fifo')
      .describe('order of actions due at the same microsecond'),
    job: job.prefault({}),
    cluster: cluster.prefault({}),
    load: load.prefault({ kind: 'rate' }),
    faults: faults.prefault({}),
    costs: costs.prefault({}),
  })
  .describe('A Tidemark scenario: a job, its cluster and load, and what goes wrong');

/** The schema as JSON Schema (draft 2020-12) for editors; committed as scenario.schema.json. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(scenarioSchema, { io: 'input' });
}
