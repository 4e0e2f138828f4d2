// Ten jobs whose exact optimum is known, with C/M from 1e-5 to 0.05, and how a search does on them.
import { tune } from '../../../models/tuning/index.ts';
import { blockingPlan, type Costs } from './plans.ts';

export const TEN: readonly Costs[] = [
  { C: 0.01, M: 1000, R: 10 },
  { C: 0.1, M: 10_000, R: 30 },
  { C: 0.1, M: 1000, R: 30 },
  { C: 1, M: 86_400, R: 60 },
  { C: 1, M: 20_000, R: 20 },
  { C: 5, M: 86_400, R: 120 },
  { C: 2, M: 3600, R: 60 },
  { C: 10, M: 3600, R: 60 },
  { C: 30, M: 3600, R: 60 },
  { C: 30, M: 600, R: 30 },
];

/** How far off each optimum is, as a share, and whether its 95 % interval has the exact one in it. */
export function searchesOf(seed: string): readonly { readonly error: number; readonly isCovered: boolean }[] {
  return TEN.map((costs) => {
    const { optimum, closed_form: form } = tune({ kind: 'utilisation' }, blockingPlan(costs), { seed });
    const exact = form!.interval_s;
    return {
      error: Math.abs(optimum.interval_s / exact - 1),
      isCovered: optimum.low_s <= exact && exact <= optimum.high_s,
    };
  });
}
