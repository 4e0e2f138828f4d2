// Random numbers, one named stream per purpose ('source/2/arrivals', 'faults/host/1', 'ties'). A stream is
// seeded by hashing (root seed, replication, its name), never by drawing from another, so changing how much
// one part of a model draws leaves every other part's draws alone. That gives common random numbers for
// paired comparisons and shrinking that does not reshuffle the rest of the run.

import seedrandom from 'seedrandom';

import { portableLog } from './portable-math.ts';

/** One stream of pseudo-random numbers; each method takes a fixed number of draws, so paired runs stay aligned. */
export interface RandomStream {
  /** Uniform in [0, 1), a multiple of 2^-32; one draw. */
  next(): number;
  /** Uniform in [0, 1), a multiple of 2^-53; two draws. Use it where the tail matters. */
  double(): number;
  /** Uniform integer in [0, bound), for a whole bound from 1 to 2^32; one draw, bias below bound / 2^32. */
  int(bound: number): number;
  /** Exponential with the given mean, by inversion; one `double`, between 0 and 36.8 means, never infinite. */
  exponential(mean: number): number;
  /** Where the stream is now, as JSON-safe data for `resumeStream`. */
  state(): RandomState;
}

/** The position of a stream: plain numbers that survive JSON. */
export interface RandomState {
  readonly c: number;
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
}

/**
 * Returns the opener of this run's streams. The same (root seed, replication, name) always gives the same numbers; the seed 7 and
 * the seed '7' are one seed. Each name can be opened once: opening it again throws, because two purposes must not share a stream.
 */
export function randomStreams(rootSeed: string | number, replication = 0): (name: string) => RandomStream {
  if (typeof rootSeed === 'number' && !Number.isSafeInteger(rootSeed)) {
    throw new RangeError(`a numeric root seed must be a safe integer, not ${rootSeed}`);
  }
  if (!Number.isSafeInteger(replication) || replication < 0) {
    throw new RangeError(`a replication must be a whole number from 0, not ${replication}`);
  }
  const root = withoutSeparator(String(rootSeed));
  const opened = new Set<string>();
  return (name) => {
    if (opened.has(name))
      throw new Error(`random stream '${name}' is already open: give each purpose a name of its own`);
    opened.add(name);
    return streamOf(seedrandom.alea(`${root}\0${replication}\0${withoutSeparator(name)}`, { state: true }));
  };
}

/** Continues a stream from a saved position; the original is not affected. */
export function resumeStream(state: RandomState): RandomStream {
  return streamOf(seedrandom.alea('', { state: { ...state } }));
}

function streamOf(generator: seedrandom.StatefulPRNG<seedrandom.State.Alea>): RandomStream {
  return {
    next: () => generator(),
    double: () => generator.double(),
    int(bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound > 0x1_0000_0000) {
        throw new RangeError(`int(bound) needs a whole bound from 1 to 2^32, not ${bound}`);
      }
      return Math.floor(generator() * bound);
    },
    // 1 - u is exact and in [2^-53, 1], so the logarithm is finite; 0 - … keeps the smallest draw +0.
    exponential: (mean) => mean * (0 - portableLog(1 - generator.double())),
    state: () => generator.state(),
  };
}

function withoutSeparator(text: string): string {
  if (text.includes('\0')) throw new Error('seeds and stream names must not contain NUL, which separates them');
  return text;
}
