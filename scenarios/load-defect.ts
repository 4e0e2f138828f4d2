/**
 * The way from the file of a known defect to what a search or a run needs: whatever has the defect, with it and without it,
 * and the law that is expected to break. Whatever is wrong comes back as InputErrors with place and remedy.
 */
import { COORDINATOR_DEFECTS, type CoordinatorDefect } from '../models/coordinator-study/index.ts';
import { lawsFor } from '../models/dataflow/laws/index.ts';
import { keyedTopology } from '../models/dataflow/keyed-topology.ts';
import { type FlowPlan, topologyOf } from '../models/dataflow/plans.ts';
import type { Protocol } from '../models/dataflow/protocol.ts';
import type { Environment, Topology } from '../models/dataflow/topology.ts';
import { ALL_MUTANTS, type Mutant } from '../models/mutants/index.ts';
import { nearest } from '../models/nearest-word.ts';
import type {
  CoordinatorDefectFile,
  DataflowDefectFile,
  DefectScenarioFile,
  EnvironmentEntry,
  TopologyEntry,
} from './defect-scenario.ts';
import { defectJsonSchema, defectSchema } from './defect-schema.ts';
import { explainIssues, finding, type Finding } from './explain-issue.ts';
import { inputError, type InputError } from './input-error.ts';
import { knownKeys } from './known-keys.ts';
import { hasKind, SCENARIO_BYTES_MAX, type ScenarioFile } from './load-scenario.ts';
import { ownTopology } from './own-topology.ts';
import { baseNameOf, decodeText } from './source-text.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** What every scenario of a defect tells. */
interface DefectStory {
  readonly name: string;
  readonly title: string;
  /** What happens and what is wrong in the end. */
  readonly story: string;
  /** Keys of the issues in which it was seen. */
  readonly issues: readonly string[];
  /** Id of the law that the defect breaks. */
  readonly law: string;
}

/** A defect of a protocol, ready to be searched with it and without it. */
export interface DataflowDefect extends DefectStory {
  readonly kind: 'dataflow';
  /** The protocol with the defect, and the one it was made from. */
  readonly defect: Mutant;
  readonly plan: FlowPlan;
}

/** A defect of the coordinator, ready to be run with it and without it. */
export interface CoordinatorStudy extends DefectStory {
  readonly kind: 'coordinator';
  readonly defect: CoordinatorDefect;
}

export type DefectScenario = DataflowDefect | CoordinatorStudy;

export type DefectLoadResult =
  | { readonly kind: 'loaded'; readonly scenario: DefectScenario }
  | { readonly kind: 'errors'; readonly errors: readonly InputError[] };

const defectKeys = knownKeys(defectJsonSchema);

/** Loads the scenario of a defect. */
export function loadDefect(file: ScenarioFile): DefectLoadResult {
  const text = decodeText(file.path, file.text, { maxBytes: SCENARIO_BYTES_MAX, what: 'scenario' });
  if (typeof text !== 'string') return { kind: 'errors', errors: [text] };
  const source = readYaml(file.path, text);
  if (!('data' in source)) return { kind: 'errors', errors: source };
  if (!hasKind(source.data)) {
    const message = 'is not the scenario of a defect';
    const remedy =
      '`tidemark run` runs scenarios of jobs; those of defects begin with kind: dataflow or kind: coordinator';
    return { kind: 'errors', errors: [inputError({ source: file.path, message, remedy })] };
  }
  const checked = defectSchema.safeParse(source.data, { reportInput: true });
  if (!checked.success) {
    const findings = explainIssues(checked.error.issues, source.data, defectKeys);
    return located(findings, source);
  }
  const scenario = scenarioOf(checked.data, baseNameOf(file.path));
  return 'story' in scenario ? { kind: 'loaded', scenario } : located(scenario, source);
}

function located(findings: readonly Finding[], { locate }: YamlSource): DefectLoadResult {
  const errors = findings.map(({ path, target, message, suggestion, remedy }) =>
    inputError({ ...locate(path, target), path: path.join('.'), message, suggestion, remedy }),
  );
  return {
    kind: 'errors',
    errors: errors.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  };
}

function scenarioOf(file: DefectScenarioFile, baseName: string): DefectScenario | readonly Finding[] {
  const { title, issues, expect } = file;
  const about = { name: file.name ?? baseName, title, story: file.story.trim(), issues, law: expect.law };
  return file.kind === 'dataflow' ? dataflowOf(file, about) : coordinatorOf(file, about);
}

function coordinatorOf(file: CoordinatorDefectFile, about: DefectStory): CoordinatorStudy | readonly Finding[] {
  const defect = COORDINATOR_DEFECTS.find(({ id }) => id === file.defect);
  const known = COORDINATOR_DEFECTS.map(({ id }) => id);
  if (defect === undefined) return [unknownDefect(file, known, `one of ${known.join(', ')}`)];
  const laws: readonly string[] = defect.laws;
  if (laws.includes(about.law)) return { kind: 'coordinator', ...about, defect };
  const message = `is not broken by ${defect.id}`;
  return [finding(['expect', 'law'], message, `one of ${laws.join(', ')}`)];
}

function dataflowOf(file: DataflowDefectFile, about: DefectStory): DataflowDefect | readonly Finding[] {
  const defect = ALL_MUTANTS.find(({ name }) => name === file.defect);
  if (defect === undefined) {
    const known = ALL_MUTANTS.map(({ name }) => name);
    return [unknownDefect(file, known, defectKeys.describePath(['defect'], file))];
  }
  const { base } = defect;
  const findings: Finding[] = [];
  if (!isVariantOf(base.name, file.protocol)) {
    findings.push(
      finding(
        ['protocol'],
        `must be the protocol that has the defect: ${defect.name} breaks ${base.name}, found "${file.protocol}" (text)`,
        defectKeys.describePath(['protocol'], file),
      ),
    );
  }
  findings.push(...unfitJob(file.topology, base));
  const topology = topologyFrom(file.topology);
  if (isFindings(topology)) return [...findings, ...topology];
  if (!base.needs.cycles && hasCycle(topology))
    findings.push(finding(['topology'], `must have no cycle: ${base.name} does not work on graphs with cycles`, null));
  const laws = lawsFor(base, topology).map(({ id }) => id);
  const { law } = about;
  if (!laws.includes(law)) {
    const message = `is not asked of this job: ${base.name} does not promise ${law} here`;
    findings.push(finding(['expect', 'law'], message, `one of ${laws.toSorted().join(', ')}`));
  }
  if (findings.length > 0) return findings;
  return { kind: 'dataflow', ...about, defect, plan: { topology, environment: environmentFrom(file.environment) } };
}

/** What only some protocols can run. */
function unfitJob(topology: TopologyEntry, { name, needs }: Protocol): readonly Finding[] {
  if (topology.shape !== 'keyed' || topology.sinks === 'one' || needs.inTurn === true) return [];
  const message = `must be one: ${name} stores channel state, and records in flight to a sink cannot follow it`;
  return [finding(['topology', 'sinks'], message, 'leave the key out')];
}

/** A base that differs a little says so behind the protocol's name: `flink-aligned, acks may get lost`. */
function isVariantOf(base: string, protocol: string): boolean {
  return base === protocol || base.startsWith(`${protocol},`) || base.startsWith(`${protocol} `);
}

function unknownDefect({ defect }: DefectScenarioFile, known: readonly string[], remedy: string | null): Finding {
  const suggestion = nearest(defect, known);
  return { path: ['defect'], target: 'value', message: `there is no defect "${defect}"`, suggestion, remedy };
}

function isFindings(value: Topology | readonly Finding[]): value is readonly Finding[] {
  return Array.isArray(value);
}

function topologyFrom(entry: TopologyEntry): Topology | readonly Finding[] {
  const { deferred, backend, splits } = entry;
  const topology = shapeFrom(entry);
  if (isFindings(topology)) return topology;
  return {
    ...topology,
    ...(deferred ? { deferred } : {}),
    ...(backend === 'full' ? {} : { backend }),
    ...(splits === 'own' ? {} : { splits }),
  };
}

function shapeFrom(entry: TopologyEntry): Topology | readonly Finding[] {
  const { records, capacity, sink } = entry;
  switch (entry.shape) {
    case 'own':
      return ownTopology(entry);
    case 'keyed':
      return keyedFrom(entry);
    case 'chain':
    case 'join':
    case 'diamond':
    case 'ring':
      return topologyOf(entry.shape, { records, capacity, sink });
  }
}

function keyedFrom(entry: Extract<TopologyEntry, { shape: 'keyed' }>): Topology {
  const { sources, parallelism, rescale_to: rescaleTo, key_groups: maxParallelism, sinks } = entry;
  const groups = maxParallelism === undefined ? {} : { maxParallelism };
  const { records, capacity, sink } = entry;
  return keyedTopology({ records, capacity, sink, sources, parallelism, rescaleTo, sinks, ...groups });
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
    ...(entry.unknown_stores === 0 ? {} : { unknownStores: entry.unknown_stores }),
    ...(entry.transaction_timeouts === 0 ? {} : { transactionTimeouts: entry.transaction_timeouts }),
    ...(entry.savepoints === 0 ? {} : { savepoints: entry.savepoints }),
    ...(entry.lost_events === 0 ? {} : { lostEvents: entry.lost_events }),
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
