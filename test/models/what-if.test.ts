// Closed forms and simulation stand side by side in a report, so they must agree where the forms leave nothing out.
import { describe, expect, it } from 'vitest';
import { PRICES_ASSUMED } from '../../models/tuning/stream-job.ts';
import { whatIf } from '../../models/what-if/index.ts';
import { studentT95 } from '../../sim/statistics.ts';
import { streamPlan } from '../reports/report-page/data.ts';

const REPLICATIONS = 12;
const MTBF_S = 7200;
/** Outage and catching up, at a load of 0.4, from a checkpoint of a minute ago. */
const RECOVERY_S = 75;

const study = whatIf(streamPlan, 'job', { seed: '1', prices: PRICES_ASSUMED, replications: REPLICATIONS });

const curve = (measure: string) => study.curves.find((each) => each.measure === measure)!.points;

describe('what another interval would cost', () => {
  // Three standard errors; the forms that take failures to be far apart may be off by 3 (T + TRT) / M (models.md §5).
  it.each(['overhead', 'latency', 'recovery', 'storage'])(
    '%s is what the closed form says, at every interval',
    (measure) => {
      for (const { interval_s, mean, high, closed_form: form, n } of curve(measure)) {
        expect(n).toBe(REPLICATIONS);
        const error = (high! - mean!) / studentT95(n - 1);
        const bias = measure === 'overhead' ? 0 : (3 * (interval_s + RECOVERY_S) * form!) / MTBF_S;
        expect(Math.abs(mean! - form!), `${measure} at ${interval_s} s`).toBeLessThan(3 * error + bias + 1e-9 * form!);
      }
    },
  );

  it('is least near the exact optimum', () => {
    const points = curve('overhead');
    const least = points.reduce((best, point) => (point.mean! < best.mean! ? point : best));
    expect(least.interval_s / study.closed_form_s!).toBeGreaterThan(0.6);
    expect(least.interval_s / study.closed_form_s!).toBeLessThan(1.6);
  });

  it('has space inversely proportional to frequency for the log, the opposite for a history, neither for the last snapshot', () => {
    const of = (term: string): string => study.space.terms.find((row) => row.term === term)!.regime;
    expect([of('replayLog'), of('history'), of('retained')]).toEqual(['inverse', 'proportional', 'independent']);
  });

  it('is not simulated where that would take too many checkpoints', () => {
    const rare = {
      ...streamPlan,
      checkpoint: { ...streamPlan.checkpoint, intervalMicros: 2_000_000 },
      failures: [{ name: 'job', law: { kind: 'exponential', meanMicros: 3e12 }, level: 1 }],
    } as const;
    const { curves } = whatIf(rare, 'job', { seed: '1', prices: PRICES_ASSUMED, replications: 2 });
    const [shortest] = curves[0]!.points;
    expect(shortest).toMatchObject({ n: 0, mean: null });
    expect(shortest!.closed_form).toBeGreaterThan(0);
  });

  it('is not asked where nothing fails', () => {
    expect(() => whatIf({ ...streamPlan, failures: [] }, 'job', { seed: '1', prices: PRICES_ASSUMED })).toThrow(
      'nothing ever fails',
    );
  });
});
