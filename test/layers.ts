// Which file may import which, and what the inner layers may touch, decided on the syntax tree of one source at a time.
// The rules are those of ARCHITECTURE.md: imports run one way (cli -> scenarios | reports -> models -> sim), and sim/ and
// models/ give the same bits in every JavaScript engine. A breach is a sentence, so that a failing test reads as advice.
import { posix } from 'node:path';
import { parseSync } from 'vite';

const folders = ['sim', 'models', 'scenarios', 'reports', 'cli'] as const;
type Folder = (typeof folders)[number];

const mayImport: Readonly<Record<Folder, readonly Folder[]>> = {
  sim: ['sim'],
  models: ['models', 'sim'],
  scenarios: ['scenarios', 'models', 'sim'],
  reports: ['reports', 'models', 'sim'],
  cli: ['cli', 'scenarios', 'reports', 'models', 'sim'],
};

/** Packages that belong to one layer only; any other package may be imported anywhere. */
const packageHomes: Readonly<Record<string, readonly Folder[]>> = {
  seedrandom: ['sim'],
  'd3-scale': ['reports'],
  'd3-shape': ['reports'],
  yargs: ['cli'],
  yaml: ['scenarios', 'cli'],
  zod: ['scenarios', 'cli'],
};

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Not in every engine. A local variable of that name is fine; the compiler, which sees no such global, backs this up. */
const platformNames = words(
  'process Buffer require __dirname __filename window document fetch crypto setTimeout setInterval setImmediate ' +
    'clearTimeout clearInterval queueMicrotask requestAnimationFrame',
);

/** Exactly specified by ECMAScript; every other function of Math may differ in its last bit from engine to engine. */
const portableMath = words(
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2',
);

const localeMethods = words(
  'localeCompare toLocaleString toLocaleDateString toLocaleTimeString toLocaleUpperCase toLocaleLowerCase',
);

/** Names whose meaning comes from outside the simulation: the clock, the locale, the garbage collector. */
const impureNames = words('Date Temporal globalThis WeakRef FinalizationRegistry SharedArrayBuffer Atomics');

/** What the rules need to know about the file that a node stands in. */
interface File {
  readonly path: string;
  readonly folder: Folder;
  readonly declared: ReadonlySet<string>;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

function textOf(literal: unknown): string | undefined {
  return isNode(literal) && literal.type === 'Literal' && typeof literal['value'] === 'string'
    ? literal['value']
    : undefined;
}

/** The property that a member expression names, or undefined where it is computed at run time. */
function propertyOf(member: Node): string | undefined {
  if (member['computed'] === true) return textOf(member['property']);
  return isNode(member['property']) ? String(member['property']['name']) : undefined;
}

/** The names that a binding pattern declares. */
function boundNames(pattern: Node): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [String(pattern['name'])];
    case 'Property':
      return boundNames(pattern['value'] as Node);
    case 'AssignmentPattern':
      return boundNames(pattern['left'] as Node);
    case 'TSParameterProperty':
      return boundNames(pattern['parameter'] as Node);
    default:
      return pattern.type.startsWith('TS') ? [] : childrenOf(pattern).flatMap(boundNames);
  }
}

/** Every name that is declared somewhere in the file, whatever its scope: variables, parameters, functions, imports. */
function declaredNames(node: Node): readonly string[] {
  const { id, local, param, params } = node;
  const declares =
    /^(VariableDeclarator|Function|Class|Import.*Specifier|CatchClause|Arrow|TS.*(Function|Method|Signature))/;
  const patterns = declares.test(node.type)
    ? [id, local, param, ...(Array.isArray(params) ? (params as unknown[]) : [])]
    : [];
  return [...patterns.filter(isNode).flatMap(boundNames), ...childrenOf(node).flatMap(declaredNames)];
}

/** True where an identifier only names a property, a key or a label, and so does not refer to a global. */
function isOnlyALabel(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return false;
  switch (parent.type) {
    case 'MemberExpression':
      return parent['property'] === node && parent['computed'] === false;
    case 'Property':
      return parent['key'] === node && parent['computed'] === false && parent['shorthand'] === false;
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
      return parent['key'] === node && parent['computed'] === false;
    case 'ExportSpecifier':
    case 'ImportSpecifier':
    case 'ExportAllDeclaration':
    case 'LabeledStatement':
    case 'TSQualifiedName':
      return true;
    default:
      return false;
  }
}

function importSource(node: Node): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return textOf(node['source']);
    default:
      return undefined;
  }
}

function folderOf(path: string): Folder | undefined {
  const first = path.split('/')[0];
  return folders.find((folder) => folder === first);
}

function importBreach({ path, folder: from }: File, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    if (from === 'cli' && target === 'package.json') return undefined;
    const to = folderOf(target);
    if (to === undefined) return `${from}/ may not import ${target}, which is outside the layers`;
    // A front door loads all that is behind it, which takes longer than many a command does.
    if (from === 'cli' && target === `${to}/index.ts` && to !== 'sim')
      return `cli/ imports what it needs, not the front door of ${to}/ (${specifier})`;
    return mayImport[from].includes(to) ? undefined : `${from}/ may not import ${to}/ (${specifier})`;
  }
  const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!;
  if (specifier.startsWith('node:')) {
    return from === 'cli' ? undefined : `only cli/ may import Node's modules (${specifier})`;
  }
  if (name === 'tidemark') return 'the project imports its own files by relative path, not by package name';
  const homes = packageHomes[name];
  if (homes === undefined || homes.includes(from)) return undefined;
  return `${name} belongs to ${homes.map((home) => `${home}/`).join(' and ')}`;
}

function memberBreach(node: Node, isCore: boolean): string | undefined {
  const property = propertyOf(node);
  if (property === undefined) return undefined;
  if (localeMethods.has(property)) return `${property} depends on the locale data of the machine`;
  if (!isCore) return undefined;
  const object = isNode(node['object']) ? node['object']['name'] : undefined;
  if (object === 'performance' && (property === 'now' || property === 'timeOrigin')) {
    return `performance.${property} reads a clock; simulated time is the only time`;
  }
  if (object !== 'Math' || portableMath.has(property)) return undefined;
  if (property === 'random') return 'Math.random is not seeded; draw from a named stream of sim/';
  return `Math.${property} is not bit-identical in every engine; use sim/'s own function`;
}

function identifierBreach(
  node: Node,
  parent: Node | undefined,
  isCore: boolean,
  declared: ReadonlySet<string>,
): string | undefined {
  const name = String(node['name']);
  if (platformNames.has(name) && !declared.has(name))
    return `${name} is not there in every engine; only cli/ may use it`;
  if (name === 'Intl') return 'Intl depends on the locale data of the machine';
  if (!isCore) return undefined;
  if (impureNames.has(name)) return `${name} brings in state from outside the simulation`;
  const isMathMember =
    parent?.type === 'MemberExpression' && parent['object'] === node && propertyOf(parent) !== undefined;
  if (name === 'Math' && !isMathMember) return 'write Math.name in full, so that the portable functions can be told';
  return undefined;
}

/** `2 ** 31`, `2 ** -32` and `10n ** places`: a whole power of two and a power of a big integer are exact in every engine. */
function isExactPower({ left, right }: Node): boolean {
  const isBigInt = (side: unknown): boolean => isNode(side) && typeof side['bigint'] === 'string';
  if (isBigInt(left) || isBigInt(right)) return true;
  if (!isNode(left) || left['value'] !== 2 || !isNode(right)) return false;
  const exponent = right.type === 'UnaryExpression' ? (right['argument'] as Node) : right;
  return Number.isInteger(exponent['value']);
}

function nodeBreach(node: Node, parent: Node | undefined, file: File): string | undefined {
  const specifier = importSource(node);
  if (specifier !== undefined) return importBreach(file, specifier);
  if (file.folder === 'cli') return undefined;
  const isCore = file.folder === 'sim' || file.folder === 'models';
  switch (node.type) {
    case 'ImportExpression':
      return 'a computed import cannot be checked; write its path as a literal';
    case 'MemberExpression':
      return memberBreach(node, isCore);
    case 'Identifier':
      return isOnlyALabel(node, parent) ? undefined : identifierBreach(node, parent, isCore, file.declared);
    case 'BinaryExpression':
    case 'AssignmentExpression':
      if (!isCore || (node['operator'] !== '**' && node['operator'] !== '**=')) return undefined;
      if (isExactPower(node)) return undefined;
      return `${node['operator']} is not bit-identical in every engine; multiply, or use sim/'s own function`;
    default:
      return undefined;
  }
}

/**
 * Every breach in one source, as `path:line: sentence`, in order of position.
 * @param path relative to the repository root, with forward slashes; its first folder decides the rules
 * @param text the TypeScript source
 */
export function layerBreaches(path: string, text: string): string[] {
  const folder = folderOf(path);
  if (folder === undefined) throw new Error(`${path} is in none of ${folders.join(', ')}`);
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) return [`${path}: cannot be parsed: ${errors[0]!.message}`];

  const root = program as unknown as Node;
  const file: File = { path, folder, declared: new Set(declaredNames(root)) };
  const found: { readonly start: number; readonly sentence: string }[] = [];
  const visit = (node: Node, parent: Node | undefined): void => {
    const sentence = nodeBreach(node, parent, file);
    if (sentence !== undefined) found.push({ start: node.start, sentence });
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(root, undefined);
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ start, sentence }) => `${path}:${text.slice(0, start).split('\n').length}: ${sentence}`);
}
