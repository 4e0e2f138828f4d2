// The engine, in the order a newcomer should meet it. It knows nothing about checkpoints.

// Time and chance: the two things that only this folder holds.
export {
  addMicros,
  formatDuration,
  fromMillis,
  fromSeconds,
  micros,
  type Micros,
  parseDuration,
  roundMicros,
} from './time.ts';
export { randomStreams, resumeStream, type RandomState, type RandomStream } from './random.ts';
export { hash32, mix32 } from './hash.ts';
export { portableExp, portableLog, portablePow } from './portable-math.ts';

// What happens next.
export { EventQueue } from './queue.ts';

// What happened: fingerprints, ledgers, exact totals, summaries.
export { RollingDigest } from './digest.ts';
export { type Interval, IntervalSet } from './interval-set.ts';
export { IntegerSum } from './integer-sum.ts';
export { Moments, quantileSorted, studentT95, type Summary, summarise } from './statistics.ts';
export { World, type Model, type TieRank } from './world.ts';
export { runTimed, type Watch } from './timed.ts';
export { runReplay, type ReplayEnd } from './replay.ts';
