/**
 * The job of a scenario as a JobPlan: Samza's keys from the .properties file and from the scenario are merged, checked
 * by the table of keys, and decide the configuration, the inputs and where they start.
 */
import { parseSamzaConfig, type JobKeys, type ParsedSamzaConfig, type SamzaEntry } from '../models/samza/keys/index.ts';
import type { BatchLayerPlan, InputPlan, JobLogic, JobPlan } from '../models/plan.ts';
import type { SamzaConfig } from '../models/samza/config.ts';
import { finding, type Finding } from './explain-issue.ts';
import type { InputEntry, JobEntry, SamzaEntries } from './scenario.ts';
import type { DataPath } from './yaml-source.ts';

export interface JobResult {
  readonly plan: JobPlan;
  /** Name the keys give the job. */
  readonly name: string | null;
  readonly findings: readonly Finding[];
  /** Findings about lines of the .properties file. */
  readonly propertyFindings: readonly PropertyFinding[];
  readonly notes: readonly string[];
}

export interface PropertyFinding {
  readonly line: number;
  readonly key: string;
  readonly message: string;
  readonly remedy: string;
}

/** Streams and partitions of a job that names none. */
const INPUT_DEFAULT = { stream: 'input', partitions: 4 };
const SYSTEM_DEFAULT = 'kafka';

/** Seconds, milliseconds, microseconds of a scenario as whole µs. */
export const fromSeconds = (seconds: number): number => Math.round(seconds * 1_000_000);
export const fromMillis = (millis: number): number => Math.round(millis * 1000);
export const fromMicros = (micros: number): number => Math.round(micros);

/** Builds the plan of the job; `properties` is the .properties file it names, if any. */
export function planJob(
  job: JobEntry,
  file: { readonly name: string; readonly entries: readonly SamzaEntry[] } | null,
): JobResult {
  const { parsed, findings, propertyFindings } = readKeys(job.samza, ['job', 'samza'], file?.entries ?? []);
  const notes = [...keyNotes(parsed, file?.name ?? null)];
  const inputs = planInputs(job, parsed.job, notes);
  const tasks = inputs.reduce((most, input) => Math.max(most, input.partitions), 0);
  const containers = job.containers ?? parsed.job.containers ?? 1;
  const logic = job.logic ?? (parsed.config.stores.length > 0 ? 'count' : 'stateless');
  const shape = { logic, containers, tasks, streams: inputs.length };
  const checked = [...findings, ...checkJob(job, parsed.config, shape)];
  const batchLayer: BatchLayerPlan | null =
    job.batch_layer === null
      ? null
      : {
          intervalMicros: fromSeconds(job.batch_layer.interval_s),
          durationMicros: fromSeconds(job.batch_layer.duration_s),
        };
  return {
    name: parsed.job.name,
    findings: checked,
    propertyFindings,
    notes,
    plan: {
      inputs,
      logic,
      keys: job.keys,
      keySkew: job.key_skew,
      containers,
      taskKind: job.task_kind,
      batchRecords: job.batch_records,
      batchLayer,
      samza: withManualCommit(parsed.config, job),
    },
  };
}

/** The configuration of a redeployed job: the keys of the job with those of the restart over them. */
export function planRedeploy(
  job: JobEntry,
  properties: readonly SamzaEntry[],
  changed: SamzaEntries,
  path: DataPath,
): { readonly config: SamzaConfig; readonly findings: readonly Finding[] } {
  const base = Object.fromEntries(Object.entries(job.samza).filter(([key]) => !Object.hasOwn(changed, key)));
  const own = new Set(Object.keys(changed));
  const rest = properties.filter((entry) => !own.has(entry.key) && !Object.hasOwn(job.samza, entry.key));
  const entries = [...rest, ...toEntries(base), ...toEntries(changed)];
  const parsed = parseSamzaConfig(entries);
  return {
    config: withManualCommit(parsed.config, job),
    findings: [
      ...parsed.errors.filter((error) => own.has(error.key)).map((error) => keyFinding([...path, error.key], error)),
      ...parsed.unknown
        .filter((entry) => own.has(entry.key))
        .map((entry) => unknownSamzaKey([...path, entry.key], entry.suggestion)),
    ],
  };
}

function withManualCommit(config: SamzaConfig, job: JobEntry): SamzaConfig {
  if (job.manual_commit === null) return config;
  return { ...config, manualCommitEvery: job.manual_commit.every_records, manualCommitScope: job.manual_commit.scope };
}

function readKeys(
  samza: SamzaEntries,
  path: DataPath,
  properties: readonly SamzaEntry[],
): { parsed: ParsedSamzaConfig; findings: readonly Finding[]; propertyFindings: readonly PropertyFinding[] } {
  const inScenario = new Set(Object.keys(samza));
  const fromFile = properties.filter((entry) => !inScenario.has(entry.key));
  const parsed = parseSamzaConfig([...fromFile, ...toEntries(samza)]);
  const scenarioErrors = parsed.errors.filter((error) => inScenario.has(error.key));
  const unknown = parsed.unknown.filter((entry) => inScenario.has(entry.key));
  return {
    parsed,
    findings: [
      ...scenarioErrors.map((error) => keyFinding([...path, error.key], error)),
      // A properties file may hold keys of the application; a scenario holds only what it means to simulate.
      ...unknown.map((entry) => unknownSamzaKey([...path, entry.key], entry.suggestion)),
    ],
    propertyFindings: parsed.errors.filter((error) => !inScenario.has(error.key)),
  };
}

function keyFinding(path: DataPath, error: { readonly message: string; readonly remedy: string }): Finding {
  return finding(path, error.message, error.remedy);
}

function unknownSamzaKey(path: DataPath, suggestion: string | null): Finding {
  const remedy =
    suggestion === null
      ? 'only Samza’s own keys stand here; keys of your application belong into a .properties file'
      : null;
  return { path, target: 'key', message: 'is not a configuration key of Samza', suggestion, remedy };
}

function toEntries(samza: SamzaEntries): readonly SamzaEntry[] {
  return Object.entries(samza).map(([key, value]) => ({
    key,
    value: Array.isArray(value) ? value.join(',') : String(value),
    line: 0,
  }));
}

/** What a user should know about keys that are fine and yet do not do what they say. */
function keyNotes(parsed: ParsedSamzaConfig, file: string | null): readonly string[] {
  const notes = parsed.warnings.map((warning) => `${warning.key} ${warning.message}`);
  if (!parsed.config.checkpoints)
    notes.push('task.checkpoint.factory is not set: as in Samza, nothing is checkpointed');
  if (parsed.accepted.length > 0) {
    notes.push(
      `known to Samza, without effect in the simulator: ${parsed.accepted.map((entry) => entry.key).join(', ')}`,
    );
  }
  if (file === null) return notes;
  for (const { key, line, suggestion } of parsed.unknown) {
    const asked = suggestion === null ? '' : `; did you mean ${suggestion}?`;
    if (line > 0) notes.push(`${file}:${line}: ${key} is not a key of Samza and is ignored${asked}`);
  }
  return notes;
}

function planInputs(job: JobEntry, keys: JobKeys, notes: string[]): readonly InputPlan[] {
  const entries = job.inputs ?? inputsFromKeys(keys, notes);
  return entries.map((entry): InputPlan => {
    const system = entry.system ?? keys.defaultSystem ?? SYSTEM_DEFAULT;
    const stream = keys.streams.find((candidate) => candidate.stream === entry.stream);
    const systemDefault = keys.systems.find((candidate) => candidate.system === system)?.offsetDefault;
    return {
      stream: entry.stream,
      partitions: entry.partitions,
      offsetDefault: stream?.offsetDefault ?? systemDefault ?? 'upcoming',
      resetOffset: stream?.resetOffset ?? false,
      deleteCommitted: stream?.deleteCommitted ?? false,
      retentionMicros: entry.retention_s === null ? null : fromSeconds(entry.retention_s),
      weight: entry.weight,
      startsAtMicros: fromSeconds(entry.starts_at_s),
    };
  });
}

function inputsFromKeys(keys: JobKeys, notes: string[]): readonly InputEntry[] {
  const named = keys.inputs.length > 0 ? keys.inputs : [{ system: null, stream: INPUT_DEFAULT.stream }];
  const rest = { partitions: INPUT_DEFAULT.partitions, retention_s: null, weight: 1, starts_at_s: 0 };
  if (keys.inputs.length > 0) {
    notes.push(
      `Samza’s keys do not tell how many partitions an input has: ${INPUT_DEFAULT.partitions} are assumed (job.inputs sets them)`,
    );
  }
  return named.map(({ system, stream }) => (system === null ? { stream, ...rest } : { stream, system, ...rest }));
}

interface JobShape {
  readonly logic: JobLogic;
  readonly containers: number;
  readonly tasks: number;
  readonly streams: number;
}

function checkJob(job: JobEntry, config: SamzaConfig, shape: JobShape): readonly Finding[] {
  const { logic, containers, tasks } = shape;
  const findings: Finding[] = [...checkOrder(job, config, shape)];
  if (containers > tasks) {
    const message = `is ${containers}, more than the ${tasks} tasks (the most partitions of an input)`;
    findings.push(
      finding(
        ['job', 'containers'],
        message,
        `Samza refuses idle containers: use at most ${tasks}, or more partitions`,
      ),
    );
  }
  if (logic !== 'stateless' && config.stores.length === 0) {
    const remedy = 'add stores.counts.factory and stores.counts.changelog under job.samza, or use logic: stateless';
    findings.push(finding(['job', 'logic'], `is ${logic}, which needs a store, and the job has none`, remedy));
  }
  const inputs = job.inputs ?? [];
  if (inputs.length > 0 && inputs.every((input) => input.weight === 0)) {
    findings.push(
      finding(['job', 'inputs'], 'all have weight 0, so no record can go anywhere', 'give one input a weight above 0'),
    );
  }
  for (const [i, input] of inputs.entries()) {
    if (inputs.findIndex((other) => other.stream === input.stream) === i) continue;
    findings.push(
      finding(['job', 'inputs', i, 'stream'], `${input.stream} is listed twice`, 'list each input stream once'),
    );
  }
  return findings;
}

/**
 * What `match` and `dedup` make of a key depends on the order of its records. That order is the input's only with one
 * partition and one record in flight per task; otherwise there is no right state to hold the job's against.
 */
function checkOrder(job: JobEntry, config: SamzaConfig, { logic, streams }: JobShape): readonly Finding[] {
  if (logic !== 'match' && logic !== 'dedup') return [];
  const parallel = job.task_kind === 'async' && config.maxConcurrency > 1;
  if (streams === 1 && !parallel) return [];
  const why =
    streams > 1
      ? `the job reads ${streams} streams, whose records mix in any order`
      : `task.max.concurrency is ${config.maxConcurrency}, so records may finish in any order`;
  const remedy =
    streams > 1 ? 'read one stream, or use logic: count' : 'set task.max.concurrency to 1, or use logic: count';
  return [finding(['job', 'logic'], `is ${logic}, which depends on the order of a key's records, but ${why}`, remedy)];
}
