/** Rounds of runs on worker threads, whose finished ones are kept when the user stops them, and taken up again. */
import { availableParallelism } from 'node:os';
import type { Rounds } from '../../models/tuning/tune.ts';
import { commandText } from '../command-text.ts';
import type { StoppableArgs } from '../commands/stoppable-args.ts';
import { Interrupted, UsageError } from '../exit.ts';
import { keepRuns, keptRuns, searchKey } from '../kept-runs.ts';
import { writeErr } from '../output.ts';
import { onWorkers, type RunKind, type RunKinds } from './tune-pool.ts';

export interface Stoppable<Result, K extends RunKind> {
  readonly kind: K;
  readonly rounds: Rounds<Result, RunKinds[K]['job'], RunKinds[K]['sample']>;
  /** Everything the rounds depend on. */
  readonly dependsOn: unknown;
  /** Name of the scenario. */
  readonly what: string;
  /** End of the simulated time of a run that tells how far it is; left out: none does. */
  readonly horizonMicros?: number | null;
  readonly seed: string;
  readonly args: StoppableArgs;
  /** The words of the command, its name first, without `--save` and `--resume`. */
  readonly words: readonly string[];
}

const WORKERS_MAX = 256;

/** The result; null when the user stopped it, who then has been told how to go on. */
export async function stoppable<Result, K extends RunKind>(of: Stoppable<Result, K>): Promise<Result | null> {
  const { kind, rounds, dependsOn, what, horizonMicros = null, seed, args, words } = of;
  const workers = args.workers ?? availableParallelism();
  if (!Number.isSafeInteger(workers) || workers < 1 || workers > WORKERS_MAX)
    throw new UsageError(`--workers must be a whole number from 1 to ${WORKERS_MAX}`);
  const key = searchKey(dependsOn);
  const known = (args.resume === undefined ? [] : keptRuns(args.resume, key)) as readonly (readonly (
    RunKinds[K]['sample'] | null
  )[])[];
  const begun: (readonly (RunKinds[K]['sample'] | undefined)[])[] = [];
  // Rounds that were known and have not been reached again are kept, too.
  const keep = (path: string): void => keepRuns(path, key, [...begun, ...known.slice(begun.length)]);
  try {
    const begin = (samples: (typeof begun)[number]): number => begun.push(samples);
    const result = await onWorkers(rounds, { kind, what, horizonMicros, seed, workers, known, begin });
    if (args.save !== undefined) keep(args.save);
    return result;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const path = args.save ?? args.resume ?? `tidemark-${words[0]}-${what}.json`;
    keep(path);
    const runs = begun.reduce((sum, samples) => sum + samples.filter((sample) => sample !== undefined).length, 0);
    writeErr(
      `interrupted: ${runs} finished runs are in ${path}; go on with:\n  ${commandText([...words, '--resume', path])}\n`,
    );
    return null;
  }
}
