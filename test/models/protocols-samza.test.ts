// The decisions of the commit protocol, row by row as samza.md states them: §3.3 (restore), §1.6 (positions), §1.4 (steps,
// semaphore, failures).
// Length: every row of the tables it states.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  COMMIT_STEPS,
  type ChangelogRestoreFacts,
  type CommitShape,
  type RestorePlan,
  afterCommitTimeout,
  afterPreviousFailure,
  isTransactional,
  planNonTransactionalRestore,
  planTransactionalRestore,
  startPosition,
  stepsOf,
  whenSemaphoreHeld,
} from '../../models/protocols/samza.ts';

const hour = 3_600_000_000;

describe('transactional restore, by the table of samza.md §3.3:', () => {
  /** A persisted, logged store over a log of offsets 10 to 90, checkpointed at 50, with no directory on this host. */
  const normal: ChangelogRestoreFacts = {
    persistent: true,
    logged: true,
    cleanOnContainerStart: false,
    retainExistingState: true,
    checkpointed: 50,
    oldest: 10,
    newest: 90,
    ageMicros: 60_000_000,
    minCompactionLagMicros: 4 * hour,
    checkpointDirOffsets: [],
  };
  const nothing = { from: 0, to: -1, trimAfter: null };
  const toHead = { base: 'none', deleteOthers: true, from: 10, to: 90, trimAfter: null } as const;
  const toCheckpoint = { base: 'none', deleteOthers: true, from: 10, to: 50, trimAfter: 50 } as const;

  const rows: readonly (readonly [title: string, facts: Partial<ChangelogRestoreFacts>, plan: RestorePlan])[] = [
    [
      'an in-memory store without a changelog comes back empty, and nothing is touched',
      { persistent: false, logged: false },
      { row: 'not-logged', base: 'none', deleteOthers: false, ...nothing },
    ],
    [
      'a store on disk without a changelog loses its directories',
      { logged: false, checkpointDirOffsets: [50] },
      { row: 'not-logged', base: 'none', deleteOthers: true, ...nothing },
    ],
    [
      'clean.on.container.start replays from the oldest to the checkpoint and trims, whatever lies on disk',
      { cleanOnContainerStart: true, checkpointDirOffsets: [50] },
      { row: 'clean-on-start', ...toCheckpoint },
    ],
    [
      'clean.on.container.start without a marker trims the whole changelog, whatever the retain flag says',
      { cleanOnContainerStart: true, checkpointed: null },
      { row: 'clean-on-start', base: 'none', deleteOthers: true, from: 10, to: -1, trimAfter: -1 },
    ],
    [
      'clean.on.container.start has no compaction-lag guard (L4)',
      { cleanOnContainerStart: true, ageMicros: 100 * hour },
      { row: 'clean-on-start', ...toCheckpoint },
    ],
    [
      'without a marker existing state is retained: everything is replayed, nothing trimmed',
      { checkpointed: null },
      { row: 'retain-existing', ...toHead },
    ],
    [
      'without a marker, and not to be retained, the whole changelog is trimmed and nothing replayed',
      { checkpointed: null, retainExistingState: false },
      { row: 'no-marker', base: 'none', deleteOthers: true, from: 0, to: -1, trimAfter: -1 },
    ],
    ['a checkpoint before the oldest offset is out of range', { checkpointed: 9 }, { row: 'out-of-range', ...toHead }],
    ['a checkpoint behind the newest offset is out of range', { checkpointed: 91 }, { row: 'out-of-range', ...toHead }],
    [
      'a checkpoint over a log that is empty now is out of range',
      { oldest: 0, newest: -1 },
      { row: 'out-of-range', ...toHead, from: 0, to: -1 },
    ],
    ['an in-memory store replays to the checkpoint', { persistent: false }, { row: 'in-memory', ...toCheckpoint }],
    [
      'an in-memory store has no compaction-lag guard (L4)',
      { persistent: false, ageMicros: 100 * hour },
      { row: 'in-memory', ...toCheckpoint },
    ],
    [
      'past 0.9 of min.compaction.lag everything is replayed, from the local directory, and nothing trimmed',
      { ageMicros: 3.6 * hour + 1, checkpointDirOffsets: [40] },
      { row: 'lag', base: 0, deleteOthers: true, from: 41, to: 90, trimAfter: null },
    ],
    [
      'at 0.9 of min.compaction.lag the checkpoint is still trusted',
      { ageMicros: 3.6 * hour },
      { row: 'normal', ...toCheckpoint },
    ],
    [
      'a checkpoint from the future, by this host’s clock, is young',
      { ageMicros: -100 * hour },
      { row: 'normal', ...toCheckpoint },
    ],
    [
      'of the directories, that with the highest OFFSET up to the checkpoint is kept',
      { checkpointDirOffsets: [20, 45, 30, 70, null] },
      { row: 'normal', base: 1, deleteOthers: true, from: 46, to: 50, trimAfter: 50 },
    ],
    [
      'a directory at the checkpoint itself needs no replay, only the trim',
      { checkpointDirOffsets: [50] },
      { row: 'normal', base: 0, deleteOthers: true, from: 51, to: 50, trimAfter: 50 },
    ],
    [
      'directories without an OFFSET file, behind the checkpoint or before the oldest offset are of no use',
      { checkpointDirOffsets: [null, 51, 9] },
      { row: 'normal', ...toCheckpoint },
    ],
    [
      'a directory at the oldest offset is of use',
      { checkpointDirOffsets: [10] },
      { row: 'normal', base: 0, deleteOthers: true, from: 11, to: 50, trimAfter: 50 },
    ],
    [
      'a checkpoint at the oldest offset is in range',
      { checkpointed: 10 },
      { row: 'normal', ...toCheckpoint, to: 10, trimAfter: 10 },
    ],
    [
      'a checkpoint at the newest offset is in range',
      { checkpointed: 90 },
      { row: 'normal', ...toCheckpoint, to: 90, trimAfter: 90 },
    ],
  ];
  test.each(rows)('%s', (_title, facts, plan) => {
    expect(planTransactionalRestore({ ...normal, ...facts })).toEqual(plan);
  });

  test('the first row that matches decides, in the order of the table', () => {
    const order = ['not-logged', 'clean-on-start', 'retain-existing', 'out-of-range', 'in-memory', 'lag', 'normal'];
    // Each step takes away what made the row before it match, and leaves all later reasons standing.
    let facts: ChangelogRestoreFacts = {
      ...normal,
      logged: false,
      cleanOnContainerStart: true,
      checkpointed: null,
      persistent: false,
      ageMicros: 100 * hour,
    };
    const taken: readonly Partial<ChangelogRestoreFacts>[] = [
      { logged: true },
      { cleanOnContainerStart: false },
      { checkpointed: 91 },
      { checkpointed: 50 },
      { persistent: true },
      { ageMicros: 0 },
      {},
    ];
    for (const [i, change] of taken.entries()) {
      expect(planTransactionalRestore(facts).row).toBe(order[i]);
      facts = { ...facts, ...change };
    }
  });

  test('whatever is replayed lies in the log, and whatever is trimmed lies behind what was replayed', () => {
    const offset = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(
        fc.record({
          persistent: fc.boolean(),
          logged: fc.constant(true),
          cleanOnContainerStart: fc.boolean(),
          retainExistingState: fc.boolean(),
          checkpointed: fc.option(offset),
          oldest: offset,
          newest: offset,
          ageMicros: fc.constantFrom(0, 10 * hour),
          minCompactionLagMicros: fc.constant(4 * hour),
          checkpointDirOffsets: fc.array(fc.option(offset), { maxLength: 4 }),
        }),
        (facts) => {
          fc.pre(facts.oldest <= facts.newest);
          const plan = planTransactionalRestore(facts);
          // Only clean-on-start comes before the range check: its target may lie behind a log that lost its end.
          if (!facts.cleanOnContainerStart) expect(plan.to).toBeLessThanOrEqual(facts.newest);
          if (plan.trimAfter !== null && plan.from <= plan.to) expect(plan.trimAfter).toBe(plan.to);
          if (typeof plan.base !== 'number') return;
          // A kept directory holds the log up to its OFFSET; the replay goes on right behind it.
          expect(facts.persistent).toBe(true);
          expect(facts.checkpointDirOffsets[plan.base]).toBe(plan.from - 1);
          expect(plan.from - 1).toBeLessThanOrEqual(plan.to);
        },
      ),
    );
  });
});

describe('non-transactional restore', () => {
  const normal = {
    persistent: true,
    logged: true,
    cleanOnContainerStart: false,
    currentOffset: 40,
    dirAgeMicros: hour,
    deleteRetentionMicros: 24 * hour,
    oldest: 10,
    newest: 90,
  };
  const replayAll = { row: 'replay-all', base: 'none', deleteOthers: true, from: 10, to: 90, trimAfter: null };
  const local = { row: 'local', base: 'current', deleteOthers: false, from: 41, to: 90, trimAfter: null };

  const rows: readonly (readonly [
    title: string,
    facts: Partial<typeof normal> | { currentOffset: null },
    plan: unknown,
  ])[] = [
    ['goes on behind the OFFSET file, to the head, and trims nothing', {}, local],
    ['replays everything without an OFFSET file', { currentOffset: null }, replayAll],
    ['replays everything into an in-memory store', { persistent: false }, replayAll],
    ['replays everything when the store is cleaned on start', { cleanOnContainerStart: true }, replayAll],
    ['replays everything when the directory is as old as delete.retention.ms', { dirAgeMicros: 24 * hour }, replayAll],
    ['trusts a directory that is younger by a microsecond', { dirAgeMicros: 24 * hour - 1 }, local],
    ['starts at the oldest record when the OFFSET file is older than the log', { oldest: 60 }, { ...local, from: 60 }],
    ['has nothing to replay when the OFFSET file is at the head', { currentOffset: 90 }, { ...local, from: 91 }],
    [
      'leaves a store without a changelog as it lies on disk',
      { logged: false },
      { row: 'not-logged', base: 'current', deleteOthers: false, from: 0, to: -1, trimAfter: null },
    ],
    [
      'has nothing for an in-memory store without a changelog',
      { logged: false, persistent: false },
      { row: 'not-logged', base: 'none', deleteOthers: false, from: 0, to: -1, trimAfter: null },
    ],
  ];
  test.each(rows)('%s', (_title, facts, plan) => {
    expect(planNonTransactionalRestore({ ...normal, ...facts })).toEqual(plan);
  });

  test('is chosen by the flag, by standby tasks and by async commit', () => {
    const tx = { transactionalStateRestore: true, standbyReplicationFactor: 1, asyncCommit: false };
    expect(isTransactional(tx)).toBe(true);
    expect(isTransactional({ ...tx, transactionalStateRestore: false })).toBe(false);
    expect(isTransactional({ ...tx, standbyReplicationFactor: 2 })).toBe(false);
    expect(isTransactional({ ...tx, asyncCommit: true })).toBe(false);
  });
});

describe('an input starts', () => {
  const normal = { checkpointed: 40, oldest: 10, head: 90, offsetDefault: 'upcoming', resetOffset: false } as const;
  test.each([
    ['behind its checkpoint', {}, { offset: 41, why: 'checkpoint' }],
    ['at the head when the checkpoint covers everything', { checkpointed: 89 }, { offset: 90, why: 'checkpoint' }],
    [
      'at the oldest record when the checkpoint ends right before it',
      { checkpointed: 9 },
      { offset: 10, why: 'checkpoint' },
    ],
    ['at the head without a checkpoint, by Samza’s default', { checkpointed: -1 }, { offset: 90, why: 'default' }],
    [
      'at the oldest record when told so',
      { checkpointed: -1, offsetDefault: 'oldest' },
      { offset: 10, why: 'default' },
    ],
    [
      'at the head, silently, when its checkpoint has left the log',
      { checkpointed: 8 },
      { offset: 90, why: 'out-of-range' },
    ],
    [
      'at the oldest record then, if that is the default',
      { checkpointed: 8, offsetDefault: 'oldest' },
      { offset: 10, why: 'out-of-range' },
    ],
    [
      'at the default when the checkpoint lies behind the head',
      { checkpointed: 90 },
      { offset: 90, why: 'out-of-range' },
    ],
    ['at the default when its offset is to be reset', { resetOffset: true }, { offset: 90, why: 'reset' }],
    [
      'at the default when there is nothing to reset',
      { resetOffset: true, checkpointed: -1 },
      { offset: 90, why: 'default' },
    ],
  ] as const)('%s', (_title, facts, position) => {
    expect(startPosition({ ...normal, ...facts })).toEqual(position);
  });
});

describe('a commit', () => {
  const shape: CommitShape = {
    stores: true,
    persistentStores: true,
    changelogs: true,
    blobs: false,
    checkpoints: true,
    writeVersions: [1, 2],
    trimsInput: false,
  };
  const names = (changes: Partial<CommitShape>): string[] =>
    stepsOf({ ...shape, ...changes }).map((step) => COMMIT_STEPS[step]!.name);
  const begin = [
    'check-previous',
    'acquire-semaphore',
    'create-id',
    'freeze-offsets',
    'flush-producers',
    'flush-tables',
  ];

  test('of a changelogged store on disk takes the steps of samza.md §1.4 in their order', () => {
    expect(names({})).toEqual([
      ...begin,
      'flush-stores',
      'checkpoint-stores',
      'newest-offsets',
      'submit-async',
      'write-files-v1',
      'append-v1',
      'write-files-v2',
      'append-v2',
      'cleanup',
      'complete',
    ]);
  });

  test('of a stateless job flushes, appends and is done', () => {
    const stateless = { stores: false, persistentStores: false, changelogs: false };
    expect(names(stateless)).toEqual([...begin, 'submit-async', 'append-v1', 'append-v2', 'complete']);
  });

  test('of a blob store uploads before it writes anything', () => {
    const steps = names({ changelogs: false, blobs: true });
    expect(steps).not.toContain('newest-offsets');
    expect(steps.indexOf('upload')).toBe(steps.indexOf('submit-async') + 1);
    expect(steps.indexOf('write-files-v1')).toBe(steps.indexOf('upload') + 1);
  });

  test('of in-memory stores has no files and no RocksDB checkpoint', () => {
    const steps = names({ persistentStores: false });
    expect(steps.filter((step) => /files|checkpoint-stores/.test(step))).toEqual([]);
    expect(steps).toContain('newest-offsets');
  });

  test('writes versions in the order of the list, and only those in it', () => {
    const versions = (writeVersions: CommitShape['writeVersions']): string[] =>
      names({ writeVersions }).filter((step) => /files|append/.test(step));
    expect(versions([2, 1])).toEqual(['write-files-v2', 'append-v2', 'write-files-v1', 'append-v1']);
    expect(versions([1])).toEqual(['write-files-v1', 'append-v1']);
    expect(versions([2])).toEqual(['write-files-v2', 'append-v2']);
    expect(names({ writeVersions: [2, 1] }).slice(-2)).toEqual(['cleanup', 'complete']);
  });

  test('without a checkpoint factory writes none, and trims the input only when told', () => {
    expect(names({ checkpoints: false }).filter((step) => /files|append/.test(step))).toEqual([]);
    expect(names({})).not.toContain('trim-input');
    expect(names({ trimsInput: true }).slice(-2)).toEqual(['trim-input', 'complete']);
  });

  test('has its sync steps before its async steps, whatever its shape', () => {
    const versions = fc.constantFrom<CommitShape['writeVersions'][]>([1], [2], [1, 2], [2, 1]);
    const any = fc.record({
      stores: fc.boolean(),
      persistentStores: fc.boolean(),
      changelogs: fc.boolean(),
      blobs: fc.boolean(),
      checkpoints: fc.boolean(),
      writeVersions: versions,
      trimsInput: fc.boolean(),
    });
    fc.assert(
      fc.property(any, (drawn) => {
        const stages = stepsOf(drawn).map((step) => COMMIT_STEPS[step]!.stage);
        expect(stages).toEqual(stages.toSorted((a, b) => b.localeCompare(a)));
        expect(stages).toContain('async');
        expect(new Set(stepsOf(drawn)).size).toBe(stages.length);
      }),
    );
  });

  test('that finds the semaphore held skips while the holder is young, and blocks from max.delay on', () => {
    expect(whenSemaphoreHeld(59_999_999, 60_000_000)).toBe('skip');
    expect(whenSemaphoreHeld(60_000_000, 60_000_000)).toBe('block');
    expect(whenSemaphoreHeld(0, 0)).toBe('block');
  });

  test('that waited for the semaphore too long kills the container, or gives a permit back that it never had (L2)', () => {
    const skipping = { skipCommitDuringFailures: true, skipCommitTimeoutMaxLimit: 2 };
    expect(afterCommitTimeout(1, { ...skipping, skipCommitDuringFailures: false })).toBe('die');
    expect([1, 2, 3].map((timeouts) => afterCommitTimeout(timeouts, skipping))).toEqual([
      'release-and-return',
      'release-and-return',
      'die',
    ]);
  });

  test('that finds the previous one failed kills the container, unless failures may be skipped a few times', () => {
    const skipping = { skipCommitDuringFailures: true, skipCommitExceptionMaxLimit: 5 };
    expect(afterPreviousFailure(1, { ...skipping, skipCommitDuringFailures: false })).toBe('die');
    expect(afterPreviousFailure(5, skipping)).toBe('continue');
    expect(afterPreviousFailure(6, skipping)).toBe('die');
  });
});
