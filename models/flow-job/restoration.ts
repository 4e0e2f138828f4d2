/** What a restarted task has again: its state, what lay in its channels, and its place in those that are logs. */
import { CHANNEL_INTS, DUE, HASH, HOPS, N, RECORDS, SEQ, SOURCE, TAG } from './channel-layout.ts';
import type { FlowJob } from './job.ts';
import { CAPTURED_WIDTH, type FlowJobPart } from './parts.ts';

/** What was in these channels is gone, unless they are logs. */
export function restoreChannels(job: FlowJob, channels: readonly number[]): void {
  for (const channel of channels) {
    job.recoveredTotal -= job.recovered[channel]!;
    job.recovered[channel] = 0;
    if (job.protocol.needs.durableChannels !== true) job.channels.clear(channel);
  }
}

/** The task's state is that of the part, and the part's channel state lies in front of it. */
export function restoreTask(job: FlowJob, { task, snapshot, channels }: FlowJobPart): void {
  if (job.plan.tasks[task]!.role === 'source') job.setPosition(task, snapshot.read);
  job.tasks.setFolded(task, snapshot.folded);
  job.transaction[task] = snapshot.transaction;
  job.pendingCommits[task] = snapshot.pending.map(([checkpoint, id]) => [checkpoint, id]);
  job.graph.outputs[task]!.forEach((channel, i) => job.channels.setSent(channel, snapshot.sent[i]!));
  job.graph.inputs[task]!.forEach((channel, i) => {
    job.channels.setReceived(channel, snapshot.received[i]!);
    restoreRecords(job, channel, channels[i]!);
  });
}

function restoreRecords(job: FlowJob, channel: number, captured: readonly number[]): void {
  const { channels } = job;
  for (let i = 0; i < captured.length; i += CAPTURED_WIDTH) {
    const slot = channels.push(channel);
    channels.words[slot + SOURCE] = captured[i]!;
    channels.words[slot + SEQ] = captured[i + 1]!;
    channels.words[slot + HASH] = job.hashOf(captured[i]!, captured[i + 1]!);
    channels.words[slot + N] = captured[i + 2]!;
    channels.words[slot + TAG] = captured[i + 3]!;
    channels.words[slot + HOPS] = captured[i + 4]!;
    channels.times[(slot >> 1) + DUE] = job.world.now;
  }
  const records = captured.length / CAPTURED_WIDTH;
  channels.ints[channel * CHANNEL_INTS + RECORDS] = records;
  job.recovered[channel] = records;
  job.recoveredTotal += records;
}

/** Durable channels: each receiver goes on reading where its part was taken. */
export function rewindLogs(job: FlowJob): void {
  if (job.protocol.needs.durableChannels !== true) return;
  for (let channel = 0; channel < job.plan.channels.length; channel++)
    job.channels.rewind(channel, job.channels.received(channel));
}

/** Durable channels keep what the oldest retained checkpoint may ask for. */
export function forgetLogs(job: FlowJob): void {
  if (job.protocol.needs.durableChannels !== true) return;
  const oldest = Math.min(...job.store.completed.map((each) => each.checkpoint));
  for (let task = 0; task < job.plan.tasks.length; task++) {
    const part = job.store.part(oldest, task);
    if (part === null) continue;
    job.graph.inputs[task]!.forEach((channel, i) => job.channels.forget(channel, part.snapshot.received[i]!));
  }
}
