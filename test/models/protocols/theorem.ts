// What Chandy and Lamport's theorem speaks of, read off a run: the computation's own events and where they stand against
// the recording of their task, the recorded global state, and the same for a run without any snapshot.
import fc from 'fast-check';
import type { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import type { Application, Element, FlowState } from '../../../models/dataflow/state.ts';
import type { ChannelSpec, TaskSpec, Topology } from '../../../models/dataflow/topology.ts';

/** Sources, and operators each fed by some task before it, with edges back and forth between operators: cycles, twins. */
export function randomDigraph(fifo: boolean): fc.Arbitrary<Topology> {
  return fc
    .record({
      sources: fc.integer({ min: 1, max: 2 }),
      operators: fc.integer({ min: 1, max: 4 }),
      records: fc.integer({ min: 1, max: 2 }),
      hops: fc.integer({ min: 1, max: 2 }),
      feeds: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      edges: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 }),
    })
    .map(({ sources, operators, records, hops, feeds, edges }) => {
      const tasks: TaskSpec[] = [
        ...Array.from({ length: sources }, (_, i): TaskSpec => ({ name: `s${i}`, role: 'source' })),
        ...Array.from({ length: operators }, (_, i): TaskSpec => ({ name: `o${i}`, role: 'operator' })),
      ];
      const channels: ChannelSpec[] = [];
      for (let s = 1; s < sources; s++) channels.push({ from: s, to: sources + (feeds[s]! % operators), fifo });
      for (let o = 0; o < operators; o++) {
        const from = o === 0 ? 0 : feeds[o]! % (sources + o);
        channels.push({ from, to: sources + o, fifo });
      }
      for (const [from, to] of edges) {
        channels.push({ from: sources + (from % operators), to: sources + (to % operators), fifo });
      }
      return { name: 'random', tasks, channels, records, capacity: 1000, sink: 'plain', hops };
    });
}

/** A global state of the computation: what every task knows, and what is on every channel. */
export interface GlobalState {
  readonly applications: readonly Application[];
  readonly channels: readonly (readonly Element[])[];
}

export interface RecordedRun {
  /** The computation's own events, in the order they happened, and whether their task had recorded before. */
  readonly events: readonly { readonly id: string; readonly recorded: boolean }[];
  readonly recorded: GlobalState;
  readonly final: GlobalState;
  /** Markers received, per channel name. */
  readonly markers: Readonly<Record<string, number>>;
}

export function globalState(world: FlowWorld, state: FlowState): GlobalState {
  return {
    applications: world.topology.tasks.map((_, task) => state.task(task).application),
    channels: world.topology.channels.map((_, channel) => state.channel(channel).queue),
  };
}

/** Task at which an event of the computation happens; -1 for events of the protocol. */
function taskOf(world: FlowWorld, id: string): number {
  const nameAt = (name: string): number => world.topology.tasks.findIndex((task) => task.name === name);
  const emit = /^emit:(\w+)#/.exec(id);
  if (emit !== null) return nameAt(emit[1]!);
  const deliver = /^deliver:(.+)#r\d/.exec(id);
  return deliver === null ? -1 : world.topology.channels[world.channelNames.indexOf(deliver[1]!)]!.to;
}

/** Runs to the end; `choices` decide which of the enabled actions is next. */
export function runRecorded(world: FlowWorld, choices: Iterator<number>): RecordedRun {
  const state = world.initial();
  const events: { id: string; recorded: boolean }[] = [];
  const markers: Record<string, number> = {};
  let recorded: GlobalState | null = null;
  for (;;) {
    const enabled = world.enabled(state);
    if (enabled.length === 0) break;
    const action = enabled[Number(choices.next().value) % enabled.length]!;
    const task = taskOf(world, action.id);
    if (task >= 0) {
      const { last } = state.task(task).protocol as { readonly last: number };
      events.push({ id: action.id, recorded: last > 0 });
    }
    const marker = /^deliver:(.+)#marker-/.exec(action.id);
    if (marker !== null) markers[marker[1]!] = (markers[marker[1]!] ?? 0) + 1;
    world.apply(state, action);
    if (recorded === null && state.store.everCompleted.length > 0) recorded = recordedState(world, state);
  }
  if (recorded === null) throw new Error('the snapshot never completed');
  return { events, recorded, final: globalState(world, state), markers };
}

/** The parts of checkpoint 1, put together. */
function recordedState(world: FlowWorld, state: FlowState): GlobalState {
  const parts = world.topology.tasks.map((_, task) => state.store.parts.find((part) => part.task === task)!);
  return {
    applications: parts.map((part) => part.application),
    channels: world.topology.channels.map(
      ({ to }, channel) => parts[to]!.channels.find((each) => each.channel === channel)!.records,
    ),
  };
}

/** Takes the events one after the other; null when one of them is not possible. */
export function replayEvents(world: FlowWorld, state: FlowState, ids: readonly string[]): FlowState | null {
  for (const id of ids) {
    const action = world.enabled(state).find((each) => each.id === id);
    if (action === undefined) return null;
    world.apply(state, action);
  }
  return state;
}
