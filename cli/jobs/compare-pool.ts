/**
 * A comparison on several threads: a run of one protocol is one question. Runs are handed out replication by replication and
 * given back in that order whichever thread is done first, so the answer is the same for any number of workers; on Ctrl-C what
 * was given back stays.
 */
import { Worker } from 'node:worker_threads';
import type { ComparedJob, ComparedRun } from '../../models/comparison/index.ts';
import { startProgress } from '../progress.ts';

/** What every worker is started with. */
export interface CompareTask {
  readonly job: ComparedJob;
  readonly protocols: readonly string[];
}

export interface CompareQuestion {
  readonly protocol: string;
  readonly replication: number;
}

export type CompareAnswer =
  { readonly kind: 'run'; readonly run: ComparedRun } | { readonly kind: 'failure'; readonly message: string };

export interface CompareOptions {
  readonly what: string;
  readonly workers: number;
  /** The first replication, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Gets the runs in order, all protocols of a replication and then the next. */
  readonly onRun: (run: ComparedRun) => void;
}

/** Runs all; true: to the end, false: the user stopped it. */
export async function compareOnWorkers(task: CompareTask, options: CompareOptions): Promise<boolean> {
  const { protocols } = task;
  const total = (options.to - options.from) * protocols.length;
  const questions = Array.from({ length: total }, (_, i) => ({
    protocol: protocols[i % protocols.length]!,
    replication: options.from + Math.floor(i / protocols.length),
  }));
  const progress = startProgress(options.what, null);
  const answers = new Map<number, ComparedRun>();
  let given = 0;
  let done = 0;
  const take = (at: number, run: ComparedRun): void => {
    answers.set(at, run);
    done++;
    progress.update({ done, total, unit: 'runs' });
    for (let next = answers.get(given); next !== undefined; next = answers.get(given)) {
      options.onRun(next);
      answers.delete(given);
      given++;
    }
  };
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<false>((resolve) => {
    interrupt = () => resolve(false);
  });
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const threads = Array.from({ length: Math.min(options.workers, total) }, () => startThread(task));
  try {
    let next = 0;
    const work = async (thread: Thread): Promise<void> => {
      for (let at = next++; at < total; at = next++) take(at, await thread.ask(questions[at]!));
    };
    const all = Promise.all(threads.map(work)).then(() => true as const);
    return await Promise.race([all, interrupted]);
  } finally {
    progress.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await Promise.all(threads.map(async (thread) => thread.end()));
  }
}

interface Thread {
  readonly ask: (question: CompareQuestion) => Promise<ComparedRun>;
  readonly end: () => Promise<unknown>;
}

function startThread(task: CompareTask): Thread {
  // Named .js because the compiler rewrites only import specifiers, and a Node 20 worker cannot load TypeScript.
  const worker = new Worker(new URL('./compare-worker.js', import.meta.url), { workerData: task });
  // One question at a time is open; its answer, or the end of the worker, settles it.
  let open: { readonly resolve: (run: ComparedRun) => void; readonly reject: (error: Error) => void } | null = null;
  let isEnding = false;
  const fail = (error: Error): void => {
    if (!isEnding) open?.reject(error);
  };
  worker.on('message', (answer: CompareAnswer) => {
    if (answer.kind === 'run') open?.resolve(answer.run);
    else fail(new Error(answer.message));
  });
  worker.on('error', (error) => fail(error));
  worker.on('exit', (code) => fail(new Error(`a worker thread ended with code ${code} and no answer`)));
  return {
    ask: async (question) =>
      new Promise((resolve, reject) => {
        open = { resolve, reject };
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
        worker.postMessage(question);
      }),
    end: async () => {
      isEnding = true;
      return worker.terminate();
    },
  };
}
