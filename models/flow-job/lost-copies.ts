/**
 * What will never become visible: copies of records that the job has read, that no sink has shown, and that are not on
 * their way any more, neither in channels nor in transactions.
 */
import { CONTROL, SEQ, SOURCE } from './channel-layout.ts';
import type { FlowJob } from './job.ts';
import { CAPTURED_WIDTH } from './parts.ts';

/** Copies on their way to the sinks, by source and sequence number. */
class Coming {
  readonly #copies: readonly Map<number, number>[];

  constructor(sources: number) {
    this.#copies = Array.from({ length: sources }, () => new Map<number, number>());
  }

  add(source: number, seq: number, copies: number): void {
    const of = this.#copies[source]!;
    of.set(seq, (of.get(seq) ?? 0) + copies);
  }

  of(source: number, seq: number): number {
    return this.#copies[source]!.get(seq) ?? 0;
  }
}

/** Counts lost copies. A job whose failure nobody has noticed counts as restored from what a restart would take. */
export function lostCopies(job: FlowJob): number {
  const { graph, output, recovery } = job;
  const coming = new Coming(graph.sources.length);
  const restarting = new Set(recovery.restarting());
  const chosen = restarting.size > 0 ? recovery.choose() : -1;
  /** By task: the checkpoint that it will be restored from; -1: it runs. */
  const restoredBy = job.plan.tasks.map((_, task) => (restarting.has(task) ? chosen : -1));
  addChannels(job, coming, restoredBy);
  addTransactions(job, coming, restoredBy);
  let lost = 0;
  graph.sources.forEach((task, source) => {
    const restored = restoredBy[task]!;
    const read = restored < 0 ? job.tasks.read(task) : (job.store.part(restored, task)?.snapshot.read ?? 0);
    output.forEachMissing(source, read, (seq, missing) => {
      lost += Math.max(0, missing - coming.of(source, seq));
    });
  });
  return lost;
}

function addChannels(job: FlowJob, coming: Coming, restoredBy: readonly number[]): void {
  const isDurable = job.protocol.needs.durableChannels === true;
  for (let task = 0; task < job.plan.tasks.length; task++) {
    const restored = restoredBy[task]!;
    const part = restored < 0 ? null : job.store.part(restored, task);
    job.graph.inputs[task]!.forEach((channel, input) => {
      if (restored < 0) addQueue(job, coming, channel, 0);
      else if (isDurable) addQueue(job, coming, channel, logPlace(job, channel, part?.snapshot.received[input] ?? 0));
      else addCaptured(coming, part?.channels[input] ?? [], job.copiesAhead[task]!);
    });
  }
}

/** Place in the channel, from its head, of a place in its log. */
function logPlace(job: FlowJob, channel: number, place: number): number {
  return place - job.channels.forgotten[channel]! - job.channels.behind(channel);
}

function addQueue(job: FlowJob, coming: Coming, channel: number, from: number): void {
  const { channels } = job;
  const copies = job.copiesAhead[job.graph.to[channel]!]!;
  for (let at = from; at < channels.count(channel); at++) {
    const slot = channels.slot(channel, at);
    if (channels.words[slot + SOURCE] !== CONTROL)
      coming.add(channels.words[slot + SOURCE]!, channels.words[slot + SEQ]!, copies);
  }
}

function addCaptured(coming: Coming, captured: readonly number[], copies: number): void {
  for (let i = 0; i < captured.length; i += CAPTURED_WIDTH) coming.add(captured[i]!, captured[i + 1]!, copies);
}

/** Transactions that are open in a running sink, pre-committed, or whose commit is on its way. */
function addTransactions(job: FlowJob, coming: Coming, restoredBy: readonly number[]): void {
  const alive = new Set<number>();
  for (let task = 0; task < job.plan.tasks.length; task++) {
    const restored = restoredBy[task]!;
    if (restored < 0 && job.transaction[task]! >= 0) alive.add(job.transaction[task]!);
    const pending = restored < 0 ? job.pendingCommits[task]! : (job.store.part(restored, task)?.snapshot.pending ?? []);
    for (const [, transaction] of pending) alive.add(transaction);
  }
  job.transactions.forEach(({ status, records, count }, id) => {
    if (status === 'committed' || status === 'aborted' || !(alive.has(id) || job.background.isCommitting(id))) return;
    for (let i = 0; i < count; i += 2) coming.add(records[i]!, records[i + 1]!, 1);
  });
}
