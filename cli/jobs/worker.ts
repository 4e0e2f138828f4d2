/** The worker thread's entry: does the job it was started with and posts progress and the result. */
import { parentPort, workerData } from 'node:worker_threads';
import { ReplayMismatch } from '../../models/replay-mismatch.ts';
import { StdoutClosed, UsageError } from '../exit.ts';
import type { Job } from './job.ts';
import { perform } from './perform.ts';
import type { WorkerMessage } from './start.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
const post = (message: WorkerMessage): void => parentPort?.postMessage(message);

try {
  post({
    kind: 'result',
    result: await perform(workerData as Job, (progress) => post({ kind: 'progress', progress })),
  });
} catch (error) {
  // Errors lose their class on the way to the other thread, so those that mean something travel as data.
  if (error instanceof StdoutClosed) post({ kind: 'stdout-closed' });
  else if (error instanceof ReplayMismatch) post({ kind: 'mismatch', message: error.message });
  else if (error instanceof UsageError) post({ kind: 'mistake', message: error.message });
  else throw error;
}
