/**
 * The named windows in which a real Samza job loses input, mixes state or repeats work (domain facts: samza.md §5.4).
 * A violation names its window by id; here is what the id means in one sentence.
 */

/** Window id → what happens in it. */
export const windows: Readonly<Record<string, string>> = {
  'W-cache':
    'a value stayed dirty in the object cache until the commit had already flushed the producer, so the checkpoint names a changelog offset that lies before it',
  'W-cache2':
    'a value left the object cache after the producer flush and never reached the changelog, though the checkpoint that covers its input did',
  'W-first':
    'the container died before its first checkpoint, and offset default `upcoming` starts a task without checkpoint at the new end of the input',
  'W-idleSSP':
    'an input that had no record by the first commit is not in the checkpoint, so after a restart it begins at its new end',
  'W-range':
    'the job was down longer than the input is kept: the checkpointed offset is gone from the log, and the consumer moves to its end',
  'W-lag':
    'the checkpoint is older than 90 % of the changelog’s min.compaction.lag, so restore gives up the checkpointed offset and replays to the newest',
  'W-lagMem':
    'compaction removed a committed value in favour of an uncommitted one, and the trim of an in-memory store then deleted the key',
  'W-range2':
    'the checkpointed changelog offset no longer exists in the changelog, so restore replays whatever is there',
  'W-async':
    'with task.async.commit a put landed between the flush of the store and the reading of the changelog offset',
  'W-asyncUser': 'user threads changed the store outside their callbacks while a commit ran',
  'W-cross':
    'a dirty value was evicted to the changelog before the output of the same record was flushed, so the replay finds its key already seen',
  'W-acks1': 'with acks=1 the leader acknowledged records and died before a follower had them',
  'W-drop': 'task.drop.producer.errors lets the commit go on after a send that failed for good',
  'W-zombie-ckpt':
    'a container that the application master had given up committed after its replacement and overwrote the newer checkpoint with an older one',
  'W-zombie-log':
    'a container that had been replaced and its replacement both appended to the same changelog partition',
  'W-zombie-blob': 'a container that had been replaced deleted blobs that the newer checkpoint still needs',
  'W-v1v2': 'the reader took the other checkpoint version, which had been left behind',
  'W-ttl': 'the blobs of the newest checkpoint still had their time to live, and it ran out while the job was down',
  'W-fail-late': 'a failed asynchronous stage is noticed only by the next commit, one interval later',
  'W-slow': 'the asynchronous stage took longer than the commit interval, so commits were skipped and then blocked',
  'W-standby': 'a standby that had already applied uncommitted changelog entries took over',
  'W-restart0': 'the container left with exit code 0 after a fault, and the application master never restarts those',
  'W-intermediate': 'a commit deleted repartitioned input that an older checkpoint, used later, still needed',
  'W-retain':
    'the checkpoint has no changelog offset for the store, so with task.transactional.state.retain.existing.state everything in the changelog came back, committed or not',
  'reset-offset':
    'samza.reset.offset drops the checkpointed offset of the stream at each start, and offset default `upcoming` begins at its end',
  'W-startpoint': 'a startpoint was still set and was applied again',
};
