/**
 * O6 and E2: what a checkpoint record says the moment it is durable. Its offsets may not lie before the ones it
 * replaces, and the outputs of every input it covers must be visible already.
 */
import type { CheckpointRecord } from '../kafka/checkpoint-topic.ts';
import type { Job } from '../samza/job.ts';

export function checkAppendedCheckpoint(job: Job, record: CheckpointRecord, before: CheckpointRecord | null): void {
  const { ssps } = job.tasks[record.task]!;
  const { now } = job.world;
  if (before !== null) {
    const back = ssps.findIndex((ssp, i) => {
      if (job.inputPlanOf(ssp).resetOffset) return false;
      return (record.inputOffsets[i] as number) < (before.inputOffsets[i] as number);
    });
    job.laws.check(
      'O6',
      now,
      back < 0
        ? null
        : {
            task: record.task,
            version: record.version,
            from_offset: before.inputOffsets[back] as number,
            to_offset: record.inputOffsets[back] as number,
            written_by: record.writer,
            after: before.writer,
            window: 'W-zombie-ckpt',
          },
    );
  }
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
