// Jobs with a keyed operator, rescaled at any moment: every order of events of the smallest, random ones with more groups,
// subtasks and sources, and the mutants that get the ranges or the channel state wrong.
import { describe, expect, test } from 'vitest';
import { check } from '../../../models/dataflow/check.ts';
import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { type KeyedOptions, keyedTopology } from '../../../models/dataflow/keyed-topology.ts';
import { RESCALE, contains, keyGroupRange, ownerOf } from '../../../models/dataflow/key-groups.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import { unfit } from '../../../models/dataflow/plans.ts';
import { type Environment, FAULT_KINDS, PEACE } from '../../../models/dataflow/topology.ts';
import { FLINK_DEFECTS, MUTANTS, runMutants } from '../../../models/mutants/index.ts';
import {
  PROTOCOLS,
  type ProtocolName,
  flinkAligned,
  flinkUnaligned,
  samzaCoordinatedTimed,
} from '../../../models/protocols/index.ts';
import { randomStreams } from '../../../sim/random.ts';
import { randomRun } from '../../../sim/swarm.ts';
import { convictions, exhaust } from './instances.ts';

describe('key groups', () => {
  const parallelisms = Array.from({ length: 40 }, (_, i) => i + 1);

  test('are in one range each, that of the subtask their records go to', () => {
    for (const maxParallelism of parallelisms) {
      for (const parallelism of parallelisms.slice(0, maxParallelism)) {
        for (let group = 0; group < maxParallelism; group++) {
          const owners = parallelisms
            .slice(0, parallelism)
            .flatMap((_, subtask) =>
              contains(keyGroupRange(subtask, parallelism, maxParallelism), group) ? [subtask] : [],
            );
          expect(owners).toEqual([ownerOf(group, parallelism, maxParallelism)]);
        }
      }
    }
  });

  test('have the borders Flink gives them', () => {
    const ranges = [0, 1, 2].map((subtask) => keyGroupRange(subtask, 3, 128));
    expect(ranges).toEqual([
      { first: 0, last: 42 },
      { first: 43, last: 85 },
      { first: 86, last: 127 },
    ]);
  });
});

type Pin = readonly [states: number, durableProjections: number];

const UP: KeyedOptions = { parallelism: 1, rescaleTo: [2] };
const DOWN: KeyedOptions = { parallelism: 2, rescaleTo: [1] };

const PINS: readonly (readonly [ProtocolName, string, KeyedOptions, Partial<Environment>, Pin])[] = [
  ['flink-aligned', 'up', UP, {}, [7568, 897]],
  ['flink-aligned', 'down', DOWN, {}, [7568, 897]],
  ['flink-aligned', 'up, one sink each', { ...UP, sinks: 'each' }, {}, [36313, 4695]],
  ['flink-aligned', 'down, one sink each', { ...DOWN, sinks: 'each' }, {}, [33591, 4253]],
  ['flink-aligned', 'up, with a crash', UP, { crashes: 1, zombies: false }, [81506, 11951]],
  ['flink-aligned', 'up, with a crash and its late effects', UP, { crashes: 1 }, [47590, 4295]],
  ['flink-at-least-once', 'down', DOWN, {}, [9054, 1108]],
  ['flink-unaligned', 'up', UP, {}, [14661, 2466]],
  ['flink-unaligned', 'down', DOWN, {}, [14661, 2466]],
  ['chandy-lamport', 'up', UP, {}, [10838, 1894]],
  ['lai-yang', 'down', DOWN, {}, [15857, 2746]],
];

describe('rescaled in every order of events,', () => {
  test.each(PINS)('%s keeps its promise: %s', (name, _way, options, environment, pin) => {
    const protocol = PROTOCOLS[name];
    const fifo = protocol.needs.fifo;
    const result = exhaust(protocol, keyedTopology({ ...options, fifo }), environment);
    expect(convictions(result)).toEqual([]);
    expect(result.emptied).toBe(true);
    expect([result.states, result.durableProjections]).toEqual(pin);
  });

  test.each([UP, DOWN])('keyed state in files that checkpoints share keeps its promise: %o', (options) => {
    const result = exhaust(
      flinkAligned,
      { ...keyedTopology(options), backend: 'incremental' },
      {},
      { maxStates: 40_000 },
    );
    expect(convictions(result)).toEqual([]);
    expect(result.emptied).toBe(true);
  });

  test('a job leaves the same durable states behind when orders that cannot matter are left out', () => {
    for (const options of [UP, DOWN]) {
      const all = exhaust(flinkAligned, keyedTopology(options), {});
      const some = exhaust(flinkAligned, keyedTopology(options), {}, { reduction: 1 });
      expect(some.states).toBeLessThan(all.states);
      expect([convictions(some), some.durableProjections]).toEqual([convictions(all), all.durableProjections]);
    }
  });
});

describe('rescaled at random', () => {
  const names = Object.keys(PROTOCOLS) as ProtocolName[];

  test.each(names.filter((name) => unfit(PROTOCOLS[name], 'keyed') === null))('%s keeps its promise', (name) => {
    const result = check(PROTOCOLS[name], { runs: 1000, topology: 'keyed' });
    expect(result.broken).toEqual([]);
    expect(result.verdict).toBe('holds');
    expect(result.coverage?.restored).toBeGreaterThan(30);
  });

  test.each(['flink-aligned', 'flink-at-least-once', 'samza-coordinated-barrier'] as const)(
    '%s keeps its promise with sinks that come and go, too, down and up again and under failures',
    (name) => {
      const environment = {
        crashes: 2,
        coordinatorCrashes: 1,
        lostNotifications: 1,
        failedCommits: 1,
        failedUploads: 1,
      };
      for (const [parallelism, rescaleTo] of [
        [2, [1, 2]],
        [1, [3, 2]],
        [3, [1, 3]],
      ] as const) {
        for (const sink of ['two-phase', 'idempotent', 'plain'] as const) {
          const options: KeyedOptions = { parallelism, rescaleTo, sink, sinks: 'each', sources: 2 };
          expect(brokenBy(PROTOCOLS[name], PROTOCOLS[name], options, { environment }).laws).toBe('');
        }
      }
    },
  );

  test('is refused where records are in flight to a sink that is gone', () => {
    expect(() => exhaust(flinkUnaligned, keyedTopology({ ...DOWN, sinks: 'each' }))).toThrow(
      'need aligned checkpoints',
    );
  });

  test('is refused to protocols whose channels are logs', () => {
    expect(unfit(samzaCoordinatedTimed, 'keyed')).toContain('it cannot be rescaled');
  });
});

interface Tries {
  /** The law that is not asked. */
  readonly without?: string;
  readonly environment?: Partial<Environment>;
  readonly deferred?: boolean;
}

/** What random runs break: laws in the order of their ids, and where S3 found something out of place. */
function brokenBy(protocol: Protocol, base: Protocol, options: KeyedOptions, tries: Tries = {}) {
  const { without, environment = {}, deferred = false } = tries;
  const topology = { ...keyedTopology({ records: 2, ...options }), deferred };
  const laws = lawsFor(base, topology).filter(({ id }) => id !== without);
  const world = new FlowWorld(protocol, topology, { ...PEACE, checkpoints: 2, ...environment }, laws);
  const broken = new Set<string>();
  const places = new Set<string>();
  for (let run = 0; run < 300; run++) {
    const stream = randomStreams('keyed', run)('swarm');
    const { violations } = randomRun(world, { stream, maxSteps: 400, faultKinds: FAULT_KINDS, stopAtFirst: false });
    for (const { law, facts } of violations) {
      broken.add(law);
      if (law === 'S3') places.add(String(facts['where']));
    }
  }
  return { laws: [...broken].toSorted().join(' '), places: [...places].toSorted().join(', ') };
}

describe('what S3 sees', () => {
  const gap = MUTANTS.find(({ name }) => name === 'rescaleGap')!.protocol;
  const overlap = MUTANTS.find(({ name }) => name === 'rescaleOverlap')!.protocol;

  test.each([
    ['a gap', gap, flinkAligned, UP, 'C3 S1'],
    ['an overlap', overlap, flinkAligned, UP, 'C2 S1'],
    [
      'channel state of the surviving alone',
      withRules(flinkUnaligned, { channelState: 'surviving' }),
      flinkUnaligned,
      DOWN,
      'C3 C5 E2 S1',
    ],
    [
      'channel state of the namesake',
      withRules(flinkUnaligned, { channelState: 'namesake' }),
      flinkUnaligned,
      UP,
      'C3 E2 S1',
    ],
    ['unfiltered channel state', withRules(flinkUnaligned, { filters: false }), flinkUnaligned, UP, 'C2 C5 E1 S1'],
  ])('shows later in other laws: %s', (_, protocol, base, options, laws) => {
    expect(brokenBy(protocol, base, options, { without: 'S3' }).laws).toBe(laws);
  });

  test('is state, records that wait for a timer, and records in flight', () => {
    expect(brokenBy(gap, flinkAligned, UP).places).toBe('state');
    expect(brokenBy(gap, flinkAligned, UP, { deferred: true }).places).toBe('state, waiting');
    expect(brokenBy(overlap, flinkAligned, UP, { deferred: true }).places).toBe('state, waiting');
    const dropped = withRules(flinkUnaligned, { channelState: 'surviving' });
    expect(brokenBy(dropped, flinkUnaligned, DOWN).places).toBe('in flight');
  });

  test('is nothing without rescaling, whatever the ranges', () => {
    for (const { name, protocol, base } of MUTANTS.filter(({ name }) => name.startsWith('rescale'))) {
      const still = keyedTopology({ records: 2, parallelism: 2, rescaleTo: [] });
      expect(convictions(exhaust(protocol, still, { crashes: 0 })), name).toEqual([]);
      expect(lawsFor(base, still).map(({ id }) => id)).toContain('S3');
    }
  });
});

describe('a defect seen in Flink', () => {
  const kills: readonly (readonly [string, string, number])[] = [
    ['removedSinksLinger', 'L3', 28],
    ['extraChannelsDropped', 'S3', 17],
    ['channelsNotMapped', 'S3', 17],
  ];
  test.each(kills)('%s is convicted by %s, and its base is silent', (name, law, steps) => {
    const mutant = FLINK_DEFECTS.find((each) => each.name === name)!;
    const result = runMutants({ mutants: [mutant] })[0]!;
    expect(result).toMatchObject({ status: 'killed', law, baseBreaks: [] });
    expect(result.steps).toBeLessThanOrEqual(steps + 4);
  });

  test('needs sinks that are removed: with one sink for all, none lingers', () => {
    const mutant = FLINK_DEFECTS.find(({ name }) => name === 'removedSinksLinger')!;
    const result = runMutants({ mutants: [{ ...mutant, topology: keyedTopology(DOWN) }], runs: 100, maxStates: 500 });
    expect(result[0]?.status).toMatch(/survived|equivalent/);
  });

  test('needs in-flight records: aligned checkpoints have none to misplace', () => {
    for (const rules of [{ channelState: 'namesake' }, { channelState: 'surviving' }, { filters: false }] as const) {
      const result = exhaust(withRules(flinkAligned, rules), keyedTopology(DOWN));
      expect([result.emptied, convictions(result)]).toEqual([true, []]);
    }
  });
});

function withRules(base: Protocol, rules: Partial<typeof RESCALE>): Protocol {
  return { ...base, engine: { rescale: { ...RESCALE, ...rules } } };
}
