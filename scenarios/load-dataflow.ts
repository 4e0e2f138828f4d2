/**
 * The way from the file of a dataflow's scenario to what a search needs: the protocol with and without its defect, the job,
 * and the law that is expected to break. Whatever is wrong comes back as InputErrors with place and remedy.
 */
import { lawsFor } from '../models/dataflow/laws/index.ts';
import { type FlowPlan, topologyOf } from '../models/dataflow/plans.ts';
import type { Environment, Topology } from '../models/dataflow/topology.ts';
import { ALL_MUTANTS, type Mutant } from '../models/mutants/index.ts';
import { nearest } from '../models/samza/keys.ts';
import type { DataflowScenarioFile, EnvironmentEntry, TopologyEntry } from './dataflow-scenario.ts';
import { dataflowJsonSchema, dataflowSchema } from './dataflow-schema.ts';
import { explainIssue, finding, type Finding } from './explain-issue.ts';
import { inputError, type InputError } from './input-error.ts';
import { knownKeys } from './known-keys.ts';
import { hasKind, SCENARIO_BYTES_MAX, type ScenarioFile } from './load-scenario.ts';
import { ownTopology } from './own-topology.ts';
import { baseNameOf, decodeText } from './source-text.ts';
import { readYaml, type DataPath, type YamlSource } from './yaml-source.ts';

/** A scenario of a dataflow, ready to be searched. */
export interface DataflowScenario {
  readonly name: string;
  readonly title: string;
  /** What happens and what is wrong in the end. */
  readonly story: string;
  /** Keys of the issues in which it was seen. */
  readonly issues: readonly string[];
  /** The protocol with the defect, and the one it was made from. */
  readonly defect: Mutant;
  readonly plan: FlowPlan;
  /** Id of the law that the defect breaks. */
  readonly law: string;
}

export type DataflowLoadResult =
  | { readonly kind: 'loaded'; readonly scenario: DataflowScenario }
  | { readonly kind: 'errors'; readonly errors: readonly InputError[] };

const dataflowKeys = knownKeys(dataflowJsonSchema);

/** Loads a scenario of a dataflow. */
export function loadDataflow(file: ScenarioFile): DataflowLoadResult {
  const text = decodeText(file.path, file.text, { maxBytes: SCENARIO_BYTES_MAX, what: 'scenario' });
  if (typeof text !== 'string') return { kind: 'errors', errors: [text] };
  const source = readYaml(file.path, text);
  if (!('data' in source)) return { kind: 'errors', errors: source };
  if (!hasKind(source.data)) {
    const message = 'is not a scenario of a dataflow';
    const remedy = '`tidemark run` runs scenarios of jobs; one of a dataflow begins with kind: dataflow';
    return { kind: 'errors', errors: [inputError({ source: file.path, message, remedy })] };
  }
  const checked = dataflowSchema.safeParse(source.data, { reportInput: true });
  if (!checked.success) {
    const findings = checked.error.issues.flatMap((issue) => explainIssue(issue, source.data, dataflowKeys));
    return located(findings, source);
  }
  const scenario = scenarioOf(checked.data, baseNameOf(file.path));
  return 'plan' in scenario ? { kind: 'loaded', scenario } : located(scenario, source);
}

function located(findings: readonly Finding[], { locate }: YamlSource): DataflowLoadResult {
  const errors = findings.map(({ path, target, message, suggestion, remedy }) =>
    inputError({ ...locate(path, target), path: path.join('.'), message, suggestion, remedy }),
  );
  return {
    kind: 'errors',
    errors: errors.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  };
}

function scenarioOf(file: DataflowScenarioFile, baseName: string): DataflowScenario | readonly Finding[] {
  const defect = ALL_MUTANTS.find(({ name }) => name === file.defect);
  if (defect === undefined) return [unknownWord(['defect'], 'defect', file.defect)];
  const { base } = defect;
  const findings: Finding[] = [];
  if (!isVariantOf(base.name, file.protocol)) {
    findings.push(
      finding(
        ['protocol'],
        `must be the protocol that has the defect: ${defect.name} breaks ${base.name}, found "${file.protocol}" (text)`,
        dataflowKeys.describePath(['protocol'], file),
      ),
    );
  }
  const topology = topologyFrom(file.topology);
  if (isFindings(topology)) return [...findings, ...topology];
  if (!base.needs.cycles && hasCycle(topology))
    findings.push(finding(['topology'], `must have no cycle: ${base.name} does not work on graphs with cycles`, null));
  const laws = lawsFor(base, topology).map(({ id }) => id);
  const { law } = file.expect;
  if (!laws.includes(law)) {
    const message = `is not asked of this job: ${base.name} does not promise ${law} here`;
    findings.push(finding(['expect', 'law'], message, `one of ${laws.toSorted().join(', ')}`));
  }
  if (findings.length > 0) return findings;
  return {
    name: file.name ?? baseName,
    title: file.title,
    story: file.story.trim(),
    issues: file.issues,
    defect,
    plan: { topology, environment: environmentFrom(file.environment) },
    law,
  };
}

/** A base that differs a little says so behind the protocol's name: `flink-aligned, acks may get lost`. */
function isVariantOf(base: string, protocol: string): boolean {
  return base === protocol || base.startsWith(`${protocol},`) || base.startsWith(`${protocol} `);
}

function unknownWord(path: DataPath, what: string, word: string): Finding {
  const suggestion = nearest(
    word,
    ALL_MUTANTS.map(({ name }) => name),
  );
  const remedy = dataflowKeys.describePath(path, {});
  return { path, target: 'value', message: `there is no ${what} "${word}"`, suggestion, remedy };
}

function isFindings(value: Topology | readonly Finding[]): value is readonly Finding[] {
  return Array.isArray(value);
}

function topologyFrom(entry: TopologyEntry): Topology | readonly Finding[] {
  if (entry.shape === 'own') return ownTopology(entry);
  const { shape, deferred, ...options } = entry;
  const topology = topologyOf(shape, options);
  return deferred ? { ...topology, deferred } : topology;
}

function environmentFrom(entry: EnvironmentEntry): Environment {
  return {
    checkpoints: entry.checkpoints,
    maxConcurrent: entry.max_concurrent,
    crashes: entry.crashes,
    coordinatorCrashes: entry.coordinator_crashes,
    zombies: entry.zombies,
    lostNotifications: entry.lost_notifications,
    duplicatedMessages: entry.duplicated_messages,
    failedUploads: entry.failed_uploads,
    failedCommits: entry.failed_commits,
    timeouts: entry.timeouts,
    calm: entry.calm,
  };
}

/** Tasks are taken away that nothing leads to, until none is left or a cycle is. */
function hasCycle({ tasks, channels }: Topology): boolean {
  let left = new Set(tasks.keys());
  for (;;) {
    const led = new Set(channels.filter(({ from }) => left.has(from)).map(({ to }) => to));
    const rest = new Set([...left].filter((task) => led.has(task)));
    if (rest.size === left.size) return left.size > 0;
    left = rest;
  }
}
