/** O7: the newest checkpoint of a task points to a snapshot index whose blobs are all there. */
import type { Job } from '../samza/job.ts';

export function checkLivePointers(job: Job, why: 'deleted' | 'expired', by: string): void {
  for (const { task } of job.tasks) {
    const record = job.topic.newest(task, 2);
    for (const id of record?.snapshotIndexes ?? []) {
      if (id === null) continue;
      const index = job.blobs.index(id);
      const gone = index === null || index.gone !== 'no' || index.blobs.some((blob) => blob.gone !== 'no');
      job.laws.check(
        'O7',
        job.world.now,
        gone
          ? { task, snapshot_index: id, blobs: why, by, window: why === 'expired' ? 'W-ttl' : 'W-zombie-blob' }
          : null,
      );
    }
  }
}
