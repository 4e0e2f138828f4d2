/**
 * Every kind of action there is, with the word that stands in action ids. Kinds are small integers so that the run loop
 * dispatches by a jump and a pending action is a few array cells. Who each is addressed to decides what a crash drops:
 * actions of a container die with it, actions of a log, the blob store or the cluster do not.
 */

export const KIND_NAMES = [
  // environment
  'arrive',
  'fault',
  'fault-ends',
  'roll-segment',
  'segment-expires',
  'segment-compacts',
  'batch-layer',
  // brokers and stores: effects that outlive their sender
  'append',
  'append-checkpoint',
  'put-blobs',
  'put-index',
  'blob-ttl',
  // cluster manager
  'container-exited',
  'node-expired',
  'host-up',
  'allocate',
  'am-restarted',
  'job-starts',
  // containers: die with their incarnation
  'started',
  'checkpoints-read',
  'restored',
  'trimmed',
  'running',
  'processed',
  'commit-due',
  'step-done',
  'linger',
  'acked',
  'commit-timeout',
  'upload-retry',
  'heartbeat',
  'forced-exit',
  'shut-down',
  'resume',
  'crash',
] as const;

type Names = (typeof KIND_NAMES)[number];

const kind = (name: Names): number => KIND_NAMES.indexOf(name);

/** A record of the load reaches its input partition. actor: load. */
export const ARRIVE: number = kind('arrive');
/** Fault a of the plan strikes. actor: faults. */
export const FAULT: number = kind('fault');
/** Fault a of the plan is over. actor: faults. */
export const FAULT_ENDS: number = kind('fault-ends');
/** The active segment of a log closes by age. actor: the log. */
export const ROLL_SEGMENT: number = kind('roll-segment');
/** Records below offset a leave the log by retention. actor: the log. */
export const SEGMENT_EXPIRES: number = kind('segment-expires');
/** Records below offset a may be compacted. actor: the log. */
export const SEGMENT_COMPACTS: number = kind('segment-compacts');
/** The batch layer finishes a recomputation that began at its last tick. actor: batch layer. */
export const BATCH_LAYER: number = kind('batch-layer');
/** A producer batch is appended by the leader. actor: the log; payload: Batch. */
export const APPEND: number = kind('append');
/** A checkpoint record is appended. actor: checkpoint topic; payload: CheckpointRecord. */
export const APPEND_CHECKPOINT: number = kind('append-checkpoint');
/** The new files of an upload are stored. actor: blob store; payload: Upload. */
export const PUT_BLOBS: number = kind('put-blobs');
/** The snapshot index of an upload is stored. actor: blob store; payload: Upload. */
export const PUT_INDEX: number = kind('put-index');
/** The TTL of upload a runs out. actor: blob store. */
export const BLOB_TTL: number = kind('blob-ttl');
/** The application master learns that a container is gone. actor: cluster; a: exit code; payload: container. */
export const CONTAINER_EXITED: number = kind('container-exited');
/** The ResourceManager gives up host a, if its silence number is still b. actor: cluster. */
export const NODE_EXPIRED: number = kind('node-expired');
/** Host a is up again, if its outage number is still b. actor: cluster. */
export const HOST_UP: number = kind('host-up');
/** The allocator looks for a host for processor a, preferring host b (-1: any). actor: cluster. */
export const ALLOCATE: number = kind('allocate');
/** A new application master attempt is up. actor: cluster. */
export const AM_RESTARTED: number = kind('am-restarted');
/** The job is (re)started by its operator. actor: cluster. */
export const JOB_STARTS: number = kind('job-starts');
/** The container's process is up. actor: container, as for all below. */
export const STARTED: number = kind('started');
/** The checkpoint topic has been read. */
export const CHECKPOINTS_READ: number = kind('checkpoints-read');
/** Task a's stores are restored to their target. */
export const RESTORED: number = kind('restored');
/** Task a's trim has been sent and its stores are flushed. */
export const TRIMMED: number = kind('trimmed');
/** Consumers are started, the run loop begins. */
export const RUNNING: number = kind('running');
/** A process call of task a completes: b records. payload: Work for async tasks. */
export const PROCESSED: number = kind('processed');
/** task.commit.ms has passed for task a. */
export const COMMIT_DUE: number = kind('commit-due');
/** Step b of a commit of task a is done. payload: Commit. */
export const STEP_DONE: number = kind('step-done');
/** linger.ms is over for producer lane a. */
export const LINGER: number = kind('linger');
/** The broker's acknowledgement for lane a arrives. payload: Batch. */
export const ACKED: number = kind('acked');
/** task.commit.timeout.ms is over for the commit that waits for task a's semaphore. payload: Commit. */
export const COMMIT_TIMEOUT: number = kind('commit-timeout');
/** A failed upload or clean-up is tried again. payload: RemoteAttempt. */
export const UPLOAD_RETRY: number = kind('upload-retry');
/** The container asks the application master whether it is still wanted; a: try number. */
export const HEARTBEAT: number = kind('heartbeat');
/** The container that is shutting down exits by force. */
export const FORCED_EXIT: number = kind('forced-exit');
/** A clean shutdown has flushed everything; the process exits with code a. */
export const SHUT_DOWN: number = kind('shut-down');
/** A paused process goes on. */
export const RESUME: number = kind('resume');
/** The process dies (scheduled by a fault inside a step or a start). a: fault index. */
export const CRASH: number = kind('crash');
