/** Rounds that hand every run over, in the order in which runs were asked for, so that it can be a row of a file. */
import type { Rounds } from '../../models/tuning/tune.ts';

/** The same rounds, and the same result. */
export function* recorded<Result, Job, Sample>(
  rounds: Rounds<Result, Job, Sample>,
  onRun: (job: Job, sample: Sample, round: number) => void,
): Rounds<Result, Job, Sample> {
  let step = rounds.next();
  for (let round = 0; step.done !== true; round++) {
    const samples = yield step.value;
    step.value.forEach((job, i) => onRun(job, samples[i]!, round));
    step = rounds.next(samples);
  }
  return step.value;
}
