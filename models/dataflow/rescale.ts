/**
 * Restoring a keyed stage with another parallelism than its parts were taken with: keyed state, timers and channel state
 * go to whoever owns their key group now, pre-committed transactions of sinks that are gone to those that are there.
 *
 * The channels in front of a rescaled stage are new ones, numbered as if the parallelism had always been the new one: what
 * the state contains has been received, what is restored in flight comes next, and then what the source sends.
 */
import { type KeyGroupRange, contains, intersect } from './key-groups.ts';
import type { FlowWorld } from './flow-world.ts';
import type { KeyedWorld } from './keyed-world.ts';
import type { Application, FlowRecord, FlowState, Part } from './state.ts';

/** The parts of one checkpoint by task, as the tasks of the new parallelism read them; without rescaling, as they are. */
export function redistributed(
  world: FlowWorld,
  state: FlowState,
  parts: readonly (Part | null)[],
): readonly (Part | null)[] {
  const { keyed } = world;
  if (keyed === null) return parts;
  const { subtasks, sinks } = keyed.stage;
  const old = subtasks.flatMap((task) => parts[task] ?? []);
  if (old.length === 0 || old[0]!.parallelism === state.store.parallelism) return parts;
  return parts.map((part, task) => {
    if (part === null) return null;
    if (subtasks.includes(task)) return subtaskPart({ world, keyed, state, old }, part);
    if (sinks.includes(task)) return { ...part, application: inherited(keyed, state, part, parts) };
    return { ...part, application: { ...part.application, sent: sentBy(world, keyed, state, part) } };
  });
}

/** What the parts of the stage have in common. */
interface Rescaling {
  readonly world: FlowWorld;
  readonly keyed: KeyedWorld;
  readonly state: FlowState;
  /** Parts of all subtasks, in order. */
  readonly old: readonly Part[];
}

function subtaskPart(rescaling: Rescaling, part: Part): Part {
  const { world, keyed, state, old } = rescaling;
  const { stage, rules } = keyed;
  const subtask = stage.subtasks.indexOf(part.task);
  const own = rules.range(subtask, state.store.parallelism, stage.maxParallelism);
  const isIdle = subtask >= state.store.parallelism;
  const isMine = (record: { readonly source: number; readonly seq: number }): boolean =>
    !isIdle && contains(own, keyed.keyGroup(record));
  const seen = part.application.seen.map((_, index) =>
    isMine(world.recordAt(index)) ? sum(old.map((each) => each.application.seen[index]!)) : 0,
  );
  const waiting: FlowRecord[] = [];
  let armed = 0;
  for (const { application } of old) {
    application.waiting.forEach((record, i) => {
      if (!isMine(record)) return;
      waiting.push(record);
      if (i < application.armed) armed++;
    });
  }
  const inputs = world.place(state, part.task).inputs;
  const received = inputs.map((channel) => countedFrom(world, channel, { seen, waiting }));
  const got = inputs.map((channel, input) =>
    world.topology.channels[channel]!.fifo ? [] : Array.from({ length: received[input]! }, (_, n) => n),
  );
  const channels = inputs.map((channel, input) => {
    const records = isIdle ? [] : channelState(rescaling, { channel, subtask, own });
    return { channel, records: records.map((record, i) => ({ ...record, n: received[input]! + i })) };
  });
  return { ...part, application: { ...part.application, seen, waiting, armed, received, got }, channels };
}

/** How many records of a channel's source the state contains or keeps. */
function countedFrom(
  world: FlowWorld,
  channel: number,
  { seen, waiting }: Pick<Application, 'seen' | 'waiting'>,
): number {
  const { from } = world.topology.channels[channel]!;
  const inState = sum(seen.filter((_, index) => world.recordAt(index).source === from));
  return inState + waiting.filter(({ source }) => source === from).length;
}

interface Reader {
  readonly channel: number;
  readonly subtask: number;
  readonly own: KeyGroupRange;
}

/** What lay in front of the old subtasks, from the channel's source, and belongs in front of this one; oldest first. */
function channelState(rescaling: Rescaling, { channel, subtask, own }: Reader): FlowRecord[] {
  const { world, keyed, old } = rescaling;
  const { rules } = keyed;
  const source = world.topology.channels[channel]!.from;
  return old
    .filter((part) => isRead(rescaling, part, { channel, subtask, own }))
    .flatMap((part) => part.channels)
    .filter((each) => world.topology.channels[each.channel]!.from === source)
    .flatMap((each) => each.records)
    .filter((record) => !rules.filters || contains(own, keyed.keyGroup(record)))
    .toSorted((x, y) => x.seq - y.seq);
}

function isRead({ keyed, state }: Rescaling, part: Part, { subtask, own }: Reader): boolean {
  const { stage, rules } = keyed;
  const was = stage.subtasks.indexOf(part.task);
  if (rules.channelState === 'namesake') return was === subtask;
  if (rules.channelState === 'surviving' && was >= state.store.parallelism) return false;
  return was < part.parallelism && intersect(own, rules.range(was, part.parallelism, stage.maxParallelism));
}

/** How many records of a source, up to a place in its log, belong to a subtask. */
function countOwned(
  keyed: KeyedWorld,
  state: FlowState,
  { source, below, subtask }: { readonly source: number; readonly below: number; readonly subtask: number },
): number {
  let owned = 0;
  for (let seq = 0; seq < below; seq++) {
    if (keyed.owner({ source, seq }, state.store.parallelism) === subtask) owned++;
  }
  return owned;
}

/** Records a source has sent on each output, had the parallelism always been the new one. */
function sentBy(world: FlowWorld, keyed: KeyedWorld, state: FlowState, { task, application }: Part): number[] {
  return world.outputs[task]!.map((channel, output) => {
    const subtask = keyed.stage.subtasks.indexOf(world.topology.channels[channel]!.to);
    if (subtask < 0) return application.sent[output]!;
    return countOwned(keyed, state, { source: task, below: application.read, subtask });
  });
}

/** A sink's part with the pre-committed transactions of those it answers for; one that is gone keeps none. */
function inherited(keyed: KeyedWorld, state: FlowState, part: Part, parts: readonly (Part | null)[]): Application {
  const isGone = keyed.isRemovedSink(state, part.task);
  if (isGone && part.channels.some(({ records }) => records.length > 0)) {
    throw new RangeError('records are in flight to a sink that is gone: sinks of their own need aligned checkpoints');
  }
  const left = keyed.stage.sinks.filter((sink) => keyed.heirOf(state, sink) === part.task);
  return { ...part.application, pending: left.flatMap((sink) => parts[sink]?.application.pending ?? []) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
