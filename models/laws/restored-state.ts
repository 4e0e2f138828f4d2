/**
 * O3 and O4: what a store holds right after it has been restored. Transactional and blob state must equal the fold of
 * the inputs up to the checkpoint; non-transactional state the last value of every key in the changelog.
 */
import { compareStates } from '../ledgers/reference-state.ts';
import type { KeyedState } from '../logic.ts';
import { isTransactional } from '../protocols/samza.ts';
import type { SamzaConfig } from '../samza/config.ts';
import type { Job } from '../samza/job.ts';
import type { TaskInstance } from '../samza/task-instance.ts';
import type { TaskStore } from '../samza/task-store.ts';

/** O3, for every store of the task whose backend promises it. */
export function checkRestoredState(job: Job, t: TaskInstance, config: SamzaConfig): void {
  const transactional = isTransactional(config);
  for (const [s, store] of t.stores.entries()) {
    const promised = store.config.blob ? t.checkpoint !== null : transactional && store.config.changelog;
    if (!promised) continue;
    const last = t.checkpoint?.inputOffsets ?? job.tasks[t.task]!.ssps.map(() => -1);
    const difference = compareStates(store.raw, job.references[t.task]!.at(last));
    job.laws.check(
      'O3',
      job.world.now,
      difference.wrongKeys === 0
        ? null
        : {
            task: t.task,
            store: store.config.name,
            checkpoint: t.checkpoint === null ? 'none' : `commit ${t.checkpoint.commit} by ${t.checkpoint.writer}`,
            keys_wrong: difference.wrongKeys,
            updates_missing: difference.under,
            updates_too_many: difference.over,
            first_key: difference.firstKey,
            window: windowOf(t, s, difference.under > 0),
          },
    );
  }
}

function windowOf(t: TaskInstance, store: number, missing: boolean): string {
  if (t.checkpoint === null) return 'W-first';
  if ((t.checkpoint.changelogOffsets[store] ?? null) === null && t.checkpoint.snapshotIndexes[store] === undefined) {
    return 'W-retain';
  }
  return missing ? 'W-cache' : 'W-lag';
}

/** O4, for a non-transactional store with a changelog. */
export function checkRestoredFromChangelog(job: Job, t: TaskInstance, store: TaskStore, logged: KeyedState): void {
  const difference = compareStates(store.raw, logged);
  job.laws.check(
    'O4',
    job.world.now,
    difference.wrongKeys === 0
      ? null
      : {
          task: t.task,
          store: store.config.name,
          keys_wrong: difference.wrongKeys,
          first_key: difference.firstKey,
          window: 'W-async',
        },
  );
}
