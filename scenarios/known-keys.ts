/**
 * What a schema knows about a path: which keys a section takes, what a value means and defaults to, and which key a wrong
 * one was probably meant to be. Read off the JSON Schema, so that it can never drift from the schema.
 */
import { nearest } from '../models/nearest-word.ts';
import type { DataPath } from './yaml-source.ts';

interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** Answers about one schema. */
export interface KnownKeys {
  /** Keys a section takes, given the data in it. */
  readonly keysOf: (path: DataPath, data: unknown) => readonly string[];
  /** The `kind: …` of a section under which a key is known although it is not under the section's own kind; else null. */
  readonly otherKindOf: (section: DataPath, key: string) => string | null;
  /** Whether any key is allowed below: Samza's own keys, which contain dots. */
  readonly takesAnyKey: (path: DataPath, data: unknown) => boolean;
  /** One sentence on a value, with its default; null when the path is not known. */
  readonly describePath: (path: DataPath, data: unknown) => string | null;
  /**
   * The key meant by an unknown one: near in spelling, the same with another unit, or the same name in another section
   * (then with its whole path). Null when nothing is near.
   */
  readonly suggestKey: (section: DataPath, key: string, data: unknown) => string | null;
}

/** What is known from a JSON Schema; it is asked for once, and not before the first question. */
export function knownKeys(jsonSchema: () => object): KnownKeys {
  let cached: SchemaNode | null = null;
  const root = (): SchemaNode => (cached ??= jsonSchema() as SchemaNode);
  const nodes = (path: DataPath, data: unknown): readonly SchemaNode[] => nodesAt(root(), path, data);
  const keysOf: KnownKeys['keysOf'] = (path, data) => {
    const found = nodes(path, data).flatMap((node) => Object.keys(node.properties ?? {}));
    return [...new Set(found)].filter((key) => key !== '$schema');
  };
  return {
    keysOf,
    otherKindOf(section, key) {
      const parents = nodes(section, null).filter((node) => node.properties?.[key] !== undefined);
      const kind = Object.entries(parents[0]?.properties ?? {}).find(([, value]) => value.const !== undefined);
      return kind === undefined ? null : `${kind[0]}: ${String(kind[1].const)}`;
    },
    takesAnyKey: (path, data) => nodes(path, data).some((node) => typeof node.additionalProperties === 'object'),
    describePath(path, data) {
      const node = nodes(path, data)[0];
      if (node === undefined || node.description === undefined || node.description === '') return null;
      const fallback = node.default;
      const simple = fallback === null || typeof fallback === 'string' || typeof fallback === 'number';
      return simple || typeof fallback === 'boolean'
        ? `${node.description}; default ${String(fallback)}`
        : node.description;
    },
    suggestKey(section, key, data) {
      const here = keysOf(section, data);
      const stem = stemOf(key);
      const near =
        here.find((candidate) => stemOf(candidate) === stem) ??
        nearest(key, here) ??
        (key.length >= 3 ? here.find((candidate) => candidate.startsWith(key)) : undefined);
      if (near !== undefined) return near;
      const paths = leafPaths(root(), '');
      return paths.find((path) => lastOf(path) === key) ?? paths.find((path) => stemOf(lastOf(path)) === stem) ?? null;
    },
  };
}

/** All alternatives of a node, flattened. */
function branches(node: SchemaNode): readonly SchemaNode[] {
  const alternatives = node.oneOf ?? node.anyOf;
  return alternatives === undefined ? [node] : alternatives.flatMap(branches);
}

/** The alternatives that fit the `kind` or `verdict` of the data; all of them when none does. */
function fitting(nodes: readonly SchemaNode[], data: unknown): readonly SchemaNode[] {
  const chosen = nodes.filter((node) =>
    Object.entries(node.properties ?? {}).some(
      ([key, value]) => value.const !== undefined && childOf(data, key) === value.const,
    ),
  );
  return chosen.length > 0 ? chosen : nodes;
}

function childOf(data: unknown, key: string | number): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, key)
    ? (data as Record<string | number, unknown>)[key]
    : undefined;
}

function nodesAt(root: SchemaNode, path: DataPath, data: unknown): readonly SchemaNode[] {
  let nodes = fitting(branches(root), data);
  let value = data;
  for (const segment of path) {
    value = childOf(value, segment);
    const next = nodes.flatMap((node): readonly SchemaNode[] => {
      if (node.items !== undefined) return [node.items];
      const property = node.properties?.[String(segment)];
      if (property !== undefined) return [property];
      return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
    });
    nodes = fitting(
      next.flatMap((node) => withDescription(node)),
      value,
    );
  }
  return nodes;
}

/** Alternatives inherit the sentence and the default of the node they stand in. */
function withDescription(node: SchemaNode): readonly SchemaNode[] {
  return branches(node).map((branch) =>
    branch === node ? node : { ...branch, description: node.description ?? '', default: node.default },
  );
}

function stemOf(key: string): string {
  return key
    .replace(/_(us|ms|s|m|min|h|sec|seconds|millis|bytes|mb|per_s|per_second)$/, '')
    .replaceAll(/[_-]/g, '')
    .toLowerCase();
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** Dotted paths of all values that do not stand in lists. */
function leafPaths(node: SchemaNode, prefix: string): readonly string[] {
  return branches(node).flatMap((branch) =>
    Object.entries(branch.properties ?? {}).flatMap(([key, child]) => {
      const path = prefix === '' ? key : `${prefix}.${key}`;
      return [path, ...leafPaths(child, path)];
    }),
  );
}
