/**
 * Messages between the coordinator and the tasks: they arrive, get lost where the protocol allows it, or arrive twice.
 */
import type { Fingerprint } from '../../sim/explorable.ts';
import { fingerprint } from '../../sim/fingerprint.ts';
import { attemptOf } from './attempts.ts';
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import type { FlowStep } from './laws/law.ts';
import { CoordinatorPort, TaskPort } from './ports.ts';
import { isSplitEvent, takeSplit } from './split-parts.ts';
import { type FlowState, type Message, TO_COORDINATOR } from './state.ts';

/** Messages between one pair keep their order: only the first of each pair and attempt may arrive. They stand together. */
export function arrivals(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  const { messages } = state.network;
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i]!;
    if (i > 0 && isSamePair(messages[i - 1]!, message)) continue;
    if (message.to === TO_COORDINATOR ? !state.coordinator.up : !state.task(message.to).up) continue;
    actions.push({
      id: messageId(world, 'tell', message),
      kind: 'tell',
      ample: isQuiet(world, state, message),
      run: (s, step) => {
        s.writeNetwork().messages.splice(i, 1);
        arrive(world, s, message, step);
      },
    });
  }
}

/**
 * The receiver says that the message concerns nobody else, and no fault that is left could tell: a crash of the coordinator
 * makes an acknowledgement a late one, and what is lost or doubled does not arrive once.
 */
function isQuiet(world: FlowWorld, state: FlowState, message: Message): boolean {
  if (!world.isReducible) return false;
  const { coordinatorCrashes, duplicatedMessages, lostNotifications } = state.environment;
  if (message.to !== TO_COORDINATOR) {
    if (lostNotifications > 0 && world.protocol.lossy?.includes(message.name) === true) return false;
    // A completion gives an incremental backend its base.
    if (world.sharesFiles(message.to)) return false;
    const { protocol } = state.task(message.to);
    const place = world.place(state, message.to);
    return world.protocol.task.quiet?.(protocol, place, message.name, message.checkpoint) === true;
  }
  if (coordinatorCrashes > 0 || duplicatedMessages > 0 || message.files !== undefined) return false;
  return (
    world.protocol.coordinator.quiet?.(state.coordinator.protocol, world.coordinatorPlace(state), message) === true
  );
}

function isSamePair(one: Message, other: Message): boolean {
  return one.from === other.from && one.to === other.to && one.attempt === other.attempt;
}

/** Notices that may get lost, messages that may come twice, while the budget lasts. */
export function messageFaults(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  const { lostNotifications, duplicatedMessages } = state.environment;
  if (lostNotifications === 0 && duplicatedMessages === 0) return;
  state.network.messages.forEach((message, i) => {
    if (lostNotifications > 0 && world.protocol.lossy?.includes(message.name) === true) {
      actions.push({
        id: messageId(world, 'lose', message),
        kind: 'lose',
        run: (s) => {
          s.writeEnvironment().lostNotifications--;
          s.writeNetwork().messages.splice(i, 1);
        },
      });
    }
    if (duplicatedMessages > 0 && message.to === TO_COORDINATOR && state.coordinator.up) {
      actions.push({
        id: messageId(world, 'duplicate', message),
        kind: 'duplicate',
        run: (s, step) => {
          s.writeEnvironment().duplicatedMessages--;
          arrive(world, s, message, step);
        },
      });
    }
  });
}

/** The id of what happens to a message. */
export function messageId(world: FlowWorld, verb: string, message: Message): string {
  return `${verb}:${world.name(message.from)}>${world.name(message.to)}#${message.name}-${message.checkpoint}/a${message.attempt}`;
}

function arrive(world: FlowWorld, state: FlowState, message: Message, step: FlowStep): void {
  if (message.to === TO_COORDINATOR) {
    const port = new CoordinatorPort(state);
    const coordinator = state.writeCoordinator();
    const isOld = message.attempt < attemptOf(state, message.from);
    const before = isOld ? fingerprint(coordinator.protocol) : null;
    world.protocol.coordinator.message(coordinator.protocol, world.coordinatorPlace(state), message, port);
    if (before !== null && !equal(before, fingerprint(coordinator.protocol))) step.stale = message;
    return;
  }
  if (message.attempt !== attemptOf(state, message.to)) return;
  if (isSplitEvent(world, message)) {
    takeSplit(state, message);
    return;
  }
  const place = world.place(state, message.to);
  const port = new TaskPort(world, state, place, null);
  world.protocol.task.message(state.writeTask(message.to).protocol, place, message.name, message.checkpoint, port);
}

function equal(one: Fingerprint, other: Fingerprint): boolean {
  return one.high === other.high && one.low === other.low;
}
