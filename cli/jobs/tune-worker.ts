/** One worker of a search, a sweep or a report: makes the runs it is asked for until it is terminated. */
import { parentPort } from 'node:worker_threads';
import { runAdaptiveJob } from '../../models/tuning/adaptive.ts';
import { runSweepJob } from '../../models/tuning/sweep.ts';
import { runTuneJob } from '../../models/tuning/tune-job.ts';
import type { RunAnswer, RunQuestion } from './tune-pool.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
const post = (answer: RunAnswer): void => parentPort?.postMessage(answer);

parentPort?.on('message', (question: RunQuestion) => {
  void answered(question).then((samples) => post({ kind: 'samples', samples }));
});

async function answered(question: RunQuestion): Promise<readonly unknown[]> {
  switch (question.kind) {
    case 'tune':
      return question.jobs.map((job) => runTuneJob(job, question.seed));
    case 'adaptive':
      return question.jobs.map((job) => runAdaptiveJob(job, question.seed));
    case 'sweep':
      return question.jobs.map((job) => runSweepJob(job, question.seed));
    case 'report': {
      // Only a report needs the whole simulator.
      const { runReportPart } = await import('./report-rounds.ts');
      return question.jobs.map((part) =>
        runReportPart(part, question.seed, (progress) => post({ kind: 'progress', progress })),
      );
    }
  }
}
