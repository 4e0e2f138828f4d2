// A law never convicts a correct protocol under a fault plan for which the promise is claimed: every protocol, every fault
// budget set to 1 in turn, all pairs on a chain, and random plans with several faults, concurrency and deferred work.
import { describe, expect, test } from 'vitest';

import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import {
  type Environment,
  FAULT_KINDS,
  PEACE,
  type Topology,
  chainTopology,
  joinTopology,
  ringTopology,
} from '../../../models/dataflow/topology.ts';
import { PROTOCOLS, flinkAligned } from '../../../models/protocols/index.ts';
import { explore } from '../../../sim/explore.ts';
import { randomStreams } from '../../../sim/random.ts';
import { randomRun } from '../../../sim/swarm.ts';

const BUDGETS = [
  'crashes',
  'coordinatorCrashes',
  'lostNotifications',
  'duplicatedMessages',
  'failedUploads',
  'failedCommits',
  'timeouts',
  'unknownStores',
  'savepoints',
] as const;

function broken(
  protocol: Protocol,
  topology: Topology,
  environment: Environment,
  { states, runs }: { states: number; runs: number },
): string[] {
  const world = new FlowWorld(protocol, topology, environment, lawsFor(protocol, topology));
  const found = explore(world, { maxStates: states, faultKinds: FAULT_KINDS }).violations.map(({ law }) => law);
  for (let run = 0; run < runs; run++) {
    const stream = randomStreams('silence', run)('swarm');
    const { violations, ended } = randomRun(world, { stream, maxSteps: 800, faultKinds: FAULT_KINDS });
    for (const { law } of violations) found.push(law);
    if (!ended && violations.length === 0) found.push('a run did not end');
  }
  return found;
}

describe.each(Object.values(PROTOCOLS))('$name', (protocol) => {
  test.each(BUDGETS)('breaks no law with one of %s', (budget) => {
    const environment = { ...PEACE, [budget]: 1 };
    const topologies = [joinTopology(), { ...chainTopology({ records: 2 }), deferred: true }];
    if (protocol.needs.cycles) topologies.push(ringTopology({ fifo: protocol.needs.fifo }));
    for (const topology of topologies) {
      expect(broken(protocol, topology, environment, { states: 300, runs: 15 }), topology.name).toEqual([]);
    }
  });

  test('breaks no law with any two faults on a chain', () => {
    const states = 100;
    for (const [i, one] of BUDGETS.entries()) {
      for (const other of BUDGETS.slice(i)) {
        const environment = { ...PEACE, checkpoints: 2, [one]: 1, [other]: one === other ? 2 : 1 };
        const found = broken(protocol, chainTopology(), environment, { states, runs: 15 });
        expect(found, `${one} and ${other}`).toEqual([]);
      }
    }
  });

  test('breaks no law under random plans', () => {
    for (let plan = 0; plan < 150; plan++) {
      const draw = randomStreams('silence', plan)('plan');
      const sink = (['two-phase', 'two-phase', 'plain', 'idempotent'] as const)[draw.int(4)]!;
      const records = 1 + draw.int(2);
      const shape = draw.int(2) === 0 ? chainTopology({ records, sink }) : joinTopology({ records, sink });
      const environment = {
        ...PEACE,
        checkpoints: 1 + draw.int(3),
        maxConcurrent: protocol.name.startsWith('flink-unaligned') ? 1 : 1 + draw.int(2),
        zombies: draw.int(4) > 0,
        ...Object.fromEntries(BUDGETS.map((budget) => [budget, draw.int(3) === 0 ? 1 + draw.int(2) : 0])),
      };
      const topology = { ...shape, deferred: draw.int(3) === 0 };
      expect(broken(protocol, topology, environment, { states: 0, runs: 2 }), `plan ${plan}`).toEqual([]);
    }
  });
});

describe('concurrent checkpoints', () => {
  test('complete in order: the older never displaces the newer', () => {
    // Found by the matrix: with completions written at the same time the older could land last.
    const environment = { ...PEACE, checkpoints: 2, maxConcurrent: 2, crashes: 1 };
    expect(broken(flinkAligned, chainTopology(), environment, { states: 500, runs: 250 })).toEqual([]);
  });
});
