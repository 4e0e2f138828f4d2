/**
 * What sinks do to the outside world (engines.md §2.9): write at once, write once per record, or in transactions that are
 * pre-committed with the checkpoint and committed when it is complete.
 */
import { attemptOf } from './attempts.ts';
import type { FlowWorld } from './flow-world.ts';
import { addInFlight } from './ordered-sets.ts';
import { type FlowState, type Transaction } from './state.ts';

/** Opens the sink's next transaction. */
export function openTransaction(state: FlowState, task: number): void {
  const { transactions } = state.writeOutput();
  state.writeTask(task).application.transaction = transactions.length;
  transactions.push({ task, attempt: attemptOf(state, task), checkpoint: 0, status: 'open', records: [] });
}

export function emitToSink(world: FlowWorld, state: FlowState, task: number, record: number): void {
  const output = state.writeOutput();
  switch (world.topology.sink) {
    case 'plain':
      output.visible[record]!++;
      return;
    case 'idempotent':
      output.visible[record] = 1;
      return;
    case 'two-phase':
      output.transactions[state.task(task).application.transaction]!.records.push(record);
  }
}

/** Pre-commit under a checkpoint: the transaction is flushed and waits, a new one takes the records that follow. */
export function preCommit(world: FlowWorld, state: FlowState, task: number, checkpoint: number): void {
  if (!world.opensTransactions(state, task)) return;
  const { application } = state.writeTask(task);
  const id = application.transaction;
  const transaction = state.writeOutput().transactions[id]!;
  transaction.status = 'prepared';
  transaction.checkpoint = checkpoint;
  application.pending.push([checkpoint, id]);
  openTransaction(state, task);
  if (world.rules.commitAtPreCommit) commitTransaction(world, state, id);
}

/** Asks for the commit of pre-committed transactions; each lands as an effect of its own. */
export function commitUpTo(world: FlowWorld, state: FlowState, task: number, checkpoint: number): void {
  const { application } = state.task(task);
  const network = state.writeNetwork();
  for (const [pendingUnder, transaction] of application.pending) {
    const due = world.rules.commits === 'exactly' ? pendingUnder === checkpoint : pendingUnder <= checkpoint;
    if (!due || network.inFlight.some((effect) => effect.kind === 'commit' && effect.transaction === transaction))
      continue;
    addInFlight(network, {
      kind: 'commit',
      task,
      checkpoint: pendingUnder,
      attempt: attemptOf(state, task),
      transaction,
    });
  }
}

/** The commit reaches the outside world. An aborted transaction stays aborted: its writer was fenced. */
export function commitTransaction(world: FlowWorld, state: FlowState, id: number): void {
  const output = state.writeOutput();
  const transaction = output.transactions[id]!;
  if (transaction.status === 'aborted' && world.rules.fencesAborted) return;
  if (world.rules.skipsOlderCommits && isBelowCommitted(output.transactions, transaction)) return;
  if (transaction.status === 'committed' && !world.rules.blindRecommit) return;
  transaction.status = 'committed';
  for (const record of transaction.records) output.visible[record]!++;
}

function isBelowCommitted(transactions: readonly Transaction[], transaction: Transaction): boolean {
  return transactions.some(
    ({ task, status, checkpoint }) =>
      task === transaction.task && status === 'committed' && checkpoint >= transaction.checkpoint,
  );
}

export function abortTransaction(world: FlowWorld, state: FlowState, id: number): void {
  const transaction = state.writeOutput().transactions[id]!;
  if (transaction.status !== 'open' && transaction.status !== 'prepared') return;
  transaction.status = 'aborted';
  // Nobody will ever see them: two states that differ only in them are equal.
  if (world.rules.fencesAborted) transaction.records = [];
}
