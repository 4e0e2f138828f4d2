/**
 * Runs of fluid jobs on several threads. A run depends on nothing but its job and the seed, and samples go back to the place of
 * their job, so the answer is the same for any number of workers. Samples that are known already are not made again.
 */
import { Worker } from 'node:worker_threads';
import type { AdaptiveJob, AdaptiveSample } from '../../models/tuning/adaptive.ts';
import type { SweepJob, SweepRow } from '../../models/tuning/sweep.ts';
import type { TuneJob, TuneSample } from '../../models/tuning/tune-job.ts';
import type { Rounds } from '../../models/tuning/tune.ts';
import { Interrupted } from '../exit.ts';
import { startProgress, type Progress } from '../progress.ts';

/** Kinds of runs: what one is asked for, and what it comes to. */
export interface RunKinds {
  readonly tune: { readonly job: TuneJob; readonly sample: TuneSample };
  readonly adaptive: { readonly job: AdaptiveJob; readonly sample: AdaptiveSample };
  readonly sweep: { readonly job: SweepJob; readonly sample: SweepRow };
}

export type RunKind = keyof RunKinds;

/** What a worker is asked; it answers with the samples in the same order. */
export type RunQuestion = {
  readonly [K in RunKind]: { readonly kind: K; readonly jobs: readonly RunKinds[K]['job'][]; readonly seed: string };
}[RunKind];

export interface PoolOptions<K extends RunKind> {
  readonly kind: K;
  /** Name shown in the progress line. */
  readonly what: string;
  readonly seed: string;
  readonly workers: number;
  /** Samples of finished rounds, from a search that was stopped; complete rounds are taken as they are. */
  readonly known: readonly (readonly RunKinds[K]['sample'][])[];
  /** Gets every finished round, the known ones too. */
  readonly keep: (samples: readonly RunKinds[K]['sample'][]) => void;
}

/** Makes all runs of the rounds; rejects with Interrupted on Ctrl-C, when `keep` has seen the finished rounds. */
export async function onWorkers<Result, K extends RunKind>(
  rounds: Rounds<Result, RunKinds[K]['job'], RunKinds[K]['sample']>,
  options: PoolOptions<K>,
): Promise<Result> {
  const { kind, what, seed, workers, known, keep } = options;
  const threads: Thread[] = [];
  const progress = startProgress(what, null);
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => reject(new Interrupted('interrupted'));
  });
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    let done = 0;
    let round = 0;
    for (let step = rounds.next(); ; round++) {
      if (step.done === true) return step.value;
      const jobs = step.value;
      while (threads.length < Math.min(workers, jobs.length)) threads.push(startThread());
      const made =
        known[round]?.length === jobs.length
          ? known[round]!
          : // oxlint-disable-next-line no-await-in-loop -- what a round asks for depends on the one before
            await Promise.race([makeAll(jobs, { kind, seed, threads, progress, done }), interrupted]);
      done += jobs.length;
      keep(made);
      step = rounds.next(made);
    }
  } finally {
    progress.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await Promise.all(threads.map(async (thread) => thread.end()));
  }
}

interface Making<K extends RunKind> {
  readonly kind: K;
  readonly seed: string;
  readonly threads: readonly Thread[];
  readonly progress: Progress;
  /** Runs of the rounds before. */
  readonly done: number;
}

/** Parts a thread gets of a round: enough for the last ones to end together, few enough to cost nothing. */
const PARTS = 4;

async function makeAll<K extends RunKind>(
  jobs: readonly RunKinds[K]['job'][],
  { kind, seed, threads, progress, done }: Making<K>,
): Promise<readonly RunKinds[K]['sample'][]> {
  const size = Math.max(1, Math.ceil(jobs.length / (threads.length * PARTS)));
  const samples = new Array<RunKinds[K]['sample']>(jobs.length);
  let next = 0;
  let made = done;
  const work = async (thread: Thread): Promise<void> => {
    while (next < jobs.length) {
      const from = next;
      next += size;
      // oxlint-disable-next-line no-await-in-loop -- a thread makes one part after the other
      const answer = await thread.ask({ kind, jobs: jobs.slice(from, from + size), seed } as RunQuestion);
      answer.forEach((sample, i) => (samples[from + i] = sample as RunKinds[K]['sample']));
      made += answer.length;
      progress.update({ done: made, total: kind === 'tune' ? null : jobs.length, unit: 'runs' });
    }
  };
  await Promise.all(threads.map(work));
  return samples;
}

interface Thread {
  readonly ask: (question: RunQuestion) => Promise<readonly unknown[]>;
  readonly end: () => Promise<unknown>;
}

function startThread(): Thread {
  // Named .js because the compiler rewrites only import specifiers, and a Node 20 worker cannot load TypeScript.
  const worker = new Worker(new URL('./tune-worker.js', import.meta.url));
  // One question at a time is open; its answer, or the end of the worker, settles it.
  let open: { readonly resolve: (answer: readonly unknown[]) => void; readonly reject: (error: Error) => void } | null =
    null;
  worker.on('message', (answer: readonly unknown[]) => open?.resolve(answer));
  worker.on('error', (error) => open?.reject(error));
  worker.on('exit', (code) => open?.reject(new Error(`a worker thread ended with code ${code} and no answer`)));
  return {
    ask: async (question) =>
      new Promise((resolve, reject) => {
        open = { resolve, reject };
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
        worker.postMessage(question);
      }),
    end: async () => worker.terminate(),
  };
}
