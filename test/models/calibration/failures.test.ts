// Calibration on a trace of failures whose law is known: rate, shape, zeros, clustering, and the generator made of it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { calibrateFailures, type FailureCalibration, type LifetimeLaw } from '../../../models/calibration/index.ts';
import { atResolution } from '../../../models/calibration/goodness.ts';
import { fitWeibull, lifetimeMoments, type WeibullLaw } from '../../../models/calibration/lifetime-laws.ts';
import type { FaultTrace } from '../../../models/plan.ts';
import { drawn, traceOf } from './synthetic.ts';

const GAPS: WeibullLaw = { kind: 'weibull', shape: 0.7, scale: 36_000 };
const REPAIRS: LifetimeLaw = { kind: 'lognormal', median: 4_500, sigma: 1 };
const N = 600;

function study(trace: FaultTrace, nodes: number | null = null): FailureCalibration {
  const steps = calibrateFailures(trace, { nodes, seed: 1 });
  for (;;) {
    const step = steps.next();
    if (step.done !== true) continue;
    if ('problem' in step.value) throw new Error(step.value.problem);
    return step.value;
  }
}

const trace = traceOf(drawn(GAPS, N - 1, 'gaps'), drawn(REPAIRS, N, 'repairs'));
const known = study(trace, 16);

describe('a trace of Weibull failures', () => {
  test('gives back shape and scale within three standard errors, and lognormal repairs', () => {
    const [gaps] = known.gaps.laws;
    expect(gaps!.law.kind).toBe('weibull');
    const { shape, scale } = gaps!.law as WeibullLaw;
    expect(Math.abs(shape - GAPS.shape)).toBeLessThan(3 * gaps!.standardErrors[0]!);
    expect(Math.abs(scale - GAPS.scale)).toBeLessThan(3 * gaps!.standardErrors[1]!);
    expect(gaps!.goodness.pValue).toBeGreaterThan(0.05);
    const [repairs] = known.repairs.laws;
    expect(repairs!.law).toMatchObject({ kind: 'lognormal' });
    expect(repairs!.goodness.pValue).toBeGreaterThan(0.05);
    expect(known.gaps.laws.at(-1)).toMatchObject({ law: { kind: 'exponential' }, goodness: { pValue: 1 / 500 } });
  });

  test('has its rate from first failure to last, for the cluster and for one of its nodes', () => {
    expect(known.mtbfSeconds).toBeCloseTo(trace.atMicros.at(-1)! / 1e6 / (N - 1), 6);
    expect(known).toMatchObject({ failures: N, nodesSeen: 10, nodes: 16, failuresOfOneNodeMax: 60 });
    expect(known.nodeMtbfSeconds).toBe(16 * known.mtbfSeconds);
    expect(known.nodeGaps).toMatchObject({ n: N - 10, censored: 9 });
  });

  test('does not look clustered beyond its law', () => {
    expect(Math.abs(known.clustering.lag1)).toBeLessThan(3 * known.clustering.lag1StandardError);
  });

  test('becomes generators whose simulated rate and variation are those of the law and of the trace', () => {
    for (const { mtbfSeconds, cv, simulated } of known.generators) {
      // Half-widths are of 95 %; twice that is exceeded once in 1500 times.
      expect(Math.abs(simulated.mtbfSeconds.mean - mtbfSeconds)).toBeLessThan(2 * simulated.mtbfSeconds.halfWidth95);
      expect(Math.abs(simulated.cv.mean - cv)).toBeLessThan(2 * simulated.cv.halfWidth95);
    }
    expect(known.generators.map(({ law }) => law.kind)).toEqual(['weibull', 'resampled']);
    expect(known.generators[1]).toMatchObject({ mtbfSeconds: known.mtbfSeconds, cv: known.gaps.cv });
    expect(known.generators[0]!.cv).toBe(lifetimeMoments(known.gaps.laws[0]!.law).cv);
  });

  test('is studied to the same bits again', () => {
    expect(study(trace, 16)).toEqual(known);
  });
});

describe('times to the minute', () => {
  test('make zeros and ties, which are counted and said', () => {
    expect(known.gaps.resolutionSeconds).toBe(60);
    const gaps = trace.atMicros.slice(1).map((at, i) => at - trace.atMicros[i]!);
    expect(known.gaps.zeros).toBe(gaps.filter((gap) => gap === 0).length);
    expect(known.gaps.zeros).toBeGreaterThan(0);
    expect(known.gaps.minSeconds).toBe(0);
    const seconds = gaps.map((gap) => (gap === 0 ? 30 : gap / 1e6));
    expect(known.gaps.laws[0]).toMatchObject(fitWeibull(seconds));
    const seen = new Map<number, number>();
    for (const gap of gaps) seen.set(gap, (seen.get(gap) ?? 0) + 1);
    expect(known.gaps.tied).toBe(gaps.filter((gap) => seen.get(gap)! > 1).length);
    expect(known.gaps.weibullWithoutZeros!.law.shape).toBeGreaterThan((known.gaps.laws[0]!.law as WeibullLaw).shape);
    expect(known.repairs.weibullWithoutZeros).toBeNull();
    expect([atResolution(20, 60), atResolution(40, 60), atResolution(89, 60)]).toEqual([30, 60, 60]);
  });
});

describe('clustering', () => {
  test('is seen where quiet and busy times alternate', () => {
    const gaps = drawn({ kind: 'exponential', mean: 7_200 }, N - 1, 'moods').map((gap, i) =>
      Math.floor(i / 30) % 2 === 0 ? gap : 12 * gap,
    );
    const { clustering } = study(traceOf(gaps, drawn(REPAIRS, N, 'repairs')));
    expect(clustering.lag1).toBeGreaterThan(4 * clustering.lag1StandardError);
    expect(clustering.dispersion[0]!.index).toBeGreaterThan(2);
  });

  test('is not seen in failures at random', () => {
    const gaps = drawn({ kind: 'exponential', mean: 7_200 }, N - 1, 'random');
    const { clustering } = study(traceOf(gaps, drawn(REPAIRS, N, 'repairs')));
    expect(Math.abs(clustering.lag1)).toBeLessThan(3 * clustering.lag1StandardError);
    expect(clustering.dispersion.map(({ windowSeconds }) => windowSeconds)).toEqual([86_400, 604_800]);
    for (const { index, standardErrorIfPoisson } of clustering.dispersion)
      expect(Math.abs(index - 1)).toBeLessThan(3 * standardErrorIfPoisson);
  });
});

describe('a small trace', () => {
  test('has an answer or a refusal, however coarse', () => {
    const minutes = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 3, maxLength: 7 });
    fc.assert(
      fc.property(minutes, (pairs) => {
        const given = traceOf(
          pairs.map(([gap]) => 60 * gap),
          [60, ...pairs.map(([, repair]) => 60 * repair)],
        );
        const steps = calibrateFailures(given, { nodes: null, seed: 1 });
        let step = steps.next();
        while (step.done !== true) step = steps.next();
        if ('problem' in step.value) return;
        const { laws } = step.value.gaps;
        for (const { aic, goodness } of laws) {
          expect(aic).not.toBeNaN();
          expect(goodness.pValue).toBeGreaterThan(0);
          expect(goodness.pValue).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('a trace is refused', () => {
  const problemOf = (given: FaultTrace, nodes: number | null = null): unknown =>
    calibrateFailures(given, { nodes, seed: 1 }).next().value;

  test('when it is too short, too even, or of more nodes than there are', () => {
    const some = traceOf([600, 1_200, 1_800, 2_400], [60, 120, 180, 240, 300]);
    expect(problemOf(traceOf([600, 1_200], [60, 120, 180]))).toMatchObject({
      problem: expect.stringContaining('has 3 failures') as string,
    });
    expect(problemOf({ ...some, downMicros: some.downMicros.map(() => 60e6) })).toMatchObject({
      problem: expect.stringContaining('downtimes are all the same') as string,
    });
    expect(problemOf({ ...some, atMicros: some.atMicros.map((_, i) => i * 60e6) })).toMatchObject({
      problem: expect.stringContaining('times between failures are all the same') as string,
    });
    expect(problemOf(some, 4)).toMatchObject({ problem: expect.stringContaining('names 5 nodes') as string });
  });
});
