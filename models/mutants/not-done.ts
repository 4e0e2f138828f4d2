/** Mutants of the catalogue (anchors.md §6.2) that this matrix does not have, and why. */
export const NOT_DONE: Readonly<Record<string, string>> = {
  oldFailureCounts: 'the coordinator counts no failures: a decline never fails the job',
  alignClockWrong: 'a dataflow job has no clock: costs are measured in timed runs',
  doubleCharge: 'a dataflow job has no clock: costs are measured in timed runs',
  replayFree: 'a dataflow job has no clock: costs are measured in timed runs',
};
