/**
 * The one function that makes an action happen: from its kind to the part of the job it is for. Actions of containers go
 * to the incarnation that lives under the actor now; a paused process lets them wait.
 */
import * as kinds from '../actions.ts';
import type { BatchLayer } from '../batch-layer.ts';
import type { Upload } from '../blob-store.ts';
import type { Batch } from '../kafka/batch.ts';
import type { Changelog } from '../kafka/changelog.ts';
import type { InputPartition } from '../kafka/input-partition.ts';
import type { LogPartition } from '../kafka/log-partition.ts';
import { checkAppendedCheckpoint } from '../laws/appended-checkpoint.ts';
import { UPLOAD } from '../protocols/samza.ts';
import type { AppendRequest } from './checkpoint-appends.ts';
import type { Container } from './container.ts';
import type { Job } from './job.ts';
import type { RemoteAttempt } from './remote-steps.ts';
import type { Commit, TaskInstance, Work } from './task-instance.ts';

export function applyAction(job: Job, kind: number, actor: number, a: number, b: number, payload: unknown): void {
  if (kind >= kinds.STARTED) {
    const container = job.containersByActor[actor] as Container;
    if (container.stash(kind, a, b, payload)) return;
    applyToContainer(job, container, kind, a, b, payload);
    return;
  }
  switch (kind) {
    case kinds.ARRIVE:
      job.load.arrive(a);
      return;
    case kinds.APPEND:
      (job.logsByActor.get(actor) as LogPartition).land(payload as Batch, job.plan.costs.kafkaLatencyMicros);
      return;
    case kinds.APPEND_CHECKPOINT:
      appendCheckpoint(job, payload as AppendRequest);
      return;
    case kinds.PUT_BLOBS:
      putBlobs(job, payload as { upload: Upload; container: Container });
      return;
    case kinds.PUT_INDEX:
      putIndex(job, payload as { upload: Upload; container: Container });
      return;
    case kinds.BLOB_TTL:
      job.blobs.expire(a);
      return;
    case kinds.ROLL_SEGMENT:
      (job.inputsByActor.get(actor) ?? (job.logsByActor.get(actor) as Changelog)).rollSegment();
      return;
    case kinds.SEGMENT_EXPIRES:
      (job.inputsByActor.get(actor) as InputPartition).deleteBelow(a);
      return;
    case kinds.SEGMENT_COMPACTS:
      (job.logsByActor.get(actor) as Changelog).compactBelow(a, b);
      return;
    case kinds.FAULT:
      job.faults.onFault(a, b);
      return;
    case kinds.FAULT_ENDS:
      job.faults.onFaultEnds(a);
      return;
    case kinds.BATCH_LAYER:
      (job.batchLayer as BatchLayer).onAction(a);
      return;
    case kinds.CONTAINER_EXITED:
      job.cluster.onContainerExited(payload as Container, a);
      return;
    case kinds.NODE_EXPIRED:
      job.cluster.fleet.onNodeExpired(a, b);
      return;
    case kinds.HOST_UP:
      job.cluster.fleet.onHostUp(a, b);
      return;
    case kinds.ALLOCATE:
      job.cluster.onAllocate(a, b);
      return;
    case kinds.AM_RESTARTED:
      job.cluster.onAmRestarted();
      return;
    case kinds.JOB_STARTS:
      if (!job.cluster.isNewestStop(a)) return;
      job.reconfigure();
      job.cluster.onJobStarts();
      return;
    default:
      throw new Error(`no action of kind ${kind}`);
  }
}

function applyToContainer(job: Job, container: Container, kind: number, a: number, b: number, payload: unknown): void {
  switch (kind) {
    case kinds.PROCESSED:
      container.loop.onProcessed(container.tasks[a] as TaskInstance, b, payload as Work | null);
      return;
    case kinds.STEP_DONE:
      container.commits.onStepDone(payload as Commit, b);
      return;
    case kinds.COMMIT_DUE:
      container.loop.onCommitDue(container.tasks[a] as TaskInstance);
      return;
    case kinds.LINGER:
      container.producer.onLinger(a);
      return;
    case kinds.ACKED:
      container.onAcked(a, payload as Batch, b === 1);
      return;
    case kinds.HEARTBEAT:
      container.onHeartbeat(a);
      return;
    case kinds.STARTED:
      container.start.onStarted();
      return;
    case kinds.CHECKPOINTS_READ:
      container.start.onCheckpointsRead();
      return;
    case kinds.RESTORED:
      container.start.onRestored(a);
      return;
    case kinds.TRIMMED:
      container.start.onTrimmed(a);
      return;
    case kinds.RUNNING:
      container.start.onRunning();
      return;
    case kinds.COMMIT_TIMEOUT:
      container.commits.onCommitTimeout(payload as Commit);
      return;
    case kinds.UPLOAD_RETRY:
      container.commits.remote.onRetry(payload as RemoteAttempt);
      return;
    case kinds.SHUT_DOWN:
    case kinds.FORCED_EXIT:
      container.die(a, container.stopCause);
      return;
    case kinds.RESUME:
      container.resume();
      return;
    case kinds.CRASH:
      job.faults.onCrash(container, a);
      return;
    default:
      throw new Error(`no action of kind ${kind}`);
  }
}

function appendCheckpoint(job: Job, request: AppendRequest): void {
  if (job.topic.park(request)) return;
  job.topic.append(request.record);
  job.storage.checkpointRecords++;
  checkAppendedCheckpoint(job, request.record);
  job.probe.onCheckpoint?.(request.record);
  const { actor } = request.container;
  if (!request.container.alive) return;
  const { commit, step } = request;
  job.world.post(kinds.STEP_DONE, actor, job.plan.costs.kafkaLatencyMicros, commit.task.local, step, commit);
}

function putBlobs(job: Job, put: { upload: Upload; container: Container }): void {
  const commit = put.upload.notify.commit as Commit;
  if (!job.blobs.answers()) {
    if (put.container.alive) put.container.commits.remote.onUploadRefused(put.upload, commit);
    return;
  }
  job.blobs.putFiles(put.upload);
  if (put.container.alive && job.faults.watchesSteps) job.faults.atStep(put.container, commit, UPLOAD, 'during', 0);
  // The index is put by the uploader when it has heard of its files; a dead one puts none.
  if (!put.container.alive) return;
  const micros = Math.round(job.plan.costs.blobLatencyMicros * job.blobs.slowness);
  job.world.post(kinds.PUT_INDEX, job.blobs.actor, micros, 0, 0, put);
}

function putIndex(job: Job, put: { upload: Upload; container: Container }): void {
  job.blobs.putIndex(put.upload);
  if (put.container.alive) put.container.commits.remote.onIndexStored(put.upload, put.upload.notify.commit as Commit);
}
