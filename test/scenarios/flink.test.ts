// Every shipped scenario of a defect, both ways: with its defect the expected law breaks, without it no law does, by the
// same seeds and the same bounds. Small ones are explored until nothing is left.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { COORDINATOR_DEFECTS } from '../../models/coordinator-study/index.ts';
import { check, checkRun } from '../../models/dataflow/check.ts';
import { exploreFlow } from '../../models/dataflow/explore-flow.ts';
import type { FlowSubject } from '../../models/dataflow/subject.ts';
import { ALL_MUTANTS } from '../../models/mutants/index.ts';
import { type DefectScenario, defectJsonSchema, flinkCatalog, flinkEntry, loadDefect } from '../../scenarios/index.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** What both sides of each scenario get. */
const RUNS = 600;
const MAX_STATES = 20_000;

/** Scenarios that breadth-first search cannot empty within MAX_STATES; random runs speak for them, and as many states as this. */
const CUT_STATES = 4000;
const TOO_LARGE: readonly string[] = [
  'FLINK-25395',
  'FLINK-29913',
  'FLINK-17988',
  'FLINK-22502',
  'FLINK-18238',
  'FLINK-5285',
  'FLINK-21080',
  'FLINK-17568',
  'FLINK-20097',
  'FLINK-21104',
  'FLINK-20654',
  'FLINK-28474',
  'FLINK-22596',
  'FLINK-27251',
  'FLINK-33693',
  'FLINK-38930',
  'FLINK-23854',
  'FLINK-24846',
  'FLINK-26783',
];

function scenarioOf(file: string): DefectScenario {
  const path = `${folder}${file}`;
  const loaded = loadDefect({ path, text: readFileSync(path) });
  if (loaded.kind === 'errors') throw new Error(`${file}: ${JSON.stringify(loaded.errors)}`);
  return loaded.scenario;
}

const scenarios = flinkCatalog.map((entry) => ({ ...entry, scenario: scenarioOf(entry.file) }));

type DataflowDefect = Extract<DefectScenario, { kind: 'dataflow' }>;
type CoordinatorStudy = Extract<DefectScenario, { kind: 'coordinator' }>;

const dataflows = scenarios.filter(
  (each): each is typeof each & { scenario: DataflowDefect } => each.scenario.kind === 'dataflow',
);
const coordinators = scenarios.filter(
  (each): each is typeof each & { scenario: CoordinatorStudy } => each.scenario.kind === 'coordinator',
);

const withDefect = ({ defect }: DataflowDefect): FlowSubject => ({
  protocol: defect.protocol,
  promised: defect.base,
});
const without = ({ defect }: DataflowDefect): FlowSubject => ({
  protocol: defect.base,
  promised: defect.base,
  canary: defect.protocol,
});

describe('the catalogue', () => {
  it('has every file in scenarios/flink, by its own name', () => {
    const files = readdirSync(`${folder}flink`).filter((file) => file.endsWith('.yaml'));
    expect(flinkCatalog.map(({ file }) => file.slice('flink/'.length)).toSorted()).toEqual(files.toSorted());
    for (const { name, scenario } of scenarios) expect(scenario.name).toBe(name);
  });

  it('finds a scenario under each issue it tells of', () => {
    for (const { name, also, scenario } of scenarios) {
      expect(scenario.issues).toEqual(/^FLINK-\d+$/.test(name) ? [name, ...also] : also);
      for (const issue of scenario.issues) expect(flinkEntry(issue)?.name, issue).toBe(name);
    }
    expect(flinkEntry('flink-18238')?.name).toBe('FLINK-18238');
    expect(flinkEntry('FLINK-1')).toBeUndefined();
  });

  it('names the issues that the defect itself names', () => {
    for (const { scenario } of dataflows)
      expect([...(scenario.defect.seen ?? [])].toSorted(), scenario.defect.name).toEqual(
        [...scenario.issues].toSorted(),
      );
    for (const { scenario } of coordinators) expect(scenario.issues).toEqual(scenario.defect.issues);
  });

  it('tells a story', () => {
    for (const { scenario } of scenarios) {
      expect(scenario.title.length, scenario.name).toBeGreaterThan(10);
      expect(scenario.story.length, scenario.name).toBeGreaterThan(150);
    }
  });

  it('has a row in the README for each, with its law and its issues', () => {
    const readme = readFileSync(`${folder}flink/README.md`, 'utf8').replaceAll(/ +/g, ' ');
    for (const { name, also, scenario } of scenarios) {
      const issues = [`[${name}](${name}.yaml)`, ...also].join(', ');
      expect(readme).toContain(`| ${issues} | ${scenario.title} | ${scenario.law} |`);
    }
  });

  it('points editors at the schema', () => {
    for (const { file } of flinkCatalog)
      expect(readFileSync(`${folder}${file}`, 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/defect\.schema\.json\n/,
      );
  });

  it('uses every defect of Flink that the mutants have', () => {
    const used = new Set(dataflows.map(({ scenario }) => scenario.defect.name));
    const unused = ALL_MUTANTS.filter(({ name, seen }) => seen !== undefined && !used.has(name));
    expect(unused.map(({ name }) => name)).toEqual([]);
    const studied = coordinators.map(({ scenario }) => scenario.defect.id);
    expect(studied.toSorted()).toEqual(COORDINATOR_DEFECTS.map(({ id }) => id).toSorted());
  });
});

describe.each(dataflows)('$name', ({ name, scenario }) => {
  const { plan, law } = scenario;

  test('breaks its law with the defect, and none without it, in the same random runs', () => {
    const options = { plan, law, runs: RUNS };
    const { broken, verdict, runs, canaryRun } = check(without(scenario), options);
    expect({ broken, verdict, runs }).toEqual({ broken: [], verdict: 'holds', runs: RUNS });
    // The canary is the protocol with the defect: the first of the same runs that convicts it.
    expect(canaryRun, `no run breaks ${law}`).not.toBeNull();
    const found = checkRun(withDefect(scenario), options, canaryRun!);
    expect(found.campaign.violations.map((each) => each.law)).toContain(law);
  });

  test('breaks no law without the defect in any order, as far as that is searched', () => {
    const isCut = TOO_LARGE.includes(name);
    const maxStates = isCut ? CUT_STATES : MAX_STATES;
    const { verdict, search } = exploreFlow(without(scenario), plan, { maxStates });
    expect(search.violations).toEqual([]);
    expect(verdict, 'holds: emptied; unknown: cut off').toBe(isCut ? 'unknown' : 'holds');
    if (isCut) return;
    const found = exploreFlow(withDefect(scenario), plan, { maxStates, stopAtFirst: law });
    expect(found.counterexamples.map((each) => each.law)).toContain(law);
  });
});

describe.each(coordinators)('$name', ({ scenario }) => {
  test('breaks its law with the defect, and none without it, in the same run', () => {
    expect(scenario.defect.run(true).law).toBe(scenario.law);
    expect(scenario.defect.run(false).broken).toEqual([]);
  });
});

test('shared buffers switch reductions off: footprints were made for channels that fill by themselves', () => {
  const { scenario } = dataflows.find(({ name }) => name === 'FLINK-16404')!;
  const searched = ([0, 1] as const).map((reduction) =>
    exploreFlow(withDefect(scenario), scenario.plan, { maxStates: MAX_STATES, reduction, stopAtFirst: false }),
  );
  expect(searched.map(({ search }) => search.emptied)).toEqual([true, true]);
  expect(searched[0]!.search.states).toBe(searched[1]!.search.states);
});

describe('defect.schema.json', () => {
  const path = `${folder}defect.schema.json`;

  it('is what defect-schema.ts says today (UPDATE_SCHEMA=1 writes it anew)', () => {
    const today = JSON.stringify(defectJsonSchema(), null, 2);
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(path, `${today}\n`);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(today));
  });
});
