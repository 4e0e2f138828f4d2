/**
 * The way from the file of a dataflow job with a clock, and some `--set` options, to its plan. Whatever is wrong comes back as
 * InputErrors with place and remedy.
 */
import { explainIssues, type Finding } from './explain-issue.ts';
import { flowJobScenario, type FlowJobScenario } from './flow-plan.ts';
import { flowJsonSchema, flowSchema } from './flow-schema.ts';
import { inputError, type InputError } from './input-error.ts';
import { type KnownKeys, knownKeys } from './known-keys.ts';
import { SCENARIO_BYTES_MAX, type ScenarioFile } from './load-scenario.ts';
import { applyOverrides, type Overridden, type OverrideRules } from './overrides.ts';
import { baseNameOf, decodeText } from './source-text.ts';
import { readYaml } from './yaml-source.ts';

export type FlowLoadResult =
  | { readonly kind: 'loaded'; readonly scenario: FlowJobScenario }
  | { readonly kind: 'errors'; readonly errors: readonly InputError[] };

const flowKeys: KnownKeys = knownKeys(flowJsonSchema);

const flowRules: OverrideRules = { keys: flowKeys, filePaths: new Set(), settle: (data) => data };

/** Whether the file says that it is a dataflow job with a clock; a file that cannot be read as YAML does not. */
export function isFlowJobFile(file: ScenarioFile): boolean {
  const text = decodeText(file.path, file.text, { maxBytes: SCENARIO_BYTES_MAX, what: 'scenario' });
  const source = typeof text === 'string' ? readYaml(file.path, text) : null;
  if (source === null || !('data' in source)) return false;
  const { data } = source;
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'dataflow-job';
}

/** Loads a dataflow job with a clock. */
export function loadFlowJob(file: ScenarioFile, sets: readonly string[] = []): FlowLoadResult {
  const text = decodeText(file.path, file.text, { maxBytes: SCENARIO_BYTES_MAX, what: 'scenario' });
  if (typeof text !== 'string') return rejected([text]);
  const source = readYaml(file.path, text);
  if (!('data' in source)) return rejected(source);
  const overridden = applyOverrides(source.data, sets, source.locate, flowRules);
  if (!('data' in overridden)) return rejected(overridden);
  const checked = flowSchema.safeParse(overridden.data, { reportInput: true });
  if (!checked.success) return located(explainIssues(checked.error.issues, overridden.data, flowKeys), overridden);
  const scenario = flowJobScenario(checked.data, baseNameOf(file.path));
  return 'plan' in scenario ? { kind: 'loaded', scenario } : located(scenario, overridden);
}

function rejected(errors: readonly InputError[]): FlowLoadResult {
  return { kind: 'errors', errors };
}

function located(findings: readonly Finding[], overridden: Overridden): FlowLoadResult {
  const errors = findings.map(({ path, target, message, suggestion, remedy }) => {
    const place = overridden.locate(path, target);
    const dotted = path.join('.');
    const section = path.slice(0, -1).join('.');
    // An option has no line to look at: name whole paths, so that the suggestion can be typed as it stands.
    const isShort = overridden.isOption(path) && suggestion !== null && target === 'key' && section !== '';
    return inputError({
      ...place,
      path: place.source.startsWith(`--set ${dotted}=`) ? null : dotted,
      message,
      suggestion: isShort && !suggestion.includes('.') ? `${section}.${suggestion}` : suggestion,
      remedy,
    });
  });
  return rejected(errors.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)));
}
