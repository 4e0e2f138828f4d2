/** One worker of a comparison: runs protocols on the job it was started with until it is terminated. */
import { parentPort, workerData } from 'node:worker_threads';
import { CONTENDERS, runContender } from '../../models/comparison/index.ts';
import type { CompareAnswer, CompareQuestion, CompareTask } from './compare-pool.ts';

const { job } = workerData as CompareTask;

parentPort?.on('message', (question: CompareQuestion) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
  parentPort?.postMessage(answer(question));
});

/** Errors lose their class on the way to the other thread: they travel as text. */
function answer({ protocol, replication }: CompareQuestion): CompareAnswer {
  const contender = CONTENDERS.find(({ name }) => name === protocol);
  if (contender === undefined) return { kind: 'failure', message: `no such protocol: ${protocol}` };
  try {
    return { kind: 'run', run: runContender(contender, job, replication) };
  } catch (error) {
    return { kind: 'failure', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
