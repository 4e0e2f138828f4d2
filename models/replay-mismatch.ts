/** The action list of a replay does not fit this plan and version. */
export class ReplayMismatch extends Error {}
