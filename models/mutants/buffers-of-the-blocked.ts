/**
 * The inputs of a task share their buffers, and what comes on a blocked input is taken in and kept. When it has taken the
 * last buffer, the records in front of the missing barrier find none (FLINK-16404).
 */
import { PEACE } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { neverExpires } from './never-expires.ts';
import { skewedJoin } from './skewed-join.ts';

const base = neverExpires(flinkAligned);

export const buffersOfTheBlocked: Mutant = {
  name: 'buffersOfTheBlocked',
  broken: 'blocked inputs take buffers from those that are waited for',
  seen: ['FLINK-16404'],
  base,
  protocol: { ...base, engine: { sharedCredit: 1 } },
  topology: skewedJoin(),
  environment: PEACE,
  law: 'L2',
  expected: KILLED,
};
