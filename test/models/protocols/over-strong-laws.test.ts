// Laws that sound right and condemn correct protocols (anchors.md §6.3). Each stands beside the law that is shipped in its
// place: on the same job under the same faults, searched in every order, the one is broken and the other holds. Then the
// shipped ones are asked alone, of every protocol, under random plans with every fault for which the promise is made.
import { describe, expect, test } from 'vitest';

import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import type { FlowLaw } from '../../../models/dataflow/laws/law.ts';
import { drawPlan } from '../../../models/dataflow/plans.ts';
import {
  type Environment,
  FAULT_KINDS,
  PEACE,
  type Topology,
  chainTopology,
} from '../../../models/dataflow/topology.ts';
import { PROTOCOLS, flinkAligned } from '../../../models/protocols/index.ts';
import { explore } from '../../../sim/explore.ts';
import { randomStreams } from '../../../sim/random.ts';
import { randomRun } from '../../../sim/swarm.ts';

interface OverStrong {
  /** What it says, and what it forgets. */
  readonly law: FlowLaw;
  readonly forgets: string;
  /** Id of the law that is shipped instead. */
  readonly shipped: string;
  readonly environment: Partial<Environment>;
  readonly topology?: Topology;
}

const CASES: readonly OverStrong[] = [
  {
    law: {
      id: 'no loss at the end',
      statement: 'at the end of every run each record read is visible',
      scope: 'end',
      check: ({ world, state }) => {
        const read = state.task(world.sources[0]!).application.read;
        return state.output.visible.slice(0, read).includes(0) ? { read } : null;
      },
    },
    forgets: 'the last completion notice may get lost; the next checkpoint commits with it',
    shipped: 'E2',
    environment: { lostNotifications: 1, calm: false },
  },
  {
    law: {
      id: 'every checkpoint completes',
      statement: 'what was triggered has completed in the end',
      scope: 'end',
      check: ({ state }) =>
        state.store.everCompleted.length < state.store.nextId - 1 ? { triggered: state.store.nextId - 1 } : null,
    },
    forgets: 'a crash, an expiry or a failed upload may end a checkpoint; in calm one must complete',
    shipped: 'L1',
    environment: { timeouts: 1 },
  },
  {
    law: {
      id: 'old attempts write nothing',
      statement: 'no effect of an older attempt lands after a newer one has begun',
      scope: 'step',
      check: ({ state, step }) =>
        step.landed !== null && step.landed.effect.attempt < state.store.attempt
          ? { effect: step.landed.effect.kind }
          : null,
    },
    forgets: 'an upload under way cannot be called back; it must not count, that is all',
    shipped: 'E4',
    environment: { crashes: 1 },
  },
  {
    law: {
      id: 'no garbage ever',
      statement: 'nothing is stored that no completed checkpoint needs',
      scope: 'step',
      check: ({ state }) =>
        state.store.parts.some((part) => !state.store.completed.some((each) => each.checkpoint === part.checkpoint))
          ? { parts: state.store.parts.length }
          : null,
    },
    forgets: 'parts are stored before the checkpoint they belong to can complete',
    shipped: 'D3',
    environment: {},
  },
  {
    law: {
      id: 'commit of its own checkpoint',
      statement: 'a transaction is committed only when the checkpoint it was pre-committed under has completed',
      scope: 'step',
      check: ({ state }) =>
        state.output.transactions.some(
          ({ status, checkpoint }) => status === 'committed' && !state.store.everCompleted.includes(checkpoint),
        )
          ? { committed: 'early' }
          : null,
    },
    forgets: 'a later checkpoint holds the earlier pre-commits in its parts and commits them with it',
    shipped: 'E3',
    environment: { timeouts: 1, checkpoints: 2 },
  },
  {
    law: {
      id: 'no id is left out',
      statement: 'checkpoints complete with consecutive ids',
      scope: 'step',
      check: ({ state }) =>
        state.store.everCompleted.some((id, i) => id !== i + 1) ? { ids: state.store.everCompleted.join(' ') } : null,
    },
    forgets: 'ids only grow: that of a checkpoint given up is never used again',
    shipped: 'M1',
    environment: { crashes: 1 },
  },
  {
    law: {
      id: 'no duplicate on any sink',
      statement: 'each effect is visible at most once, whatever the sink',
      scope: 'step',
      check: ({ state }) => (state.output.visible.some((times) => times > 1) ? { visible: 'twice' } : null),
    },
    forgets: 'a plain sink writes again what is replayed: at-least-once is all it is promised',
    shipped: 'E2',
    environment: { crashes: 1 },
    topology: chainTopology({ sink: 'plain' }),
  },
];

function lawsBroken(law: FlowLaw, { environment, topology = chainTopology() }: OverStrong): readonly string[] {
  const world = new FlowWorld(flinkAligned, topology, { ...PEACE, ...environment }, [law]);
  const result = explore(world, { faultKinds: FAULT_KINDS });
  expect(result.emptied || result.violations.length > 0).toBe(true);
  return result.violations.map((each) => each.law);
}

function shippedLaw({ shipped, topology = chainTopology() }: OverStrong): FlowLaw {
  return lawsFor(flinkAligned, topology).find(({ id }) => id === shipped)!;
}

describe.each(CASES)('"$law.id" forgets that $forgets:', (each) => {
  test('it condemns aligned checkpoints, which are correct', () => {
    expect(lawsBroken(each.law, each)).toEqual([each.law.id]);
  });

  test('the law in its place holds in every order of the same events', () => {
    expect(lawsBroken(shippedLaw(each), each)).toEqual([]);
  });
});

describe('the laws in their place', () => {
  const shipped = [...new Set(CASES.map((each) => each.shipped))];

  test.each(Object.values(PROTOCOLS))(
    'never convict $name, whatever happens that it promises to survive',
    (protocol) => {
      for (let run = 0; run < 250; run++) {
        const { topology, environment } = drawPlan(protocol, { seed: 'over-strong', run });
        const laws = lawsFor(protocol, topology).filter(({ id }) => shipped.includes(id));
        const world = new FlowWorld(protocol, topology, environment, laws);
        const stream = randomStreams('over-strong', run)('swarm');
        const { violations } = randomRun(world, { stream, maxSteps: 600, faultKinds: FAULT_KINDS });
        expect(
          violations.map(({ law }) => law),
          `run ${run}`,
        ).toEqual([]);
      }
    },
  );
});
