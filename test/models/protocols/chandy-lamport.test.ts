// Chandy and Lamport's theorem (1985, §4.1) on random digraphs and schedules: with the events before each task's recording
// put before those behind it, the computation passes through the recorded state and ends where it ended. Any set of tasks
// starts a snapshot, several are under way at a time. Lai and Yang's snapshots obey it on channels without order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import type { Environment } from '../../../models/dataflow/topology.ts';
import { chandyLamport, laiYang } from '../../../models/protocols/index.ts';
import { TWO_RINGS, worldOf } from './instances.ts';
import {
  type RecordedRun,
  globalState,
  randomDigraph,
  replayEvents,
  runRecorded,
  strongDigraph,
  withInitiators,
} from './theorem.ts';

/** Three snapshots, of which two may be under way together. */
const REPEATED: Partial<Environment> = { calm: false, checkpoints: 3, maxConcurrent: 2 };

function computationsOn(fifo: boolean) {
  const shapes = fc.oneof(
    randomDigraph(fifo),
    strongDigraph(fifo),
    fc.constant(fifo ? TWO_RINGS.fifo : TWO_RINGS.loose),
  );
  return fc.record({ topology: withInitiators(shapes), choices: fc.infiniteStream(fc.nat()) });
}

const SCHEMES = [
  { protocol: chandyLamport, computations: computationsOn(true) },
  { protocol: laiYang, computations: computationsOn(false) },
] as const;

type Computation = ReturnType<typeof computationsOn> extends fc.Arbitrary<infer T> ? T : never;

function runOnce(protocol: Protocol, { topology, choices }: Computation): RecordedRun {
  return runRecorded(worldOf(protocol, topology, REPEATED), choices[Symbol.iterator]());
}

describe.each(SCHEMES)('each snapshot of $protocol.name', ({ protocol, computations }) => {
  test('is reachable from the initial state, and the final state is reachable from it', () => {
    fc.assert(
      fc.property(computations, (computation) => {
        const { events, snapshots, final } = runOnce(protocol, computation);
        const world = worldOf(protocol, computation.topology, { checkpoints: 0, calm: false });
        for (const { checkpoint, recorded } of snapshots) {
          const ids = (after: boolean): string[] =>
            events.filter((each) => each.recorded >= checkpoint === after).map(({ id }) => id);

          const middle = replayEvents(world, world.initial(), ids(false));
          expect(middle).not.toBeNull();
          expect(globalState(world, middle!)).toEqual(recorded);

          const end = replayEvents(world, middle!, ids(true));
          expect(end).not.toBeNull();
          expect(globalState(world, end!)).toEqual(final);
        }
      }),
    );
  });

  test('takes one control on every channel, no more and no fewer, whoever starts it', () => {
    fc.assert(
      fc.property(computations, (computation) => {
        const { channelNames } = worldOf(protocol, computation.topology);
        const once = Object.fromEntries(channelNames.map((name) => [name, 1]));
        for (const { controls } of runOnce(protocol, computation).snapshots) expect(controls).toEqual(once);
      }),
    );
  });

  test('need not be a state that the run itself went through', () => {
    const outOfOrder = ({ events, snapshots }: RecordedRun): boolean =>
      snapshots.some(({ checkpoint }) => {
        const first = events.findIndex(({ recorded }) => recorded >= checkpoint);
        return first >= 0 && events.slice(first).some(({ recorded }) => recorded < checkpoint);
      });
    const runs = fc.sample(computations, 200).map((each) => runOnce(protocol, each));
    expect(runs.filter(outOfOrder).length).toBeGreaterThan(10);
  });

  test('is followed by others: in most runs more than one completes', () => {
    const runs = fc.sample(computations, 100).map((each) => runOnce(protocol, each));
    expect(runs.every(({ snapshots }) => snapshots.length > 0)).toBe(true);
    expect(runs.filter(({ snapshots }) => snapshots.length > 1).length).toBeGreaterThan(50);
  });
});

test('whoever starts which snapshot: with markers in order, no task passes over one that is under way', () => {
  const [{ computations }] = SCHEMES;
  fc.assert(
    fc.property(computations, (each) => {
      expect(runOnce(chandyLamport, each).skipped).toBe(0);
    }),
  );
});

test('without order a newer epoch can come first, and the older snapshot gives way to it', () => {
  const runs = fc.sample(SCHEMES[1].computations, 200).map((each) => runOnce(laiYang, each));
  expect(runs.filter(({ skipped }) => skipped > 0).length).toBeGreaterThan(10);
});
