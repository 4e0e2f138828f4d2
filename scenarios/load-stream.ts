/**
 * The way from the file of a stream job and some `--set` options to what is tuned. Whatever is wrong comes back as InputErrors
 * with place and remedy.
 */
import type { FailureLaw } from '../models/fluid-job/index.ts';
import type { StreamJob } from '../models/tuning/stream-job.ts';
import { explainIssues, finding, type Finding } from './explain-issue.ts';
import { inputError, type InputError } from './input-error.ts';
import { type KnownKeys, knownKeys } from './known-keys.ts';
import { SCENARIO_BYTES_MAX, type ScenarioFile, TRACE_BYTES_MAX } from './load-scenario.ts';
import { applyOverrides, type Overridden, type OverrideRules } from './overrides.ts';
import { baseNameOf, decodeText, type ReadFile, resolveBeside } from './source-text.ts';
import { streamFindings, streamJob, tracedFailures } from './stream-plan.ts';
import type { StreamScenarioFile } from './stream-scenario.ts';
import { streamJsonSchema, streamSchema } from './stream-schema.ts';
import { readFailures } from './traces.ts';
import { type DataPath, readYaml } from './yaml-source.ts';

export type StreamLoadResult =
  | { readonly kind: 'loaded'; readonly job: StreamJob; readonly teaches: string }
  | { readonly kind: 'errors'; readonly errors: readonly InputError[] };

const streamKeys: KnownKeys = knownKeys(streamJsonSchema);

/** A trace instead of the file's failure rate, or the other way round. */
const streamRules: OverrideRules = {
  keys: streamKeys,
  filePaths: new Set(['faults.trace']),
  settle(data, applied) {
    const isSet = (path: string): boolean => applied.some((each) => each.path.join('.') === path);
    const { faults } = data as { readonly faults?: unknown };
    if (typeof faults !== 'object' || faults === null || isSet('faults.trace') === isSet('faults.mtbf_s')) return data;
    const gone = isSet('faults.trace') ? ['mtbf_s', 'shape'] : ['trace', 'trace_nodes'];
    const entries = Object.entries(faults).filter(([key]) => !gone.includes(key) || isSet(`faults.${key}`));
    return { ...(data as object), faults: Object.fromEntries(entries) };
  },
};

/** Whether data says that it is a stream job to be tuned. */
function isStreamKind(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'stream';
}

/** Loads a stream job; `sets` are `dotted.path=value`, as in other scenarios. */
export function loadStream(
  file: ScenarioFile,
  { readFile, sets = [] }: { readonly readFile: ReadFile; readonly sets?: readonly string[] },
): StreamLoadResult {
  const text = decodeText(file.path, file.text, { maxBytes: SCENARIO_BYTES_MAX, what: 'scenario' });
  if (typeof text !== 'string') return rejected([text]);
  const source = readYaml(file.path, text);
  if (!('data' in source)) return rejected(source);
  const overridden = applyOverrides(source.data, sets, source.locate, streamRules);
  if (!('data' in overridden)) return rejected(overridden);
  const checked = streamSchema.safeParse(overridden.data, { reportInput: true });
  if (!checked.success) return located(explainIssues(checked.error.issues, overridden.data, streamKeys), overridden);
  const scenario = checked.data;
  const findings = [...streamFindings(scenario), ...assumedFindings(scenario)];
  if (findings.length > 0) return located(findings, overridden);
  const traced = failuresOf(scenario, file.path, { readFile, overridden });
  if (traced !== null && !('kind' in traced)) {
    return 'source' in traced ? rejected([traced]) : located([traced], overridden);
  }
  const job = streamJob(scenario, scenario.name ?? baseNameOf(file.path), traced);
  return { kind: 'loaded', job, teaches: (scenario.teaches ?? '').trim() };
}

function rejected(errors: readonly InputError[]): StreamLoadResult {
  return { kind: 'errors', errors };
}

/** What is marked as assumed has to be a key. */
function assumedFindings({ assumed }: StreamScenarioFile): readonly Finding[] {
  return assumed.flatMap((path, i) => {
    const segments: DataPath = path.split('.');
    if (streamKeys.describePath(segments, null) !== null) return [];
    const key = segments.at(-1) as string;
    const suggestion = streamKeys.suggestKey(segments.slice(0, -1), key, null);
    return [{ ...finding(['assumed', i], `is no key of this file: "${path}"`, null), suggestion }];
  });
}

/** Null where failures are drawn. */
function failuresOf(
  scenario: StreamScenarioFile,
  path: string,
  { readFile, overridden }: { readonly readFile: ReadFile; readonly overridden: Overridden },
): FailureLaw | Finding | InputError | null {
  const { trace } = scenario.faults;
  if (trace === undefined) return null;
  const name = overridden.isOption(['faults', 'trace']) ? trace : resolveBeside(path, trace);
  const content = readFile(name);
  const text = decodeText(name, content, { maxBytes: TRACE_BYTES_MAX, what: 'trace' });
  if (typeof text !== 'string') {
    const isOpened = typeof content === 'string' || content instanceof Uint8Array;
    return isOpened ? text : finding(['faults', 'trace'], `trace ${name}: ${text.message}`, text.remedy);
  }
  const failures = readFailures(name, text);
  return 'atMicros' in failures ? tracedFailures(scenario, failures) : failures;
}

function located(findings: readonly Finding[], overridden: Overridden): StreamLoadResult {
  const errors = findings.map(({ path, target, message, suggestion, remedy }) => {
    const place = overridden.locate(path, target);
    const dotted = path.join('.');
    const isOption = overridden.isOption(path);
    const section = path.slice(0, -1).join('.');
    // An option has no line to look at: name whole paths, so that the suggestion can be typed as it stands.
    const isShort = isOption && suggestion !== null && target === 'key' && !suggestion.includes('.') && section !== '';
    const repeatsOption = isOption && place.source.startsWith(`--set ${dotted}=`);
    return inputError({
      ...place,
      path: repeatsOption ? null : dotted,
      message,
      suggestion: isShort ? `${section}.${suggestion}` : suggestion,
      remedy,
    });
  });
  return rejected(errors.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)));
}

/** Whether a file is one of a stream job; false too for one that cannot be read. */
export function isStreamFile(file: ScenarioFile): boolean {
  const text = decodeText(file.path, file.text, { maxBytes: SCENARIO_BYTES_MAX, what: 'scenario' });
  if (typeof text !== 'string') return false;
  const source = readYaml(file.path, text);
  return 'data' in source && isStreamKind(source.data);
}
