/**
 * The scenario of a known defect, as a schema: for one of a protocol a job small enough to be searched and what may go
 * wrong in it, for one of the coordinator's policies its name alone. The committed JSON Schema and the loader's messages
 * are made from this file.
 */
import { z } from 'zod';
import { nameField, titleField } from './head-fields.ts';
import { PEACE } from '../models/dataflow/topology.ts';
import type { DefectScenarioFile } from './defect-scenario.ts';

/** A search tries every order: with more of anything it does not end. */
const BUDGET_MAX = 9;
const TASKS_MAX = 12;
const PARALLELISM_MAX = 4;

const budget = (least = 0): z.ZodInt => z.int().min(least).max(BUDGET_MAX);
const taskName = (): z.ZodString =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'must be letters and digits, because it stands in action ids');

const common = {
  records: budget(1).default(1).describe('records of each source'),
  capacity: budget(1).default(4).describe('records a channel holds'),
  sink: z
    .enum(['two-phase', 'idempotent', 'plain'])
    .default('two-phase')
    .describe('what the sink does with its outputs'),
  backend: z
    .enum(['full', 'incremental'])
    .default('full')
    .describe('parts are stored whole, or in files that checkpoints share'),
  splits: z
    .enum(['own', 'assigned'])
    .default('own')
    .describe('each source has a log of its own, or the coordinator hands the logs out'),
  deferred: z.boolean().default(false).describe('operators keep a record until its timer fires or its request answers'),
};

const topology = z
  .discriminatedUnion('shape', [
    z.strictObject({ shape: z.literal('chain').describe('one source, one operator, one sink'), ...common }),
    z.strictObject({ shape: z.literal('join').describe('two sources, a join, a sink'), ...common }),
    z.strictObject({ shape: z.literal('diamond').describe('a source, two ways, a join, a sink'), ...common }),
    z.strictObject({ shape: z.literal('ring').describe('a source into a cycle of two operators'), ...common }),
    z.strictObject({
      shape: z.literal('keyed').describe('sources, the subtasks of a keyed operator, a sink; it can be rescaled'),
      ...common,
      sources: z.int().min(1).max(PARALLELISM_MAX).default(1).describe('sources'),
      parallelism: z.int().min(1).max(PARALLELISM_MAX).default(1).describe('subtasks at the beginning'),
      rescale_to: z
        .array(z.int().min(1).max(PARALLELISM_MAX))
        .min(1)
        .max(3)
        .default([2])
        .describe('what the parallelism becomes, one after the other, each at any moment before calm'),
      sinks: z.enum(['one', 'each']).default('one').describe('one sink, or one behind each subtask, rescaled with it'),
      key_groups: budget(1).optional().describe('key groups (maxParallelism); default one more than subtasks at most'),
    }),
    z.strictObject({
      shape: z.literal('own').describe('tasks and channels one by one'),
      ...common,
      tasks: z
        .array(
          z
            .strictObject({
              name: taskName().describe('name of the task, as it stands in action ids'),
              role: z.enum(['source', 'operator', 'sink']).describe('what the task does'),
            })
            .describe('one task'),
        )
        .min(2)
        .max(TASKS_MAX)
        .describe('the tasks'),
      channels: z
        .array(
          z
            .strictObject({
              from: taskName().describe('the sending task'),
              to: taskName().describe('the receiving task'),
              fifo: z.boolean().default(true).describe('records keep their order'),
            })
            .describe('one channel'),
        )
        .min(1)
        .max(2 * TASKS_MAX)
        .describe('the channels'),
    }),
  ])
  .describe('the job');

const environment = z
  .strictObject({
    checkpoints: budget(1).default(PEACE.checkpoints).describe('checkpoints the trigger may start before calm'),
    max_concurrent: budget(1).default(PEACE.maxConcurrent).describe('checkpoints under way at the same time'),
    crashes: budget().default(PEACE.crashes).describe('tasks that may crash'),
    coordinator_crashes: budget().default(PEACE.coordinatorCrashes).describe('crashes of the coordinator'),
    zombies: z.boolean().default(PEACE.zombies).describe('what a dead attempt has under way may still land'),
    lost_notifications: budget()
      .default(PEACE.lostNotifications)
      .describe('messages that may get lost, of those that the protocol sends once and never again'),
    duplicated_messages: budget()
      .default(PEACE.duplicatedMessages)
      .describe('messages that the coordinator may get twice'),
    failed_uploads: budget().default(PEACE.failedUploads).describe('uploads that may fail'),
    failed_commits: budget().default(PEACE.failedCommits).describe('commits of sinks that may fail once'),
    timeouts: budget().default(PEACE.timeouts).describe('checkpoints that may expire at any moment'),
    unknown_stores: budget().default(0).describe('writes of a completed checkpoint whose outcome nobody is told'),
    transaction_timeouts: budget().default(0).describe('pre-committed transactions that the broker may give up'),
    savepoints: budget()
      .default(0)
      .describe('savepoints the user may take; each may stop the job, and be gone back to once'),
    lost_events: budget().default(0).describe('events with assigned splits that may get lost on their way to a source'),
    calm: z
      .boolean()
      .default(PEACE.calm)
      .describe('in the end no more faults and one more checkpoint, and then the end is judged'),
  })
  .describe('what may go wrong, each with a budget');

const law = (pattern: RegExp, where: string): z.ZodObject<{ law: z.ZodString }> =>
  z
    .strictObject({
      law: z
        .string()
        .regex(pattern, 'must be the id of a law, such as C3')
        .describe(`id of the law that breaks; ${where}`),
    })
    .describe('with the defect this law breaks, without it none does');

const story = {
  $schema: z.string().optional().describe('for editors'),
  name: nameField(),
  title: titleField(),
  story: z.string().min(1).describe('what happens, event by event, and what is wrong in the end'),
  issues: z
    .array(z.string().regex(/^[A-Z]+-\d+$/, 'must be the key of an issue, such as FLINK-18238'))
    .max(20)
    .default([])
    .describe('where it was seen'),
};

/** The file of a known defect. */
export const defectSchema: z.ZodType<DefectScenarioFile> = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('dataflow').describe('a job that is searched without a clock'),
      ...story,
      protocol: z.string().min(1).describe('the protocol that has the defect; `tidemark list protocols` names them'),
      topology: topology.prefault({ shape: 'join' }),
      environment: environment.prefault({}),
      defect: z.string().min(1).describe('what is broken; `tidemark mutants --list` names and explains them'),
      expect: law(/^[A-Z]\d+$/, '`tidemark list protocol-laws` states them'),
    }),
    z.strictObject({
      kind: z.literal('coordinator').describe('the policies of a coordinator with a clock, run once'),
      ...story,
      defect: z.string().min(1).describe('which defect of the coordinator'),
      expect: law(/^(?:[A-Z]\d+|rate)$/, 'rate: checkpoints begin more often than the interval asks for'),
    }),
  ])
  .describe('A Tidemark scenario of a known defect: what happens, which law it breaks, and the job in which it shows');

/** The schema as JSON Schema (draft 2020-12) for editors; committed as defect.schema.json. */
export function defectJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(defectSchema, { io: 'input' });
}
