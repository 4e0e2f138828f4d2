/** Turns what zod says about a value into sentences for people, with the path they belong to. */
import type { z } from 'zod';
import { nearest } from '../models/nearest-word.ts';
import type { KnownKeys } from './known-keys.ts';
import type { DataPath, Segment } from './yaml-source.ts';

/** Something wrong at a path of the scenario; the loader adds the place. */
export interface Finding {
  readonly path: DataPath;
  /** Underline the key or the value. */
  readonly target: 'key' | 'value';
  readonly message: string;
  readonly suggestion: string | null;
  readonly remedy: string | null;
}

/** Builds a Finding from what is known. */
export function finding(path: DataPath, message: string, remedy: string | null): Finding {
  return { path, target: 'value', message, suggestion: null, remedy };
}

type Issue = z.core.$ZodIssue;

/** What is wrong with the data, in zod's order: each unknown key, and each wrong value once. */
export function explainIssues(issues: readonly Issue[], data: unknown, known: KnownKeys): readonly Finding[] {
  return issues
    .filter((issue) => !issues.some((other) => isStricter(other, issue)))
    .flatMap((issue) => explainIssue(issue, data, known));
}

/** A value beyond two bounds of one kind is told the one that must be kept in any case. */
function isStricter(one: Issue, other: Issue): boolean {
  if (one.path.join('.') !== other.path.join('.')) return false;
  if (one.code === 'too_small' && other.code === 'too_small') return one.minimum > other.minimum;
  return one.code === 'too_big' && other.code === 'too_big' && one.maximum < other.maximum;
}

/** All findings of one issue: one for each unknown key, else exactly one. */
function explainIssue(issue: Issue, data: unknown, known: KnownKeys): readonly Finding[] {
  const path = issue.path as readonly Segment[];
  const remedy = known.describePath(path, data);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key, { data, known }));
    case 'invalid_type':
      if (issue.input === undefined) return [missing(path, remedy)];
      return [finding(path, `must be ${nameOfType(issue.expected)}, found ${show(issue.input)}`, remedy)];
    case 'invalid_value': {
      if (issue.input === undefined) return [missing(path, remedy)];
      const values = issue.values.map(String);
      return [wrongWord(path, values, issue.input, remedy)];
    }
    case 'too_small':
    case 'too_big':
      return [finding(path, outOfRange(issue), remedy)];
    case 'invalid_union':
      return [explainUnion(issue, path, { data, known, remedy })];
    case 'invalid_format':
      return [finding(path, `${issue.message}, found ${show(issue.input)}`, remedy)];
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
    default:
      return [finding(path, issue.message, remedy)];
  }
}

function unknownKey(
  section: DataPath,
  key: string,
  { data, known }: { readonly data: unknown; readonly known: KnownKeys },
): Finding {
  const path = [...section, key];
  const other = known.otherKindOf(section, key);
  if (other !== null) {
    const message = 'does not belong here';
    return { path, target: 'key', message, suggestion: null, remedy: `this key belongs to ${other}` };
  }
  const suggestion = known.suggestKey(section, key, data);
  const here = known.keysOf(section, data);
  const remedy = suggestion === null && here.length > 0 ? `known here: ${here.join(', ')}` : null;
  return { path, target: 'key', message: 'unknown key', suggestion, remedy };
}

function missing(path: DataPath, remedy: string | null): Finding {
  return { path, target: 'key', message: 'is missing', suggestion: null, remedy };
}

function wrongWord(path: DataPath, values: readonly string[], input: unknown, remedy: string | null): Finding {
  const suggestion = typeof input === 'string' ? nearest(input, values) : null;
  const message = `must be ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}; found ${show(input)}`;
  return { path, target: 'value', message, suggestion, remedy };
}

function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: DataPath,
  { data, known, remedy }: { readonly data: unknown; readonly known: KnownKeys; readonly remedy: string | null },
): Finding {
  if (issue.discriminator !== undefined && issue.errors.length === 0) {
    const options = ((issue as { options?: readonly unknown[] }).options ?? []).filter(
      (option) => typeof option === 'string',
    );
    const given = valueAt(issue.input, issue.discriminator);
    const section = known.describePath(path.slice(0, -1), data);
    if (given === undefined) return missing(path, `write one of ${options.join(', ')}`);
    return wrongWord(path, options, given, section);
  }
  if (path.includes('samza') && typeof issue.input === 'object' && issue.input !== null) {
    const example = `${path.slice(path.indexOf('samza') + 1).join('.')}.… : value`;
    return finding(
      path,
      `must be a single value, found ${show(issue.input)}`,
      `write Samza’s keys in one piece with their dots: ${example}`,
    );
  }
  const types = new Set(issue.errors.flatMap((alternative) => alternative.flatMap(expectedTypes)));
  const instead = issue.input === null ? 'write a value, or leave the key out' : remedy;
  return finding(path, `must be ${[...types].join(' or ')}, found ${show(issue.input)}`, instead);
}

function expectedTypes(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_type') return [nameOfType(issue.expected)];
  if (issue.code === 'invalid_union') return issue.errors.flatMap((alternative) => alternative.flatMap(expectedTypes));
  return [];
}

function outOfRange(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const small = issue.code === 'too_small';
  const bound = Number(small ? issue.minimum : issue.maximum);
  if (issue.origin === 'array')
    return `must have at ${small ? 'least' : 'most'} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  if (issue.origin === 'string') return 'must not be empty';
  const words = issue.inclusive === false ? (small ? 'more than' : 'less than') : small ? 'at least' : 'at most';
  return `must be ${words} ${bound}, found ${show(issue.input)}`;
}

function nameOfType(expected: string): string {
  switch (expected) {
    case 'int':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'object':
    case 'record':
      return 'a section with keys';
    case 'array':
      return 'a list';
    case 'null':
      return 'null';
    default:
      return expected;
  }
}

/** A value as the user wrote it, short, with its type where that is the mistake. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}" (text)`;
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a section';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}

function valueAt(data: unknown, key: string): unknown {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined;
}
