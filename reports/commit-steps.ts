/** What each step of a Samza commit does, in one line, for lists and documentation (domain facts: samza.md §1.4). */

/** Step name → what it does. */
export const commitStepMeanings: Readonly<Record<string, string>> = {
  'check-previous': 'look whether the asynchronous stage of the previous commit failed; if so the container dies here',
  'acquire-semaphore': 'one commit per task: skip when a young one runs, block on an older one',
  'create-id': 'make the checkpoint id from the wall clock',
  'freeze-offsets': 'copy the offsets processed so far; these are what the checkpoint will say',
  'flush-producers': 'wait until outputs and changelog records sent so far are acknowledged',
  'flush-tables': 'flush remote tables',
  'flush-stores': 'write dirty cache entries to changelog and RocksDB, then flush the memtable',
  'checkpoint-stores': 'hard-link the RocksDB files into a checkpoint directory',
  'newest-offsets': 'ask the broker for the newest changelog offset: the state the checkpoint points to',
  'submit-async': 'hand the rest to the commit pool; processing goes on from here',
  upload: 'upload new files to the blob store, then the snapshot index',
  'write-files-v1': 'write the OFFSET files beside the store',
  'append-v1': 'append the version 1 checkpoint to the checkpoint topic',
  'write-files-v2': 'write the CHECKPOINT-V2 files beside the store',
  'append-v2': 'append the version 2 checkpoint to the checkpoint topic',
  cleanup: 'remove TTLs, old blobs and old checkpoint directories',
  'trim-input': 'delete committed messages of intermediate streams',
  complete: 'note success or failure, release the semaphore',
};
