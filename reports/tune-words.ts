/** How intervals and costs of a search are said, and why its answer and the closed form's differ. */
import type { Constraints, LatencyView, ObjectiveName, StreamJob, TuneResult } from '../models/tuning/index.ts';
import { bytes, duration } from './numbers.ts';

/** Seconds with three digits: `92.9 s`, `4.48 s`, `2 h 5 min`. */
export function interval(seconds: number): string {
  return Number.isFinite(seconds) ? duration(Number(seconds.toPrecision(3)) * 1e6) : '-';
}

/** What an objective is the cost of. */
export function costTitle(objective: ObjectiveName, { latencyView }: Pick<StreamJob, 'latencyView'>): string {
  return objective === 'latency' ? LATENCY_TITLES[latencyView ?? 'first-output'] : COST_TITLES[objective];
}

const LATENCY_TITLES: Readonly<Record<LatencyView, string>> = {
  'first-output': 'mean latency of first outputs',
  replay: 'mean latency of every processing',
  sink: 'mean latency behind a transactional sink',
};

const COST_TITLES: Readonly<Record<Exclude<ObjectiveName, 'latency'>, string>> = {
  utilisation: 'time that is not useful work',
  'recovery-slo': 'time that is not useful work',
  storage: 'bytes kept',
  money: 'USD a month',
  weighted: 'weighted sum (the interval of now = sum of the weights)',
};

/** A cost in the unit of its objective. */
export function costText(objective: ObjectiveName, cost: number): string {
  if (!Number.isFinite(cost)) return 'cannot keep up';
  switch (objective) {
    case 'utilisation':
    case 'recovery-slo':
      return `${(100 * cost).toPrecision(4)} %`;
    case 'latency':
      return duration(cost * 1e6);
    case 'storage':
      return bytes(cost);
    case 'money':
      return cost.toFixed(2);
    case 'weighted':
      return cost.toPrecision(4);
  }
}

/** `12.3 % more`, or that it is the same. */
export function excessText(excess: number): string {
  return excess < 0.0005 ? 'costs the same' : `costs ${(100 * excess).toFixed(excess < 0.1 ? 1 : 0)} % more`;
}

/** Bounds as people call them. */
export const boundTitles: Readonly<Record<keyof Constraints, string>> = {
  recovery_p99_s: '99 in 100 recoveries',
  output_latency_s: 'the latency of outputs',
  transaction_timeout_s: 'the timeout of transactions',
};

/** Why what was simulated, what the closed form says and what is recommended are not one number; a sentence each. */
export function gapReasons(result: TuneResult): readonly string[] {
  const { optimum, closed_form: form, recommendation, atBorder } = result;
  const reasons: string[] = [];
  if (atBorder !== null) {
    reasons.push(
      `the cost still falls at the ${atBorder} interval that makes sense (${interval(optimum.interval_s)}): nothing in this objective speaks for a ${atBorder === 'shortest' ? 'longer' : 'shorter'} one`,
    );
  }
  if (form === null) reasons.push('no closed form is known for this objective and this job');
  else if (atBorder === null) reasons.push(...formReasons(result, form));
  if (recommendation === null) reasons.push('no interval keeps every bound: see the bounds');
  else if (recommendation.because !== 'optimum') {
    const cost = recommendation.excess === null ? '' : `, which ${excessText(recommendation.excess)}`;
    reasons.push(
      `the bound on ${boundTitles[recommendation.because]} allows ${interval(recommendation.interval_s)} at most${cost}`,
    );
  }
  return reasons;
}

function formReasons({ optimum }: TuneResult, form: NonNullable<TuneResult['closed_form']>): readonly string[] {
  const isCovered = form.interval_s >= optimum.low_s && form.interval_s <= optimum.high_s;
  const leftOut =
    form.leavesOut.length === 0 ? null : `the closed form leaves out that ${form.leavesOut.join(', and that ')}`;
  if (isCovered) {
    const agree = 'simulation and closed form agree: it lies in the interval';
    return [leftOut === null ? agree : `${agree}, although ${leftOut}`];
  }
  return [
    leftOut ??
      'the closed form leaves nothing out that this job has: 1 in 20 such intervals miss, or its approximation is seen here',
  ];
}
