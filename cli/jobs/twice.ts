/**
 * Runs one plan twice and finds the first event at which the two part. The digests sampled on the way bracket the place
 * within some thousand events; only there are both runs repeated with their events kept, so this costs no memory per
 * event. Equal plans must give equal bytes, so a difference is a fault of ours.
 */
import type { Outcome } from '../../models/outcome.ts';
import type { RunPlan } from '../../models/plan.ts';
import type { SimulateOptions, TraceEvent, simulate } from '../../models/simulate.ts';
import type { Divergence } from '../../reports/divergence.ts';

type Simulate = typeof simulate;
type Digests = Outcome['digests'];

/** Samples kept of one run; when there are more, every other one is dropped and the distance between them doubles. */
export const SAMPLES_MAX = 65_536;

/** Digests at growing event counts, thinned to a bound; equal runs keep equal samples. */
export interface Samples {
  readonly add: (events: number, digests: Digests) => void;
  readonly taken: () => readonly { readonly events: number; readonly digests: string }[];
}

/** An empty collection of samples. */
export function createSamples(): Samples {
  let kept: { readonly events: number; readonly digests: string }[] = [];
  let stride = 1;
  let offered = 0;
  return {
    add: (events, { order, state, cost }) => {
      offered += 1;
      if (offered % stride !== 0) return;
      kept.push({ events, digests: `${order} ${state} ${cost}` });
      if (kept.length < SAMPLES_MAX) return;
      kept = kept.filter((_, i) => i % 2 === 1);
      stride *= 2;
    },
    taken: () => kept,
  };
}

/** A finished run: its outcome and its samples. */
export interface SampledRun {
  readonly outcome: Outcome;
  readonly samples: Samples;
}

/** Where two finished runs of a plan part, or null when they are the same. */
export function divergenceOf(plan: RunPlan, first: SampledRun, second: SampledRun, run: Simulate): Divergence | null {
  const bracket = firstDifference(first, second);
  return bracket === null ? null : locate(plan, bracket, run);
}

interface Bracket {
  /** The last event up to which both runs had the same digests. */
  readonly sameUpTo: number;
  /** An event by which they differ. */
  readonly differentBy: number;
  readonly digests: readonly string[];
}

function firstDifference(first: SampledRun, second: SampledRun): Bracket | null {
  const [a, b] = [first.samples.taken(), second.samples.taken()];
  let sameUpTo = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const [x, y] = [a[i]!, b[i]!];
    if (x.events !== y.events || x.digests !== y.digests) {
      return { sameUpTo, differentBy: Math.max(x.events, y.events), digests: differing(x.digests, y.digests) };
    }
    sameUpTo = x.events;
  }
  const [x, y] = [joined(first.outcome.digests), joined(second.outcome.digests)];
  if (x === y && first.outcome.events === second.outcome.events) return null;
  return { sameUpTo, differentBy: Math.max(first.outcome.events, second.outcome.events), digests: differing(x, y) };
}

/** Runs both again up to the end of the bracket and compares the events inside it. */
function locate(plan: RunPlan, { sameUpTo, differentBy, digests }: Bracket, run: Simulate): Divergence {
  const again = (): readonly TraceEvent[] => {
    const events: TraceEvent[] = [];
    const onEvent: NonNullable<SimulateOptions['onEvent']> = (event) => {
      if (event.n > sameUpTo) events.push(event);
    };
    run(plan, { onEvent, maxEvents: differentBy });
    return events;
  };
  const [a, b] = [again(), again()];
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const [x, y] = [a[i] ?? null, b[i] ?? null];
    if (x?.id !== y?.id || x?.atMicros !== y?.atMicros || x?.text !== y?.text) {
      return { kind: 'event', n: sameUpTo + i + 1, first: x, second: y };
    }
  }
  return digests.includes('order')
    ? { kind: 'unsteady', afterEvents: sameUpTo }
    : { kind: 'state', n: differentBy, digests };
}

function joined({ order, state, cost }: Digests): string {
  return `${order} ${state} ${cost}`;
}

function differing(a: string, b: string): readonly string[] {
  const [x, y] = [a.split(' '), b.split(' ')];
  return ['order', 'state', 'cost'].filter((_, i) => x[i] !== y[i]);
}
