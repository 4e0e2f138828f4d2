// The built command line as a child process, under a chosen Node, with chosen flags of V8, in a chosen place of the world.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeBinary } from './nodes.ts';

export interface Place {
  readonly TZ: string;
  readonly LANG: string;
  readonly LC_ALL: string;
}

/** Time zones with odd offsets, and locales with other digits, another decimal comma and another upper-case i. */
export const places: Readonly<Record<'nowhere' | 'Kathmandu' | 'Cairo', Place>> = {
  nowhere: { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' },
  Kathmandu: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  Cairo: { TZ: 'Africa/Cairo', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' },
};

export interface Surroundings {
  readonly nodeMajor?: number;
  readonly v8Flags?: readonly string[];
  readonly place?: Place;
}

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What a program for Node writes to standard output; a verdict other than `holds` (codes 1 and 3) is an answer too. */
export function nodeOutput(args: readonly string[], surroundings: Surroundings = {}): string {
  const { nodeMajor, v8Flags = [], place = places.nowhere } = surroundings;
  const binary = nodeMajor === undefined ? process.execPath : nodeBinary(nodeMajor);
  const env = { ...process.env, ...place, NODE_OPTIONS: '' };
  const run = spawnSync(binary, [...v8Flags, ...args], { env, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0 && run.status !== 1 && run.status !== 3) {
    throw new Error(`node ${args.join(' ')} ended with ${run.status ?? run.signal}:\n${run.stderr}`);
  }
  return run.stdout;
}

/** What `tidemark ARGS` writes to standard output. */
export function tidemark(args: readonly string[], surroundings: Surroundings = {}): string {
  return nodeOutput([main, ...args], surroundings);
}
