/**
 * The broker aborts a pre-committed transaction that has waited longer than its time-out (engines.md §2.9, §2.13 F9). Without
 * a clock that may be at any moment between the pre-commit and the commit: the outage, the age of the checkpoint or the wait
 * for its notice was too long. A later commit is a known failure: it is dropped, and what the transaction held is lost (E2).
 */
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import { abortTransaction } from './sinks.ts';
import type { FlowState } from './state.ts';

/** Every pre-committed transaction may time out, while the budget lasts. */
export function brokerAborts(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  if (state.environment.transactionTimeouts === 0) return;
  state.output.transactions.forEach(({ status }, id) => {
    if (status !== 'prepared') return;
    actions.push({
      id: `abort:broker#t${id}`,
      kind: 'abort',
      run: (s) => {
        s.writeEnvironment().transactionTimeouts--;
        abortTransaction(world, s, id);
      },
    });
  });
}
