/**
 * A failure has been noticed: every task starts again, in a new attempt, from the newest completed checkpoint (global
 * failover), or only those of the failed regions do, and the others go on with what they have. What the old attempt has in
 * flight stays there if zombies are allowed, and lands when it likes.
 */
import { attemptOf, beginAttempt } from './attempts.ts';
import { copyApplication } from './component-copies.ts';
import type { FlowStep } from './laws/law.ts';
import type { FlowWorld } from './flow-world.ts';
import { type Backend, countsIn, countsInPart, freshBackend, restoredBackend } from './shared-files.ts';
import { CoordinatorPort } from './ports.ts';
import { abortTransaction, openTransaction } from './sinks.ts';
import { restoreSplits } from './split-parts.ts';
import { addInFlight } from './ordered-sets.ts';
import { redistributed } from './rescale.ts';
import { type FlowState, type Part, TO_COORDINATOR } from './state.ts';

/** The regions that have failed start again, and the coordinator hears of it; where they are all there is, everything does. */
export function restartFailed(world: FlowWorld, state: FlowState, step: FlowStep): void {
  const failed = world.topology.tasks.flatMap((_, task) => (state.task(task).up ? [] : [task]));
  const restarted = world.regions.restartedBy(state.coordinator.up ? failed : 'everything');
  if (restarted.length === state.tasks) {
    restartAll(world, state, step);
    return;
  }
  const restored = chosenCheckpoint(world, state);
  state.writeEnvironment().undetected = false;
  state.writeStore().unknown = [];
  beginAttempt(state, restarted);
  dropStaleNetwork(world, state, restarted);
  const coordinator = state.writeCoordinator();
  coordinator.restored = restored;
  const [place, port] = [world.coordinatorPlace(state), new CoordinatorPort(state)];
  world.protocol.coordinator.failover?.(coordinator.protocol, place, { restarted, restored }, port);
  restartTasks(world, state, restored, restarted);
  step.restored = restored;
}

export function restartAll(world: FlowWorld, state: FlowState, step: FlowStep): void {
  startFrom(world, state, chosenCheckpoint(world, state), step);
}

function chosenCheckpoint(world: FlowWorld, { store }: FlowState): number {
  const completed = store.completed.map((each) => each.checkpoint);
  const choose = world.protocol.restore ?? ((ids: readonly number[]) => Math.max(0, ...ids));
  return choose(completed, [...new Set(store.parts.map((part) => part.checkpoint))]);
}

/** A new attempt begins from a checkpoint or savepoint; 0: from nothing. */
export function startFrom(world: FlowWorld, state: FlowState, restored: number, step: FlowStep): void {
  state.writeEnvironment().undetected = false;
  const all = Array.from({ length: state.tasks }, (_, task) => task);
  beginAttempt(state, all);
  const store = state.writeStore();
  // The pointers that a new attempt finds are all it goes by: for it nothing is unknown.
  store.unknown = [];
  if (world.engine.ids === 'from-restored') store.nextId = restored + 1;
  dropStaleNetwork(world, state, all);
  restartTasks(world, state, restored, all);
  const coordinator = state.writeCoordinator();
  coordinator.up = true;
  coordinator.restored = restored;
  const [place, before] = [world.coordinatorPlace(state), coordinator.protocol];
  coordinator.protocol = world.protocol.coordinator.start(place, store.nextId, restored, before);
  restoreSplits(world, state, restored);
  step.restored = restored;
}

/** The tasks take up what the checkpoint says, the channels between them as well. */
function restartTasks(world: FlowWorld, state: FlowState, restored: number, tasks: readonly number[]): void {
  for (const channel of channelsBetween(world, tasks)) {
    Object.assign(state.writeChannel(channel), { queue: [], recovered: 0 });
  }
  const parts = Array.from({ length: state.tasks }, (_, task) => {
    const part = partOf(state, restored, task);
    if (part === null) return null;
    return world.engine.read(world.sharesFiles(task) ? withCounts(state, part) : part, world.topology);
  });
  const read = redistributed(world, state, parts);
  for (const task of tasks) restoreTask(world, state, task, read[task]!);
  for (const task of tasks) {
    rereadLogs(world, state, task);
    state.writeTask(task).protocol = world.protocol.task.start(world.place(state, task), restored);
  }
}

/** Channels that lose what is in them when these tasks restart. */
export function channelsBetween({ topology }: FlowWorld, tasks: readonly number[]): readonly number[] {
  return topology.channels.flatMap(({ from, to }, channel) =>
    tasks.includes(from) && tasks.includes(to) ? [channel] : [],
  );
}

function partOf(state: FlowState, checkpoint: number, task: number): Part | null {
  return state.store.parts.find((part) => part.checkpoint === checkpoint && part.task === task) ?? null;
}

/** What the operator had processed is what the files of its part say, whatever they say. */
function withCounts(state: FlowState, part: Part): Part {
  return { ...part, application: { ...part.application, seen: countsInPart(state.store, part) } };
}

/** Requests to dead tasks go nowhere; what they had sent themselves may still arrive. Tasks that go on keep both. */
function dropStaleNetwork(world: FlowWorld, state: FlowState, restarted: readonly number[]): void {
  const { zombies } = world.environment;
  const network = state.writeNetwork();
  network.messages = network.messages.filter(({ from, to }) =>
    to === TO_COORDINATOR ? zombies || !restarted.includes(from) : !restarted.includes(to),
  );
  // A completion that was being written is fenced by the new leader, or comes behind the failover: it has landed already, or
  // never will.
  network.inFlight = network.inFlight.filter(
    ({ kind, task }) => kind !== 'store' && (zombies || !restarted.includes(task)),
  );
}

function restoreTask(world: FlowWorld, state: FlowState, task: number, part: Part | null): void {
  const component = state.writeTask(task);
  component.up = true;
  component.parts = [];
  component.blocked = [];
  component.timers = [];
  component.suspended = 0;
  component.application = part === null ? world.freshApplication(task) : copyApplication(part.application);
  component.backend = part !== null && world.sharesFiles(task) ? backendOf(state, part) : freshBackend();
  for (const { channel, records } of part?.channels ?? []) {
    const restored = state.writeChannel(channel);
    restored.queue.push(...records);
    restored.recovered = records.length;
  }
  if (world.opensTransactions(state, task)) restoreSink(world, state, task);
}

/** The files of the part, unless rescaling gave the task another state than they hold: then it begins files of its own. */
function backendOf(state: FlowState, { checkpoint, task, application: { seen } }: Part): Backend {
  const backend = restoredBackend(state.store, checkpoint, task);
  const counts = countsIn(backend.files, seen.length);
  return seen.every((n, i) => n === counts[i]) ? backend : freshBackend();
}

/** Durable channels: what a task has not read yet begins at the position its part was taken at. */
function rereadLogs(world: FlowWorld, state: FlowState, task: number): void {
  if (world.protocol.needs.durableChannels !== true) return;
  world.place(state, task).inputs.forEach((channel, input) => {
    const log = state.writeChannel(channel);
    log.queue = log.log.slice(state.task(task).application.received[input]);
  });
}

/** The sink that aborts what this one left open. */
function answersFor(world: FlowWorld, state: FlowState, task: number): number {
  return world.rules.abortsOfRemoved === 'nobody' ? task : (world.keyed?.heirOf(state, task) ?? task);
}

/** recoverAndCommit what the part holds as pre-committed, recoverAndAbort everything else of this sink. */
function restoreSink(world: FlowWorld, state: FlowState, task: number): void {
  const { application } = state.writeTask(task);
  const kept = new Set(application.pending.map(([, id]) => id));
  state.output.transactions.forEach((transaction, id) => {
    const goesOn = world.rules.transactionIds === 'reused' && transaction.status === 'open';
    if (answersFor(world, state, transaction.task) === task && !kept.has(id) && world.rules.abortOnRestore && !goesOn)
      abortTransaction(world, state, id);
  });
  if (world.rules.recommitOnRestore) {
    const network = state.writeNetwork();
    const attempt = attemptOf(state, task);
    for (const [checkpoint, transaction] of application.pending) {
      addInFlight(network, { kind: 'commit', task, checkpoint, attempt, transaction });
    }
  }
  const left = state.output.transactions.findIndex(({ task: of, status }) => of === task && status === 'open');
  if (world.rules.transactionIds === 'reused' && left >= 0) application.transaction = left;
  else openTransaction(state, task);
}
