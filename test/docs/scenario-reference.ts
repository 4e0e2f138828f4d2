// docs/scenario-file.md, made from the scenario schema and, for the origin of each figure, from the comments in
// scenarios/defaults.ts. The page can therefore not disagree with what the loader accepts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defectJsonSchema, flowJsonSchema, scenarioJsonSchema, streamJsonSchema } from '../../scenarios/index.ts';
import { root } from './pages.ts';

/** The part of JSON Schema that the scenario schema uses. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Row {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** The schema of a value that may also be null. */
function plain(schema: Schema): Schema {
  return schema.anyOf?.find((each) => each.type !== 'null') ?? schema;
}

/** Every key below a section, parents before their children. */
function rowsOf(section: Schema, prefix = ''): Row[] {
  const { properties, required } = plain(section);
  return Object.entries(properties ?? {}).flatMap(([key, schema]) => {
    const path = prefix + key;
    const inner = plain(schema);
    const item = inner.items?.properties === undefined ? [] : rowsOf(inner.items, `${path}[].`);
    const isRequired = required?.includes(key) === true && schema.default === undefined;
    return [{ path, schema, required: isRequired }, ...rowsOf(schema, `${path}.`), ...item];
  });
}

function valuesOf(schema: Schema): string {
  const inner = plain(schema);
  if (inner.const !== undefined) return `\`${inner.const}\``;
  if (inner.enum !== undefined) return inner.enum.map((value) => `\`${value}\``).join(', ');
  if (inner.type === 'integer') return 'whole number';
  return { array: 'list', object: 'section', string: 'text', boolean: '`true`, `false`' }[inner.type ?? ''] ?? 'number';
}

function defaultOf({ schema, required }: Row): string {
  if (required) return '**required**';
  const value = schema.default;
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))) return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** `process_us` → the comment above it in scenarios/defaults.ts, up to the first colon or the full sentence. */
function origins(): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, 'scenarios', 'defaults.ts'), 'utf8');
  const found = text.matchAll(/^ {2}\/\*\* (.+?) \*\/\n {2}(\w+):/gm);
  return new Map([...found].map(([, comment = '', key = '']) => [key, comment]));
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function keyTable(rows: readonly Row[], origin: ReadonlyMap<string, string> | null = null): string {
  const head = ['Key', 'Values', 'Default', 'Meaning', ...(origin === null ? [] : ['Origin of the default'])];
  const body = rows.map((row) => [
    `\`${row.path}\``,
    valuesOf(row.schema),
    defaultOf(row),
    row.schema.description ?? '',
    ...(origin === null ? [] : [origin.get(row.path) ?? '']),
  ]);
  return table(head, body);
}

const kindOf = (schema: Schema): Schema => schema.properties?.['kind'] ?? {};

/** The whole page, as Markdown that prettier has not seen yet. */
export function scenarioReference(): string {
  const schema = scenarioJsonSchema() as Schema;
  const section = (name: string): Schema => schema.properties?.[name] ?? {};
  const sections = ['job', 'cluster', 'load', 'faults', 'costs', 'expect'];
  const top = rowsOf({ ...schema, properties: without(schema.properties ?? {}, sections) });
  const faults = section('faults').properties?.['plan']?.items?.oneOf ?? [];
  const triggers = ['at_s', 'at_step', 'at_start'];
  const triggerRows = rowsOf({ properties: only(faults[0]?.properties ?? {}, triggers) });
  const isTrigger = (row: Row): boolean => triggers.some((each) => row.path.startsWith(each));
  return [
    '# Scenario files',
    '<!-- Written by `npx vitest run test/docs -u` from scenarios/schema.ts, defect-schema.ts, flow-schema.ts and defaults.ts; edit those. -->',
    'A scenario is a YAML 1.2 file. Units are in the names of the keys; unknown keys are errors; paths inside the file start ' +
      'from its folder. Everything has a default, so `{}` is a scenario. Any key can be set from the command line: ' +
      '`--set load.rate_per_s=50`, `--set faults.plan.0.at_s=20`, `--set job.samza.task.commit.ms=10000`. The same as a ' +
      'JSON Schema, for editors: `scenarios/scenario.schema.json`.',
    'A Samza `.properties` file can be run directly; it is then `job.properties` of an otherwise empty scenario.',
    '## Top level',
    keyTable(top),
    '`expect` is the verdict the author foresees: `{ verdict: holds }`, `{ verdict: violated, law: O1 }` or `{ verdict: unknown }`; ' +
      'default `holds`. The report says whether it came true; the run never reads it.',
    '## job',
    keyTable(rowsOf(section('job'))),
    'The Samza keys that `job.samza` and `.properties` files may hold are listed by `tidemark list keys`.',
    '## cluster',
    keyTable(rowsOf(section('cluster')), origins()),
    '## load',
    'A rate or a trace. A trace is a CSV file with the columns `timestamp,value`: value records arrive from that timestamp to ' +
      'the next; time counts from the first row, and without `horizon_s` the run lasts as long as the trace.',
    ...(section('load').oneOf ?? []).map((load) => keyTable(rowsOf(load))),
    '## faults',
    '`faults.trace` is a CSV file of host failures with the columns `started_at,node,downtime_minutes` (more are allowed and not ' +
      'read); node _n_ strikes host _n_ modulo the hosts, and time counts from the first row. `faults.plan` is a list of ' +
      'faults; each strikes at most once, at exactly one of these triggers:',
    keyTable(triggerRows),
    'and is one of these kinds:',
    table(
      ['`kind`', 'Meaning', 'Its keys'],
      faults.map((fault) => [
        `\`${kindOf(fault).const}\``,
        kindOf(fault).description ?? '',
        rowsOf(fault)
          .filter((row) => row.path !== 'kind' && !isTrigger(row))
          .map((row) => `\`${row.path}\` ${defaultOf(row)}: ${row.schema.description ?? ''}`.replace(' :', ':'))
          .join('; '),
      ]),
    ),
    'With a step or a start as trigger, the fault strikes the container that is at it.',
    '## costs',
    'What things take. A row without an origin is our assumption. Measure your own before you believe a time.',
    keyTable(rowsOf(section('costs')), origins()),
    ...streamReference(),
    ...defectReference(),
    ...flowReference(),
    '',
  ].join('\n\n');
}

/** Stream jobs are told by their metrics. */
function streamReference(): readonly string[] {
  const schema = streamJsonSchema() as Schema;
  const state = schema.properties?.['state']?.oneOf ?? [];
  return [
    '## Stream jobs',
    'A file that begins with `kind: stream` is a stream job by its metrics, for `tidemark tune` and `tidemark sweep`. Exactly one of ' +
      '`faults.mtbf_s` and `faults.trace` is given. JSON Schema: `scenarios/stream.schema.json`.',
    keyTable(rowsOf({ ...schema, properties: without(schema.properties ?? {}, ['state']) })),
    '`state` is by its backend:',
    ...state.map((backend) => keyTable(rowsOf(backend))),
  ];
}

/** Scenarios of defects have a `kind`, and nothing in common with those of jobs. */
function defectReference(): readonly string[] {
  const [dataflow = {}, coordinator = {}] = (defectJsonSchema() as Schema).oneOf ?? [];
  const { topology = {}, environment = {} } = dataflow.properties ?? {};
  const shapes = topology.oneOf ?? [];
  const shared = Object.keys(shapes[0]?.properties ?? {});
  return [
    '## Scenarios of defects',
    'A file that begins with `kind: dataflow` is a known defect of a protocol and a job small enough to be searched. ' +
      '`tidemark check FILE` and `tidemark explore FILE` switch the defect on, `--without-defect` leaves it off: with it the law of ' +
      '`expect` breaks, without it none does. `kind: coordinator` is a defect of the checkpoint coordinator with its clock, which ' +
      '`tidemark check` runs once. Those that ship are named for the issue in which they were seen (`tidemark list`); ' +
      '`scenarios/flink/README.md` has them in a table. JSON Schema: `scenarios/defect.schema.json`.',
    keyTable(rowsOf({ ...dataflow, properties: without(dataflow.properties ?? {}, ['topology', 'environment']) })),
    '`topology` is the job, by the name of its shape:',
    keyTable(rowsOf({ properties: without(shapes[0]?.properties ?? {}, ['shape']) })),
    table(
      ['`shape`', 'Meaning', 'Its own keys'],
      shapes.map((shape) => [
        `\`${shape.properties?.['shape']?.const}\``,
        shape.properties?.['shape']?.description ?? '',
        rowsOf({ ...shape, properties: without(shape.properties ?? {}, shared) })
          .map((row) => `\`${row.path}\` ${defaultOf(row)}: ${row.schema.description ?? ''}`.replace(' :', ':'))
          .join('; '),
      ]),
    ),
    '`environment` is what may go wrong, each at any moment as long as its budget lasts:',
    keyTable(rowsOf(environment)),
    `\`kind: coordinator\` has ${Object.keys(coordinator.properties ?? {})
      .filter((key) => key !== 'kind' && key !== '$schema')
      .map((key) => `\`${key}\``)
      .join(', ')} alone: its plan and its rules are the study’s own (\`models/coordinator-study/\`).`,
  ];
}

/** Dataflow jobs with a clock. */
function flowReference(): readonly string[] {
  const schema = flowJsonSchema() as Schema;
  const sections = ['stages', 'feedback', 'channels', 'load', 'costs', 'checkpoints', 'restart', 'faults'];
  const properties = schema.properties ?? {};
  return [
    '## Dataflow jobs with a clock',
    'A file that begins with `kind: dataflow-job` is a job on which `tidemark compare` runs several protocols under the same random ' +
      'numbers. Those that ship are in `scenarios/dataflows/`. JSON Schema: `scenarios/dataflow-job.schema.json`.',
    keyTable(rowsOf({ ...schema, properties: without(properties, [...sections, '$schema']) })),
    ...sections.flatMap((name) => {
      const of = properties[name] ?? {};
      return [`\`${name}\`: ${of.description}.`, keyTable(rowsOf(of.items ?? of))];
    }),
  ];
}

function only<T>(record: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => keys.includes(key)));
}

function without<T>(record: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
