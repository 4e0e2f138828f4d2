/** Two levels of checkpoints, a cheap local one and a safe remote one, and failures that need one or the other (models.md §4). */
import { portableExp } from '../../sim/portable-math.ts';
import { expMinusOne } from './numerics.ts';
import { type PerformanceModel, aboveZero, atLeastZero, count, listOf, shareAboveZero } from './performance-model.ts';

const level1Cost = aboveZero('s', 'cost of a level-1 checkpoint');
const level2Extra = aboveZero('s', 'what a level-2 checkpoint costs on top');
const rate1 = aboveZero('1/s', 'failures per second that level 1 survives');
const rate2 = aboveZero('1/s', 'failures per second that need level 2');
const NESTED = 'exponential failures; a pattern of K level-1 segments ends in a level-2 checkpoint';

interface Levels {
  readonly level1_cost_s: number;
  readonly level2_extra_cost_s: number;
  readonly level1_failure_rate_per_s: number;
  readonly level2_failure_rate_per_s: number;
}

const levels = {
  level1_cost_s: level1Cost,
  level2_extra_cost_s: level2Extra,
  level1_failure_rate_per_s: rate1,
  level2_failure_rate_per_s: rate2,
};

const segmentsPerPattern = (l: Levels): number =>
  Math.sqrt((l.level1_failure_rate_per_s * l.level2_extra_cost_s) / (l.level2_failure_rate_per_s * l.level1_cost_s));

export const twoLevelOptimalSegmentsPerPattern: PerformanceModel<Levels> = {
  name: 'two_level_optimal_segments_per_pattern',
  unit: 'segments',
  what: 'level-1 checkpoints per level-2 checkpoint with the least first-order overhead',
  assumes: NESTED,
  valid: 'first order: both overheads small; round to a whole number',
  source: 'derived, checked by brute force',
  status: 'V',
  inputs: levels,
  evaluate: segmentsPerPattern,
};

export const twoLevelOptimalPatternWork: PerformanceModel<Levels> = {
  name: 'two_level_optimal_pattern_work',
  unit: 's',
  what: 'work between level-2 checkpoints with the least first-order overhead, at the best number of segments',
  assumes: NESTED,
  valid: 'first order: both overheads small',
  source: 'derived, checked by brute force',
  status: 'V',
  inputs: levels,
  evaluate(l) {
    const K = segmentsPerPattern(l);
    const cost = K * l.level1_cost_s + l.level2_extra_cost_s;
    return Math.sqrt((2 * cost) / (l.level1_failure_rate_per_s / K + l.level2_failure_rate_per_s));
  },
};

export const multiLevelMinimumOverheadRatio: PerformanceModel<{
  readonly costs_s: readonly number[];
  readonly failure_rates_per_s: readonly number[];
}> = {
  name: 'multi_level_minimum_overhead_ratio',
  unit: '1',
  what: 'least first-order overhead of nested levels, the sum of sqrt(2 rate cost)',
  assumes: 'exponential failures, nested periodic levels; recoveries (the sum of rate times recovery) come on top',
  valid: 'first order: both overheads small',
  source: 'derived; Benoit et al. 2017 (abstract)',
  status: 'V',
  inputs: {
    costs_s: listOf(aboveZero('s', 'cost of a checkpoint, per level')),
    failure_rates_per_s: listOf(aboveZero('1/s', 'failures per second that need this level')),
  },
  evaluate({ costs_s: costs, failure_rates_per_s: rates }) {
    if (costs.length !== rates.length) {
      throw new RangeError(`costs_s has ${costs.length} levels and failure_rates_per_s ${rates.length}: give one each`);
    }
    return costs.reduce((sum, cost, level) => sum + Math.sqrt(2 * rates[level]! * cost), 0);
  },
};

interface PatternInputs extends Levels {
  readonly segments_per_pattern: number;
  readonly pattern_work_s: number;
  readonly level1_recovery_s: number;
  readonly level2_recovery_s: number;
}

export const twoLevelExpectedPatternTime: PerformanceModel<PatternInputs> = {
  name: 'two_level_expected_pattern_time',
  unit: 's',
  what: 'expected time to finish one pattern of segments, its level-2 checkpoint included',
  assumes: `${NESTED}; no failures during recoveries`,
  valid: 'exact',
  source: 'derived: backward recursion over the segments, linear in the time of the first',
  status: 'V',
  inputs: {
    segments_per_pattern: count('level-1 segments per pattern'),
    pattern_work_s: aboveZero('s', 'work per pattern'),
    ...levels,
    level1_recovery_s: atLeastZero('s', 'recovery from level 1'),
    level2_recovery_s: atLeastZero('s', 'recovery from level 2'),
  },
  evaluate(inputs) {
    const { segments_per_pattern: K, pattern_work_s: W, level1_cost_s: C1, level2_extra_cost_s: C2 } = inputs;
    const { level1_failure_rate_per_s: l1, level2_failure_rate_per_s: l2 } = inputs;
    const L = l1 + l2;
    const recovery = (l1 * inputs.level1_recovery_s + l2 * inputs.level2_recovery_s) / L;
    // The time from a segment on is `own + back` times the time from the first segment on.
    let [own, back] = [0, 0];
    for (let segment = K; segment >= 1; segment--) {
      const length = W / K + C1 + (segment === K ? C2 : 0);
      const success = portableExp(-L * length);
      const failure = -expMinusOne(-L * length);
      const repeated = 1 - (failure * l1) / L;
      own = (failure / L + failure * recovery + success * own) / repeated;
      back = ((failure * l2) / L + success * back) / repeated;
    }
    return own / (1 - back);
  },
};

interface StochasticInputs {
  readonly work_per_interval_s: number;
  readonly level2_probability: number;
  readonly level1_cost_s: number;
  readonly level2_cost_s: number;
  readonly level1_failure_rate_per_s: number;
  readonly level2_failure_rate_per_s: number;
  readonly level1_recovery_s: number;
  readonly level2_recovery_s: number;
}

export const stochasticTwoLevelUtilization: PerformanceModel<StochasticInputs> = {
  name: 'stochastic_two_level_utilization',
  unit: '1',
  what: 'share of time that is useful work when each checkpoint is of level 2 with a fixed probability',
  assumes: 'exponential failures, none during recoveries; the level is drawn anew for every interval',
  valid: "exact; the random choice costs up to sqrt(2) on level 2's term against the nested pattern",
  source: 'derived, after the policy of arXiv 1912.07162 (abstract)',
  status: 'V',
  inputs: {
    work_per_interval_s: aboveZero('s', 'work between checkpoints'),
    level2_probability: shareAboveZero('intervals that end in a level-2 checkpoint'),
    level1_cost_s: level1Cost,
    level2_cost_s: aboveZero('s', 'cost of a level-2 checkpoint'),
    level1_failure_rate_per_s: rate1,
    level2_failure_rate_per_s: rate2,
    level1_recovery_s: atLeastZero('s', 'recovery from level 1'),
    level2_recovery_s: atLeastZero('s', 'recovery from level 2'),
  },
  evaluate(inputs) {
    const { work_per_interval_s: w, level2_probability: q } = inputs;
    const { level1_failure_rate_per_s: l1, level2_failure_rate_per_s: l2 } = inputs;
    const L = l1 + l2;
    const [t1, t2] = [w + inputs.level1_cost_s, w + inputs.level2_cost_s];
    const e = q * portableExp(-L * t2);
    // The probability that a failure comes first, each part without cancellation.
    const f = -(1 - q) * expMinusOne(-L * t1) - q * expMinusOne(-L * t2);
    const b = (f * l1) / L;
    const z = (f * l2) / L;
    const step = f / L + (f * (l1 * inputs.level1_recovery_s + l2 * inputs.level2_recovery_s)) / L;
    // An interval is kept once a level-2 checkpoint follows it before a failure of level 2 does.
    return (w * e * (1 - b)) / ((e + z) * step);
  },
};
