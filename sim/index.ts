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
export { portableExp, portableLog, portablePow, roundPositive } from './portable-math.ts';

// What happens next.
export { EventQueue } from './queue.ts';

// What happened: fingerprints, ledgers, exact totals, summaries.
export { RollingDigest } from './digest.ts';
export { type Interval, IntervalSet } from './interval-set.ts';
export { IntegerSum } from './integer-sum.ts';
export { Moments, quantileSorted, studentT95, type Summary, summarise } from './statistics.ts';
export type { FetchAhead, Upcoming } from './upcoming.ts';
export { World, type Model, type TieRank } from './world.ts';
export { runTimed, type Watch } from './timed.ts';
export { runReplay, type ReplayEnd } from './replay.ts';

// Every order of events: models that fork, exhaustive search, random runs, shrinking, campaigns.
export type { Explorable, Fingerprint, SearchAction, SearchViolation } from './explorable.ts';
export { clonePlain, combineFingerprints, fingerprint } from './fingerprint.ts';
export {
  type Counterexample,
  explore,
  type ExploreOptions,
  type ExploreResult,
  type PathReplay,
  replayPath,
  type ReplayOptions,
} from './explore.ts';
export { randomRun, type RandomRun, type RandomRunOptions } from './swarm.ts';
export { actorOf, shrink, type ShrinkOptions, type ShrinkResult, switches } from './shrink.ts';
export {
  type CampaignOptions,
  mergeAll,
  nextRound,
  type Round,
  runCampaign,
  runShard,
  type Shard,
} from './campaign.ts';
export {
  type CampaignFindings,
  type CampaignVerdict,
  type Finding,
  findingsOfRun,
  judgeCampaign,
  mergeFindings,
  type Reach,
  type StopRules,
  stopWhen,
} from './campaign-findings.ts';
