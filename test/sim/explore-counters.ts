// Toys with closed forms: `counters` (n actors that count to k independently), `ring` (an actor that goes round and
// round beside one that walks into a trap).
import type { Explorable, SearchAction, SearchViolation } from '../../sim/explorable.ts';
import { clonePlain, fingerprint } from '../../sim/fingerprint.ts';

/** Says after a step which laws the counts break. */
export type CountLaw = (counts: readonly number[]) => readonly string[];

export interface CounterLaws {
  readonly step?: CountLaw;
  readonly end?: CountLaw;
}

/** (k+1)^n states, n k (k+1)^(n-1) transitions, one end; a crash leaves the first counter. */
export function counters(n: number, k: number, { step, end }: CounterLaws = {}): Explorable<number[]> {
  const broken = (law: CountLaw | undefined, counts: readonly number[]): SearchViolation[] =>
    (law?.(counts) ?? []).map((law) => ({ law, facts: { total: counts.reduce((sum, count) => sum + count, 0) } }));
  return {
    initial: () => Array.from({ length: n }, () => 0),
    enabled: (counts) =>
      counts.flatMap((count, i): SearchAction[] =>
        count < k ? [{ id: `count:c${i}#${count + 1}`, kind: `c${i}`, ample: i > 0 && step === undefined }] : [],
      ),
    apply(counts, { id }) {
      counts[Number(id.slice(id.indexOf(':') + 2, id.indexOf('#')))]!++;
      return broken(step, counts);
    },
    fork: clonePlain,
    fingerprint,
    durable: (counts) => fingerprint(counts[0]),
    atEnd: (counts) => broken(end, counts),
  };
}

/** `spin:wheel` goes round for ever and says it is ample, which nobody can check; the walker falls at the last step. */
export function ring(turns: number, steps: number): Explorable<{ wheel: number; walker: number }> {
  return {
    initial: () => ({ wheel: 0, walker: 0 }),
    enabled: ({ wheel, walker }) => [
      { id: `spin:wheel#${wheel}`, kind: 'spin', ample: true },
      ...(walker < steps ? [{ id: `walk:walker#${walker}`, kind: 'walk' }] : []),
    ],
    apply(state, { kind }) {
      if (kind === 'spin') state.wheel = (state.wheel + 1) % turns;
      else if (++state.walker === steps) return [{ law: 'trap', facts: { walker: state.walker } }];
      return [];
    },
    fork: clonePlain,
    fingerprint,
    durable: ({ walker }) => fingerprint(walker),
    atEnd: () => [],
  };
}
