/** The mutants that exist, in the order of the catalogue (anchors.md §6.2). */
import { abortDeletesShared } from './abort-deletes-shared.ts';
import { abortLeavesBlocked } from './abort-leaves-blocked.ts';
import { abortNotPropagated } from './abort-not-propagated.ts';
import { ackBeforeUpload } from './ack-before-upload.ts';
import { announcementQueues } from './announcement-queues.ts';
import { asyncLostAtEnd } from './async-lost-at-end.ts';
import { asyncNotDrained } from './async-not-drained.ts';
import { blindRecommit } from './blind-recommit.ts';
import { buffersOfTheBlocked } from './buffers-of-the-blocked.ts';
import { captureTooMuch } from './capture-too-much.ts';
import { claimedFilesDeleted } from './claimed-files-deleted.ts';
import { closeWithoutSync } from './close-without-sync.ts';
import { channelsNotMapped } from './channels-not-mapped.ts';
import { commitOnBarrier } from './commit-on-barrier.ts';
import { commitOnlyExact } from './commit-only-exact.ts';
import { completeMissingAck } from './complete-missing-ack.ts';
import { countAcks } from './count-acks.ts';
import { deafAfterCancel } from './deaf-after-cancel.ts';
import { deleteShared } from './delete-shared.ts';
import { disorderChannelState } from './disorder-channel-state.ts';
import { extraChannelsDropped } from './extra-channels-dropped.ts';
import { finishedLeftOut } from './finished-left-out.ts';
import { finishedNeverAcks } from './finished-never-acks.ts';
import { forgetChannelState } from './forget-channel-state.ts';
import { forgetPending } from './forget-pending.ts';
import { forwardEarly } from './forward-early.ts';
import { forwardLate } from './forward-late.ts';
import { keepDeletedDuplicate } from './keep-deleted-duplicate.ts';
import { lateBarrierRevives } from './late-barrier-revives.ts';
import { leakAborted } from './leak-aborted.ts';
import { leakFailedUpload } from './leak-failed-upload.ts';
import { lingering } from './lingering.ts';
import { mailboxSnapshot } from './mailbox-snapshot.ts';
import { mixConcurrent } from './mix-concurrent.ts';
import { mixOffsets } from './mix-offsets.ts';
import { deleteUnknown } from './delete-unknown.ts';
import { reportedBeforeStored } from './reported-before-stored.ts';
import { savepointCommits } from './savepoint-commits.ts';
import { savepointOvertakes } from './savepoint-overtakes.ts';
import { stopFailsOver } from './stop-fails-over.ts';
import { splitInFlight } from './split-in-flight.ts';
import { valveStaysClosed } from './valve-stays-closed.ts';
import { valveStaysOpen } from './valve-stays-open.ts';
import type { Mutant } from './mutant.ts';
import { noAlignOne } from './no-align-one.ts';
import { noAlign } from './no-align.ts';
import { notifyBeforeMetadataAndZombieCommit } from './notify-before-metadata-and-zombie-commit.ts';
import { notifyBeforeMetadata } from './notify-before-metadata.ts';
import { notifyStops } from './notify-stops.ts';
import { offsetAfterBarrier } from './offset-after-barrier.ts';
import { orderLeak } from './order-leak.ts';
import { overtake } from './overtake.ts';
import { pendingSurvivesFailover } from './pending-survives-failover.ts';
import { recoveryHoldsBuffers } from './recovery-holds-buffers.ts';
import { recycledTwice } from './recycled-twice.ts';
import { referToAborted } from './refer-to-aborted.ts';
import { removedSinksLinger } from './removed-sinks-linger.ts';
import { rescaleGap } from './rescale-gap.ts';
import { rescaleOverlap } from './rescale-overlap.ts';
import { restoreOldest } from './restore-oldest.ts';
import { restartTaskAlone } from './restart-task-alone.ts';
import { restorePartial } from './restore-partial.ts';
import { resumeEarly } from './resume-early.ts';
import { reuseIdAndStaleAck } from './reuse-id-and-stale-ack.ts';
import { reuseId } from './reuse-id.ts';
import { sameHandleCollides } from './same-handle-collides.ts';
import { sameNameOtherBytes } from './same-name-other-bytes.ts';
import { sharedTxnId } from './shared-txn-id.ts';
import { skipByMaxId } from './skip-by-max-id.ts';
import { snapFirst } from './snap-first.ts';
import { staleAck } from './stale-ack.ts';
import { subsumeResetsInput } from './subsume-resets-input.ts';
import { swallowCommitError } from './swallow-commit-error.ts';
import { switchLoses } from './switch-loses.ts';
import { timeoutNeverFires } from './timeout-never-fires.ts';
import { timerNeedsBarrier } from './timer-needs-barrier.ts';
import { timersOutside } from './timers-outside.ts';
import { writerNeverEnds } from './writer-never-ends.ts';
import { wrongGate } from './wrong-gate.ts';
import { zombieCommit } from './zombie-commit.ts';

export const MUTANTS: readonly Mutant[] = [
  ackBeforeUpload,
  completeMissingAck,
  countAcks,
  offsetAfterBarrier,
  noAlign,
  noAlignOne,
  snapFirst,
  resumeEarly,
  forwardLate,
  forwardEarly,
  overtake,
  forgetChannelState,
  captureTooMuch,
  disorderChannelState,
  wrongGate,
  switchLoses,
  lateBarrierRevives,
  abortLeavesBlocked,
  abortNotPropagated,
  mixConcurrent,
  reuseId,
  staleAck,
  reuseIdAndStaleAck,
  restoreOldest,
  restorePartial,
  mixOffsets,
  commitOnBarrier,
  commitOnlyExact,
  forgetPending,
  blindRecommit,
  zombieCommit,
  notifyBeforeMetadata,
  notifyBeforeMetadataAndZombieCommit,
  sharedTxnId,
  lingering,
  skipByMaxId,
  swallowCommitError,
  deleteShared,
  referToAborted,
  sameNameOtherBytes,
  leakAborted,
  timersOutside,
  asyncNotDrained,
  finishedNeverAcks,
  rescaleGap,
  rescaleOverlap,
  timeoutNeverFires,
  splitInFlight,
  orderLeak,
];

/** Further defects that were seen in Flink (engines.md §6); scenarios/flink/ tells the story of each. */
export const FLINK_DEFECTS: readonly Mutant[] = [
  finishedLeftOut,
  notifyStops,
  mailboxSnapshot,
  subsumeResetsInput,
  deafAfterCancel,
  recycledTwice,
  writerNeverEnds,
  timerNeedsBarrier,
  announcementQueues,
  recoveryHoldsBuffers,
  buffersOfTheBlocked,
  asyncLostAtEnd,
  keepDeletedDuplicate,
  leakFailedUpload,
  sameHandleCollides,
  abortDeletesShared,
  claimedFilesDeleted,
  closeWithoutSync,
  removedSinksLinger,
  extraChannelsDropped,
  channelsNotMapped,
];

/**
 * Defects of savepoints, of stores that do not answer, of splits that a coordinator assigns (engines.md §6.2-§6.4), and of a
 * failover of regions (§2.10).
 */
export const FLINK_SURROUNDINGS: readonly Mutant[] = [
  deleteUnknown,
  reportedBeforeStored,
  savepointCommits,
  savepointOvertakes,
  stopFailsOver,
  valveStaysClosed,
  valveStaysOpen,
  restartTaskAlone,
  pendingSurvivesFailover,
];

export const ALL_MUTANTS: readonly Mutant[] = [...MUTANTS, ...FLINK_DEFECTS, ...FLINK_SURROUNDINGS];
