/**
 * Runs of a search, a sweep or a report on several threads. A run depends on nothing but its job and the seed, and samples go back to the place of
 * their job, so the answer is the same for any number of workers. Samples that are known already are not made again.
 */
import { Worker } from 'node:worker_threads';
import type { AdaptiveJob, AdaptiveSample } from '../../models/tuning/adaptive.ts';
import type { SweepJob, SweepRow } from '../../models/tuning/sweep.ts';
import type { TuneJob, TuneSample } from '../../models/tuning/tune-job.ts';
import type { Rounds } from '../../models/tuning/tune.ts';
import { Interrupted } from '../exit.ts';
import { startProgress, type Progress, type ProgressReport } from '../progress.ts';
import type { ReportPart, ReportSample } from './report-rounds.ts';

/** Kinds of runs: what one is asked for, and what it comes to. */
export interface RunKinds {
  readonly tune: { readonly job: TuneJob; readonly sample: TuneSample };
  readonly adaptive: { readonly job: AdaptiveJob; readonly sample: AdaptiveSample };
  readonly sweep: { readonly job: SweepJob; readonly sample: SweepRow };
  readonly report: { readonly job: ReportPart; readonly sample: ReportSample };
}

export type RunKind = keyof RunKinds;

/** What a worker is asked; it answers with the samples in the same order, and may tell how far it is before. */
export type RunQuestion = {
  readonly [K in RunKind]: { readonly kind: K; readonly jobs: readonly RunKinds[K]['job'][]; readonly seed: string };
}[RunKind];

export type RunAnswer =
  | { readonly kind: 'samples'; readonly samples: readonly unknown[] }
  | { readonly kind: 'progress'; readonly progress: ProgressReport };

export interface PoolOptions<K extends RunKind> {
  readonly kind: K;
  /** Name shown in the progress line. */
  readonly what: string;
  /** End of the simulated time of a run that tells how far it is; null: none does. */
  readonly horizonMicros: number | null;
  readonly seed: string;
  readonly workers: number;
  /** Samples of rounds from a search that was stopped; those that are missing in a round are null. */
  readonly known: readonly (readonly (RunKinds[K]['sample'] | null)[])[];
  /** Gets every round at its beginning; what is not yet known in it is filled in as it is made. */
  readonly begin: (samples: readonly (RunKinds[K]['sample'] | undefined)[]) => void;
}

/** Makes all runs of the rounds; rejects with Interrupted on Ctrl-C. */
export async function onWorkers<Result, K extends RunKind>(
  rounds: Rounds<Result, RunKinds[K]['job'], RunKinds[K]['sample']>,
  options: PoolOptions<K>,
): Promise<Result> {
  const { kind, what, horizonMicros, seed, workers, known, begin } = options;
  const threads: Thread[] = [];
  const progress = startProgress(what, horizonMicros);
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
      const samples: (RunKinds[K]['sample'] | undefined)[] = Array.from(
        jobs,
        (_, i) => (known[round]?.length === jobs.length ? known[round]![i] : null) ?? undefined,
      );
      begin(samples);
      // oxlint-disable-next-line no-await-in-loop -- what a round asks for depends on the one before
      const made = await Promise.race([makeAll(jobs, samples, { kind, seed, threads, progress, done }), interrupted]);
      done += jobs.length;
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

/** A part is a share of what is left of a round: one of so many per thread. So the last ones are single runs and end together. */
const PARTS = 8;

/** Fills in the samples that are missing. */
async function makeAll<K extends RunKind>(
  jobs: readonly RunKinds[K]['job'][],
  samples: (RunKinds[K]['sample'] | undefined)[],
  { kind, seed, threads, progress, done }: Making<K>,
): Promise<readonly RunKinds[K]['sample'][]> {
  const missing = jobs.flatMap((_, i) => (samples[i] === undefined ? [i] : []));
  let next = 0;
  let made = done + jobs.length - missing.length;
  // Of several runs at once none is told of by itself.
  const onProgress = (report: ProgressReport): void => {
    if (jobs.length === 1) progress.update(report);
  };
  const work = async (thread: Thread): Promise<void> => {
    while (next < missing.length) {
      const part = missing.slice(next, next + Math.ceil((missing.length - next) / (threads.length * PARTS)));
      next += part.length;
      const question = { kind, jobs: part.map((i) => jobs[i]!), seed } as RunQuestion;
      // oxlint-disable-next-line no-await-in-loop -- a thread makes one part after the other
      const answer = (await thread.ask(question, onProgress)) as readonly RunKinds[K]['sample'][];
      part.forEach((i, at) => (samples[i] = answer[at]));
      made += part.length;
      if (jobs.length > 1)
        progress.update({ done: made, total: kind === 'tune' ? null : done + jobs.length, unit: 'runs' });
    }
  };
  await Promise.all(threads.map(work));
  return samples as readonly RunKinds[K]['sample'][];
}

interface Thread {
  readonly ask: (question: RunQuestion, onProgress: (report: ProgressReport) => void) => Promise<readonly unknown[]>;
  readonly end: () => Promise<unknown>;
}

function startThread(): Thread {
  // Named .js because the compiler rewrites only import specifiers, and a Node 20 worker cannot load TypeScript.
  const worker = new Worker(new URL('./tune-worker.js', import.meta.url));
  // One question at a time is open; its answer, or the end of the worker, settles it.
  let open: {
    readonly resolve: (samples: readonly unknown[]) => void;
    readonly reject: (error: Error) => void;
    readonly onProgress: (report: ProgressReport) => void;
  } | null = null;
  worker.on('message', (answer: RunAnswer) => {
    if (answer.kind === 'progress') open?.onProgress(answer.progress);
    else open?.resolve(answer.samples);
  });
  worker.on('error', (error) => open?.reject(error));
  worker.on('exit', (code) => open?.reject(new Error(`a worker thread ended with code ${code} and no answer`)));
  return {
    ask: async (question, onProgress) =>
      new Promise((resolve, reject) => {
        open = { resolve, reject, onProgress };
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
        worker.postMessage(question);
      }),
    end: async () => worker.terminate(),
  };
}
