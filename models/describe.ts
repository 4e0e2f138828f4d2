/**
 * Actions in words of the field, one line each, for traces and stories. Called only when somebody reads along.
 */
import * as kinds from './actions.ts';
import { KIND_NAMES } from './actions.ts';
import type { Upload } from './blob-store.ts';
import type { Batch } from './kafka/batch.ts';
import { COMMIT_STEPS } from './protocols/samza.ts';
import type { AppendRequest } from './samza/checkpoint-appends.ts';
import type { Container } from './samza/container.ts';
import type { Job } from './samza/job.ts';
import type { Commit } from './samza/task-instance.ts';

/** A pending action as the world shows it. */
export interface PendingAction {
  readonly kind: number;
  readonly actor: number;
  readonly a: number;
  readonly b: number;
  readonly payload: unknown;
}

/** What applying the action means, before it is applied. */
export function describeAction(job: Job, action: PendingAction): string {
  const { kind, actor, a, b, payload } = action;
  const who = job.world.actorName(actor);
  switch (kind) {
    case kinds.ARRIVE:
      return a === 1 ? 'a record arrives' : `${a} records arrive`;
    case kinds.APPEND:
      return `${who}: ${(payload as Batch).records} records appended`;
    case kinds.APPEND_CHECKPOINT: {
      const { record } = payload as AppendRequest;
      return `checkpoint v${record.version} of task ${record.task}, commit ${record.commit}, appended by ${record.writer}: offsets ${record.inputOffsets.join(', ')}`;
    }
    case kinds.PUT_BLOBS:
      return `files of task ${(payload as { upload: Upload }).upload.task} stored in the blob store`;
    case kinds.PUT_INDEX:
      return `snapshot index of task ${(payload as { upload: Upload }).upload.task} stored in the blob store`;
    case kinds.STEP_DONE:
      return `commit ${(payload as Commit).number} of task ${(payload as Commit).task.task}: ${COMMIT_STEPS[b]!.name} done`;
    case kinds.PROCESSED:
      return `${who}: process call of task ${taskOf(job, actor, a)} completes (${b} ${b === 1 ? 'record' : 'records'})`;
    case kinds.COMMIT_DUE:
      return `${who}: commit of task ${taskOf(job, actor, a)} falls due`;
    case kinds.RESTORED:
      return `${who}: stores of task ${taskOf(job, actor, a)} restored`;
    case kinds.TRIMMED:
      return `${who}: stores of task ${taskOf(job, actor, a)} flushed after restore`;
    case kinds.LINGER:
      return `${who}: linger.ms over on producer lane ${a}`;
    case kinds.ACKED:
      return `${who}: ${(payload as Batch).records} records ${b === 1 ? 'refused' : 'acknowledged'} on producer lane ${a}`;
    case kinds.HEARTBEAT:
      return `${who}: heartbeat to the application master, try ${a + 1}`;
    case kinds.CONTAINER_EXITED:
      return `the application master learns that ${(payload as Container).name} is gone, status ${a}`;
    case kinds.ALLOCATE:
      return `allocator looks for a host for container ${a}${b >= 0 ? `, host ${b} preferred` : ''}`;
    case kinds.NODE_EXPIRED:
      return `ResourceManager's patience with host ${a} ends`;
    case kinds.HOST_UP:
      return `host ${a} is due up again`;
    case kinds.FAULT:
      return b === 1 ? `failure log entry ${a + 1} strikes` : `fault ${a + 1} of the plan strikes`;
    case kinds.FAULT_ENDS:
      return `fault ${a + 1} of the plan is over`;
    case kinds.SHUT_DOWN:
    case kinds.FORCED_EXIT:
      return `${who}: process exits with status ${a}`;
    default:
      return `${who}: ${KIND_NAMES[kind]!.replaceAll('-', ' ')}`;
  }
}

function taskOf(job: Job, actor: number, local: number): number {
  const processor = Number(job.world.actorName(actor).split('-')[1]);
  return processor + local * job.plan.job.containers;
}
