/**
 * The way from a file and some `--set` options to a RunPlan. Reads through the given callback only; whatever is wrong
 * comes back as InputErrors with place and remedy, sorted as a reader would meet them, and nothing is thrown.
 */
import type { FaultTrace, RunPlan } from '../models/plan.ts';
import type { SamzaEntry } from '../models/samza/keys/index.ts';
import { buildPlan } from './build-plan.ts';
import { explainIssues, finding, type Finding } from './explain-issue.ts';
import { inputError, type InputError } from './input-error.ts';
import { planJob, type PropertyFinding } from './job-plan.ts';
import { applyOverrides, type Overridden } from './overrides.ts';
import { readProperties } from './properties.ts';
import type { Scenario } from './scenario.ts';
import { scenarioKeys } from './scenario-keys.ts';
import { scenarioSchema } from './schema.ts';
import { baseNameOf, decodeText, excerptAt, resolveBeside, type FileContent, type ReadFile } from './source-text.ts';
import { readArrivals, readFailures, type TraceLoad } from './traces.ts';
import { readYaml, type DataPath, type YamlSource } from './yaml-source.ts';

/** Largest scenario or properties file, and largest trace, that is read. */
export const SCENARIO_BYTES_MAX = 1_048_576;
export const TRACE_BYTES_MAX = 268_435_456;

export interface ScenarioFile {
  /** As the user gave it; messages quote it, and paths inside the file start from its folder. */
  readonly path: string;
  readonly text: FileContent;
}

export interface LoadOptions {
  readonly readFile: ReadFile;
  /** `dotted.path=value`, in order; paths in them start from the current directory. */
  readonly sets?: readonly string[];
  /** Name of the scenario when the file gives none; by default the file's own. */
  readonly baseName?: string;
}

export type LoadResult =
  | { readonly kind: 'loaded'; readonly plan: RunPlan; readonly notes: readonly string[] }
  | { readonly kind: 'errors'; readonly errors: readonly InputError[] };

/** Loads a YAML scenario, or a Samza .properties file as a job on the default cluster and load. */
export function loadScenario(file: ScenarioFile, options: LoadOptions): LoadResult {
  const source = readSource(file);
  if (isErrors(source)) return rejected(source);
  if (hasKind(source.data)) return rejected([otherKind(file.path, source.data)]);
  const overridden = applyOverrides(source.data, options.sets ?? [], source.locate);
  if (isErrors(overridden)) return rejected(overridden);

  const data = withLoadKind(overridden.data);
  const checked = scenarioSchema.safeParse(data, { reportInput: true });
  if (!checked.success) {
    const findings = explainIssues(checked.error.issues, data, scenarioKeys);
    return rejected(locateFindings(findings, overridden));
  }
  return plan(file, checked.data, overridden, options);
}

function plan(file: ScenarioFile, scenario: Scenario, overridden: Overridden, options: LoadOptions): LoadResult {
  const context: FileContext = { file, overridden, readFile: options.readFile };
  const properties = readJobProperties(context, scenario);
  const load = readLoadTrace(context, scenario);
  const faults = readFaultTrace(context, scenario);
  const fileErrors = [properties.error, load.error, faults.error].flatMap((error) => error ?? []);
  if (fileErrors.length > 0) return rejected(fileErrors);

  const job = planJob(scenario.job, properties.value);
  const name = scenario.name ?? job.name ?? options.baseName ?? baseNameOf(file.path);
  const built = buildPlan({
    scenario,
    name,
    job: job.plan,
    properties: properties.value?.entries ?? [],
    loadTrace: load.value,
    faultTrace: faults.value,
  });
  const errors = [
    ...job.propertyFindings.map((found) => propertyError(properties.value, found)),
    ...locateFindings([...job.findings, ...built.findings], overridden),
  ];
  if (errors.length > 0) return rejected(errors);
  return { kind: 'loaded', plan: built.plan, notes: [...overridden.notes, ...job.notes, ...built.notes] };
}

/** Data that says it is a scenario of another kind than a job's. */
export function hasKind(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data;
}

function otherKind(source: string, data: unknown): InputError {
  const message = 'is not a scenario of a job in time: it has a kind';
  return inputError({ source, message, remedy: commandsFor((data as { readonly kind: unknown }).kind) });
}

function commandsFor(kind: unknown): string {
  switch (kind) {
    case 'stream':
      return 'stream jobs are for `tidemark tune` and `tidemark sweep`';
    case 'dataflow-job':
      return 'dataflow jobs with a clock are for `tidemark compare`';
    default:
      return 'scenarios of dataflows are for `tidemark check` and `tidemark explore`';
  }
}

function rejected(errors: readonly InputError[]): LoadResult {
  return { kind: 'errors', errors };
}

function isErrors(value: object): value is readonly InputError[] {
  return Array.isArray(value);
}

/** The data of the file; a .properties file is a scenario that says nothing but `job.properties`. */
function readSource(file: ScenarioFile): YamlSource | readonly InputError[] {
  if (isProperties(file.path)) {
    const locate: YamlSource['locate'] = () => ({ source: file.path, line: null, column: null, excerpt: null });
    return { data: { job: { properties: file.path } }, locate };
  }
  const text = decodeText(file.path, file.text, { maxBytes: SCENARIO_BYTES_MAX, what: 'scenario' });
  return typeof text === 'string' ? readYaml(file.path, text) : [text];
}

function isProperties(path: string): boolean {
  return /\.properties$/i.test(path);
}

/** A load that names a trace and no kind is a trace load. */
function withLoadKind(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('load' in data)) return data;
  const { load } = data;
  if (typeof load !== 'object' || load === null || 'kind' in load || !('trace' in load)) return data;
  return { ...data, load: { ...load, kind: 'trace' } };
}

function locateFindings(findings: readonly Finding[], overridden: Overridden): readonly InputError[] {
  const errors = findings.map((found) => {
    const place = overridden.locate(found.path, found.target);
    const isOption = overridden.isOption(found.path);
    const path = found.path.join('.');
    const { message, remedy } = found;
    // An option has no line to look at: name whole paths, so that the suggestion can be typed as it stands.
    const section = found.path.slice(0, -1).join('.');
    const whole =
      found.suggestion !== null && found.target === 'key' && !found.suggestion.includes('.') && section !== '';
    const suggestion = isOption && whole ? `${section}.${found.suggestion}` : found.suggestion;
    const repeatsOption = isOption && place.source.startsWith(`--set ${path}=`);
    return inputError({ ...place, path: repeatsOption ? null : path, message, suggestion, remedy });
  });
  return errors.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

interface FileContext {
  readonly file: ScenarioFile;
  readonly overridden: Overridden;
  readonly readFile: ReadFile;
}

interface Read<T> {
  readonly value: T | null;
  readonly error: readonly InputError[] | null;
}

const nothing = { value: null, error: null };

/** Reads the file a scenario names at `path`; failures to read it are reported at the line that names it. */
function readNamed(
  context: FileContext,
  path: DataPath,
  named: string,
  what: string,
  maxBytes: number,
): Read<{ name: string; text: string }> {
  const name = context.overridden.isOption(path) ? named : resolveBeside(context.file.path, named);
  const itself = isProperties(context.file.path) && named === context.file.path && !context.overridden.isOption(path);
  const content = itself ? context.file.text : context.readFile(name);
  const text = decodeText(itself ? context.file.path : name, content, {
    maxBytes,
    what,
    allowLatin1: what === 'properties file',
  });
  if (typeof text === 'string') return { value: { name: itself ? context.file.path : name, text }, error: null };
  const opened = typeof content === 'string' || content instanceof Uint8Array;
  if (itself || opened) return { value: null, error: [text] };
  const found = finding(path, `${what} ${name}: ${text.message}`, text.remedy);
  return { value: null, error: locateFindings([found], context.overridden) };
}

interface PropertiesFile {
  readonly name: string;
  readonly text: string;
  readonly entries: readonly SamzaEntry[];
}

function readJobProperties(context: FileContext, scenario: Scenario): Read<PropertiesFile> {
  const { properties } = scenario.job;
  if (properties === undefined) return nothing;
  const path = ['job', 'properties'];
  // A .properties file run by itself is named by its own path, which must not be resolved against itself.
  const read = readNamed(context, path, properties, 'properties file', SCENARIO_BYTES_MAX);
  if (read.value === null) return { value: null, error: read.error };
  const entries = readProperties(read.value.name, read.value.text);
  if (isPropertyErrors(entries)) return { value: null, error: entries };
  return { value: { ...read.value, entries }, error: null };
}

function isPropertyErrors(entries: readonly SamzaEntry[] | readonly InputError[]): entries is readonly InputError[] {
  return entries.length > 0 && 'source' in (entries[0] as object);
}

function readLoadTrace(context: FileContext, scenario: Scenario): Read<TraceLoad> {
  if (scenario.load.kind !== 'trace') return nothing;
  const read = readNamed(context, ['load', 'trace'], scenario.load.trace, 'trace', TRACE_BYTES_MAX);
  if (read.value === null) return { value: null, error: read.error };
  const trace = readArrivals(read.value.name, read.value.text, scenario.load.arrivals);
  return 'kind' in trace ? { value: trace, error: null } : { value: null, error: [trace] };
}

function readFaultTrace(context: FileContext, scenario: Scenario): Read<FaultTrace> {
  if (scenario.faults.trace === undefined) return nothing;
  const read = readNamed(context, ['faults', 'trace'], scenario.faults.trace, 'trace', TRACE_BYTES_MAX);
  if (read.value === null) return { value: null, error: read.error };
  const trace = readFailures(read.value.name, read.value.text);
  return 'atMicros' in trace ? { value: trace, error: null } : { value: null, error: [trace] };
}

/** A wrong value in a properties file, at its line. */
function propertyError(file: PropertiesFile | null, found: PropertyFinding): InputError {
  if (file === null) throw new Error('assert: a finding about a properties file that was not read');
  const { text, name } = file;
  let offset = 0;
  for (let line = 1; line < found.line && offset >= 0; line++) {
    const end = /\r\n|\r|\n/g;
    end.lastIndex = offset;
    end.exec(text);
    offset = end.lastIndex;
  }
  const lineEnd = text.slice(offset).search(/[\r\n]/);
  const lineText = lineEnd < 0 ? text.slice(offset) : text.slice(offset, offset + lineEnd);
  const indent = lineText.length - lineText.trimStart().length;
  const excerpt = excerptAt(text, offset + indent, lineText.trim().length);
  return inputError({
    source: name,
    line: excerpt.line,
    column: excerpt.column,
    path: found.key,
    message: found.message,
    remedy: found.remedy,
    excerpt,
  });
}
