/** From a key as it was written to its row in the table, or to the key that was probably meant. */
import { editDistance, nearest } from '../../nearest-word.ts';
import type { SamzaKey } from './key.ts';
import { samzaKeys } from './table.ts';

interface CompiledKey {
  readonly spec: SamzaKey;
  readonly regex: RegExp;
}

/** X after `stores.` is one segment; stream names may contain dots. */
function compile(spec: SamzaKey): CompiledKey {
  const parts = spec.pattern.split('.').map((part, i, all) => {
    if (part === '*' && i === all.length - 1) return '(.+)';
    if (part === 'X') return all[i - 1] === 'streams' ? '(.+?)' : '([^.]+)';
    if (part === 'S' || part === 'R') return '([^.]+)';
    return part.replaceAll(/[^A-Za-z0-9]/g, '\\$&');
  });
  return { spec, regex: new RegExp(`^${parts.join('\\.')}$`) };
}

const compiled: readonly CompiledKey[] = samzaKeys.map(compile);

/** The row of the table a key belongs to, with what stands for its placeholders; null for an unknown key. */
export function findKey(key: string): { readonly spec: SamzaKey; readonly names: readonly string[] } | null {
  for (const { spec, regex } of compiled) {
    const match = regex.exec(key);
    if (match === null || isCatchAllTypo(spec, key)) continue;
    return { spec, names: match.slice(1) };
  }
  return null;
}

/**
 * Catch-all rows (`job.*`, `cluster-manager.*`, …) must not swallow a slip in a key we model: a key one or two letters
 * off a precise row is treated as unknown, so that the user is asked.
 */
function isCatchAllTypo(spec: SamzaKey, key: string): boolean {
  if (!spec.pattern.endsWith('.*')) return false;
  const close = nearest(key, preciseKeysLike(key));
  return close !== null && close !== key && editDistance(key, close, 2) <= 2;
}

function preciseKeysLike(key: string): readonly string[] {
  const segments = key.split('.');
  return samzaKeys.filter((spec) => !spec.pattern.endsWith('*')).map((spec) => fillPattern(spec.pattern, segments));
}

/** Placeholders take the words of the user's key at the same place. */
function fillPattern(pattern: string, segments: readonly string[]): string {
  const parts = pattern.split('.');
  return parts
    .map((part, i) => (part === 'X' || part === 'S' || part === 'R' ? (segments[i] ?? part) : part))
    .join('.');
}

/** The known key nearest to an unknown one, or null when none is near. */
export function nearestSamzaKey(key: string): string | null {
  return nearest(key, preciseKeysLike(key));
}
