// A correct protocol, on jobs that give it what it needs, is never convicted: random shapes, random budgets of every fault
// at once, random orders.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import {
  type ChannelSpec,
  type Environment,
  FAULT_KINDS,
  type SinkKind,
  type TaskSpec,
  type Topology,
} from '../../../models/dataflow/topology.ts';
import { PROTOCOLS, flinkAligned, flinkAtLeastOnce } from '../../../models/protocols/index.ts';
import { randomStreams } from '../../../sim/random.ts';
import { randomRun } from '../../../sim/swarm.ts';
import { worldOf } from './instances.ts';
import { randomDigraph, strongDigraph, withInitiators } from './theorem.ts';

/** Layers of sources, operators and sinks; each task is fed by at least one of the layers before it. */
function randomDag(fifo: boolean): fc.Arbitrary<Topology> {
  return fc
    .record({
      sources: fc.integer({ min: 1, max: 3 }),
      operators: fc.integer({ min: 0, max: 2 }),
      sinks: fc.integer({ min: 1, max: 2 }),
      records: fc.integer({ min: 1, max: 3 }),
      capacity: fc.integer({ min: 1, max: 4 }),
      sink: fc.constantFrom<SinkKind>('plain', 'idempotent', 'two-phase'),
      edges: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }),
    })
    .map(({ sources, operators, sinks, records, capacity, sink, edges }) => {
      const roles: TaskSpec['role'][] = [
        ...Array.from({ length: sources }, (): 'source' => 'source'),
        ...Array.from({ length: operators }, (): 'operator' => 'operator'),
        ...Array.from({ length: sinks }, (): 'sink' => 'sink'),
      ];
      const tasks = roles.map((role, i): TaskSpec => ({
        name: `${role[0] === 's' ? role.slice(0, 2) : 'o'}${i}`,
        role,
      }));
      const inner = sources + operators;
      const channels: ChannelSpec[] = [];
      for (let source = 0; source < sources; source++) {
        channels.push({ from: source, to: operators > 0 ? sources : inner + (source % sinks), fifo });
      }
      for (let task = sources + 1; task < roles.length; task++) {
        if (channels.some(({ to }) => to === task)) continue;
        channels.push({ from: operators > 0 ? Math.min(task, inner) - 1 : 0, to: task, fifo });
      }
      for (const [a, b] of edges) {
        const from = a % inner;
        const lowest = Math.max(sources, from + 1);
        channels.push({ from, to: lowest + (b % (roles.length - lowest)), fifo });
      }
      return { name: 'random', tasks, channels, records, capacity, sink, hops: 0 };
    });
}

const budget = fc.integer({ min: 0, max: 2 });

const environments = fc.record<Partial<Environment>>({
  checkpoints: fc.integer({ min: 1, max: 3 }),
  maxConcurrent: fc.integer({ min: 1, max: 2 }),
  crashes: budget,
  coordinatorCrashes: budget,
  lostNotifications: budget,
  duplicatedMessages: budget,
  failedUploads: budget,
  failedCommits: budget,
  timeouts: budget,
  zombies: fc.boolean(),
});

function jobsFor({ needs }: Protocol): fc.Arbitrary<Topology> {
  const { fifo } = needs;
  const shapes = needs.cycles ? fc.oneof(randomDag(fifo), randomDigraph(fifo), strongDigraph(fifo)) : randomDag(fifo);
  return needs.anyInitiators === true ? withInitiators(shapes) : shapes;
}

/** One random run; the laws it broke. */
function lawsBroken(protocol: Protocol, topology: Topology, environment: Partial<Environment>, seed: number): string[] {
  const run = randomRun(worldOf(protocol, topology, environment), {
    stream: randomStreams('own-needs', seed)('swarm'),
    maxSteps: 3000,
    stormSteps: 200,
    faultKinds: FAULT_KINDS,
  });
  return run.ended ? run.violations.map(({ law }) => law) : [...run.violations.map(({ law }) => law), 'never ended'];
}

describe('on random jobs that give it what it needs, with every fault,', () => {
  test.each(Object.values(PROTOCOLS))('$name breaks no law', (protocol) => {
    fc.assert(
      fc.property(jobsFor(protocol), environments, fc.nat(), (topology, environment, seed) => {
        expect(lawsBroken(protocol, topology, environment, seed)).toEqual([]);
      }),
    );
  });

  test('the same draws convict counted barriers that claim what only aligned ones keep', () => {
    const claiming = { ...flinkAtLeastOnce, promise: flinkAligned.promise };
    const draws = fc.sample(fc.tuple(jobsFor(claiming), environments, fc.nat()), 200);
    const broken = new Set(draws.flatMap((draw) => lawsBroken(claiming, ...draw)));
    expect([...broken]).toContain('C2');
  });
});
