/**
 * O6 and E2: what a checkpoint record says the moment it is durable. What a start of the task would resume from may not
 * lie before what it would have resumed from earlier, and the outputs of every input a record covers must be visible.
 * O6 looks through the versions the job reads: a crash between the two records of a commit leaves the version nobody
 * reads ahead, and that the next commit takes it back harms no one (samza.md §5.3, P8: each is self-consistent).
 */
import type { CheckpointRecord } from '../kafka/checkpoint-topic.ts';
import type { Job } from '../samza/job.ts';

/** O6 and E2 for a record that has just been appended. */
export function checkAppendedCheckpoint(job: Job, record: CheckpointRecord): void {
  const { readVersions, liveCheckpointMaxAgeMicros } = job.config;
  const effective = job.topic.read(record.task, readVersions, liveCheckpointMaxAgeMicros);
  if (effective === record) checkRestartPoint(job, record.task, record);
  checkOutputsVisible(job, record);
}

/** O6 when a task starts: `read` is what the checkpoint topic gave its container, null for nothing. */
export function checkRestartPoint(job: Job, task: number, read: CheckpointRecord | null): void {
  const { ssps } = job.tasks[task]!;
  const before = job.restartPoints[task] ?? null;
  job.restartPoints[task] = read;
  if (before === null || before === read) return;
  const back = ssps.findIndex((ssp, i) => {
    if (job.inputPlanOf(ssp).resetOffset) return false;
    return (read?.inputOffsets[i] ?? -1) < (before.inputOffsets[i] as number);
  });
  job.laws.check(
    'O6',
    job.world.now,
    back < 0
      ? null
      : {
          task,
          version: read?.version ?? before.version,
          from_offset: before.inputOffsets[back] as number,
          to_offset: read?.inputOffsets[back] ?? -1,
          ...(read === null ? {} : { written_by: read.writer }),
          after: before.writer,
          window: windowOf(before, read),
        },
  );
}

/** An older record is behind a newer one by another writer, or it is in another version, or the newer one is gone. */
function windowOf(before: CheckpointRecord, read: CheckpointRecord | null): string {
  if (read === null) return 'W-acks1';
  if (read.version !== before.version) return 'W-v1v2';
  return read.appendedAt < before.appendedAt ? 'W-acks1' : 'W-zombie-ckpt';
}

function checkOutputsVisible(job: Job, record: CheckpointRecord): void {
  const { ssps } = job.tasks[record.task]!;
  const { now } = job.world;
  ssps.forEach((ssp, i) => {
    const upTo = (record.inputOffsets[i] as number) + 1;
    const ledger = job.ledgers[ssp]!;
    if (ledger.base < 0 || upTo <= ledger.base) return;
    const end = ledger.visible.prefixEnd(ledger.base);
    if (end >= upTo) {
      job.laws.check('E2', now, null);
      return;
    }
    const gaps = ledger.visible.gaps(end, upTo);
    job.laws.check('E2', now, {
      ssp: job.inputs[ssp]!.name,
      first_offset: end,
      outputs_missing: gaps.reduce((sum, [from, to]) => sum + to - from, 0),
      checkpoint_covers: upTo - 1,
      checkpoint: `commit ${record.commit} by ${record.writer}`,
    });
  });
}
