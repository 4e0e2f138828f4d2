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

/** How a store came back, as far as a law needs to know it to name the window of a breach. */
export interface RestoredBy {
  /** Row of the restore table; null for a blob store. */
  readonly row: string | null;
  /** Newest changelog offset when the restore began. */
  readonly newest: number;
  /** Age of the checkpoint by the restoring host's clock, µs. */
  readonly ageMicros: number;
}

/** O3, for every store of the task whose backend promises it. */
export function checkRestoredState(
  job: Job,
  t: TaskInstance,
  config: SamzaConfig,
  restores: readonly RestoredBy[],
): void {
  const transactional = isTransactional(config);
  for (const [s, store] of t.stores.entries()) {
    // A blob store without a marker is not restored: whatever lies on its disk then is too much (samza.md §3.4).
    const promised = store.config.blob ? config.checkpoints : transactional && store.config.changelog;
    if (!promised) continue;
    const last = t.checkpoint?.inputOffsets ?? job.tasks[t.task]!.ssps.map(() => -1);
    const difference = compareStates(store.raw, job.references[t.task]!.at(last));
    const window = windowOf(job, t, store, { ...(restores[s] as RestoredBy), missing: difference.under > 0, store: s });
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
            ...(window === null ? {} : { window }),
          },
    );
  }
}

/** The window of samza.md §5.4 that a difference came through: the row of the restore table tells most of them apart. */
function windowOf(
  job: Job,
  t: TaskInstance,
  store: TaskStore,
  by: RestoredBy & { readonly missing: boolean; readonly store: number },
): string | null {
  if (by.row === 'retain-existing') return 'W-retain';
  if (by.row === 'out-of-range') return 'W-range2';
  if (by.row === 'lag') return 'W-lag';
  if (job.zombieSeen) return store.config.blob ? 'W-zombie-blob' : 'W-zombie-log';
  if (!by.missing || store.config.blob) return null;
  // Nothing but a trim without the lag guard can take what compaction has left of a committed key.
  if (by.row !== 'normal' && by.ageMicros > store.config.minCompactionLagMicros) return 'W-lagMem';
  return by.newest > (t.checkpoint?.changelogOffsets[by.store] ?? -1) ? 'W-cache' : 'W-cache2';
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
