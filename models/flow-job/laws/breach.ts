/** A broken law of a timed run: its id, and the guilty things by name. */
export interface FlowJobBreach {
  readonly law: 'Q1' | 'Q2' | 'X2';
  readonly facts: Readonly<Record<string, string | number>>;
}

/** What the laws of timed runs say. */
export const FLOW_JOB_LAWS: Readonly<Record<FlowJobBreach['law'], string>> = {
  Q1: 'per task: useful + blocked + snapshot + restart + replay + idle = horizon, exactly in µs',
  Q2: 'each metric equals its definition, recomputed from the trace',
  X2: 'each timed run is a path of the untimed world, and both come to the same end',
};
