/** What `tidemark list` does: four lists, each as text and as one JSON document. */
import type { Expectation } from '../../models/plan.ts';
import { commitStepMeanings } from '../../reports/commit-steps.ts';
import { jsonText } from '../../reports/json.ts';
import { listReport, type Listing, type TermGroup } from '../../reports/list.ts';
import { modelDocument } from '../../reports/model.ts';
import type { ListArgs } from '../commands/list.ts';
import { exitCode, type ExitCode } from '../exit.ts';
import { readFile } from '../files.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { pathOf } from '../scenario-source.ts';

interface List {
  readonly document: Readonly<Record<string, unknown>>;
  readonly listing: Listing;
}

/** Prints the list. */
export async function list({ what, json }: ListArgs): Promise<ExitCode> {
  const { document, listing } = await made(what);
  writeOut(json ? jsonText(document) : listReport(listing, terminalStyle(process.stdout)));
  return exitCode.done;
}

async function made(what: string): Promise<List> {
  switch (what) {
    case 'keys':
      return keys();
    case 'laws':
      return laws();
    case 'steps':
      return steps();
    case 'protocols':
      return protocols();
    case 'protocol-laws':
      return protocolLaws();
    case 'models':
      return models();
    default:
      return scenarios();
  }
}

async function scenarios(): Promise<List> {
  const { catalog } = await import('../../scenarios/catalog.ts');
  const { flinkCatalog } = await import('../../scenarios/flink-catalog.ts');
  const { flowJobCatalog } = await import('../../scenarios/flow-catalog.ts');
  const { loadDefect } = await import('../../scenarios/load-defect.ts');
  const { loadFlowJob } = await import('../../scenarios/load-flow.ts');
  const { loadScenario } = await import('../../scenarios/load-scenario.ts');
  const { loadStream } = await import('../../scenarios/load-stream.ts');
  const { streamCatalog } = await import('../../scenarios/stream-catalog.ts');
  const jobs = catalog.map((entry) => {
    const path = pathOf(entry);
    const loaded = loadScenario({ path, text: readFile(path) }, { readFile });
    if (loaded.kind === 'errors') throw new Error(`the shipped scenario ${entry.name} does not load`);
    const { title, teaches, expect, horizonMicros } = loaded.plan;
    return { name: entry.name, topic: entry.topic, title, teaches, expected: expect, horizon_s: horizonMicros / 1e6 };
  });
  const dataflows = flinkCatalog.map((entry) => {
    const path = pathOf(entry);
    const loaded = loadDefect({ path, text: readFile(path) });
    if (loaded.kind === 'errors') throw new Error(`the shipped scenario ${entry.name} does not load`);
    const { title, story, issues, law } = loaded.scenario;
    const expected: Expectation = { kind: 'violated', law };
    return { name: entry.name, topic: entry.topic, title, teaches: story, expected, horizon_s: null, issues };
  });
  const streams = streamCatalog.map((entry) => {
    const path = pathOf(entry);
    const loaded = loadStream({ path, text: readFile(path) }, { readFile });
    if (loaded.kind === 'errors') throw new Error(`the shipped scenario ${entry.name} does not load`);
    const { title } = loaded.job;
    return { name: entry.name, topic: entry.topic, title, teaches: loaded.teaches, expected: null, horizon_s: null };
  });
  const flowJobs = flowJobCatalog.map((entry) => {
    const path = pathOf(entry);
    const loaded = loadFlowJob({ path, text: readFile(path) });
    if (loaded.kind === 'errors') throw new Error(`the shipped scenario ${entry.name} does not load`);
    const { title, teaches, plan } = loaded.scenario;
    return {
      name: entry.name,
      topic: entry.topic,
      title,
      teaches,
      expected: null,
      horizon_s: plan.horizonMicros / 1e6,
    };
  });
  const rows = [
    ...jobs.map(({ name, expected, teaches }) => [name, expectedInWords(expected), teaches]),
    ...dataflows.map(({ name, expected, title, issues }) => {
      const others = issues.filter((issue) => issue !== name);
      return [name, expectedInWords(expected), `${title}${others.length === 0 ? '' : ` (${others.join(', ')})`}`];
    }),
    ...streams.map(({ name, title }) => [name, 'to tune', title]),
    ...flowJobs.map(({ name, title }) => [name, 'to compare', title]),
  ];
  return {
    document: { scenarios: [...jobs, ...dataflows, ...streams, ...flowJobs] },
    listing: {
      kind: 'table',
      heading: 'Scenarios',
      columns: [
        { title: 'name', align: 'left' },
        { title: 'expected', align: 'left' },
        { title: 'teaches', align: 'left', wrapAt: 100 - 6 - 12 - Math.max(...rows.map(([name]) => name!.length)) },
      ],
      rows,
      next: 'Run one with: tidemark run NAME; one of Flink, which has no clock: tidemark check NAME; one to tune: tidemark tune NAME; one to compare protocols on: tidemark compare NAME',
    },
  };
}

function expectedInWords(expected: Expectation): string {
  return expected.kind === 'violated' ? `violated ${expected.law}` : expected.kind;
}

async function keys(): Promise<List> {
  const { samzaKeys } = await import('../../models/samza/keys/index.ts');
  const terms = (wanted: string): TermGroup['terms'] =>
    samzaKeys
      .filter(({ effect }) => effect === wanted)
      .map(({ pattern, default: fallback, unit, meaning }) => ({
        term: fallback === null ? pattern : `${pattern} = ${lastPart(fallback)}${unit === null ? '' : ` ${unit}`}`,
        meaning,
      }));
  return {
    document: {
      keys: samzaKeys.map(({ pattern, default: fallback, unit, effect, meaning }) => ({
        key: pattern,
        default: fallback,
        unit,
        effect,
        meaning,
      })),
    },
    listing: {
      kind: 'terms',
      groups: [
        {
          heading: 'Samza keys that change the simulation (X is a store or stream, S a system)',
          terms: terms('modelled'),
        },
        { heading: 'Samza keys that are known, checked, and change nothing here', terms: terms('accepted') },
      ],
      next: 'Set one with: tidemark run --set job.samza.task.commit.ms=30000',
    },
  };
}

/** A class name without its package. */
function lastPart(value: string): string {
  return value.startsWith('org.apache.') ? (value.split('.').at(-1) ?? value) : value;
}

async function laws(): Promise<List> {
  const { SAMZA_LAWS } = await import('../../models/laws/law-book.ts');
  return {
    document: { laws: SAMZA_LAWS.map(({ id, statement }) => ({ law: id, statement })) },
    listing: {
      kind: 'table',
      heading: 'Laws',
      columns: [
        { title: 'law', align: 'left' },
        { title: 'statement', align: 'left', wrapAt: 90 },
      ],
      rows: SAMZA_LAWS.map(({ id, statement }) => [id, statement]),
      next: 'Every run checks them all and says how often each was checked.',
    },
  };
}

async function protocols(): Promise<List> {
  const { PROTOCOLS } = await import('../../models/protocols/index.ts');
  const { topologiesFor } = await import('../../models/dataflow/plans.ts');
  const all = Object.entries(PROTOCOLS).map(([name, protocol]) => ({
    protocol: name,
    state: protocol.promise.state,
    output: protocol.promise.output,
    topologies: topologiesFor(protocol),
    fifo: protocol.needs.fifo,
  }));
  return {
    document: { protocols: all },
    listing: {
      kind: 'table',
      heading: 'Protocols that can be checked, explored and mutated',
      columns: [
        { title: 'name', align: 'left' },
        { title: 'state', align: 'left' },
        { title: 'two-phase sink', align: 'left' },
        { title: 'plain sink', align: 'left' },
        { title: 'works on', align: 'left', wrapAt: 28 },
      ],
      rows: all.map(({ protocol, state, output, topologies, fifo }) => [
        protocol,
        state,
        output['two-phase'],
        output.plain,
        `${topologies.join(', ')}${fifo ? '' : '; any channel order'}`,
      ]),
      next: 'Try one with: tidemark check NAME; samza itself runs in time: tidemark run',
    },
  };
}

/** Every law a protocol can be held to, in teaching order. */
async function protocolLaws(): Promise<List> {
  const { PROTOCOL_LAWS } = await import('../../models/protocol-laws.ts');
  return {
    document: { laws: PROTOCOL_LAWS.map(({ id, statement, asked }) => ({ law: id, statement, asked })) },
    listing: {
      kind: 'table',
      heading: 'Laws of checkpointing protocols',
      columns: [
        { title: 'law', align: 'left' },
        { title: 'statement', align: 'left', wrapAt: 64 },
        { title: 'asked', align: 'left', wrapAt: 28 },
      ],
      rows: PROTOCOL_LAWS.map(({ id, statement, asked }) => [id, statement, asked]),
      next: 'Which of them apply follows from what the protocol promises: tidemark list protocols',
    },
  };
}

async function models(): Promise<List> {
  const { MODEL_GROUPS } = await import('../../models/performance/index.ts');
  return {
    document: {
      models: MODEL_GROUPS.flatMap(({ title, models }) =>
        models.map((model) => ({ group: title, ...modelDocument(model) })),
      ),
    },
    listing: {
      kind: 'terms',
      groups: MODEL_GROUPS.map(({ title, models }) => ({
        heading: `Closed forms: ${title}`,
        terms: models.map(({ name, unit, what, valid }) => ({
          term: `${name}${unit === '1' ? '' : ` (${unit})`}`,
          meaning: `${what}; ${valid}`,
        })),
      })),
      next: 'Explain one with: tidemark model NAME; evaluate it with: tidemark model NAME --inputs name=value,...',
    },
  };
}

async function steps(): Promise<List> {
  const { COMMIT_STEPS } = await import('../../models/protocols/samza.ts');
  const all = COMMIT_STEPS.map(({ name, number, stage }) => ({
    step: name,
    number,
    stage,
    meaning: commitStepMeanings[name] ?? '',
  }));
  return {
    document: { steps: all },
    listing: {
      kind: 'table',
      heading: 'Steps of a Samza commit',
      columns: [
        { title: 'step', align: 'left' },
        { title: 'no.', align: 'left' },
        { title: 'stage', align: 'left' },
        { title: 'what it does', align: 'left', wrapAt: 66 },
      ],
      rows: all.map(({ step, number, stage, meaning }) => [step, number, stage, meaning]),
      next: 'Crash at one with a fault: { kind: container-crash, container: 0, at_step: { step: flush-stores, when: after, commit: 3 } }',
    },
  };
}
