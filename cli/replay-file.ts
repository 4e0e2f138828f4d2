/** A replay file: a run as data that can be mailed, committed as a regression test, and run again. */
import type { Outcome } from '../models/outcome.ts';
import type { RunPlan } from '../models/plan.ts';
import { UsageError } from './exit.ts';
import { FILE_BYTES_MAX, readFile } from './files.ts';
import { asFlowReplay, type FlowReplayFile } from './flow-replay-file.ts';

/** What a replay file holds. Without `actions` (too many of them) the plan alone repeats the run. */
export interface ReplayFile {
  /** Version of Tidemark that wrote it. */
  readonly tidemark: string;
  readonly law: string | null;
  readonly digests: Outcome['digests'];
  readonly plan: RunPlan;
  readonly actions?: readonly string[];
}

/** Reads and checks a replay file; throws UsageError with the place and the remedy. */
export async function readReplayFile(path: string): Promise<ReplayFile | FlowReplayFile> {
  const { renderInputError } = await import('../scenarios/input-error.ts');
  const { decodeText } = await import('../scenarios/source-text.ts');
  const text = decodeText(path, readFile(path), { maxBytes: FILE_BYTES_MAX, what: 'replay file' });
  if (typeof text !== 'string') throw new UsageError(renderInputError(text));
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const { message } = error as SyntaxError;
    throw new UsageError(
      `${path}${await placeOfMistake(text)}: is not JSON: ${message.replaceAll(/\s+/g, ' ')}\n` +
        '   remedy: give a file written by `tidemark run --save-replay`; a scenario is run with `tidemark run`',
    );
  }
  if (isObject(document) && (document as { readonly kind?: unknown }).kind === 'dataflow')
    return asFlowReplay(path, document as Readonly<Record<string, unknown>>);
  const problem = firstProblem(document);
  if (problem === null) return document as ReplayFile;
  throw new UsageError(
    `${path}: is not a replay file: ${problem}\n   remedy: give a file written by \`tidemark run --save-replay\``,
  );
}

/** `:line:column`, if it can be told: JSON.parse does not say where, but JSON is YAML, whose parser does. */
async function placeOfMistake(text: string): Promise<string> {
  const { parseDocument } = await import('yaml');
  const place = parseDocument(text).errors[0]?.linePos?.[0];
  return place === undefined ? '' : `:${place.line}:${place.col}`;
}

type Test = (value: unknown) => boolean;
const isText: Test = (value) => typeof value === 'string';
const isNumber: Test = (value) => typeof value === 'number';
const isList: Test = (value) => Array.isArray(value);
const isObject: Test = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The shape that everything after this relies on; a plan is otherwise taken as it is, for it was written by us. */
const shape: readonly (readonly [path: string, test: Test, expected: string])[] = [
  ['', isObject, 'an object'],
  ['tidemark', isText, 'the version that wrote it'],
  ['law', (value) => value === null || isText(value), 'a law or null'],
  ['digests', isObject, 'three digests'],
  ['digests.order', isText, 'a digest'],
  ['digests.state', isText, 'a digest'],
  ['digests.cost', isText, 'a digest'],
  ['actions', (value) => value === undefined || (Array.isArray(value) && value.every(isText)), 'a list of action ids'],
  ['plan', isObject, 'a plan'],
  ['plan.name', isText, 'a name'],
  ['plan.title', isText, 'a text'],
  ['plan.seed', isText, 'a text'],
  ['plan.replication', isNumber, 'a number'],
  ['plan.horizonMicros', (value) => Number.isSafeInteger(value) && Number(value) > 0, 'a whole number of µs above 0'],
  ['plan.protocol', (value) => value === 'samza', '"samza"'],
  [
    'plan.ties',
    (value) => value === 'fifo' || value === 'shuffled' || value === 'adversarial',
    'fifo, shuffled or adversarial',
  ],
  ['plan.expect', isObject, 'an expectation'],
  ['plan.job', isObject, 'a job'],
  ['plan.job.inputs', isList, 'a list of inputs'],
  ['plan.job.samza', isObject, 'a Samza configuration'],
  ['plan.job.samza.stores', isList, 'a list of stores'],
  ['plan.cluster', isObject, 'a cluster'],
  ['plan.load', isObject, 'a load'],
  ['plan.costs', isObject, 'costs'],
  ['plan.faults', isList, 'a list of faults'],
];

function firstProblem(document: unknown): string | null {
  for (const [path, test, expected] of shape) {
    const value =
      path === ''
        ? document
        : path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], document);
    if (!test(value)) return `${path === '' ? 'the document' : `"${path}"`} should be ${expected}`;
  }
  return null;
}
