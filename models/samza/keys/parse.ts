/** From a list of `key = value` entries to a SamzaConfig, with everything that is to be said about them. */
import type { SamzaConfig } from '../config.ts';
import { checkValue } from './check-value.ts';
import { findKey, nearestSamzaKey } from './find-key.ts';
import { readConfig } from './read-config.ts';
import { type JobKeys, readJob } from './read-job.ts';
import { readStores } from './read-stores.ts';
import type { Known, SamzaEntry, SamzaKeyError, SamzaKeyNote, Values } from './values.ts';

/** Everything a list of entries says. `config` is complete even when there are errors: a wrong value counts as absent. */
export interface ParsedSamzaConfig {
  readonly config: SamzaConfig;
  readonly job: JobKeys;
  readonly unknown: readonly { readonly line: number; readonly key: string; readonly suggestion: string | null }[];
  readonly accepted: readonly SamzaKeyNote[];
  readonly warnings: readonly SamzaKeyNote[];
  readonly errors: readonly SamzaKeyError[];
}

/**
 * Turns entries into a SamzaConfig with Samza's defaults for what is not said. Unknown keys, keys without effect,
 * doubtful and wrong values are all returned, none is thrown.
 */
export function parseSamzaConfig(entries: readonly SamzaEntry[]): ParsedSamzaConfig {
  const errors: SamzaKeyError[] = [];
  const warnings: SamzaKeyNote[] = [];
  const unknown: ParsedSamzaConfig['unknown'][number][] = [];
  const acceptedKeys: SamzaKeyNote[] = [];
  const known = new Map<string, Known>();

  for (const { key, value: raw, line } of entries) {
    const value = raw.trim();
    const match = findKey(key);
    if (match === null) {
      unknown.push({ line, key, suggestion: nearestSamzaKey(key) });
      continue;
    }
    const earlier = known.get(key);
    if (earlier !== undefined && earlier.value !== value) {
      errors.push({
        line,
        key,
        message: `is given twice: "${earlier.value}" on line ${earlier.line} and "${value}" here`,
        remedy: 'keep one of the two lines',
      });
      continue;
    }
    const wrong = checkValue(match.spec, value);
    if (wrong !== null) {
      errors.push({ line, key, ...wrong });
      continue;
    }
    known.set(key, { key, value, line, spec: match.spec, names: match.names });
    if (match.spec.effect === 'accepted') acceptedKeys.push({ line, key, message: match.spec.meaning });
  }

  const values: Values = known;
  const report = { errors, warnings };
  const stores = readStores(values, report);
  const config = readConfig(values, stores, report);
  return { config, job: readJob(values), unknown, accepted: acceptedKeys, warnings, errors };
}
