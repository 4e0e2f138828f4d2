// Whose latency an interval is best for.
import { describe, expect, it } from 'vitest';
import { meanLatencyFromCheckpointPauses } from '../../../models/performance/latency.ts';
import { type LatencyView, tune, type TuneResult } from '../../../models/tuning/index.ts';
import { loadedPlan } from './plans.ts';

const RHO = 0.5;
const PAUSE_S = 0.05;
const plan = loadedPlan({ C: PAUSE_S, M: 20_000, R: 20 }, 1000 * RHO, 1000);
const best = (view: LatencyView): TuneResult => tune({ kind: 'latency', view }, plan, { seed: '1' });

describe('the interval of least latency', () => {
  const [first, replay, sink] = (['first-output', 'replay', 'sink'] as const).map(best);

  // The forms leave out that checkpoints pause while the job catches up, which makes the best interval a little longer.
  it('costs what the interval of the closed form costs, in each view', () => {
    for (const { optimum, closed_form: form } of [first!, replay!]) {
      expect(form!.excess).toBeLessThan(0.01);
      expect(optimum.interval_s / form!.interval_s).toBeGreaterThan(1);
      expect(optimum.interval_s / form!.interval_s).toBeLessThan(1.25);
    }
    expect(first!.closed_form!.model).toBe('latency_optimal_interval_first_output_view');
    expect(replay!.closed_form!.model).toBe('latency_optimal_interval_replay_view');
  });

  it('is shorter where replays count, and as short as it can be behind a transactional sink', () => {
    expect(replay!.optimum.interval_s).toBeLessThan(first!.optimum.interval_s);
    expect(sink!.atBorder).toBe('shortest');
    // Where pauses take half of what the input leaves.
    expect(sink!.optimum.interval_s).toBeCloseTo((2 * PAUSE_S) / (1 - RHO), 6);
  });

  it('behind a transactional sink costs half a period, the checkpoint, and little for failures', () => {
    const { optimum } = sink!;
    const pauses = meanLatencyFromCheckpointPauses.evaluate({
      pause_s: PAUSE_S,
      checkpoint_period_s: optimum.interval_s,
      utilization: RHO,
    });
    const without = optimum.interval_s / 2 + PAUSE_S;
    expect(optimum.cost).toBeGreaterThan(without);
    expect(optimum.cost).toBeLessThan(without + pauses + 0.05);
  });
});
