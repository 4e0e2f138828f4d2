// Jobs whose operators keep their state in files that checkpoints share: every order of events on a chain, with pinned
// numbers of states, and what convicts those who get the sharing wrong.
import { describe, expect, test } from 'vitest';

import { drawPlan } from '../../../models/dataflow/plans.ts';
import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import type { FlowLaw } from '../../../models/dataflow/laws/law.ts';
import type { CoordinatorEffects, Protocol } from '../../../models/dataflow/protocol.ts';
import { filesOf } from '../../../models/dataflow/shared-files.ts';
import { subjectOf, worldOf } from '../../../models/dataflow/subject.ts';
import { FAULT_KINDS, PEACE, type Topology, chainTopology } from '../../../models/dataflow/topology.ts';
import { MUTANTS, runMutants } from '../../../models/mutants/index.ts';
import { withCoordinator, withCoordinatorEffects, withTask } from '../../../models/mutants/wrap.ts';
import { PROTOCOLS, type ProtocolName, flinkAligned } from '../../../models/protocols/index.ts';
import { randomStreams } from '../../../sim/random.ts';
import { randomRun } from '../../../sim/swarm.ts';
import { FAULTS, convictions, exhaust } from './instances.ts';

const SHARING: Topology = { ...chainTopology(), backend: 'incremental' };

/** Distinct states, and distinct durable projections among them. */
type Pin = readonly [states: number, durableProjections: number];

const pins: Partial<Readonly<Record<ProtocolName, Readonly<Record<string, Pin>>>>> = {
  'flink-aligned': {
    none: [422, 76],
    crash: [2775, 405],
    'failed upload': [3732, 217],
    'time-out': [6153, 198],
    'lost notification': [833, 134],
    'duplicated message': [1063, 76],
    'two checkpoints': [3121, 434],
    'two checkpoints, and a crash': [48447, 4022],
    'a write of unknown outcome': [746, 164],
  },
  'flink-at-least-once': {
    none: [422, 76],
    crash: [2775, 405],
    'failed upload': [3632, 217],
    'time-out': [6029, 198],
    'two checkpoints': [3121, 434],
  },
  'flink-unaligned': {
    none: [729, 139],
    crash: [4794, 684],
    'failed upload': [5847, 335],
    'time-out': [9839, 314],
    'two checkpoints': [8316, 1041],
    'a savepoint': [18184, 3599],
  },
};

const MORE_FAULTS = {
  ...FAULTS,
  'two checkpoints': { checkpoints: 2 },
  'two checkpoints, and a crash': { checkpoints: 2, crashes: 1 },
  'a write of unknown outcome': { unknownStores: 1 },
  'a savepoint': { savepoints: 1 },
};

for (const [name, byFault] of Object.entries(pins)) {
  describe(`${name} with an incremental backend, in every order of events,`, () => {
    test.each(Object.entries(byFault))(
      'keeps its promise: %s',
      (fault, pin) => {
        const result = exhaust(
          PROTOCOLS[name as ProtocolName],
          SHARING,
          MORE_FAULTS[fault as keyof typeof MORE_FAULTS],
        );
        expect(convictions(result)).toEqual([]);
        expect(result.emptied).toBe(true);
        expect([result.states, result.durableProjections]).toEqual(pin);
      },
      60_000,
    );
  });
}

test.each(['flink-aligned', 'flink-at-least-once', 'flink-unaligned'] as const)(
  '%s with an incremental backend keeps its promise when the coordinator crashes, and the registry with it',
  (name) => {
    const result = exhaust(PROTOCOLS[name], SHARING, { coordinatorCrashes: 1 });
    expect([result.emptied, convictions(result)]).toEqual([true, []]);
  },
);

test('a reduced search of them is smaller, and leaves the same durable states', () => {
  for (const fault of [{}, { crashes: 1 }, { checkpoints: 2 }, { failedUploads: 1 }]) {
    const [whole, reduced] = ([0, 1] as const).map((reduction) => exhaust(flinkAligned, SHARING, fault, { reduction }));
    expect(reduced!.states).toBeLessThan(whole!.states);
    expect(reduced!.durableProjections).toBe(whole!.durableProjections);
    expect([reduced!.emptied, convictions(reduced!)]).toEqual([true, []]);
  }
});

describe('files', () => {
  test('are merged, referred to and deleted in random runs, and no law is broken by it', () => {
    const found = { merged: 0, placeholders: 0, deleted: 0, rescaled: 0 };
    for (let run = 0; run < 400; run++) {
      const { topology, environment } = drawPlan(flinkAligned, { seed: 'sharing', run });
      const plan = { topology: { ...topology, records: 3, backend: 'incremental' as const }, environment };
      const world = worldOf(subjectOf(flinkAligned), { ...plan, environment: { ...environment, checkpoints: 3 } });
      const paths = new Set<string>();
      const watched = new Proxy(world, {
        get(target, key) {
          if (key !== 'apply') return (Reflect.get(target, key, target) as () => unknown).bind(target);
          return (...[state, action]: Parameters<typeof world.apply>) => {
            const violations = target.apply(state, action);
            for (const { path, file } of state.store.files) {
              paths.add(path);
              if (file.name > 2) found.merged++;
            }
            for (const { files } of state.network.messages)
              if (files?.some(({ path }) => path === null)) found.placeholders++;
            if (paths.size > state.store.files.length) found.deleted++;
            if (topology.keyed !== undefined && filesOf(state.store, state.coordinator.restored).length > 0)
              found.rescaled++;
            return violations;
          };
        },
      });
      const stream = randomStreams('sharing', run)('swarm');
      const { violations } = randomRun(watched, { stream, maxSteps: 1500, faultKinds: FAULT_KINDS });
      expect(violations, `run ${run}`).toEqual([]);
    }
    for (const [what, times] of Object.entries(found)) expect(times, what).toBeGreaterThan(0);
  });
});

test('a placeholder for a file that is gone ends the checkpoint, and the task is told which one is complete', () => {
  // Found by random runs: two uploads of one file, the newer of them deleted, and the notice that says so lost. Without
  // being told again the task would refer to it for ever.
  const { coordinator } = flinkAligned;
  const place = { tasks: 3, sources: [0], initiators: [[0]], attempt: 0, completed: [4], files: [[]] };
  const told: string[] = [];
  const fx: CoordinatorEffects = {
    tell: (task, message, checkpoint) => void told.push(`${task} ${message} ${checkpoint}`),
    store: (checkpoint) => void told.push(`store ${checkpoint}`),
    discard: (checkpoint) => void told.push(`discard ${checkpoint}`),
  };
  const state = coordinator.start(place, 5, 4);
  coordinator.trigger(state, place, 5, fx);
  const files = [{ task: 1, name: 1, key: 'join/1@c3/a0', path: null }];
  coordinator.message(state, place, { from: 1, attempt: 0, name: 'ack', checkpoint: 5, data: 0, files }, fx);
  expect(told).toEqual(['0 trigger 5', '1 complete 4', '0 abort 5', '1 abort 5', '2 abort 5', 'discard 5']);
});

describe('whoever gets it wrong', () => {
  const convictedOf = (protocol: Protocol, environment: Parameters<typeof exhaust>[2] = {}): readonly string[] =>
    convictions(exhaust(protocol, SHARING, environment));

  test('loses the state of the files: a coordinator that records parts only breaks S2', () => {
    const forgetful = withCoordinatorEffects(flinkAligned, (fx) => ({ store: (checkpoint) => fx.store(checkpoint) }));
    expect(convictedOf(forgetful)).toContain('S2');
  });

  test('acknowledges what is not there: a task that cleans up behind its upload breaks D1', () => {
    const tidy: Protocol = {
      ...withTask(flinkAligned, (base) => ({
        uploaded(state, place, checkpoint, fx) {
          base.uploaded(state, place, checkpoint, fx);
          fx.discard(checkpoint);
        },
      })),
      engine: { abortedUploads: 'deleted' },
    };
    expect(convictedOf(tidy)).toContain('D1');
  });

  test('never completes a checkpoint again: a registry that is not rebuilt knows no placeholder, which breaks L1', () => {
    const amnesic = withCoordinator(flinkAligned, (base) => ({
      start: (place, nextId, restored) => base.start({ ...place, files: [] }, nextId, restored),
    }));
    expect(convictedOf(amnesic, { coordinatorCrashes: 1 })).toContain('L1');
    expect(convictedOf(amnesic)).toEqual([]);
  });

  test('leaves files for ever: a coordinator that lets go of nothing breaks D3', () => {
    const hoarder = withCoordinatorEffects(flinkAligned, () => ({ deleteFile() {} }));
    expect(convictedOf(hoarder, { failedUploads: 1 })).toEqual(['D3']);
  });

  test('restores other bytes: one name for two contents breaks S1 behind the restart, besides D3 at the upload', () => {
    const mutant = MUTANTS.find(({ name }) => name === 'sameNameOtherBytes')!;
    const environment = { ...PEACE, checkpoints: 2, crashes: 2, zombies: false };
    const [result] = runMutants({ mutants: [{ ...mutant, environment, law: 'S1' }], runs: 4000, maxStates: 100 });
    expect(result).toMatchObject({ status: 'killed', law: 'S1', baseBreaks: [] });
  });

  test.each([
    ['referToAborted', { abortedUploads: 'registered', refersTo: 'uploaded' }],
    ['referToAborted', { abortedUploads: 'deleted', refersTo: 'confirmed' }],
  ] as const)('needs two faults for %s: with one of them it lives', (name, engine) => {
    const mutant = MUTANTS.find((each) => each.name === name)!;
    const [result] = runMutants({ mutants: [{ ...mutant, protocol: { ...mutant.base, engine } }] });
    expect(result!.status).toBe('survived');
  });
});

describe('a task that has missed a notice', () => {
  // Its snapshot refers to a file that a newer checkpoint has replaced; the refusal tells it of that checkpoint again.
  const environment = { ...PEACE, checkpoints: 3, lostNotifications: 1, timeouts: 1 };
  const firstMustDo: FlowLaw = {
    id: 'first',
    statement: 'the first checkpoint of calm completes',
    scope: 'end',
    check: ({ state }) => (state.environment.checkpoints < 0 ? { given_up: state.store.nextId - 2 } : null),
  };

  test.each([146, 516, 2701])(
    '(random run %i) costs calm its first checkpoint, and L1 asks for no more than the second',
    (run) => {
      const world = new FlowWorld(flinkAligned, SHARING, environment, [...lawsFor(flinkAligned, SHARING), firstMustDo]);
      const stream = randomStreams('corner', run)('swarm');
      const { violations, ids } = randomRun(world, {
        stream,
        maxSteps: 400,
        faultKinds: FAULT_KINDS,
        stopAtFirst: false,
      });
      expect(violations.map(({ law }) => law)).toEqual(['first']);
      expect(ids.filter((id) => id === 'trigger:coordinator#0')).toHaveLength(1);
    },
  );
});
