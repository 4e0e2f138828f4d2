/**
 * What a broken law means, in sentences (see story.ts for the notation). The last sentence of each story is the promise
 * that was broken, so that a reader sees why the facts before it are a contradiction and not just an event.
 */

/** Wordings of one sentence, best first; `{name}` is a fact, printed by the unit at the end of its name. */
export type Sentence = readonly string[];

/** Law id → its story. A law without a story still shows its statement and all facts. */
export const stories: Readonly<Record<string, readonly Sentence[]>> = {
  O1: [
    ['{ssp} lost {records_lost} records, the first at offset {first_offset}: never processed, and never to be.'],
    ['The job passed over them at {passed_over_at_us}, when a task began to read behind them.'],
    ['Samza promises at-least-once: every input record is processed once or more, whatever dies. These are not.'],
  ],
  O2: [
    ['Records were processed again {duplicates} times, but the restarts went back by {replays} records only.'],
    ['A record may be repeated only because a restart went back behind it, so the two must be equal.'],
  ],
  O3: [
    ['Task {task} restored store {store} (checkpoint: {checkpoint}).'],
    [
      '{keys_wrong} keys came back wrong, the first of them key {first_key}. Against the inputs up to that checkpoint, ' +
        'updates missing: {updates_missing}, updates too many: {updates_too_many}.',
    ],
    [
      'A transactional or blob restore promises the state of the checkpoint, not an update more or less: what is too much ' +
        'is applied again by the replay, and what is missing is never replayed.',
    ],
  ],
  O4: [
    [
      'Task {task} restored store {store} from its changelog, and {keys_wrong} keys came back wrong, the first of them key {first_key}.',
    ],
    ['A non-transactional restore promises the last value that the changelog ever got for each key, committed or not.'],
  ],
  O5: [
    ['Commit {commit} of task {task} began while another was still running: {live} commits of the task are alive.'],
    [
      'Each task has one commit semaphore. Two commits at once may finish in the wrong order: the older checkpoint then covers the newer, and its clean-up deletes what the newer needs.',
    ],
  ],
  O6: [
    [
      'A version {version} checkpoint of task {task}, appended by {written_by}, moved its offset back from {from_offset} to {to_offset}.',
    ],
    ['The checkpoint before it came from {after}.'],
    [
      'Checkpoints carry no writer and no epoch: the last append wins. The next restart goes back to it, and a transactional restore trims the state that the newer one had committed.',
    ],
    ['The checkpointed offsets of a task promise never to go back.'],
  ],
  O7: [
    [
      'The newest checkpoint of task {task} points to snapshot index {snapshot_index}, whose blobs were {blobs} by {by}.',
      'The newest checkpoint of task {task} points to snapshot index {snapshot_index}, whose blobs are {blobs}.',
    ],
    ['A checkpoint promises that its state can be read back; without these blobs the container cannot start from it.'],
  ],
  O8: [
    ['Container {container} on host {host} lived on for {lived_s} s after the application master had forgotten it.'],
    [
      'Its tasks ran in two places all that time, and nothing fences the old ones: both append outputs, changelog and checkpoints.',
    ],
    [
      'The heartbeat promises that an orphan is gone after {bound_s} s: 60 s to the next beat, 93 s of retries, 120 s to stop.',
    ],
  ],
  E2: [
    [
      'The checkpoint of {checkpoint} covers {ssp} up to offset {checkpoint_covers}, but the output topic lacks {outputs_missing} outputs of those records, the first that of offset {first_offset}.',
      'The last checkpoint covers {ssp} up to offset {checkpoint_covers}, but the output topic lacks {outputs_missing} outputs of those records.',
    ],
    ['No restart goes back behind a checkpoint, so nobody will produce them again.'],
    ['Samza promises at-least-once output: a commit flushes the producers before it writes the offsets.'],
  ],
  S1: [
    [
      'The state ends with {keys_wrong} wrong keys, the first of them key {first_key}; updates missing: {updates_missing}, updates too many: {updates_too_many}.',
      'The state ends with {keys_wrong} wrong keys; updates missing: {updates_missing}, updates too many: {updates_too_many}.',
    ],
    ['The inputs of the missing ones were processed, so nothing will apply them again.'],
    ['Samza promises that state never lacks an update whose input counts as processed.'],
  ],
  L1: [
    [
      'Container {container} died {failures} times: the application master gave it up ({why}), and the job {job}.',
      'Container {container} is gone for good ({why}): the application master does not start it again.',
    ],
    ['Its tasks make no progress any more, and their input grows.'],
  ],
};
