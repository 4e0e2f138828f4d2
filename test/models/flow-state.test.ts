// Components are copied and fingerprinted by hand, field by field. A field that was forgotten would make two states one, or
// one state two: here every field of every component is changed in states that random runs reach, and every component is
// frozen before actions are tried on forks.
import { describe, expect, test } from 'vitest';

import type { Protocol } from '../../models/dataflow/protocol.ts';
import type { FlowState } from '../../models/dataflow/state.ts';
import { drawPlan } from '../../models/dataflow/plans.ts';
import { subjectOf, worldOf } from '../../models/dataflow/subject.ts';
import { PROTOCOLS } from '../../models/protocols/index.ts';
import { clonePlain } from '../../sim/fingerprint.ts';
import { randomStreams } from '../../sim/random.ts';

type Plain = Record<string, unknown>;

/** Every component of a state by name, to read and to write. */
function componentsOf(state: FlowState, channels: number): Readonly<Record<string, (of: FlowState) => object>> {
  return {
    environment: (of) => (of === state ? of.environment : of.writeEnvironment()),
    coordinator: (of) => (of === state ? of.coordinator : of.writeCoordinator()),
    store: (of) => (of === state ? of.store : of.writeStore()),
    output: (of) => (of === state ? of.output : of.writeOutput()),
    network: (of) => (of === state ? of.network : of.writeNetwork()),
    ...Object.fromEntries(
      Array.from({ length: state.tasks }, (_, i) => [
        `task ${i}`,
        (of: FlowState) => (of === state ? of.task(i) : of.writeTask(i)),
      ]),
    ),
    ...Object.fromEntries(
      Array.from({ length: channels }, (_, i) => [
        `channel ${i}`,
        (of: FlowState) => (of === state ? of.channel(i) : of.writeChannel(i)),
      ]),
    ),
  };
}

type Path = readonly (string | number)[];

function* places(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) {
    yield path;
    return;
  }
  if (Array.isArray(value) && value.length > 0) yield path;
  for (const [key, part] of Object.entries(value)) yield* places(part, [...path, key]);
}

/** Values that differ from the one given by no more than needed. */
function other(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, -1);
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return 1;
  return STATUSES.includes(value) ? STATUSES[(STATUSES.indexOf(value) + 1) % STATUSES.length] : `${value}'`;
}

const STATUSES: readonly string[] = ['open', 'prepared', 'committed', 'aborted'];

/** Says which kind of thing something is; which fields it has hangs on it, so changing it alone makes no sense. */
const TAGS: readonly unknown[] = ['is', 'kind'];

function changed(component: object, path: Path): object {
  const copy = clonePlain(component) as Plain;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Plain;
  const last = path.at(-1) as string;
  at[last] = other(at[last]);
  return copy;
}

const text = (state: FlowState): string => JSON.stringify(state.fingerprint());

/** States of random runs, some from every stretch of each. */
function* reached(protocol: Protocol, runs: number): Generator<{ state: FlowState; channels: number }> {
  for (let run = 0; run < runs; run++) {
    const plan = drawPlan(protocol, { seed: 'fields', run });
    const world = worldOf(subjectOf(protocol), plan);
    const stream = randomStreams('fields', run)('walk');
    const state = world.initial();
    for (let step = 0; step < 200; step++) {
      const actions = world.enabled(state);
      if (actions.length === 0) break;
      world.apply(state, actions[stream.int(actions.length)]!);
      if (step % 13 === run % 13) yield { state: state.fork(), channels: plan.topology.channels.length };
    }
  }
}

describe.each(Object.values(PROTOCOLS).map((protocol) => [protocol.name, protocol] as const))('%s:', (_, protocol) => {
  test('every field of every component tells states apart', () => {
    const blind = new Set<string>();
    const fields = new Set<string>();
    for (const { state, channels } of reached(protocol, 12)) {
      const before = text(state);
      for (const [name, component] of Object.entries(componentsOf(state, channels))) {
        for (const path of places(component(state))) {
          // A pre-committed transaction is a pair; there are no shorter ones.
          if (TAGS.includes(path.at(-1)) || path.at(-2) === 'pending') continue;
          const fork = state.fork();
          Object.assign(component(fork), changed(component(state), path));
          const field = `${name.split(' ')[0]}.${path.filter((key) => Number.isNaN(Number(key))).join('.')}`;
          fields.add(field);
          if (text(fork) === before) blind.add(field);
        }
      }
      expect(text(state)).toBe(before);
    }
    expect([...blind]).toEqual([]);
    expect(fields.size).toBeGreaterThan(40);
  });

  test('an action writes nothing that forks share', () => {
    for (let run = 0; run < 12; run++) {
      const world = worldOf(subjectOf(protocol), drawPlan(protocol, { seed: 'frozen', run }));
      const stream = randomStreams('frozen', run)('walk');
      let state = world.initial();
      for (let step = 0; step < 200; step++) {
        const actions = world.enabled(state);
        if (actions.length === 0) break;
        const next = state.fork();
        const channels = world.topology.channels.length;
        for (const component of Object.values(componentsOf(state, channels))) freeze(component(state));
        const action = actions[stream.int(actions.length)]!;
        expect(() => world.apply(next, action), `run ${run}, step ${step}`).not.toThrow();
        state = next;
      }
    }
  });
});

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
