/**
 * A check on several threads. Rounds are whole and merging does not care for order, so the answer is the same for any
 * number of workers; a worker lives as long as the check, because loading a protocol takes longer than a round, and what it
 * found stays with it until the end.
 */
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import {
  checkCampaign,
  mergeCheckFindings,
  type CheckFindings,
  type CheckOptions,
  type CheckResult,
} from '../../models/dataflow/check.ts';
import { mergeAll } from '../../sim/index.ts';
import { Interrupted, UsageError } from '../exit.ts';
import { startProgress } from '../progress.ts';
import type { ProtocolSpec } from '../protocol-source.ts';
import { type CheckPart, CheckRounds } from './check-rounds.ts';

/** What every worker is started with. */
export interface CheckTask {
  readonly protocol: ProtocolSpec;
  readonly options: Omit<CheckOptions, 'onProgress'>;
}

/** `settled`: runs of the rounds that are known to belong to the check. */
export type CheckQuestion =
  | ({ readonly kind: 'shard'; readonly settled: number } & CheckPart)
  | { readonly kind: 'gather'; readonly settled: number }
  | { readonly kind: 'conclude'; readonly findings: CheckFindings | undefined };

export type CheckAnswer =
  | { readonly kind: 'findings'; readonly findings: CheckFindings | undefined }
  | { readonly kind: 'result'; readonly result: CheckResult }
  /** The user's mistake, as UsageError says it. */
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'failure'; readonly message: string };

/**
 * V8 inlines at most so many bytes of callees into a function (920 by itself). A random run goes through hundreds of functions,
 * none of them hot, and each worker compiles them for itself: with less inlined that takes a third less time, and runs
 * are as fast. It holds for the process, so it is set only where nothing else runs.
 */
const INLINED_BYTES_MAX = 200;

/** Runs the campaign; rejects with Interrupted on Ctrl-C and with UsageError when the user's protocol fails. */
export async function checkOnWorkers(
  task: CheckTask,
  { what, workers }: { what: string; workers: number },
): Promise<CheckResult> {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTES_MAX}`);
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
  const { runs: total } = checkCampaign(options);
  const rounds = new CheckRounds(checkCampaign(options));
  const work = async (thread: Thread): Promise<void> => {
    for (let part = rounds.deal(); part !== null; part = rounds.deal()) {
      // oxlint-disable-next-line no-await-in-loop -- a thread makes one part after the other
      rounds.take(part, madeOf(await thread.ask({ kind: 'shard', ...part, settled: rounds.settled })));
      update({ done: rounds.settled, total, unit: 'runs' });
    }
  };
  // A thread has the next part at hand when it is done with one: the coordinator may have to wait for a processor.
  await Promise.all([...threads, ...threads].map(work));
  const { settled } = rounds;
  const parts = await Promise.all(threads.map(async (thread) => thread.ask({ kind: 'gather', settled })));
  const findings = mergeAll(
    parts.map((part) => unlessError(madeOf(part))),
    mergeCheckFindings,
  );
  const answer = await threads[0]!.ask({ kind: 'conclude', findings });
  if (answer.kind === 'result') return answer.result;
  unlessError(madeOf(answer));
  throw new Error(`a worker answered ${answer.kind} to the question for the result`);
}

/** What an answer to the question for a part holds: findings, or why there are none. */
function madeOf(answer: CheckAnswer): CheckFindings | Error | undefined {
  switch (answer.kind) {
    case 'findings':
      return answer.findings;
    case 'mistake':
      return new UsageError(answer.message);
    case 'failure':
      return new Error(answer.message);
    case 'result':
      return new Error('a worker answered with a result to the question for a part');
  }
}

function unlessError<T>(made: T | Error): T {
  if (made instanceof Error) throw made;
  return made;
}

interface Thread {
  /** Questions are answered one after the other. Rejects when the worker ends; what went wrong in it is an answer. */
  readonly ask: (question: CheckQuestion) => Promise<CheckAnswer>;
  readonly end: () => Promise<unknown>;
}

function startThread(task: CheckTask): Thread {
  // Named .js because the compiler rewrites only import specifiers, and a Node 20 worker cannot load TypeScript.
  const worker = new Worker(new URL('./check-worker.js', import.meta.url), { workerData: task });
  // The answer to each, in the order they were asked, or the end of the worker settles them.
  const open: { readonly resolve: (answer: CheckAnswer) => void; readonly reject: (error: Error) => void }[] = [];
  const fail = (error: Error): void => {
    for (const { reject } of open.splice(0)) reject(error);
  };
  worker.on('message', (answer: CheckAnswer) => open.shift()?.resolve(answer));
  worker.on('error', (error) => fail(error));
  worker.on('exit', (code) => fail(new Error(`a worker thread ended with code ${code} and no answer`)));
  return {
    ask: async (question) =>
      new Promise((resolve, reject) => {
        open.push({ resolve, reject });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
        worker.postMessage(question);
      }),
    end: async () => worker.terminate(),
  };
}
