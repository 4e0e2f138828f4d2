// Whatever law a mutant breaks, its story is a few whole sentences that name the guilty.
import { describe, expect, it } from 'vitest';
import { counterexampleOf } from '../../models/dataflow/counterexample.ts';
import { worldOf } from '../../models/dataflow/subject.ts';
import { FAULT_KINDS, MUTANTS } from '../../models/index.ts';
import { counterexampleDocument } from '../../reports/check-counterexample.ts';
import { randomRun, randomStreams } from '../../sim/index.ts';

describe('the story of a breach', () => {
  // X1 speaks of whole searches, not of a path.
  const hunted = MUTANTS.filter(({ expected, law }) => expected.status === 'killed' && law !== 'X1');
  const lawsTold = new Set<string>();

  it.each(hunted.map((mutant) => [mutant.law, mutant.name, mutant] as const))(
    '%s, broken by %s',
    (law, _name, mutant) => {
      const subject = { protocol: mutant.protocol, promised: mutant.base };
      for (let run = 0; run < 400; run++) {
        const options = { maxSteps: 400, faultKinds: FAULT_KINDS, stopAtFirst: law };
        const stream = randomStreams('mutants', run)('swarm');
        const { violations } = randomRun(worldOf(subject, mutant), { stream, ...options });
        const found = violations.find((each) => each.law === law);
        if (found === undefined) continue;
        const { story } = counterexampleDocument(counterexampleOf(subject, mutant, found));
        lawsTold.add(law);
        expect(story.length).toBeGreaterThanOrEqual(2);
        expect(story.length).toBeLessThanOrEqual(7);
        for (const sentence of story) {
          expect(sentence).toMatch(/^[A-Za-z][^]*[.:]$/);
          expect(sentence).not.toMatch(/undefined|null|NaN/);
        }
        return;
      }
      expect.fail('no run broke the law');
    },
  );

  it('was told for every law', () => {
    expect([...lawsTold].toSorted().join(' ')).toBe('C1 C2 C3 C4 C5 D1 D2 D3 E1 E2 E3 E4 E5 L1 L2 L3 M1 M2 S1 S2 S3');
  });
});
