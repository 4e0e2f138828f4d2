/** Laws of durations: how long a step takes, and how long a platform runs until it fails. Drawn times are whole microseconds. */
import { portablePow, type RandomStream } from '../../sim/index.ts';
import { gamma } from '../performance/numerics.ts';

export type DurationLaw =
  | { readonly kind: 'constant'; readonly micros: number }
  | { readonly kind: 'exponential'; readonly meanMicros: number }
  | { readonly kind: 'uniform'; readonly minMicros: number; readonly maxMicros: number }
  /** One of the list, each as likely, at every draw. */
  | { readonly kind: 'resampled'; readonly micros: readonly number[] };

export type FailureLaw =
  | { readonly kind: 'exponential'; readonly meanMicros: number }
  /** `shape` 1 is exponential, below it failures cluster. */
  | { readonly kind: 'weibull'; readonly shape: number; readonly meanMicros: number }
  /** Gaps of the list in its order, and then no more. */
  | { readonly kind: 'gaps'; readonly micros: readonly number[] }
  | { readonly kind: 'resampled'; readonly micros: readonly number[] }
  /** At these moments of the run, ascending; those within a downtime do not count. */
  | { readonly kind: 'at'; readonly micros: readonly number[] };

/** A duration by the law; a constant draws nothing. */
export function drawDuration(law: DurationLaw, stream: RandomStream): number {
  switch (law.kind) {
    case 'constant':
      return law.micros;
    case 'exponential':
      return Math.round(stream.exponential(law.meanMicros));
    case 'uniform':
      return law.minMicros + Math.round(stream.double() * (law.maxMicros - law.minMicros));
    case 'resampled':
      return law.micros[stream.int(law.micros.length)]!;
  }
}

/**
 * The gaps of a law, one after the other, at least 1 µs each; Infinity once there are no more. For `at` the gaps are those
 * between the moments.
 */
export function gapsOf(law: FailureLaw, stream: RandomStream): () => number {
  switch (law.kind) {
    case 'exponential':
      return () => Math.max(1, Math.round(stream.exponential(law.meanMicros)));
    case 'weibull': {
      const scale = law.meanMicros / gamma(1 + 1 / law.shape);
      const power = 1 / law.shape;
      return () => Math.max(1, Math.round(scale * portablePow(stream.exponential(1), power)));
    }
    case 'gaps': {
      let next = 0;
      return () => law.micros[next++] ?? Infinity;
    }
    case 'resampled':
      return () => Math.max(1, law.micros[stream.int(law.micros.length)]!);
    case 'at': {
      let next = 0;
      return () => {
        const gap = (law.micros[next] ?? Infinity) - (next === 0 ? 0 : law.micros[next - 1]!);
        next++;
        return gap;
      };
    }
  }
}
