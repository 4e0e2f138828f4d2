/**
 * Crashes a small job at every named point of the protocol and reads off what came back: where the inputs restart,
 * what the state is equal to, which outputs appear twice. Every cell is observed in a simulated crash.
 */

/** What one simulated crash showed. Offsets are counts of records of the one input partition that was watched. */
export interface CrashCell {
  readonly column: string;
  /** Short answer in the document's own terms: `I0`, `I1`, `S(L0)`, `S(L1)`, `B0`, `ahead +12`, `I0..X twice (12)`. */
  readonly answer: string;
  readonly facts: Readonly<Record<string, string | number>>;
  /** Command that reproduces this one crash, without the program's name. */
  readonly command: string;
  readonly lost_inputs: number;
}

export interface CrashRow {
  readonly point: string;
  /** The crash point in words: `after append-checkpoint v1, before v2`. */
  readonly what: string;
  readonly cells: readonly CrashCell[];
}

export interface CrashMatrix {
  readonly protocol: string;
  readonly columns: readonly string[];
  readonly rows: readonly CrashRow[];
  readonly legend: readonly string[];
}

/** Columns in order: restart, non-tx same host, non-tx new host, tx, blob, outputs. */
export declare function crashMatrix(protocol: 'samza', seed: string): CrashMatrix;
