// Restart strategies against their definitions over the whole history of failures.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EXPONENTIAL_DELAY_DEFAULT,
  exponentialBackoffMicros,
  FAILURE_RATE_DEFAULT,
  FIXED_DELAY_DEFAULT,
  newRestartHistory,
  restartAfterFailure,
  type RestartAnswer,
  type RestartStrategy,
} from '../../../models/protocols/flink-restart-strategy.ts';

const SECOND = 1_000_000;
type Exponential = Extract<RestartStrategy, { kind: 'exponential-delay' }>;

/** Answers to failures at rising times; after the job is given up nothing is asked any more. */
function answers(strategy: RestartStrategy, failures: readonly number[], draw = 0.5): RestartAnswer[] {
  const history = newRestartHistory();
  const given: RestartAnswer[] = [];
  for (const micros of failures) {
    if (given.at(-1)?.kind === 'give-up') break;
    given.push(restartAfterFailure(strategy, history, micros, draw));
  }
  return given;
}

const restarts = (given: readonly RestartAnswer[]): number[] =>
  given.flatMap((answer) => (answer.kind === 'restart' && !answer.sameAttempt ? [answer.atMicros] : []));

const times = fc
  .array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 25 })
  .map((gaps) => gaps.reduce<number[]>((all, gap) => [...all, (all.at(-1) ?? 0) + gap * SECOND], []));

const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const exponential: fc.Arbitrary<Exponential> = fc.record({
  kind: fc.constant('exponential-delay'),
  initialBackoffMicros: fc.integer({ min: 1, max: 5000 }).map((ms) => ms * 1000),
  maxBackoffMicros: fc.integer({ min: 5000, max: 90_000 }).map((ms) => ms * 1000),
  multiplier: fc.integer({ min: 11, max: 40 }).map((tenths) => tenths / 10),
  jitterFactor: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
  resetThresholdMicros: fc.integer({ min: 1, max: 300 }).map((s) => s * SECOND),
  attempts: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(Infinity)),
});

describe('no restart', () => {
  test('gives up at once', () => {
    expect(answers({ kind: 'none' }, [3])).toEqual([{ kind: 'give-up' }]);
  });
});

describe('a fixed delay', () => {
  test('restarts as often as it may, each time after the delay, and then gives up', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 6 }), (failures, attempts) => {
        const given = answers({ kind: 'fixed-delay', attempts, delayMicros: SECOND }, failures);
        expect(restarts(given)).toEqual(failures.slice(0, attempts).map((micros) => micros + SECOND));
        expect(given.some(({ kind }) => kind === 'give-up')).toBe(failures.length > attempts);
      }),
    );
  });
});

describe('a failure rate', () => {
  test('gives up at the first failure that makes more than the greatest number within some interval ending there', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 900 }), (failures, max, seconds) => {
        const intervalMicros = seconds * SECOND;
        const strategy = { kind: 'failure-rate', failuresPerIntervalMax: max, intervalMicros, delayMicros: 7 } as const;
        const last = failures.findIndex((micros, at) => {
          const within = failures.slice(0, at + 1).filter((earlier) => micros - earlier <= intervalMicros);
          return within.length > max;
        });
        const expected = last === -1 ? failures : failures.slice(0, last);
        const given = answers(strategy, failures);
        expect(restarts(given)).toEqual(expected.map((micros) => micros + 7));
        expect(given.at(-1)?.kind === 'give-up').toBe(last !== -1);
      }),
    );
  });
});

describe('an exponential delay', () => {
  test('stays between the initial and the greatest back-off, in whole milliseconds, within its jitter', () => {
    fc.assert(
      fc.property(exponential, fc.integer({ min: 0, max: 3000 }), draws, (strategy, earlier, draw) => {
        const micros = exponentialBackoffMicros(strategy, earlier, draw);
        expect(micros).toBeGreaterThanOrEqual(strategy.initialBackoffMicros);
        expect(micros).toBeLessThanOrEqual(strategy.maxBackoffMicros);
        expect(micros % 1000).toBe(0);
        const plain = strategy.initialBackoffMicros * power(strategy.multiplier, Math.min(earlier, 40));
        if (earlier > 40 || micros === strategy.initialBackoffMicros || micros === strategy.maxBackoffMicros) return;
        expect(Math.abs(micros - plain)).toBeLessThanOrEqual(plain * strategy.jitterFactor + 2000);
      }),
    );
  });

  test('reaches both ends of its jitter', () => {
    const strategy: Exponential = { ...(EXPONENTIAL_DELAY_DEFAULT as Exponential), jitterFactor: 0.25 };
    const sixth = (draw: number): number => exponentialBackoffMicros({ ...strategy, multiplier: 2 }, 3, draw);
    expect([sixth(0), sixth(0.5), sixth(1 - 2 ** -32)]).toEqual([6 * SECOND, 8 * SECOND, 10 * SECOND]);
  });

  test('counts an attempt per failure outside the back-off, and starts small after a quiet time', () => {
    fc.assert(
      fc.property(exponential, times, draws, (strategy, failures, draw) => {
        // The slow twin: the attempts in a row before each failure, told from the restarts so far.
        let made: number[] = [];
        const expected = failures.map((micros): RestartAnswer => {
          const last = made.at(-1);
          if (last !== undefined && micros <= last) return { kind: 'restart', atMicros: last, sameAttempt: true };
          if (last !== undefined && micros - last >= strategy.resetThresholdMicros) made = [];
          if (made.length >= strategy.attempts) return { kind: 'give-up' };
          made = [...made, micros + exponentialBackoffMicros(strategy, made.length, draw)];
          return { kind: 'restart', atMicros: made.at(-1)!, sameAttempt: false };
        });
        const end = expected.findIndex(({ kind }) => kind === 'give-up');
        expect(answers(strategy, failures, draw)).toEqual(end === -1 ? expected : expected.slice(0, end + 1));
      }),
    );
  });

  test('starts small again after exactly the quiet time', () => {
    const strategy: Exponential = { ...(EXPONENTIAL_DELAY_DEFAULT as Exponential), jitterFactor: 0 };
    const second = (quietMicros: number): number => restarts(answers(strategy, [0, SECOND + quietMicros]))[1]!;
    const hour = 3600 * SECOND;
    expect([second(hour) - hour, second(hour - 1) - hour]).toEqual([2 * SECOND, 2.5 * SECOND - 1]);
  });

  test('merges a failure during the back-off into the attempt that waits', () => {
    const given = answers({ ...EXPONENTIAL_DELAY_DEFAULT, attempts: 1 } as Exponential, [0, 5, SECOND, SECOND + 1]);
    expect(given).toEqual([
      { kind: 'restart', atMicros: SECOND, sameAttempt: false },
      { kind: 'restart', atMicros: SECOND, sameAttempt: true },
      { kind: 'restart', atMicros: SECOND, sameAttempt: true },
      { kind: 'give-up' },
    ]);
  });
});

test('the defaults are those of engines.md §2.12', () => {
  expect([FIXED_DELAY_DEFAULT, FAILURE_RATE_DEFAULT, EXPONENTIAL_DELAY_DEFAULT]).toEqual([
    { kind: 'fixed-delay', attempts: 1, delayMicros: SECOND },
    { kind: 'failure-rate', failuresPerIntervalMax: 1, intervalMicros: 60 * SECOND, delayMicros: SECOND },
    {
      kind: 'exponential-delay',
      initialBackoffMicros: SECOND,
      maxBackoffMicros: 60 * SECOND,
      multiplier: 1.5,
      jitterFactor: 0.1,
      resetThresholdMicros: 3600 * SECOND,
      attempts: Infinity,
    },
  ]);
});

function power(base: number, exponent: number): number {
  return Array.from({ length: exponent }).reduce<number>((product) => product * base, 1);
}
