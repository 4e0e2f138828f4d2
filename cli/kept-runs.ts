/**
 * Finished runs in a file, so that a search that was stopped can go on. The file knows which search it is of: with another
 * scenario, option or version its runs would be wrong.
 */
import { createHash } from 'node:crypto';
import type { TuneSample } from '../models/tuning/tune-job.ts';
import { UsageError } from './exit.ts';
import { createPending, fillPending, readFile } from './files.ts';
import { packageVersion } from './home.ts';

export type KeptRounds = readonly (readonly TuneSample[])[];

/** 16 hex digits over everything a search depends on. */
export function searchKey(parts: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([packageVersion(), parts]))
    .digest('hex')
    .slice(0, 16);
}

/** Writes the rounds; costs that JSON has no number for become text. */
export function keepRuns(path: string, key: string, rounds: KeptRounds): void {
  const plain = rounds.map((samples) =>
    samples.map(({ cost, ...rest }) => ({ cost: Number.isFinite(cost) ? cost : String(cost), ...rest })),
  );
  fillPending(createPending(path), `${JSON.stringify({ tidemark: packageVersion(), search: key, rounds: plain })}\n`);
}

/** Reads them again; throws UsageError for a file of something else. */
export function keptRuns(path: string, key: string): KeptRounds {
  const content = readFile(path);
  const isThere = typeof content === 'string' || content instanceof Uint8Array;
  if (!isThere) throw new UsageError(`${path}: ${content.code === 'ENOENT' ? 'no such file' : content.message}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(typeof content === 'string' ? content : new TextDecoder().decode(content));
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
  return (rounds as readonly (readonly (Omit<TuneSample, 'cost'> & { readonly cost: number | string })[])[]).map(
    (samples) => samples.map(({ cost, ...rest }) => ({ ...rest, cost: Number(cost) })),
  );
}
