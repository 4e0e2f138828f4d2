/** The checked entries of a configuration, and Samza's default for what they leave out. */
import { findKey } from './find-key.ts';
import type { SamzaKey } from './key.ts';

/** One `key = value` of a file, with the line it stands on. */
export interface SamzaEntry {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface SamzaKeyError {
  readonly line: number;
  readonly key: string;
  readonly message: string;
  readonly remedy: string;
}

export interface SamzaKeyNote {
  readonly line: number;
  readonly key: string;
  readonly message: string;
}

export interface Known extends SamzaEntry {
  readonly spec: SamzaKey;
  /** What stood for the placeholders of the pattern, in order. */
  readonly names: readonly string[];
}

/** The checked entries by key. */
export type Values = ReadonlyMap<string, Known>;

/** Where what is wrong or doubtful is noted. */
export interface Report {
  readonly errors: SamzaKeyError[];
  readonly warnings: SamzaKeyNote[];
}

/** Value of a key, else Samza's default from the table. */
export function textOf(values: Values, key: string): string {
  const found = values.get(key)?.value ?? findKey(key)?.spec.default ?? null;
  if (found === null) throw new Error(`assert: ${key} has neither a value nor a default`);
  return found;
}

export function integerOf(values: Values, key: string): number {
  return Number(textOf(values, key));
}

export function microsOf(values: Values, key: string): number {
  return integerOf(values, key) * 1000;
}

export function isTrue(value: string): boolean {
  return value.toLowerCase() === 'true';
}

export function flagOf(values: Values, key: string): boolean {
  return isTrue(textOf(values, key));
}

export function splitNames(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
