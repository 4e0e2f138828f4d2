import { describe, expect, test } from 'vitest';

import { PEACE, chainTopology } from '../../../models/dataflow/topology.ts';
import { effectMutants, runMutants } from '../../../models/mutants/index.ts';
import { chandyLamport, flinkAligned } from '../../../models/protocols/index.ts';

const surroundings = { topology: chainTopology(), environment: { ...PEACE, crashes: 1 }, probes: 20 };

describe('mutants made from the effects of a protocol', () => {
  const mutants = effectMutants(flinkAligned, surroundings);

  test('are four for each place where a handler emits an effect', () => {
    expect(mutants.length % 4).toBe(0);
    const skipped = mutants.map(({ name }) => name).filter((name) => name.startsWith('skip '));
    expect(skipped).toEqual([
      'skip coordinator message(ack) store',
      'skip coordinator stored discard',
      'skip coordinator stored tell(complete)',
      'skip coordinator trigger tell(trigger)',
      'skip task control(barrier) block',
      'skip task control(barrier) broadcast(barrier)',
      'skip task control(barrier) preCommit',
      'skip task control(barrier) snapshot',
      'skip task control(barrier) upload',
      'skip task message(complete) commitUpTo',
      'skip task message(trigger) broadcast(barrier)',
      'skip task message(trigger) preCommit',
      'skip task message(trigger) snapshot',
      'skip task message(trigger) upload',
      'skip task uploaded tell(ack)',
    ]);
  });

  test('are killed where the effect matters, and live where it does not', () => {
    const results = runMutants({ mutants, maxStates: 200, runs: 60 });
    expect(results.flatMap(({ baseBreaks }) => baseBreaks)).toEqual([]);
    const living = results.filter(({ name, status }) => name.startsWith('skip ') && status !== 'killed');
    expect(living.map(({ name }) => name)).toEqual([
      // One input: there is nothing to align.
      'skip task control(barrier) block',
      // Only sinks pre-commit, and a source is none.
      'skip task message(trigger) preCommit',
    ]);
    expect(results.find(({ name }) => name === 'skip coordinator stored discard')?.law).toBe('D3');
    expect(results.find(({ name }) => name === 'duplicate coordinator message(ack) store')?.law).toMatch(/C1|M1/);
  });

  test('need no knowledge of the protocol', () => {
    const names = effectMutants(chandyLamport, { ...surroundings, probes: 5 }).map(({ name }) => name);
    expect(names).toContain('delay task control(marker) broadcast(marker)');
  });
});
