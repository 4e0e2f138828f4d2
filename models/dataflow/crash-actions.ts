/** Crashes, of tasks and of the coordinator, and somebody noticing them. */
import { attemptOf } from './attempts.ts';
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import { restartFailed } from './restart.ts';
import { forgetStop, stoppedWith } from './savepoint-records.ts';
import { freshBackend } from './shared-files.ts';
import { type FlowState, TO_COORDINATOR } from './state.ts';

/** Everything that is up may crash, while the budget lasts and no failure waits to be noticed. */
export function crashes(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  const { environment } = state;
  if (environment.undetected) return;
  if (environment.crashes > 0) {
    for (let task = 0; task < state.tasks; task++) {
      if (!state.task(task).up) continue;
      actions.push({
        id: `crash:${world.name(task)}#${environment.crashes}`,
        kind: 'crash',
        run: (s) => {
          s.writeEnvironment().crashes--;
          failTask(world, s, task);
        },
      });
    }
  }
  const isPromised = stoppedWith(state) === undefined || world.environment.beyond?.includes('crash-in-stop') === true;
  if (environment.coordinatorCrashes > 0 && isPromised) {
    actions.push({
      id: `crash:coordinator#${environment.coordinatorCrashes}`,
      kind: 'crash',
      run: (s) => crashCoordinator(world, s),
    });
  }
}

/** A failure that happened is noticed. */
export function detection(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  if (!state.environment.undetected) return;
  // A job that fails after its last savepoint waits for its user.
  if (stoppedWith(state) !== undefined && world.engine.failedStop === 'job-failed') return;
  actions.push({ id: 'detect:failure', kind: 'detect', run: (s, step) => restartFailed(world, s, step) });
}

/** The task's volatile state is gone at once; somebody has to notice. */
export function failTask(world: FlowWorld, state: FlowState, task: number): void {
  state.writeEnvironment().undetected = true;
  const component = state.writeTask(task);
  component.up = false;
  component.parts = [];
  component.blocked = [];
  component.timers = [];
  component.protocol = null;
  component.application = world.freshApplication(task);
  component.backend = freshBackend();
  if (!world.engine.syncsOnClose) loseUnsynced(state, task);
  if (world.environment.zombies) return;
  const network = state.writeNetwork();
  network.messages = network.messages.filter((message) => message.from !== task);
  network.inFlight = network.inFlight.filter((effect) => effect.task !== task);
}

/** What the task's host wrote in this attempt was in its memory. */
function loseUnsynced(state: FlowState, task: number): void {
  const store = state.writeStore();
  const attempt = attemptOf(state, task);
  const isSafe = (each: { readonly task: number; readonly attempt: number }): boolean =>
    each.task !== task || each.attempt !== attempt;
  store.parts = store.parts.filter(isSafe);
  store.files = store.files.filter(isSafe);
}

/** The coordinator's memory is gone; its successor begins from what is durable, with every task restarted. */
function crashCoordinator(world: FlowWorld, state: FlowState): void {
  const environment = state.writeEnvironment();
  environment.coordinatorCrashes--;
  environment.undetected = true;
  forgetStop(state);
  state.writeCoordinator().enumerator = { unassigned: [], opening: 0, closedFor: [] };
  const { nextId } = state.store;
  const coordinator = state.writeCoordinator();
  coordinator.up = false;
  coordinator.protocol = world.protocol.coordinator.start(world.coordinatorPlace(state), nextId, 0);
  if (world.environment.zombies) return;
  const network = state.writeNetwork();
  network.inFlight = network.inFlight.filter((effect) => effect.task !== TO_COORDINATOR);
}
