/**
 * Where a task reads an SSP from, and what the ledgers learn of a jump. A consumer is placed at its start, and again
 * whenever the record it wants has left the log before it came to it: a fetch out of range follows auto.offset.reset,
 * without an error and without a word to the user (samza.md §1.6, window W-range).
 */
import type { InputPartition } from '../kafka/input-partition.ts';
import type { Container } from './container.ts';
import type { TaskInstance } from './task-instance.ts';

/** The task reads its i-th SSP from `offset` on; records passed over are noted under `window`. */
export function readFrom(c: Container, t: TaskInstance, i: number, offset: number, window: string): void {
  const { job } = c;
  const ledger = job.ledgers[job.tasks[t.task]!.ssps[i] as number]!;
  const before = ledger.skips.length;
  ledger.start(offset, window, job.world.now);
  for (const skip of ledger.skips.slice(before)) job.recoveries.skipped(c.processor, skip.to - skip.from);
  t.next[i] = offset;
  t.progressedAt = job.world.now;
  t.startedFrom[i] = offset;
  t.seenBefore[i] = Math.max(offset, ledger.seen.prefixEnd(offset));
}

/** The record the task wants next is gone. Called with nothing of the task in flight. */
export function resetOutOfRange(c: Container, t: TaskInstance, i: number, input: InputPartition): void {
  const { job } = c;
  const to = job.inputPlanOf(input.ssp).offsetDefault === 'upcoming' ? input.head : input.oldest;
  if (!c.official) {
    // A zombie's jump loses nothing: its successor answers for these records.
    t.next[i] = to;
    return;
  }
  const reached = Math.min(t.next[i] as number, t.seenBefore[i] as number);
  job.replaysByStart += Math.max(0, reached - (t.startedFrom[i] as number));
  readFrom(c, t, i, to, 'W-range');
}
