/**
 * `--set dotted.path=value`: single values of a scenario changed from the command line, before the scenario is checked,
 * so that a wrong option is reported exactly like a wrong line of the file.
 */
import { parse } from 'yaml';
import { inputError, type InputError } from './input-error.ts';
import type { KnownKeys } from './known-keys.ts';
import { scenarioKeys } from './scenario-keys.ts';
import type { DataPath, Locate, Segment } from './yaml-source.ts';

export interface Overridden {
  readonly data: unknown;
  /** Paths that came from an option; everything below them too. */
  readonly isOption: (path: DataPath) => boolean;
  readonly locate: Locate;
  /** What the options changed beyond their own value. */
  readonly notes: readonly string[];
}

/** One option, read. */
export interface Override {
  /** The option as typed, for messages. */
  readonly option: string;
  readonly path: DataPath;
  readonly value: unknown;
}

/** What a kind of scenario knows about its options. */
export interface OverrideRules {
  readonly keys: KnownKeys;
  /** Values that are file names are taken as typed; all others but Samza's own are read as YAML. */
  readonly filePaths: ReadonlySet<string>;
  /** Drops what an option has replaced. */
  readonly settle: (data: unknown, applied: readonly Override[], notes: string[]) => unknown;
}

/** A job in time. */
const jobRules: OverrideRules = {
  keys: scenarioKeys,
  filePaths: new Set(['load.trace', 'faults.trace', 'job.properties']),
  settle: (data, applied, notes) => switchVerdict(switchLoad(data, applied, notes), applied),
};

/** Applies options in order, the last one winning; the data is not changed in place. */
export function applyOverrides(
  data: unknown,
  sets: readonly string[],
  locate: Locate,
  rules: OverrideRules = jobRules,
): Overridden | readonly InputError[] {
  if (sets.length === 0) return { data, isOption: () => false, locate, notes: [] };
  const errors: InputError[] = [];
  const applied: Override[] = [];
  let result = data;
  for (const set of sets) {
    const override = readOption(set, result, rules);
    const next = 'message' in override ? override : put(result, override, 0);
    if (isInputError(next)) errors.push(next);
    else {
      result = next;
      applied.push(override as Override);
    }
  }
  if (errors.length > 0) return errors;

  // An option is to blame for its own value, for all below it, and for the sections that were made to hold it.
  const setBy = (path: DataPath): Override | undefined =>
    applied.findLast((override) => isPrefix(override.path, path)) ??
    (valueAt(data, path) === undefined ? applied.findLast((override) => isPrefix(path, override.path)) : undefined);
  const notes: string[] = [];
  result = rules.settle(result, applied, notes);
  return {
    data: result,
    isOption: (path) => setBy(path) !== undefined,
    locate: (path, target) => {
      const override = setBy(path);
      if (override === undefined) return locate(path, target);
      return { source: `--set ${override.option}`, line: null, column: null, excerpt: null };
    },
    notes,
  };
}

function isInputError(value: unknown): value is InputError {
  return typeof value === 'object' && value !== null && 'source' in value && 'message' in value && 'excerpt' in value;
}

function readOption(set: string, data: unknown, { keys, filePaths }: OverrideRules): Override | InputError {
  const source = `--set ${set}`;
  const equals = set.indexOf('=');
  const remedy = 'write --set dotted.path=value, for instance --set load.rate_per_s=50';
  if (equals < 0) return inputError({ source, message: 'has no value', remedy });
  const dotted = set.slice(0, equals).trim();
  const segments = dotted.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  if (segments.some((segment) => segment === ''))
    return inputError({ source, message: 'is not a dotted path', remedy });
  const raw = set.slice(equals + 1);

  const path: Segment[] = [];
  for (const [i, segment] of segments.entries()) {
    if (keys.takesAnyKey(path, data)) {
      // Samza's keys contain dots: the rest is one key.
      const key = segments.slice(i).join('.');
      return { option: set, path: [...path, key], value: raw };
    }
    path.push(Array.isArray(valueAt(data, path)) && /^\d+$/.test(segment) ? Number(segment) : segment);
  }
  return { option: set, path, value: filePaths.has(dotted) ? raw : readValue(raw) };
}

/** A value as YAML reads it: numbers, true, null, [lists], {sections}; what YAML cannot read is text. */
function readValue(raw: string): unknown {
  if (raw.trim() === '') return raw;
  try {
    return parse(raw, { logLevel: 'silent' }) as unknown;
  } catch {
    return raw;
  }
}

/** A copy of `data` with one value put in; missing sections are made on the way. */
function put(data: unknown, override: Override, depth: number): unknown {
  const segment = override.path[depth];
  if (segment === undefined) return override.value;
  const source = `--set ${override.option}`;
  const here = override.path.slice(0, depth).join('.');
  if (Array.isArray(data)) {
    if (typeof segment !== 'number' || segment > data.length) {
      const last = data.length === 0 ? 'it is empty' : `it has entries 0 to ${data.length - 1}`;
      return inputError({
        source,
        message: `${here} is a list; ${last}`,
        remedy: `write ${here}.${data.length} to add one`,
      });
    }
    const item = put(data[segment], override, depth + 1);
    return isInputError(item) ? item : [...data.slice(0, segment), item, ...data.slice(segment + 1)];
  }
  if (data !== undefined && data !== null && typeof data !== 'object') {
    const remedy = `write --set ${here}=value`;
    return inputError({ source, message: `${here} is a single value, it has no keys`, remedy });
  }
  const section = (data ?? {}) as Record<string, unknown>;
  const old = Object.hasOwn(section, segment) ? section[segment] : undefined;
  const child = put(old, override, depth + 1);
  if (isInputError(child)) return child;
  const copy: Record<string, unknown> = { ...section };
  Object.defineProperty(copy, segment, { value: child, enumerable: true, configurable: true, writable: true });
  return copy;
}

/** `load.trace` on a rate scenario means: use the trace instead; `load.rate_per_s` on a trace the other way round. */
function switchLoad(data: unknown, applied: readonly Override[], notes: string[]): unknown {
  const load = valueAt(data, ['load']);
  const isSet = (path: string): boolean => applied.some((override) => override.path.join('.') === path);
  const before = valueAt(data, ['load', 'kind']) === 'trace' ? 'trace' : 'rate';
  const wanted = isSet('load.kind')
    ? before
    : isSet('load.trace')
      ? 'trace'
      : isSet('load.rate_per_s')
        ? 'rate'
        : before;
  if (typeof load !== 'object' || load === null || isSet('load')) return data;
  const known = new Set(scenarioKeys.keysOf(['load'], { load: { kind: wanted } }));
  const entries = Object.entries(load).filter(([key]) => known.has(key) || isSet(`load.${key}`));
  const next: Record<string, unknown> = { ...Object.fromEntries(entries), kind: wanted };
  if (wanted === 'trace' && next['arrivals'] === 'bursty' && !isSet('load.arrivals')) delete next['arrivals'];
  if (isSet('load.kind')) next['kind'] = valueAt(data, ['load', 'kind']);
  const section: Record<string, unknown> = { ...(data as object), load: next };
  if (isSet('load.trace') && wanted === 'trace' && 'horizon_s' in section && !isSet('horizon_s')) {
    notes.push(`load.trace replaces the load of the file, and its horizon: the run lasts as long as the trace`);
    delete section['horizon_s'];
  }
  return section;
}

/** Another verdict drops the law that belonged to the old one. */
function switchVerdict(data: unknown, applied: readonly Override[]): unknown {
  const verdict = applied.findLast((override) => override.path.join('.') === 'expect.verdict');
  if (verdict === undefined || verdict.value === 'violated') return data;
  if (applied.some((override) => override.path.join('.') === 'expect.law')) return data;
  return { ...(data as object), expect: { verdict: verdict.value } };
}

function isPrefix(prefix: DataPath, path: DataPath): boolean {
  return prefix.length <= path.length && prefix.every((segment, i) => String(segment) === String(path[i]));
}

function valueAt(data: unknown, path: DataPath): unknown {
  let value = data;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
}
