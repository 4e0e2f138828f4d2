/** All experiments, in the order of models.md. */
import { BOUNDED_WORK } from './bounded-work.ts';
import type { Experiment } from './experiment.ts';
import { UTILIZATION } from './utilization.ts';

export const EXPERIMENTS: readonly Experiment[] = [...BOUNDED_WORK, ...UTILIZATION];
