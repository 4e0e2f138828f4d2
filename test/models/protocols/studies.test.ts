// Protocols known to be wrong are convicted by a check from a cold start; what they were made from is not.
import { describe, expect, test } from 'vitest';

import { check } from '../../../models/dataflow/check.ts';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { STUDIES } from '../../../models/protocols/studies/index.ts';
import { CHAIN, convictions, exhaust } from './instances.ts';

const RUNS = 3000;

const protocolOf = (name: string): Protocol => STUDIES.find(({ protocol }) => protocol.name === name)!.protocol;

describe('studies', () => {
  test.each(STUDIES.map((study) => [study.protocol.name, study] as const))('%s is convicted', (_, study) => {
    const { verdict, counterexample } = check(study.protocol, { runs: RUNS });
    expect(verdict).toBe('violated');
    expect(study.laws).toContain(counterexample!.law);
    expect(counterexample!.path.length).toBeLessThan(45);
  });

  test('have names of their own', () => {
    const names = [...STUDIES.map(({ protocol }) => protocol.name), ...Object.keys(PROTOCOLS)];
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(['chandy-lamport', 'lai-yang', 'flink-at-least-once', 'flink-aligned'] as const)(
    '%s, held to its own promise, is not convicted by the same runs',
    (name) => {
      expect(check(PROTOCOLS[name], { runs: RUNS }).verdict).toBe('holds');
    },
    60_000,
  );

  test('are wrong about one thing only: numbers do name records where one input is processed in its order', () => {
    const protocol = protocolOf('deduplicated by number');
    const inOrder = exhaust(protocol, CHAIN, { crashes: 1 }, { maxStates: 40_000 });
    expect(convictions(inOrder)).toEqual([]);
    // Deferred work leaves a task in another order than it came, on a chain as well.
    const { counterexample } = check(protocol, { runs: RUNS, topology: 'chain' });
    expect(counterexample?.plan.topology.deferred).toBe(true);
  });
});
