/**
 * A check on several threads. Rounds are whole and merging does not care for order, so the answer is the same for any
 * number of workers; a worker lives as long as the check, because loading a protocol takes longer than a round.
 */
import { Worker } from 'node:worker_threads';
import {
  checkCampaign,
  mergeCheckFindings,
  type CheckFindings,
  type CheckOptions,
  type CheckResult,
} from '../../models/dataflow/check.ts';
import { mergeAll, nextRound, type Round, type Shard } from '../../sim/index.ts';
import { Interrupted, UsageError } from '../exit.ts';
import { startProgress } from '../progress.ts';
import type { ProtocolSpec } from '../protocol-source.ts';

/** What every worker is started with. */
export interface CheckTask {
  readonly protocol: ProtocolSpec;
  readonly options: Omit<CheckOptions, 'onProgress'>;
}

export type CheckQuestion =
  | { readonly kind: 'shard'; readonly round: Round; readonly shard: Shard }
  | { readonly kind: 'conclude'; readonly findings: CheckFindings | undefined };

export type CheckAnswer =
  | { readonly kind: 'findings'; readonly findings: CheckFindings | undefined }
  | { readonly kind: 'result'; readonly result: CheckResult }
  /** The user's mistake, as UsageError says it. */
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'failure'; readonly message: string };

/** Runs the campaign; rejects with Interrupted on Ctrl-C and with UsageError when the user's protocol fails. */
export async function checkOnWorkers(
  task: CheckTask,
  { what, workers }: { what: string; workers: number },
): Promise<CheckResult> {
  const threads = Array.from({ length: workers }, () => startThread(task));
  const progress = startProgress(what, null);
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => reject(new Interrupted('interrupted'));
  });
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await Promise.race([campaign(task, threads, progress.update), interrupted]);
  } finally {
    progress.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await Promise.all(threads.map(async (thread) => thread.end()));
  }
}

type Update = ReturnType<typeof startProgress>['update'];

async function campaign({ options }: CheckTask, threads: readonly Thread[], update: Update): Promise<CheckResult> {
  const rounds = checkCampaign(options);
  let soFar: CheckFindings | undefined;
  let runsDone = 0;
  for (let round = nextRound(rounds, 0, soFar); round !== null; round = nextRound(rounds, runsDone, soFar)) {
    const here = round;
    const parts = await Promise.all(
      threads.map(async (thread, index) => {
        const answer = await thread.ask({ kind: 'shard', round: here, shard: { index, count: threads.length } });
        return answer.kind === 'findings' ? answer.findings : undefined;
      }),
    );
    soFar = mergeAll([soFar, ...parts], mergeCheckFindings);
    runsDone = round.to;
    update({ done: runsDone, total: rounds.runs, unit: 'runs' });
  }
  const answer = await threads[0]!.ask({ kind: 'conclude', findings: soFar });
  if (answer.kind === 'result') return answer.result;
  throw new Error(`a worker answered ${answer.kind} to the question for the result`);
}

interface Thread {
  readonly ask: (question: CheckQuestion) => Promise<CheckAnswer>;
  readonly end: () => Promise<unknown>;
}

function startThread(task: CheckTask): Thread {
  // Named .js because the compiler rewrites only import specifiers, and a Node 20 worker cannot load TypeScript.
  const worker = new Worker(new URL('./check-worker.js', import.meta.url), { workerData: task });
  // One question at a time is open; its answer, or the end of the worker, settles it.
  let open: { readonly resolve: (answer: CheckAnswer) => void; readonly reject: (error: Error) => void } | null = null;
  const fail = (error: Error): void => open?.reject(error);
  worker.on('message', (answer: CheckAnswer) => {
    if (answer.kind === 'mistake') fail(new UsageError(answer.message));
    else if (answer.kind === 'failure') fail(new Error(answer.message));
    else open?.resolve(answer);
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
    end: async () => worker.terminate(),
  };
}
