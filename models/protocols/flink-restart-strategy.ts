/**
 * Whether and when a job restarts after a failure (engines.md §2.10, defaults §2.12): never, after a fixed delay, as long as
 * failures are rare enough, or after a delay that grows. Called once per failure, with the time and one random draw.
 */

/** restart-strategy.type with its settings; times in µs, counted by Flink in whole milliseconds. */
export type RestartStrategy =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed-delay'; readonly attempts: number; readonly delayMicros: number }
  | {
      readonly kind: 'failure-rate';
      readonly failuresPerIntervalMax: number;
      readonly intervalMicros: number;
      readonly delayMicros: number;
    }
  | {
      readonly kind: 'exponential-delay';
      readonly initialBackoffMicros: number;
      readonly maxBackoffMicros: number;
      /** Above 1. */
      readonly multiplier: number;
      /** The delay is drawn within this share of itself to both sides; 0 to 1. */
      readonly jitterFactor: number;
      /** Without failure for this long after a restart, the delay starts small again. */
      readonly resetThresholdMicros: number;
      /** Restarts in a row before the job is given up; Infinity: never. */
      readonly attempts: number;
    };

const MILLISECOND = 1000;
const SECOND = 1_000_000;

/** Delays past this no longer grow (µs; some 35 years), so that their product stays exact enough to compare. */
const GROWTH_MAX = 2 ** 50;

export const FIXED_DELAY_DEFAULT: RestartStrategy = { kind: 'fixed-delay', attempts: 1, delayMicros: SECOND };

export const FAILURE_RATE_DEFAULT: RestartStrategy = {
  kind: 'failure-rate',
  failuresPerIntervalMax: 1,
  intervalMicros: 60 * SECOND,
  delayMicros: SECOND,
};

/** In force if checkpointing is on and no strategy is set; with checkpointing off it is `none`. */
export const EXPONENTIAL_DELAY_DEFAULT: RestartStrategy = {
  kind: 'exponential-delay',
  initialBackoffMicros: SECOND,
  maxBackoffMicros: 60 * SECOND,
  multiplier: 1.5,
  jitterFactor: 0.1,
  resetThresholdMicros: 3600 * SECOND,
  attempts: Infinity,
};

/** What the strategy remembers; plain data, changed in place. */
export interface RestartHistory {
  /** Restarts so far; of the exponential delay, those since it last started small. */
  attempts: number;
  /** When the last restart was or will be; null: none yet. */
  restartMicros: number | null;
  /** Of the failure rate: the failures within the interval, oldest first. */
  recentFailures: number[];
}

/** A job that has not failed. */
export function newRestartHistory(): RestartHistory {
  return { attempts: 0, restartMicros: null, recentFailures: [] };
}

/** What becomes of the job. */
export type RestartAnswer =
  /** Redeploy at `atMicros`, or when all affected tasks are cancelled if that is later. */
  { readonly kind: 'restart'; readonly atMicros: number; readonly sameAttempt: boolean } | { readonly kind: 'give-up' };

/**
 * Takes the news of a failure. `draw` in [0, 1) is used by the exponential delay alone, which also merges a failure during
 * the back-off into the attempt that is waiting; to the others every failure is one more.
 */
export function restartAfterFailure(
  strategy: RestartStrategy,
  history: RestartHistory,
  nowMicros: number,
  draw: number,
): RestartAnswer {
  switch (strategy.kind) {
    case 'none':
      return { kind: 'give-up' };
    case 'fixed-delay':
      if (history.attempts >= strategy.attempts) return { kind: 'give-up' };
      return nextAttempt(history, nowMicros + strategy.delayMicros);
    case 'failure-rate': {
      const since = nowMicros - strategy.intervalMicros;
      history.recentFailures = [...history.recentFailures.filter((micros) => micros >= since), nowMicros];
      if (history.recentFailures.length > strategy.failuresPerIntervalMax) return { kind: 'give-up' };
      return nextAttempt(history, nowMicros + strategy.delayMicros);
    }
    case 'exponential-delay': {
      const { restartMicros } = history;
      if (restartMicros !== null && nowMicros <= restartMicros) {
        return { kind: 'restart', atMicros: restartMicros, sameAttempt: true };
      }
      if (restartMicros !== null && nowMicros - restartMicros >= strategy.resetThresholdMicros) history.attempts = 0;
      if (history.attempts >= strategy.attempts) return { kind: 'give-up' };
      return nextAttempt(history, nowMicros + exponentialBackoffMicros(strategy, history.attempts, draw));
    }
  }
}

/** The delay before restart number `earlier` + 1 in a row: whole milliseconds, from the initial to the greatest back-off. */
export function exponentialBackoffMicros(
  strategy: Extract<RestartStrategy, { kind: 'exponential-delay' }>,
  earlier: number,
  draw: number,
): number {
  let grown = strategy.initialBackoffMicros;
  for (let n = 0; n < earlier && grown < GROWTH_MAX; n++) grown *= strategy.multiplier;
  const millis = Math.floor(grown / MILLISECOND);
  const jitterMillis = Math.floor(millis * strategy.jitterFactor);
  const drawn = (millis - jitterMillis + Math.floor(draw * (2 * jitterMillis + 1))) * MILLISECOND;
  return Math.max(strategy.initialBackoffMicros, Math.min(drawn, strategy.maxBackoffMicros));
}

function nextAttempt(history: RestartHistory, atMicros: number): RestartAnswer {
  history.attempts++;
  history.restartMicros = atMicros;
  return { kind: 'restart', atMicros, sameAttempt: false };
}
