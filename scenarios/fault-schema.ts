/** What goes wrong in a scenario, as a schema: each kind of fault, and when it strikes. */
import { z } from 'zod';
import { COMMIT_STEPS } from '../models/protocols/samza.ts';
import type { Scenario } from './scenario.ts';
import { count, index, millis, samzaKeys, seconds } from './schema-values.ts';

/** When a fault strikes: exactly one of the three. */
const trigger = {
  at_s: seconds().optional().describe('strike at this time'),
  at_step: z
    .strictObject({
      step: z
        .enum(COMMIT_STEPS.map((step) => step.name))
        .describe('a named step of the commit, such as flush-producers or append-v1'),
      when: z.enum(['before', 'during', 'after']).default('after').describe('before, during or after that step'),
      task: index().default(0).describe('whose commit'),
      commit: count(0, 1_000_000_000)
        .default(1)
        .describe('which commit of the task: 1 is the first, 0 the seal commit at start'),
    })
    .optional()
    .describe('strike at a named step of a commit'),
  at_start: z
    .strictObject({
      moment: z.enum(['restore', 'trim', 'seal', 'running']).describe('what the container is doing'),
      container: index().default(0).describe('which container'),
      start: index().default(0).describe('which of its starts; 0 is the first'),
      delay_ms: millis().default(0).describe('and this much later'),
    })
    .optional()
    .describe('strike at a moment of a container’s start'),
};

const host = {
  host: index().optional().describe('the host'),
  host_of_container: index().optional().describe('the host this container runs on when the fault strikes'),
};

const log = {
  log: z.enum(['input', 'output', 'changelog', 'checkpoint']).describe('which log'),
  partition: index()
    .nullable()
    .default(null)
    .describe('partition (for changelogs and outputs: the task); null for all'),
};

const fault = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('container-crash').describe('a container process dies'),
      ...trigger,
      container: index().describe('the container'),
      exit_code: z
        .int()
        .min(-1000)
        .max(255)
        .default(137)
        .describe('exit code the cluster manager sees; 0 is never restarted'),
    }),
    z.strictObject({
      kind: z.literal('host-crash').describe('a host dies with all its containers'),
      ...trigger,
      ...host,
      down_s: seconds().default(600).describe('until the host is back'),
      disk_lost: z.boolean().default(false).describe('whether its local disk is empty then'),
    }),
    z.strictObject({
      kind: z
        .literal('job-restart')
        .describe('a clean stop and start of the whole job; Samza does not commit on shutdown'),
      ...trigger,
      down_s: seconds().default(60).describe('until the job starts again'),
      samza: samzaKeys
        .nullable()
        .default(null)
        .describe('Samza keys that change with the new deployment; null for none'),
    }),
    z.strictObject({ kind: z.literal('am-crash').describe('the application master dies'), ...trigger }),
    z.strictObject({
      kind: z.literal('partition').describe('a host is cut off from a part of the cluster'),
      ...trigger,
      ...host,
      cut: z
        .enum(['node-manager', 'cluster-manager', 'kafka'])
        .describe(
          'node-manager: YARN gives it up, its containers go on; cluster-manager: and they cannot reach the application master; kafka: it reaches no broker',
        ),
      for_s: seconds().describe('how long'),
    }),
    z.strictObject({
      kind: z.literal('pause').describe('a container stops running and then goes on (GC, suspended VM)'),
      ...trigger,
      container: index().describe('the container'),
      for_s: seconds().describe('how long'),
    }),
    z.strictObject({
      kind: z.literal('broker-stall').describe('a log takes no appends; producers wait'),
      ...trigger,
      ...log,
      for_s: seconds().describe('how long'),
    }),
    z.strictObject({
      kind: z.literal('leader-loss').describe('a leader dies before its last acknowledged records were replicated'),
      ...trigger,
      ...log,
      unreplicated_records: count(0, 1_000_000_000).describe('how many records are gone'),
    }),
    z.strictObject({
      kind: z.literal('send-failure').describe('a produce request fails for good'),
      ...trigger,
      ...log,
      batches: count(1, 1_000_000).default(1).describe('how many requests'),
    }),
    z.strictObject({
      kind: z.literal('topic-recreated').describe('a topic is deleted and created anew'),
      ...trigger,
      ...log,
    }),
    z.strictObject({
      kind: z.literal('blob-outage').describe('the blob store answers nothing'),
      ...trigger,
      for_s: seconds().describe('how long'),
    }),
    z.strictObject({
      kind: z.literal('blob-slow').describe('the blob store is slow'),
      ...trigger,
      factor: z.number().min(1).max(1_000_000).describe('requests take this many times as long'),
      for_s: seconds().describe('how long'),
    }),
  ])
  .describe('one fault; it strikes once, at at_s, at_step or at_start');

/** The section `faults` of a scenario file. */
export const faults: z.ZodType<Scenario['faults']> = z
  .strictObject({
    trace: z
      .string()
      .min(1)
      .optional()
      .describe('path of a CSV file with columns started_at,node,downtime_minutes,cause: host failures'),
    plan: z.array(fault).max(100_000).default([]).describe('faults one by one'),
  })
  .describe('what goes wrong');
