/**
 * What a clock would do, where time means nothing: a checkpoint is triggered or expires, a timer that is armed fires, and
 * the storm ends.
 */
import { requestCheckpoint } from './begin-checkpoint.ts';
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import { CoordinatorPort, TaskPort } from './ports.ts';
import { isStopping } from './savepoints.ts';
import type { FlowState } from './state.ts';

/** A timer that is armed may fire now. */
export function timerActions(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  for (let task = 0; task < state.tasks; task++) {
    for (const name of state.task(task).timers) {
      actions.push({
        id: `timer:${world.name(task)}#${name}`,
        kind: 'timer',
        run: (s) => {
          const place = world.place(s, task);
          const port = new TaskPort(world, s, place, null);
          port.cancelTimer(name);
          world.protocol.task.timer?.(s.writeTask(task).protocol, place, name, port);
        },
      });
    }
  }
}

/** The next checkpoint, if the trigger may start one. */
export function triggerActions(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  const { environment } = state;
  const isDue = environment.checkpoints > 0 || (actions.length === 0 && isRefusedInCalm(world, state));
  if (!isDue || environment.undetected) return;
  const pending = world.protocol.coordinator.pending(state.coordinator.protocol);
  if (pending.length >= world.environment.maxConcurrent || isStopping(world, state)) return;
  if (state.coordinator.enumerator.opening > 0) return;
  for (let task = 0; task < state.tasks; task++) if (!state.task(task).up) return;
  if (world.protocol.needs.recoveryFirst === true) {
    for (let channel = 0; channel < world.channelNames.length; channel++) {
      if (state.channel(channel).recovered > 0) return;
    }
  }
  actions.push({
    id: `trigger:coordinator#${environment.checkpoints}`,
    kind: 'trigger',
    run: (s) => trigger(world, s),
  });
}

/**
 * Nothing else can happen in calm, and its checkpoint was refused: it is followed by one more, as it would be on a clock. A
 * coordinator may have to refuse one to learn what it takes to complete the next. One that had to wait for its time-out was
 * not refused, it was stuck. The count of checkpoints left is -1 from then on.
 */
function isRefusedInCalm(world: FlowWorld, { environment, store, coordinator }: FlowState): boolean {
  if (!environment.calm || environment.checkpoints !== 0) return false;
  const newest = store.nextId - 1;
  if (store.everCompleted.includes(newest) || environment.expiredUpTo >= newest) return false;
  return world.protocol.coordinator.pending(coordinator.protocol).length === 0;
}

function trigger(world: FlowWorld, state: FlowState): void {
  state.writeEnvironment().checkpoints--;
  requestCheckpoint(world, state, state.writeStore().nextId++);
}

/** Checkpoints under way that may expire before their time, while the budget lasts. */
export function expiries(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  if (state.environment.timeouts === 0 || world.protocol.coordinator.expired === undefined) return;
  for (const checkpoint of world.protocol.coordinator.pending(state.coordinator.protocol)) {
    actions.push({
      id: `expire:coordinator#${checkpoint}`,
      kind: 'expire',
      run: (s) => {
        s.writeEnvironment().timeouts--;
        expire(world, s, checkpoint);
      },
    });
  }
}

/** A checkpoint that nothing can complete any more expires, however long its time-out. */
export function lastExpiry(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  if (world.protocol.coordinator.expired === undefined) return;
  for (const checkpoint of world.protocol.coordinator.pending(state.coordinator.protocol)) {
    if (checkpoint <= state.environment.expiredUpTo) continue;
    actions.push({
      id: `timeout:coordinator#${checkpoint}`,
      kind: 'timeout',
      run: (s) => {
        s.writeEnvironment().expiredUpTo = checkpoint;
        expire(world, s, checkpoint);
      },
    });
    return;
  }
}

function expire(world: FlowWorld, state: FlowState, checkpoint: number): void {
  const coordinator = state.writeCoordinator().protocol;
  world.protocol.coordinator.expired?.(
    coordinator,
    world.coordinatorPlace(state),
    checkpoint,
    new CoordinatorPort(state),
  );
}

/** The storm is over: no more faults, and one more checkpoint, or two if the first is refused. */
export function calmAction(): FlowAction {
  return {
    id: 'calm:all',
    kind: 'calm',
    run: (state) => {
      const environment = state.writeEnvironment();
      environment.calm = true;
      environment.checkpoints = 1;
    },
  };
}
