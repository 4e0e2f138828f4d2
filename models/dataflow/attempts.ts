/**
 * Attempts. Every restart has a number, higher than those before it, and a task runs in the newest one that has restarted it:
 * after a failover of its region a task is in another attempt than those that went on.
 */
import type { FlowState } from './state.ts';

/** The attempt that the task runs in; of the coordinator, that of the newest restart. */
export function attemptOf({ store }: FlowState, task: number): number {
  return store.attempts[task] ?? store.attempt;
}

/** These tasks begin a new attempt, all others stay in theirs. */
export function beginAttempt(state: FlowState, tasks: readonly number[]): void {
  const attempts = Array.from({ length: state.tasks }, (_, task) => attemptOf(state, task));
  const store = state.writeStore();
  store.attempt++;
  for (const task of tasks) attempts[task] = store.attempt;
  store.attempts = tasks.length === state.tasks ? [] : attempts;
}
