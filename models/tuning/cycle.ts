/**
 * How checkpoints follow each other once a job has caught up: the interval apart, or further where a checkpoint must end (and
 * a pause pass) before the next may begin. Increments grow with the time since the checkpoint before, so one cycle is a
 * chain, from its full snapshot to the next.
 */
import type { DurationLaw, FluidPlan } from '../fluid-job/index.ts';
import { deltaBytes } from '../fluid-job/snapshot-files.ts';

export interface Cycle {
  /** After so long everything is as it was before. */
  readonly micros: number;
  /** Checkpoints in it. */
  readonly checkpoints: number;
  readonly longestPeriodMicros: number;
  /** Written in it: what a restore reads at most. */
  readonly bytes: number;
  /** Share of the capacity that neither input nor pauses need, in the period in which it is least; above 0. */
  readonly slack: number;
}

/** The cycle of a plan whose steps take constant times; null where there is none, or it never catches up. */
export function cycleOf(plan: FluidPlan): Cycle | null {
  const { load, checkpoint, snapshot } = plan;
  const { intervalMicros, delay, minPauseMicros, maxConcurrent, timeoutMicros } = checkpoint;
  if (delay.kind !== 'constant' || snapshot.kind === 'changelog') return null;
  const utilization = load.kind === 'saturated' ? 0 : load.inputPerSecond / load.capacityPerSecond;
  const checkpoints = snapshot.kind === 'chain' ? snapshot.length : 1;
  let [micros, longestPeriodMicros, written, slack, since] = [0, 0, 0, 1, 0];
  for (let place = 0; place < checkpoints; place++) {
    const isFull = place === 0 || snapshot.kind === 'full';
    const bytes = isFull ? snapshot.stateBytes : deltaBytes(snapshot.delta, snapshot.stateBytes, since);
    const { pause, duration } = timesOf(plan, bytes, delay.micros);
    const apart = duration + minPauseMicros;
    if ((timeoutMicros !== null && duration > timeoutMicros) || (maxConcurrent > 1 && apart >= intervalMicros))
      return null;
    const period = Math.max(intervalMicros, apart);
    slack = Math.min(slack, 1 - utilization - pause / period);
    if (slack <= 0) return null;
    longestPeriodMicros = Math.max(longestPeriodMicros, period);
    micros += period;
    written += bytes;
    // A saturated job processes nothing in pauses; any other catches up with them.
    since = load.kind === 'saturated' ? period - pause : period;
  }
  return { micros, checkpoints, longestPeriodMicros, bytes: written, slack };
}

const ROUNDS = 50;

/**
 * No two checkpoints are triggered closer to each other than this, in microseconds, however short the interval: one has to end
 * first, and the pause after it. 0 where several may be under way.
 */
export function shortestPeriodMicros(plan: FluidPlan): number {
  const { checkpoint, snapshot } = plan;
  const { delay, minPauseMicros, maxConcurrent, timeoutMicros } = checkpoint;
  if (maxConcurrent > 1) return 0;
  const timesFor = (bytes: number) => {
    const { pause, duration } = timesOf(plan, bytes, leastOf(delay));
    return { pause, period: Math.min(duration, timeoutMicros ?? Infinity) + minPauseMicros };
  };
  switch (snapshot.kind) {
    case 'full':
      return timesFor(snapshot.stateBytes).period;
    case 'changelog':
      return timesFor(0).period;
    case 'chain': {
      // What is written depends on the period and the period on what is written: from below, it rises to both. Nothing is
      // processed in the pause, and a job that is behind has not made up for it when the next checkpoint begins.
      let { pause, period } = timesFor(0);
      for (let round = 0; round < ROUNDS; round++) {
        const bytes = deltaBytes(snapshot.delta, snapshot.stateBytes, Math.max(0, period - pause));
        ({ pause, period } = timesFor(Math.min(snapshot.stateBytes, bytes)));
      }
      return period;
    }
  }
}

/** What a checkpoint of so many bytes takes: the job stands still, and from its trigger to durable. */
function timesOf(
  { checkpoint: { pauseMicros, upload } }: FluidPlan,
  bytes: number,
  delayMicros: number,
): { readonly pause: number; readonly duration: number } {
  const uploadMicros = upload === null ? 0 : Math.round((bytes / upload.bytesPerSecond) * 1e6);
  const pause = pauseMicros + (upload?.isBlocking === true ? uploadMicros : 0);
  return { pause, duration: pauseMicros + delayMicros + uploadMicros };
}

function leastOf(law: DurationLaw): number {
  switch (law.kind) {
    case 'constant':
      return law.micros;
    case 'exponential':
      return 0;
    case 'uniform':
      return law.minMicros;
    case 'resampled':
      return law.micros.reduce((least, each) => Math.min(least, each), Infinity);
  }
}
