// States per second of exhaustive search on the aligned-barrier toy (two sources, a join, a coordinator, one crash),
// against a twin that clones and stringifies whole states. The toy copies a component when it is written and keeps the
// fingerprints of those that are not; `plain` clones and hashes the whole state each time, as the simplest model would.
import { afterAll, bench, describe } from 'vitest';

import type { Explorable } from '../../sim/explorable.ts';
import { explore } from '../../sim/explore.ts';
import { clonePlain, fingerprint } from '../../sim/fingerprint.ts';
import { barriers, type BarrierState } from '../sim/explore-barriers.ts';
import { canonicalText, exploreNaively } from '../sim/explore-naive.ts';

const budget = { time: 500, iterations: 3, warmupTime: 100, warmupIterations: 1 };
const model = barriers({ records: 1, checkpoints: 2, crashes: 1 });
const forgetful = [null, null, null, null, null];
const plain: Explorable<BarrierState> = {
  ...model,
  fork: ({ parts }) => ({ parts: clonePlain(parts), prints: [...forgetful] }),
  fingerprint: ({ parts }) => fingerprint(parts),
  durable: ({ parts }) => fingerprint(parts[4]),
};
const best = new Map<string, number>();

function record(name: string, run: () => { readonly states: number }): void {
  const startedAt = performance.now();
  const { states } = run();
  best.set(name, Math.max(best.get(name) ?? 0, states / (performance.now() - startedAt)));
}

const searches: Readonly<Record<string, () => { readonly states: number }>> = {
  'breadth first, components': () => explore(model),
  'depth first, components': () => explore(model, { order: 'depth' }),
  'breadth first, plain': () => explore(plain),
  'breadth first, components, reduced': () => explore(model, { reduction: 1 }),
  'clone and stringify': () =>
    exploreNaively(model, {
      clone: ({ parts }) => ({ parts: structuredClone(parts), prints: [...forgetful] }),
      text: ({ parts }) => canonicalText(parts),
      durable: ({ parts }) => canonicalText(parts[4]),
    }),
  'JSON round trip': () =>
    exploreNaively(model, {
      clone: ({ parts }) => ({ parts: JSON.parse(JSON.stringify(parts)) as BarrierState['parts'], prints: forgetful }),
      text: ({ parts }) => JSON.stringify(parts),
      durable: ({ parts }) => JSON.stringify(parts[4]),
    }),
};

describe('exhaustive search', () => {
  for (const [name, run] of Object.entries(searches)) bench(name, () => record(name, run), budget);
});

afterAll(() => {
  const slow = best.get('JSON round trip') ?? NaN;
  console.table(
    Object.fromEntries(
      [...best].map(([name, rate]) => [
        name,
        { 'k states/s': Number(rate.toPrecision(3)), gain: Number((rate / slow).toPrecision(3)) },
      ]),
    ),
  );
});
