/** One worker of a search or a sweep: makes the runs it is asked for until it is terminated. */
import { parentPort } from 'node:worker_threads';
import { runAdaptiveJob } from '../../models/tuning/adaptive.ts';
import { runSweepJob } from '../../models/tuning/sweep.ts';
import { runTuneJob } from '../../models/tuning/tune-job.ts';
import type { RunQuestion } from './tune-pool.ts';

parentPort?.on('message', (question: RunQuestion) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
  parentPort?.postMessage(answered(question));
});

function answered(question: RunQuestion): readonly unknown[] {
  switch (question.kind) {
    case 'tune':
      return question.jobs.map((job) => runTuneJob(job, question.seed));
    case 'adaptive':
      return question.jobs.map((job) => runAdaptiveJob(job, question.seed));
    case 'sweep':
      return question.jobs.map((job) => runSweepJob(job, question.seed));
  }
}
