/**
 * Starts a job on a worker thread. The simulator is one long synchronous call; on its own thread it leaves this one free
 * to show progress and to answer Ctrl-C at once.
 */
import { Worker } from 'node:worker_threads';
import { Interrupted, StdoutClosed, UsageError } from '../exit.ts';
import { startProgress, type ProgressReport } from '../progress.ts';
import type { Job, JobResults } from './job.ts';

/** What the worker says. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly progress: ProgressReport }
  | { readonly kind: 'result'; readonly result: JobResults[Job['kind']] }
  /** The action ids of a replay do not fit the plan. */
  | { readonly kind: 'mismatch'; readonly message: string }
  /** The user's mistake, as UsageError says it. */
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'stdout-closed' };

export interface StartOptions {
  /** Name shown in the progress line. */
  readonly what: string;
  /** End of the simulated time, for the share done; null when the job has none. */
  readonly horizonMicros: number | null;
}

/** Does the job; rejects with Interrupted on Ctrl-C or SIGTERM, and with the worker's own error when it fails. */
export async function startJob<K extends Job['kind']>(
  job: Extract<Job, { readonly kind: K }>,
  { what, horizonMicros }: StartOptions,
): Promise<JobResults[K]> {
  // Named .js because the compiler rewrites only import specifiers, and a Node 20 worker cannot load TypeScript.
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
  const progress = startProgress(what, horizonMicros);
  let interrupt: (() => void) | null = null;
  try {
    return await new Promise<JobResults[K]>((resolve, reject) => {
      interrupt = () => reject(new Interrupted('interrupted'));
      process.once('SIGINT', interrupt);
      process.once('SIGTERM', interrupt);
      worker.on('message', (message: WorkerMessage) => {
        switch (message.kind) {
          case 'progress':
            return progress.update(message.progress);
          case 'stdout-closed':
            return reject(new StdoutClosed('nobody reads the output any more'));
          case 'mismatch':
            return reject(new UsageError(`${what}: ${message.message}`));
          case 'mistake':
            return reject(new UsageError(message.message));
          case 'result':
            return resolve(message.result as JobResults[K]);
        }
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the worker thread ended with code ${code} and no result`)));
    });
  } finally {
    progress.stop();
    if (interrupt !== null) {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    }
    await worker.terminate();
  }
}
