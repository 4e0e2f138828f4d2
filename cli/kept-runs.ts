/**
 * Finished runs in a file, so that a search that was stopped can go on. The file knows which search it is of: with another
 * scenario, option or version its runs would be wrong.
 */
import { createHash } from 'node:crypto';
import { UsageError } from './exit.ts';
import { createPending, fillPending, readFile } from './files.ts';
import { packageVersion } from './home.ts';

/** Samples or rows of each finished round; plain data. */
export type KeptRounds = readonly (readonly unknown[])[];

/** 16 hex digits over everything a search depends on. */
export function searchKey(parts: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([packageVersion(), parts]))
    .digest('hex')
    .slice(0, 16);
}

/** Writes the rounds; numbers that JSON has none for become text with a mark, and text that looks like that gets one, too. */
export function keepRuns(path: string, key: string, rounds: KeptRounds): void {
  const document = { tidemark: packageVersion(), search: key, rounds };
  const text = JSON.stringify(document, (_name, value: unknown) => marked(value));
  fillPending(createPending(path), `${text}\n`);
}

const NUMBER = 'number:';
const TEXT = 'text:';

function marked(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(NUMBER) || value.startsWith(TEXT) ? TEXT + value : value;
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return Object.is(value, -0) ? `${NUMBER}-0` : `${NUMBER}${value}`;
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value.startsWith(TEXT)) return value.slice(TEXT.length);
  return value.startsWith(NUMBER) ? Number(value.slice(NUMBER.length)) : value;
}

/** Reads them again; throws UsageError for a file of something else. */
export function keptRuns(path: string, key: string): KeptRounds {
  const content = readFile(path);
  const isThere = typeof content === 'string' || content instanceof Uint8Array;
  if (!isThere) throw new UsageError(`${path}: ${content.code === 'ENOENT' ? 'no such file' : content.message}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(
      typeof content === 'string' ? content : new TextDecoder().decode(content),
      (_name, value: unknown) => unmarked(value),
    );
  } catch {
    parsed = null;
  }
  const { search, rounds } = (parsed ?? {}) as { readonly search?: unknown; readonly rounds?: unknown };
  if (typeof search !== 'string' || !Array.isArray(rounds)) {
    throw new UsageError(
      `${path}: is no file of finished runs\n   remedy: give the file that --save or Ctrl-C has written`,
    );
  }
  if (search !== key) {
    throw new UsageError(
      `${path}: its runs are of another search: scenario, options or version differ\n   remedy: give the options of that search, or leave --resume out`,
    );
  }
  return rounds as KeptRounds;
}
