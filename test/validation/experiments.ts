/** All experiments, in the order of models.md. */
import { BOUNDED_WORK } from './bounded-work.ts';
import { ESTIMATION } from './estimation.ts';
import type { Experiment } from './experiment.ts';
import { QUEUES } from './queues.ts';
import { RECOVERY } from './recovery.ts';
import { SPACE } from './space.ts';
import { UTILIZATION } from './utilization.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  ...BOUNDED_WORK,
  ...UTILIZATION,
  ...RECOVERY,
  ...SPACE,
  ...ESTIMATION,
  ...QUEUES,
];
