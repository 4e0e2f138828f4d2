// A reduction may leave out states, never a breach: every mutant whose graph is small enough to be seen whole breaks the
// same laws, and leaves the same durable states behind, whether ample actions are taken alone or not.
import { expect, test } from 'vitest';

import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import { FAULT_KINDS } from '../../../models/dataflow/topology.ts';
import { MUTANTS } from '../../../models/mutants/catalogue.ts';
import type { Mutant } from '../../../models/mutants/mutant.ts';
import { type ExploreResult, explore } from '../../../sim/explore.ts';

const MAX_STATES = 20_000;

function search({ base, protocol, topology, environment }: Mutant, reduction: 0 | 1): ExploreResult {
  const world = new FlowWorld(protocol, topology, environment, lawsFor(base, topology));
  return explore(world, { reduction, faultKinds: FAULT_KINDS, maxStates: MAX_STATES });
}

test(
  'a reduced search of a mutant breaks the same laws and leaves the same durable states',
  { timeout: 120_000 },
  () => {
    const seen: Record<string, readonly [full: number, reduced: number]> = {};
    for (const mutant of MUTANTS) {
      const full = search(mutant, 0);
      if (!full.emptied) continue;
      const reduced = search(mutant, 1);
      const answer = ({ violations, durableProjections }: ExploreResult): unknown => ({
        mutant: mutant.name,
        laws: violations.map(({ law }) => law),
        durableProjections,
      });
      expect(answer(reduced)).toEqual(answer(full));
      seen[mutant.name] = [full.states, reduced.states];
    }
    const pairs = Object.values(seen);
    expect(pairs.length).toBeGreaterThan(20);
    expect(pairs.filter(([full, reduced]) => reduced < full).length).toBeGreaterThan(15);
  },
);
