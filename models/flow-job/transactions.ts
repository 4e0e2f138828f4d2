/**
 * What the sinks of a timed job do to the outside world, under the same rules as in the untimed one
 * (`models/dataflow/sinks.ts`): plain, idempotent, or in transactions.
 */
import type { FlowJob } from './job.ts';

export interface JobTransaction {
  readonly task: number;
  readonly attempt: number;
  checkpoint: number;
  status: 'open' | 'prepared' | 'committed' | 'aborted';
  /** (source index, sequence number) of its records, until nobody can ask for them. */
  records: Int32Array;
  /** When each of them reached the sink. */
  reachedAt: Float64Array;
  count: number;
}

const NOTHING: Int32Array = new Int32Array(0);
const NO_TIMES: Float64Array = new Float64Array(0);

/** The transaction, which is under way. */
function underWay(job: FlowJob, id: number): JobTransaction {
  const transaction = job.transactions.get(id);
  if (transaction === null) throw new Error(`transaction ${id} is over`);
  return transaction;
}

/** Opens the sink's next transaction. */
export function openTransaction(job: FlowJob, task: number): void {
  const id = job.transactions.add({
    task,
    attempt: job.store.attemptOf(task),
    checkpoint: 0,
    status: 'open',
    records: NOTHING,
    reachedAt: NO_TIMES,
    count: 0,
  });
  job.transaction[task] = id;
  job.unsettled[task] = [...job.unsettled[task]!, id];
}

/** A record has reached the sink; of a batch the last one, and the first `lead` earlier. */
export function emitToSink(job: FlowJob, task: number, source: number, seq: number, lead: number = 0): void {
  const { copy } = job.output;
  switch (job.plan.sink) {
    case 'plain':
    case 'idempotent':
      copy.sink = task;
      copy.ageMicros = job.ageOf(source, seq);
      copy.longerMicros = job.arrivals.spanMicros - lead;
      copy.heldMicros = 0;
      if (job.plan.sink === 'plain') job.output.add(source, seq, copy);
      else job.output.put(source, seq, copy);
      return;
    case 'two-phase': {
      const transaction = underWay(job, job.transaction[task]!);
      if (transaction.count === transaction.records.length) {
        const records = new Int32Array(Math.max(64, transaction.count * 2));
        records.set(transaction.records);
        transaction.records = records;
        const reachedAt = new Float64Array(records.length / 2);
        reachedAt.set(transaction.reachedAt);
        transaction.reachedAt = reachedAt;
      }
      transaction.records[transaction.count] = source;
      transaction.records[transaction.count + 1] = seq;
      transaction.reachedAt[transaction.count / 2] = job.world.now;
      transaction.count += 2;
    }
  }
}

/** Pre-commit under a checkpoint: the transaction waits, a new one takes the records that follow. */
export function preCommit(job: FlowJob, task: number, checkpoint: number): void {
  if (job.plan.sink !== 'two-phase') return;
  const id = job.transaction[task]!;
  const transaction = underWay(job, id);
  transaction.status = 'prepared';
  transaction.checkpoint = checkpoint;
  job.pendingCommits[task] = [...job.pendingCommits[task]!, [checkpoint, id]];
  openTransaction(job, task);
  if (job.sinkRules.commitAtPreCommit) commitTransaction(job, id);
}

/** Asks for the commit of pre-committed transactions. */
export function commitUpTo(job: FlowJob, task: number, checkpoint: number): void {
  for (const [pendingUnder, transaction] of job.pendingCommits[task]!) {
    const due = job.sinkRules.commits === 'exactly' ? pendingUnder === checkpoint : pendingUnder <= checkpoint;
    if (due && !job.background.isCommitting(transaction)) job.background.requestCommit(task, transaction);
  }
}

/** The commit reaches the outside world. */
export function commitTransaction(job: FlowJob, id: number): void {
  const { sinkRules: rules, transactions } = job;
  const transaction = transactions.get(id);
  if (transaction === null) return;
  if (transaction.status === 'aborted' && rules.fencesAborted) return;
  const { task, checkpoint } = transaction;
  if (rules.skipsOlderCommits && job.committedUpTo[task]! >= checkpoint) return;
  if (transaction.status === 'committed' && !rules.blindRecommit) return;
  transaction.status = 'committed';
  job.unsettled[task] = job.unsettled[task]!.filter((each) => each !== id);
  job.committedUpTo[task] = Math.max(job.committedUpTo[task]!, checkpoint);
  const { records, reachedAt, count } = transaction;
  const { copy } = job.output;
  copy.sink = task;
  for (let i = 0; i < count; i += 2) {
    const [source, seq] = [records[i]!, records[i + 1]!];
    copy.longerMicros = job.arrivals.spanMicros;
    copy.ageMicros = job.ageOf(source, seq);
    copy.heldMicros = job.world.now - reachedAt[i / 2]!;
    job.output.add(source, seq, copy);
  }
  if (!rules.blindRecommit) transactions.forget(id);
}

export function abortTransaction(job: FlowJob, id: number): void {
  const transaction = job.transactions.get(id);
  if (transaction === null || isSettled(transaction)) return;
  transaction.status = 'aborted';
  if (job.sinkRules.fencesAborted) job.transactions.forget(id);
}

/** recoverAndCommit what the restored part holds as pre-committed, recoverAndAbort everything else of this sink. */
export function restoreSink(job: FlowJob, task: number): void {
  const { sinkRules: rules, transactions } = job;
  const pending = job.pendingCommits[task]!;
  const kept = new Set(pending.map(([, id]) => id));
  for (const id of job.unsettled[task]!) {
    const goesOn = rules.transactionIds === 'reused' && transactions.get(id)?.status === 'open';
    if (!kept.has(id) && rules.abortOnRestore && !goesOn) abortTransaction(job, id);
  }
  job.unsettled[task] = job.unsettled[task]!.filter((id) => !isSettled(transactions.get(id)));
  if (rules.recommitOnRestore) {
    for (const [, transaction] of pending) job.background.requestCommit(task, transaction);
  }
  const left = job.unsettled[task].find((id) => transactions.get(id)?.status === 'open');
  if (rules.transactionIds === 'reused' && left !== undefined) job.transaction[task] = left;
  else openTransaction(job, task);
}

function isSettled(transaction: JobTransaction | null): boolean {
  return transaction === null || transaction.status === 'committed' || transaction.status === 'aborted';
}
