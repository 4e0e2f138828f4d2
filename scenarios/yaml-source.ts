/**
 * A YAML file as plain data, with the way back: any path in the data can be found again as line and column in the text,
 * so that every later message points at what the user wrote.
 */
import {
  LineCounter,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { inputError, type Excerpt, type InputError } from './input-error.ts';
import { excerptAt } from './source-text.ts';

export type Segment = string | number;
export type DataPath = readonly Segment[];

/** Where a path stands. */
export interface Place {
  readonly source: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly excerpt: Excerpt | null;
}

/** Finds a path in whatever it was written in: its value, or the key before it. A missing path gives its nearest parent. */
export type Locate = (path: DataPath, target: 'key' | 'value') => Place;

export interface YamlSource {
  readonly data: unknown;
  readonly locate: Locate;
}

/** Values nested deeper than this are refused before they can exhaust the stack. */
const DEPTH_MAX = 64;

/** Parses one YAML document; all syntax errors are returned, in the order of the text. */
export function readYaml(source: string, text: string): YamlSource | readonly InputError[] {
  const tooDeep = checkDepth(source, text);
  if (tooDeep !== null) return [tooDeep];
  const lineCounter = new LineCounter();
  const doc = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: true,
    version: '1.2',
    logLevel: 'error',
  });
  const problems = [...doc.errors, ...doc.warnings];
  if (problems.length > 0) return problems.map((problem) => syntaxError(source, text, problem));
  if (doc.contents === null || (isScalar(doc.contents) && doc.contents.value === null)) {
    return [
      inputError({
        source,
        message: 'is empty',
        remedy: 'a scenario needs at least {}; see `tidemark list` for examples',
      }),
    ];
  }
  const trouble = findTrouble(doc);
  if (trouble !== null) {
    const { message, remedy } = trouble;
    return [inputError({ ...placeOf(source, text, trouble.node), message, remedy })];
  }
  try {
    const data: unknown = doc.toJS({ maxAliasCount: 100 });
    return { data, locate: (path, target) => locateNode(source, text, doc, path, target) };
  } catch (error) {
    // The only failure left after the checks above is yaml's own bound on aliases.
    const message = error instanceof Error ? error.message : String(error);
    return [inputError({ source, message: `uses too many aliases: ${message}`, remedy: 'write the values out' })];
  }
}

function syntaxError(
  source: string,
  text: string,
  problem: { pos: [number, number]; code: string; message: string },
): InputError {
  const [start, end] = problem.pos;
  const excerpt = excerptAt(text, start, end - start);
  const place = { source, line: excerpt.line, column: excerpt.column, excerpt };
  const [message, remedy] = explainSyntax(problem.code, problem.message);
  return inputError({ ...place, message, remedy });
}

function explainSyntax(code: string, message: string): readonly [string, string] {
  switch (code) {
    case 'DUPLICATE_KEY':
      return ['this key is given twice in the same section', 'keep one of the two'];
    case 'TAB_AS_INDENT':
      return ['a tab is used as indentation', 'YAML indents with spaces only: replace the tab by spaces'];
    case 'MULTIPLE_DOCS':
      return ['a second document starts here (---)', 'a scenario file holds one scenario'];
    case 'TAG_RESOLVE_FAILED':
      return [`this tag is not known (${firstLine(message)})`, 'scenario files use plain values, without !tags'];
    case 'BAD_INDENT':
      return [`the indentation is wrong: ${firstLine(message)}`, 'keys of one section start in the same column'];
    default:
      return [
        `is not valid YAML: ${firstLine(message)}`,
        'check quotes, colons and indentation on this line and the one before',
      ];
  }
}

function firstLine(message: string): string {
  const end = message.indexOf('\n');
  return (end < 0 ? message : message.slice(0, end)).replace(/ at line \d+, column \d+:?$/, '');
}

/** Counts nesting without recursion: flow brackets, and `- - -` or indentation, which the parser follows by recursion. */
function checkDepth(source: string, text: string): InputError | null {
  let brackets = 0;
  let column = 0;
  let dashes = 0;
  let indenting = true;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '\n') {
      column = 0;
      dashes = 0;
      indenting = true;
      continue;
    }
    column++;
    if (c === '[' || c === '{') brackets++;
    else if ((c === ']' || c === '}') && brackets > 0) brackets--;
    if (indenting && (c === '-' || c === '?' || c === ':')) dashes++;
    else if (c !== ' ') indenting = false;
    const indent = indenting ? column : 0;
    if (brackets > DEPTH_MAX || dashes > DEPTH_MAX || indent > DEPTH_MAX * 8) {
      const excerpt = excerptAt(text, i, 1);
      return inputError({
        source,
        line: excerpt.line,
        column: excerpt.column,
        message: `is nested more than ${DEPTH_MAX} deep`,
        remedy: 'a scenario needs five levels; is a bracket left open?',
        excerpt,
      });
    }
  }
  return null;
}

interface Trouble {
  readonly node: Node;
  readonly message: string;
  readonly remedy: string;
}

/** What is valid YAML and yet no data: aliases without or inside their anchor, keys that are not plain words. */
function findTrouble(doc: Document.Parsed): Trouble | null {
  const open = new Set<unknown>();
  const visit = (node: unknown): Trouble | null => {
    if (isAlias(node)) {
      const target = node.resolve(doc);
      if (target === undefined) {
        const remedy = 'define the anchor (&name) before its alias, or quote the text if it only begins with *';
        return { node, message: `the alias *${node.source} has no anchor`, remedy };
      }
      if (!open.has(target)) return null;
      return { node, message: 'an anchor contains itself', remedy: 'write the value out instead of *alias' };
    }
    if (isPair(node)) {
      if (isScalar(node.key)) return visit(node.value);
      return { node: node.key as Node, message: 'a key must be a plain word', remedy: 'write key: value' };
    }
    if (!isMap(node) && !isSeq(node)) return null;
    open.add(node);
    for (const item of node.items) {
      const found = visit(item);
      if (found !== null) return found;
    }
    open.delete(node);
    return null;
  };
  return visit(doc.contents);
}

function placeOf(source: string, text: string, node: Node): Place {
  const [start = 0, end = start] = node.range ?? [];
  const excerpt = excerptAt(text, start, end - start);
  return { source, line: excerpt.line, column: excerpt.column, excerpt };
}

function locateNode(
  source: string,
  text: string,
  doc: Document.Parsed,
  path: DataPath,
  target: 'key' | 'value',
): Place {
  let node: unknown = doc.contents;
  let best: Node | null = doc.contents;
  for (const [depth, segment] of path.entries()) {
    if (isAlias(node)) node = node.resolve(doc);
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(segment),
      );
      if (pair === undefined) break;
      const key = pair.key as Node;
      node = pair.value;
      best = last && target === 'value' && isNode(node) && !isEmptyScalar(node) ? node : key;
      continue;
    }
    if (!isSeq(node)) break;
    const item: unknown = node.items[Number(segment)];
    if (!isNode(item)) break;
    node = item;
    best = item;
  }
  return best === null ? { source, line: null, column: null, excerpt: null } : placeOf(source, text, best);
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function isEmptyScalar(node: Node): boolean {
  return (
    isScalar(node) &&
    node.value === null &&
    (node.range === undefined || node.range === null || node.range[0] === node.range[1])
  );
}
