// What Chandy and Lamport's theorem speaks of, read off a run: the computation's own events and where they stand against
// the recordings of their task, the recorded global states, and the same for a run without any snapshot.
import fc from 'fast-check';
import type { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import type { Application, Element, FlowState } from '../../../models/dataflow/state.ts';
import { reachingAll } from '../../../models/dataflow/plans.ts';
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

/**
 * Every task is reached from every other: one round through all of them, and chords. Sources stand in the cycle like
 * operators, and pass on what they receive.
 */
export function strongDigraph(fifo: boolean): fc.Arbitrary<Topology> {
  return fc
    .record({
      roles: fc.shuffledSubarray<TaskSpec['role']>(['source', 'source', 'operator', 'operator', 'operator'], {
        minLength: 2,
      }),
      records: fc.integer({ min: 1, max: 2 }),
      hops: fc.integer({ min: 1, max: 2 }),
      chords: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }),
    })
    .filter(({ roles }) => roles.includes('source') && roles.includes('operator'))
    .map(({ roles, records, hops, chords }) => {
      const tasks = roles.map((role, i): TaskSpec => ({ name: `${role === 'source' ? 's' : 'o'}${i}`, role }));
      const n = tasks.length;
      const channels = tasks.map((_, i): ChannelSpec => ({ from: i, to: (i + 1) % n, fifo }));
      for (const [from, to] of chords) {
        // A chord between sources could close a cycle in which nothing counts the rounds.
        if (roles[from % n] === 'operator') channels.push({ from: from % n, to: to % n, fifo });
      }
      return { name: 'strong', tasks, channels, records, capacity: 1000, sink: 'plain', hops };
    });
}

/** The same job with one to three sets of tasks that start its snapshots in turn. */
export function withInitiators(topologies: fc.Arbitrary<Topology>): fc.Arbitrary<Topology> {
  const sets = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 3 });
  return fc.tuple(topologies, sets).map(([topology, drawn]) => ({
    ...topology,
    initiators: drawn.map((set) => reachingAll(topology, [...new Set(set.map((n) => n % topology.tasks.length))])),
  }));
}

/** A global state of the computation: what every task knows, and what is on every channel. */
export interface GlobalState {
  readonly applications: readonly Application[];
  readonly channels: readonly (readonly Element[])[];
}

/** One completed snapshot. */
export interface RecordedSnapshot {
  readonly checkpoint: number;
  readonly recorded: GlobalState;
  /** Controls of it received by the end, per channel name. */
  readonly controls: Readonly<Record<string, number>>;
}

export interface RecordedRun {
  /** The computation's own events, in the order they happened, and the newest snapshot their task had recorded by then. */
  readonly events: readonly { readonly id: string; readonly recorded: number }[];
  /** In the order they completed. */
  readonly snapshots: readonly RecordedSnapshot[];
  readonly final: GlobalState;
  /** Snapshots under way that a task passed over when it recorded a newer one. */
  readonly skipped: number;
}

export function globalState(world: FlowWorld, state: FlowState): GlobalState {
  return {
    applications: world.topology.tasks.map((_, task) => state.task(task).application),
    channels: world.topology.channels.map((_, channel) => contents(world, channel, state.channel(channel).queue)),
  };
}

/** What is on a channel, but for what a protocol stamps on it; its order means nothing where none is kept. */
function contents(world: FlowWorld, channel: number, elements: readonly Element[]): readonly Element[] {
  const plain = elements.map((element) => (element.is === 'record' ? { ...element, tag: 0 } : element));
  if (world.topology.channels[channel]!.fifo) return plain;
  const n = (element: Element): number => (element.is === 'record' ? element.n : -1);
  return plain.toSorted((x, y) => n(x) - n(y));
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
  const events: { id: string; recorded: number }[] = [];
  const controls = new Map<number, Record<string, number>>();
  const completed: { checkpoint: number; recorded: GlobalState }[] = [];
  let skipped = 0;
  for (;;) {
    const enabled = world.enabled(state);
    if (enabled.length === 0) break;
    const action = enabled[Number(choices.next().value) % enabled.length]!;
    const control = /^deliver:(.+)#(?:marker|count)-(\d+)/.exec(action.id);
    if (control !== null) {
      const received = controls.get(Number(control[2])) ?? {};
      received[control[1]!] = (received[control[1]!] ?? 0) + 1;
      controls.set(Number(control[2]), received);
    }
    const before = newestRecorded(world, state);
    world.apply(state, action);
    const underWay = world.protocol.coordinator.pending(state.coordinator.protocol);
    newestRecorded(world, state).forEach((now, task) => {
      skipped += underWay.filter((checkpoint) => checkpoint > before[task]! && checkpoint < now).length;
    });
    const task = taskOf(world, action.id);
    if (task >= 0) {
      // A message of a newer epoch makes its receiver record first, and is processed behind the cut.
      events.push({ id: action.id, recorded: newestRecorded(world, state)[task]! });
    }
    const checkpoint = state.store.everCompleted.at(-1);
    if (checkpoint !== undefined && state.store.everCompleted.length > completed.length)
      completed.push({ checkpoint, recorded: recordedState(world, state, checkpoint) });
  }
  const snapshots = completed.map((each) => ({ ...each, controls: controls.get(each.checkpoint) ?? {} }));
  return { events, snapshots, final: globalState(world, state), skipped };
}

/** Per task, the newest snapshot it has recorded. */
function newestRecorded(world: FlowWorld, state: FlowState): readonly number[] {
  return world.topology.tasks.map((_, task) => (state.task(task).protocol as { readonly last: number }).last);
}

/** The parts of a checkpoint, put together. */
function recordedState(world: FlowWorld, state: FlowState, checkpoint: number): GlobalState {
  const parts = world.topology.tasks.map((_, task) =>
    state.store.parts.find((part) => part.task === task && part.checkpoint === checkpoint)!,
  );
  return {
    applications: parts.map((part) => part.application),
    channels: world.topology.channels.map(({ to }, channel) =>
      contents(world, channel, parts[to]!.channels.find((each) => each.channel === channel)!.records),
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
