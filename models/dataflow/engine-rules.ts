/** What the engine around a protocol does: to ids and parts, events and files, and to the tasks beside one that has failed. */
import { RESCALE, type RescaleRules } from './key-groups.ts';
import type { Part } from './state.ts';
import type { Topology } from './topology.ts';

/** Deviations from them are a protocol's `engine`; mutants set them. */
export interface EngineRules {
  /** Ids after a restart go on from the durable counter, or from the checkpoint that was restored. */
  readonly ids: 'durable' | 'from-restored';
  /** An event with a split that has not been confirmed holds the snapshot up, and fails its receiver if it is lost; or not. */
  readonly events: 'confirmed' | 'forgotten';
  /** No split is handed out between the enumerator's snapshot and the trigger, or some are, or none ever again. */
  readonly valve: 'closes' | 'stays-open' | 'stays-closed';
  /** With the task that failed its pipelined region restarts, or the task alone (where `failover` is by region). */
  readonly restarts: 'region' | 'task-alone';
  /** A job that fails when its last savepoint is complete has failed, or fails over to its newest checkpoint. */
  readonly failedStop: 'job-failed' | 'failover';
  /** The part as it is handed to its upload. */
  readonly capture: (part: Part, topology: Topology) => Part;
  /** The part as a restarted task reads it. */
  readonly read: (part: Part, topology: Topology) => Part;
  /** Records that all inputs of a task hold together at most; null: each channel has a credit of its own, and no other. */
  readonly sharedCredit: number | null;
  /** Records of channel state a task can hold before it processes the first of them; null: it processes as it reads. */
  readonly recoveryBuffers: number | null;
  /** The key of a shared file: its path, which no two uploads share, or what the task calls it. */
  readonly fileKeys: 'path' | 'local-name';
  /** Who gets what of a keyed stage that is restored with another parallelism. */
  readonly rescale: RescaleRules;
  /** The files a part may refer to without uploading them: those of the last confirmed checkpoint, or of the last upload. */
  readonly refersTo: 'confirmed' | 'uploaded';
  /** Uploads of a checkpoint that was given up: the registry sees to them, or the task that uploaded them deletes them. */
  readonly abortedUploads: 'registered' | 'deleted';
  /** What an upload has closed is on the disk: a crash of the host that wrote it takes nothing back. */
  readonly syncsOnClose: boolean;
  /** When an upload fails half way, the files that it had stored are deleted. */
  readonly cleansFailedUploads: boolean;
}

export const ENGINE: EngineRules = {
  ids: 'durable',
  events: 'confirmed',
  valve: 'closes',
  restarts: 'region',
  failedStop: 'job-failed',
  capture: (part) => part,
  read: (part) => part,
  sharedCredit: null,
  recoveryBuffers: null,
  fileKeys: 'path',
  rescale: RESCALE,
  refersTo: 'confirmed',
  abortedUploads: 'registered',
  syncsOnClose: true,
  cleansFailedUploads: true,
};
