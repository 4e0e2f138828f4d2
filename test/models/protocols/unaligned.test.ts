// Unaligned checkpoints step by step: what is stored as channel state, in which order it comes back, and when the aligned
// form switches (engines.md §2.6, §2.10).
import { describe, expect, test } from 'vitest';
import type { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import type { FlowState } from '../../../models/dataflow/state.ts';
import { joinTopology } from '../../../models/dataflow/topology.ts';
import { flinkUnaligned, flinkUnalignedTimeout } from '../../../models/protocols/index.ts';
import { MEET, worldOf } from './instances.ts';
import { replayEvents } from './theorem.ts';

const SINK = 2;
const TWO_EACH = { ...MEET, records: 2 };

function after(protocol: Protocol, ids: readonly string[]): { readonly world: FlowWorld; readonly state: FlowState } {
  const world = worldOf(protocol, TWO_EACH, { crashes: 1 });
  const state = replayEvents(world, world.initial(), ids);
  if (state === null) throw new Error('one of the actions is not possible');
  return { world, state };
}

const enabledIds = ({ world, state }: ReturnType<typeof after>): string[] => world.enabled(state).map(({ id }) => id);

const TRIGGERED = ['trigger:coordinator#1', 'tell:coordinator>s0#trigger-1/a0', 'tell:coordinator>s1#trigger-1/a0'];
const ALL_EMITTED = ['emit:s0#0', 'emit:s0#1', 'emit:s1#0', 'emit:s1#1'];

describe('a barrier that overtakes', () => {
  const cut = after(flinkUnaligned, [
    ...ALL_EMITTED,
    ...TRIGGERED,
    'deliver:s0>sink#barrier-1',
    'deliver:s1>sink#r1.0.0',
    'deliver:s1>sink#barrier-1',
  ]);

  test('leaves behind it, as channel state in order, what it overtook and what came before the other barrier', () => {
    const upload = cut.state.network.inFlight.find((effect) => effect.kind === 'upload' && effect.task === SINK);
    const channels = upload?.kind === 'upload' ? upload.part.channels : [];
    expect(channels.map(({ records }) => records.map(({ source, seq }) => `${source}.${seq}`))).toEqual([
      ['0.0', '0.1'],
      ['1.0', '1.1'],
    ]);
  });

  test('does not take them from the receiver: they are processed as ever', () => {
    expect(enabledIds(cut)).toEqual(expect.arrayContaining(['deliver:s0>sink#r0.0.0', 'deliver:s1>sink#r1.1.1']));
  });

  test('lets no checkpoint begin before restored channel state has been processed', () => {
    const uploads = ['s0', 's1', 'sink'].flatMap((task) => [
      `upload:${task}#c1/a0`,
      `tell:${task}>coordinator#ack-1/a0`,
    ]);
    const world = worldOf(flinkUnaligned, TWO_EACH, { crashes: 1, checkpoints: 2 });
    const replay = (ids: readonly string[], state: FlowState): FlowState => replayEvents(world, state, ids)!;
    const restored = replay(
      [
        ...ALL_EMITTED,
        ...TRIGGERED.map((id) => id.replace('coordinator#1', 'coordinator#2')),
        'deliver:s0>sink#barrier-1',
        'deliver:s1>sink#barrier-1',
        ...uploads,
        'store:coordinator#c1/a0',
        'crash:sink#1',
        'detect:failure',
      ],
      world.initial(),
    );
    const triggers = (): boolean => world.enabled(restored).some(({ kind }) => kind === 'trigger');
    const recovered = ['s0>sink#r0.0.0', 's0>sink#r0.1.1', 's1>sink#r1.0.0', 's1>sink#r1.1.1'];
    for (const id of recovered) {
      expect(triggers()).toBe(false);
      replay([`deliver:${id}`], restored);
    }
    expect(triggers()).toBe(true);
  });
});

describe('with an aligned time-out,', () => {
  const announced = [...ALL_EMITTED, ...TRIGGERED, 'deliver:s0>sink#announcement-1'];
  const barrierOf = (channel: string): string => `deliver:${channel}#barrier-1`;

  test('an announcement overtakes the records and arms the timer; the barrier stays where it is', () => {
    const ids = enabledIds(after(flinkUnalignedTimeout, announced));
    expect(ids).toContain('timer:sink#alignment-1');
    expect(ids).not.toContain(barrierOf('s0>sink'));
  });

  test('the timer pulls announced barriers forward, and later ones as soon as they are announced', () => {
    const fired = [...announced, 'timer:sink#alignment-1'];
    expect(enabledIds(after(flinkUnalignedTimeout, fired))).toContain(barrierOf('s0>sink'));
    expect(enabledIds(after(flinkUnalignedTimeout, fired))).not.toContain(barrierOf('s1>sink'));
    const both = [...fired, 'deliver:s1>sink#announcement-1'];
    expect(enabledIds(after(flinkUnalignedTimeout, both))).toContain(barrierOf('s1>sink'));
  });

  test('inputs that were blocked when it switches stay blocked until the last barrier (FLINK-22638)', () => {
    const aligned = [...announced, 'deliver:s0>sink#r0.0.0', 'deliver:s0>sink#r0.1.1', barrierOf('s0>sink')];
    const switched = [...aligned, 'timer:sink#alignment-1', 'deliver:s1>sink#announcement-1'];
    expect(after(flinkUnalignedTimeout, switched).state.task(SINK).blocked).toEqual([0]);
    const done = after(flinkUnalignedTimeout, [...switched, barrierOf('s1>sink')]);
    expect(done.state.task(SINK).blocked).toEqual([]);
    expect(done.state.task(SINK).timers).toEqual([]);
  });

  test('without the timer it is an aligned checkpoint: no channel state anywhere', () => {
    const world = worldOf(flinkUnalignedTimeout, joinTopology(), { calm: false });
    const state = world.initial();
    for (;;) {
      const next = world.enabled(state).find(({ kind }) => kind !== 'timer');
      if (next === undefined) break;
      world.apply(state, next);
    }
    const stored = state.store.parts.flatMap(({ channels }) => channels.flatMap(({ records }) => records));
    expect(state.store.everCompleted).toEqual([1]);
    expect(stored).toEqual([]);
  });
});
