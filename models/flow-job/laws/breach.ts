/** A broken law of a timed run: its id, and the guilty things by name. */
export interface FlowJobBreach {
  readonly law: 'Q1' | 'Q2' | 'X2';
  readonly facts: Readonly<Record<string, string | number>>;
}
