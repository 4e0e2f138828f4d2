/** What a run is steered by from outside: when to checkpoint next, and what a pause is at a time. For schemes that adapt. */
export interface Steering {
  /** From trigger to trigger, or from resuming to the first one; whole microseconds. Asked whenever one is scheduled. */
  readonly intervalMicros: (isFirst: boolean) => number;
  /** The pause of a checkpoint that is triggered now; whole microseconds. Uploads that block come on top. */
  readonly pauseMicros: (now: number) => number;
  /** The platform has failed. */
  readonly failed: (now: number) => void;
}
