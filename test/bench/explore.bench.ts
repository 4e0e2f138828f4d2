// States per second of exhaustive search: on the two-source join with one crash under `flink-aligned`, all laws asked, and on
// the aligned-barrier toy (two sources, a join, a coordinator, one crash),
// against a twin that clones and stringifies whole states. The toy copies a component when it is written and keeps the
// fingerprints of those that are not; `plain` clones and hashes the whole state each time, as the simplest model would.
import { afterAll, bench, describe } from 'vitest';

import { type Components, FlowState } from '../../models/dataflow/state.ts';
import { subjectOf, worldOf } from '../../models/dataflow/subject.ts';
import { FAULT_KINDS, PEACE, joinTopology } from '../../models/dataflow/topology.ts';
import { flinkAligned } from '../../models/protocols/flink-aligned.ts';
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

const join = worldOf(subjectOf(flinkAligned), { topology: joinTopology(), environment: { ...PEACE, crashes: 1 } });

const joins: Readonly<Record<string, () => { readonly states: number }>> = {
  'join, breadth first': () => explore(join, { faultKinds: FAULT_KINDS }),
  'join, depth first': () => explore(join, { faultKinds: FAULT_KINDS, order: 'depth' }),
  'join, reduced': () => explore(join, { faultKinds: FAULT_KINDS, reduction: 1 }),
  'join, clone and stringify': () =>
    exploreNaively(
      join,
      {
        clone: (state) => FlowState.of(structuredClone(componentsOf(state))),
        text: (state) => canonicalText(componentsOf(state)),
        durable: ({ store, output }) => canonicalText([store, output]),
      },
      NAIVE_STATES,
    ),
  'join, JSON round trip': () =>
    exploreNaively(
      join,
      {
        clone: (state) => FlowState.of(JSON.parse(JSON.stringify(componentsOf(state))) as Components),
        text: (state) => JSON.stringify(componentsOf(state)),
        durable: ({ store, output }) => JSON.stringify([store, output]),
      },
      NAIVE_STATES,
    ),
};

/** The twins would take minutes for all of them; the rate of the first ones is at least as good. */
const NAIVE_STATES = 10_000;

function componentsOf(state: FlowState): Components {
  const { environment, coordinator, store, output, network } = state;
  const tasks = Array.from({ length: state.tasks }, (_, i) => state.task(i));
  const channels = join.topology.channels.map((_, i) => state.channel(i));
  return { environment, coordinator, store, output, network, tasks, channels };
}

describe('exhaustive search of the two-source join', () => {
  for (const [name, run] of Object.entries(joins)) bench(name, () => record(name, run), budget);
});

afterAll(() => {
  table(Object.keys(searches), 'JSON round trip');
  table(Object.keys(joins), 'join, JSON round trip');
});

function table(names: readonly string[], twin: string): void {
  const slow = best.get(twin) ?? NaN;
  console.table(
    Object.fromEntries(
      names.map((name) => {
        const rate = best.get(name) ?? NaN;
        return [name, { 'k states/s': Number(rate.toPrecision(3)), gain: Number((rate / slow).toPrecision(3)) }];
      }),
    ),
  );
}
