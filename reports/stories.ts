/**
 * What a broken law means, in sentences (see story.ts for the notation). The last sentence of each story is the promise
 * that was broken, so that a reader sees why the facts before it are a contradiction and not just an event.
 */

/** Wordings of one sentence, best first; `{name}` is a fact, printed by the unit at the end of its name. */
export type Sentence = readonly string[];

/** Law id → its story. A law without a story still shows its statement and all facts. */
export const stories: Readonly<Record<string, readonly Sentence[]>> = {
  O1: [
    ['Container {container} died at {died_at_us} while task {task} had processed {ssp} up to offset {processed_to}.'],
    [
      'The last checkpoint of task {task} held offset {checkpoint_offset} for {ssp}.',
      'No checkpoint held an offset for {ssp}.',
    ],
    [
      'Task {task} went on reading {ssp} at offset {restart_offset}, so offsets {from_offset} to {to_offset} ({records} records) were never processed.',
      'Offsets {from_offset} to {to_offset} of {ssp} ({records} records) were never processed.',
      'Offsets {offsets} of {ssp} ({records} records) were never processed.',
      'Offsets {offsets} of {ssp} were never processed.',
    ],
    ['Samza promises at-least-once: every input record is processed once or more, whatever dies. These are not.'],
  ],
  O2: [
    [
      '{ssp} was processed {processings} times in all for {distinct} distinct records, but the restarts replay only {replayed}.',
    ],
    [
      'Samza repeats a record only when a restart goes back to a checkpoint, so duplicates must equal the sum of the replays.',
    ],
  ],
  O3: [
    ['Task {task} restored store {store} to changelog offset {changelog_offset} of checkpoint {checkpoint}.'],
    [
      'Key {key} came back as {actual}, but the inputs up to the checkpointed offsets give {expected}.',
      'After the restore key {key} held {actual}, expected {expected}.',
    ],
    ['A transactional (or blob) restore promises the state of the checkpoint, no update more and none less.'],
  ],
  O4: [
    ['Task {task} restored store {store} from its changelog.'],
    ['Key {key} came back as {actual}, but the last value the changelog ever got for it is {expected}.'],
    ['A non-transactional restore promises the last changelog value of every key, committed or not.'],
  ],
  O5: [
    ['Commit {commit} of task {task} began at {at_us} while commit {other_commit} of the same task was still running.'],
    ['Each task has one commit semaphore; at most one commit of a task may be alive.'],
  ],
  O6: [
    [
      'The checkpoint topic’s newest record for task {task} moved {ssp} back from offset {before} to {after}.',
      'The checkpointed offset of {ssp} went back from {before} to {after}.',
    ],
    ['It was written by container {writer}; the newer one by container {other_writer}.'],
    [
      'The next restart begins there: everything between is processed again, and a transactional restore trims newer state.',
    ],
    ['Within one task checkpointed offsets must never go back.'],
  ],
  O7: [
    ['Checkpoint {checkpoint} of task {task} points to blob {blob}, which was gone at {at_us}.'],
    ['A checkpoint that is the newest of its task must be readable in full, or the container cannot start.'],
  ],
  O8: [
    ['Task {task} ran in containers {container} and {other_container} at the same time, for longer than {bound_us}.'],
    ['The heartbeat monitor promises that an orphan is gone 60 + 93 + 120 s after the application master forgot it.'],
  ],
  Q1: [
    ['The six parts of the time of task {task} add up to {sum_us} instead of the horizon, {horizon_us}.'],
    ['This is a fault of Tidemark’s own bookkeeping: please report it.'],
  ],
};
