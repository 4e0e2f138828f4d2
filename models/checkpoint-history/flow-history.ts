/** The history of a dataflow job: one entry per checkpoint of its coordinator, with the part of every task. */
import type { FlowCheckpoint, FlowJobOutcome } from '../flow-job/outcome.ts';
import { type CheckpointEntry, type CheckpointHistory, CheckpointHistoryWriter, type TaskPart } from './history.ts';

/** `names` are those of the tasks, in the order of the plan. */
export function flowCheckpointHistory(
  { checkpoints }: Pick<FlowJobOutcome, 'checkpoints'>,
  names: readonly string[],
): CheckpointHistory {
  const writer = new CheckpointHistoryWriter('checkpoint of the whole job');
  for (const checkpoint of checkpoints) writer.add(entryOf(checkpoint, names), partsOf(checkpoint, names));
  return writer.close();
}

const known = (micros: number | undefined): number | null => (micros === undefined || micros < 0 ? null : micros);

function most(values: readonly number[]): number | null {
  const seen = values.filter((value) => value >= 0);
  return seen.length === 0 ? null : Math.max(...seen);
}

function entryOf(checkpoint: FlowCheckpoint, names: readonly string[]): CheckpointEntry {
  const { status, reason, ack_us: acks } = checkpoint;
  const last = most(acks);
  const slowest = last === null ? null : acks.indexOf(last);
  return {
    checkpoint: String(checkpoint.checkpoint),
    trigger: `interval, attempt ${checkpoint.attempt}`,
    status,
    reason,
    triggered_us: checkpoint.triggered_us,
    end_to_end_us: known(checkpoint.duration_us),
    waited_us: null,
    sync_us: most(checkpoint.sync_us),
    async_us: most(checkpoint.async_us),
    alignment_us: most(checkpoint.alignment_us),
    bytes: checkpoint.bytes,
    in_flight_bytes: checkpoint.channel_state_bytes,
    acknowledged: acks.filter((micros) => micros >= 0).length,
    tasks: names.length,
    slowest: slowest === null ? null : `${names[slowest]}, ${longestPhase(checkpoint, slowest)}`,
    slowest_us: last,
  };
}

/** What took the task longest: waiting for its barriers is what is left of the time to its acknowledgement. */
function longestPhase(checkpoint: FlowCheckpoint, task: number): string {
  const at = (values: readonly number[]): number => Math.max(0, values[task] ?? 0);
  const [alignment, sync, async] = [at(checkpoint.alignment_us), at(checkpoint.sync_us), at(checkpoint.async_us)];
  const rest = at(checkpoint.ack_us) - alignment - sync - async;
  const phases = [
    ['alignment', alignment],
    ['synchronous part', sync],
    ['asynchronous part', async],
    ['barriers on their way', rest],
  ] as const;
  return phases.reduce((longest, phase) => (phase[1] > longest[1] ? phase : longest))[0];
}

function partsOf(checkpoint: FlowCheckpoint, names: readonly string[]): TaskPart[] {
  return names.map((task, i) => ({
    task,
    end_to_end_us: known(checkpoint.ack_us[i]),
    sync_us: known(checkpoint.sync_us[i]),
    async_us: known(checkpoint.async_us[i]),
    alignment_us: known(checkpoint.alignment_us[i]),
    bytes: null,
  }));
}
