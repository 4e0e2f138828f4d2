// Chandy and Lamport's theorem (1985, §4.1) on random digraphs and schedules: with the events before each task's recording
// put before those behind it, the computation passes through the recorded state and ends where it ended.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chandyLamport } from '../../../models/protocols/index.ts';
import { worldOf } from './instances.ts';
import { type RecordedRun, globalState, randomDigraph, replayEvents, runRecorded } from './theorem.ts';

const computations = fc.record({ topology: randomDigraph(true), choices: fc.infiniteStream(fc.nat()) });

function runOnce({ topology, choices }: typeof computations extends fc.Arbitrary<infer T> ? T : never): RecordedRun {
  return runRecorded(worldOf(chandyLamport, topology, { calm: false }), choices[Symbol.iterator]());
}

describe('a snapshot of Chandy and Lamport', () => {
  test('is reachable from the initial state, and the final state is reachable from it', () => {
    fc.assert(
      fc.property(computations, (computation) => {
        const { events, recorded, final } = runOnce(computation);
        const ids = (after: boolean): string[] => events.filter((each) => each.recorded === after).map(({ id }) => id);
        const world = worldOf(chandyLamport, computation.topology, { checkpoints: 0, calm: false });

        const middle = replayEvents(world, world.initial(), ids(false));
        expect(middle).not.toBeNull();
        expect(globalState(world, middle!)).toEqual(recorded);

        const end = replayEvents(world, middle!, ids(true));
        expect(end).not.toBeNull();
        expect(globalState(world, end!)).toEqual(final);
      }),
    );
  });

  test('takes one marker on every channel, no more and no fewer', () => {
    fc.assert(
      fc.property(computations, (computation) => {
        const { markers } = runOnce(computation);
        const { channelNames } = worldOf(chandyLamport, computation.topology);
        expect(markers).toEqual(Object.fromEntries(channelNames.map((name) => [name, 1])));
      }),
    );
  });

  test('need not be a state that the run itself went through', () => {
    const outOfOrder = ({ events }: RecordedRun): boolean => {
      const first = events.findIndex(({ recorded }) => recorded);
      return first >= 0 && events.slice(first).some(({ recorded }) => !recorded);
    };
    const runs = fc.sample(computations, 200).map(runOnce);
    expect(runs.filter(outOfOrder).length).toBeGreaterThan(10);
  });
});
