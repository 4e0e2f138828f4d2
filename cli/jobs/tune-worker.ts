/** One worker of a search: makes the runs it is asked for until it is terminated. */
import { parentPort } from 'node:worker_threads';
import { runTuneJob } from '../../models/tuning/tune-job.ts';
import type { TuneAnswer, TuneQuestion } from './tune-pool.ts';

parentPort?.on('message', ({ jobs, seed }: TuneQuestion) => {
  const answer: TuneAnswer = jobs.map((job) => runTuneJob(job, seed));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
  parentPort?.postMessage(answer);
});
