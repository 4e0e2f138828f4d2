/**
 * Mutants made so that one law alone convicts them, however long a run goes on: in surroundings without the crash, or
 * with the sink, that would let another law see the same fault. They are what keeps a law from being called redundant.
 */
import { PEACE, chainTopology, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { type FlinkCoordinator, newPending } from '../protocols/flink-coordinator.ts';
import { asyncNotDrained } from './async-not-drained.ts';
import { blindRecommit } from './blind-recommit.ts';
import { commitOnBarrier } from './commit-on-barrier.ts';
import { disorderChannelState } from './disorder-channel-state.ts';
import { lingering } from './lingering.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { notifyBeforeMetadata } from './notify-before-metadata.ts';
import { offsetAfterBarrier } from './offset-after-barrier.ts';
import { timersOutside } from './timers-outside.ts';
import { withCoordinator, withCoordinatorEffects, withEffects, withTask } from './wrap.ts';

const aligned = { base: flinkAligned, topology: chainTopology(), environment: PEACE, expected: KILLED } as const;

const crashed = { ...aligned, environment: { ...PEACE, crashes: 1 } } as const;

/** Two records to tell apart, of which a checkpoint may cover one. */
const twoKeys = { ...crashed, topology: joinTopology({ sink: 'idempotent' }) } as const;

/** Counts of one record are taken for those of the next; how many there are stays right. */
const ofAnotherKey = (seen: readonly number[]): number[] => [...seen.slice(1), ...seen.slice(0, 1)];

const stateWrittenToAnotherKey: Mutant = {
  ...twoKeys,
  name: 'stateWrittenToAnotherKey',
  broken: 'the snapshot stores the count of a key under another',
  protocol: {
    ...flinkAligned,
    engine: {
      capture: (part) => ({ ...part, application: { ...part.application, seen: ofAnotherKey(part.application.seen) } }),
    },
  },
  law: 'S1',
};

const stateReadFromAnotherKey: Mutant = {
  ...twoKeys,
  name: 'stateReadFromAnotherKey',
  broken: 'the restore takes the count of a key for that of another',
  protocol: {
    ...flinkAligned,
    engine: {
      read: (part) => ({ ...part, application: { ...part.application, seen: ofAnotherKey(part.application.seen) } }),
    },
  },
  law: 'S1',
};

const offsetBehind: Mutant = {
  ...aligned,
  name: 'offsetBehind',
  broken: 'a source records the offset before the last one it sent',
  protocol: {
    ...flinkAligned,
    engine: {
      capture: (part) => ({
        ...part,
        application: { ...part.application, read: Math.max(0, part.application.read - 1) },
      }),
    },
  },
  law: 'C4',
};

const rotateChannelState: Mutant = {
  ...disorderChannelState,
  name: 'rotateChannelState',
  broken: 'the first message of the channel state is replayed last',
  protocol: {
    ...disorderChannelState.base,
    engine: {
      read: (part) => ({
        ...part,
        channels: part.channels.map(({ channel, records }) => ({
          channel,
          records: [...records.slice(1), ...records.slice(0, 1)],
        })),
      }),
    },
  },
  topology: joinTopology({ records: 3 }),
};

const notifyAtFirstAck: Mutant = {
  ...aligned,
  name: 'notifyAtFirstAck',
  broken: 'the first acknowledgement is answered with a completion notice',
  topology: chainTopology({ sink: 'idempotent' }),
  protocol: withCoordinator(flinkAligned, (base) => ({
    message(state, place, told, fx) {
      base.message(state, place, told, fx);
      if (told.name === 'ack') fx.tell(told.from, 'complete', told.checkpoint);
    },
  })),
  law: 'D1',
};

const neverSubsumes: Mutant = {
  ...aligned,
  name: 'neverSubsumes',
  broken: 'older completed checkpoints are kept for ever',
  protocol: withCoordinatorEffects(flinkAligned, (_fx, { handler }) => (handler === 'stored' ? { discard() {} } : {})),
  law: 'D3',
};

const forgetsRetained: Mutant = {
  ...aligned,
  name: 'forgetsRetained',
  broken: 'a coordinator that starts again does not know what is retained',
  protocol: withCoordinator(flinkAligned, (base) => ({
    start: (place, nextId, restored) => base.start({ ...place, completed: [] }, nextId, restored),
  })),
  environment: { ...PEACE, coordinatorCrashes: 1 },
  law: 'D3',
};

const commitOnUpload: Mutant = {
  ...aligned,
  name: 'commitOnUpload',
  broken: 'the sink commits when its own part is stored',
  protocol: withTask(flinkAligned, (base) => ({
    uploaded(state, place, checkpoint, fx) {
      fx.commitUpTo(checkpoint);
      base.uploaded(state, place, checkpoint, fx);
    },
  })),
  law: 'E3',
};

/** The calm checkpoint is the only one: behind it no record is left to be held up. */
const lastOnly = { ...aligned, environment: { ...PEACE, checkpoints: 0 } } as const;

const firstInputStaysBlocked: Mutant = {
  ...lastOnly,
  name: 'firstInputStaysBlocked',
  broken: 'after the alignment the first input stays blocked',
  protocol: withEffects(flinkAligned, (fx, { place }) => ({
    block: (input, blocked) => fx.block(input, blocked || input === place.inputs[0]),
  })),
  law: 'L2',
};

const slotStaysTaken: Mutant = {
  ...lastOnly,
  name: 'slotStaysTaken',
  broken: 'a completed checkpoint keeps its slot',
  protocol: withCoordinator(flinkAligned, (base) => ({
    stored(state, place, checkpoint, fx) {
      base.stored(state, place, checkpoint, fx);
      (state as FlinkCoordinator).pending.push({ ...newPending(place, checkpoint), storing: true });
    },
  })),
  law: 'L2',
};

const restoreNothing: Mutant = {
  ...crashed,
  name: 'restoreNothing',
  broken: 'a restart begins from nothing',
  topology: chainTopology({ sink: 'plain' }),
  protocol: { ...flinkAligned, restore: () => 0 },
  law: 'M1',
};

const pendingTwice: Mutant = {
  ...aligned,
  name: 'pendingTwice',
  broken: 'one checkpoint is under way under two entries',
  protocol: withCoordinator(flinkAligned, (base) => ({
    trigger(state, place, checkpoint, fx) {
      base.trigger(state, place, checkpoint, fx);
      (state as FlinkCoordinator).pending.push(newPending(place, checkpoint));
    },
  })),
  law: 'M2',
};

const heedsTheDead: Mutant = {
  ...crashed,
  name: 'heedsTheDead',
  broken: 'a message of an older attempt changes what the coordinator knows',
  protocol: withCoordinator(flinkAligned, (base) => ({
    message(state, place, told, fx) {
      (state as { heard?: number }).heard = told.checkpoint;
      base.message(state, place, told, fx);
    },
  })),
  law: 'M2',
};

/** One of the catalogue where only its own law can see it. */
const alone = (mutant: Mutant, where: string, change: Partial<Mutant>): Mutant => ({
  ...mutant,
  ...change,
  name: `${mutant.name} ${where}`,
});

/** In order of their laws. */
export const SOLE_MUTANTS: readonly Mutant[] = [
  alone(offsetAfterBarrier, 'in peace', { environment: PEACE }),
  offsetBehind,
  rotateChannelState,
  alone(notifyBeforeMetadata, 'of a plain sink', { topology: chainTopology({ sink: 'plain' }) }),
  notifyAtFirstAck,
  neverSubsumes,
  forgetsRetained,
  alone(blindRecommit, 'behind a new coordinator', { environment: { ...PEACE, coordinatorCrashes: 1 } }),
  alone(commitOnBarrier, 'in peace', { environment: PEACE }),
  commitOnUpload,
  firstInputStaysBlocked,
  slotStaysTaken,
  alone(lingering, 'behind a new coordinator', { environment: { ...PEACE, coordinatorCrashes: 1 } }),
  restoreNothing,
  pendingTwice,
  heedsTheDead,
  stateWrittenToAnotherKey,
  stateReadFromAnotherKey,
  alone(timersOutside, 'in peace', { environment: PEACE }),
  alone(asyncNotDrained, 'in peace', { environment: PEACE }),
];
