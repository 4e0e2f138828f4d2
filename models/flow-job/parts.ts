/** Parts of checkpoints in a timed job: what a task's state amounts to, and the durable store they lie in. */

/** The application state of a task, as far as a run needs it. `folded` stands for which records were processed, and how often. */
export interface TaskSnapshot {
  readonly read: number;
  readonly folded: number;
  /** By output and by input of the task. */
  readonly sent: readonly number[];
  readonly received: readonly number[];
  readonly transaction: number;
  /** Pre-committed transactions as [checkpoint, transaction]. */
  readonly pending: readonly (readonly [number, number])[];
}

/** Numbers per record of captured channel state: source, seq, n, tag, hops. */
export const CAPTURED_WIDTH = 5;

export interface FlowJobPart {
  readonly checkpoint: number;
  readonly attempt: number;
  readonly task: number;
  readonly snapshot: TaskSnapshot;
  /** By input of the task: records of channel state, CAPTURED_WIDTH numbers each. */
  readonly channels: number[][];
  readonly stateBytes: number;
}

export interface StoredCheckpoint {
  readonly checkpoint: number;
  readonly attempt: number;
}

/** What survives everything: parts, completed checkpoints, and the counters of ids and attempts. */
export class CheckpointStore {
  nextId: number = 1;
  /** Of the newest restart. */
  attempt: number = 0;
  /** By task, where a failover has left some of them running in older ones; empty: all are in the newest. */
  attempts: readonly number[] = [];
  completed: StoredCheckpoint[] = [];
  bytes: number = 0;
  bytesMax: number = 0;
  uploaded: number = 0;
  readonly #parts: Map<number, Map<number, { readonly part: FlowJobPart; readonly bytes: number }>> = new Map();

  /** The attempt that the task runs in. */
  attemptOf(task: number): number {
    return this.attempts[task] ?? this.attempt;
  }

  /** These of so many tasks begin a new attempt, all others stay in theirs. */
  beginAttempt(restarted: readonly number[], tasks: number): void {
    const attempts = Array.from({ length: tasks }, (_, task) => this.attemptOf(task));
    this.attempt++;
    for (const task of restarted) attempts[task] = this.attempt;
    this.attempts = restarted.length === tasks ? [] : attempts;
  }

  /** A later part under the same key replaces. */
  put(part: FlowJobPart, bytes: number): void {
    let parts = this.#parts.get(part.checkpoint);
    if (parts === undefined) this.#parts.set(part.checkpoint, (parts = new Map()));
    this.bytes += bytes - (parts.get(part.task)?.bytes ?? 0);
    this.uploaded += bytes;
    if (this.bytes > this.bytesMax) this.bytesMax = this.bytes;
    parts.set(part.task, { part, bytes });
  }

  part(checkpoint: number, task: number): FlowJobPart | null {
    return this.#parts.get(checkpoint)?.get(task)?.part ?? null;
  }

  bytesOf(checkpoint: number, task: number): number {
    return this.#parts.get(checkpoint)?.get(task)?.bytes ?? 0;
  }

  /** Checkpoints with any part, ascending, and their parts by task. */
  contents(): { readonly checkpoint: number; readonly tasks: readonly number[] }[] {
    return [...this.#parts]
      .filter(([, parts]) => parts.size > 0)
      .map(([checkpoint, parts]) => ({ checkpoint, tasks: [...parts.keys()].toSorted((x, y) => x - y) }))
      .toSorted((x, y) => x.checkpoint - y.checkpoint);
  }

  discard(checkpoint: number): void {
    this.completed = this.completed.filter((each) => each.checkpoint !== checkpoint);
    for (const { bytes } of this.#parts.get(checkpoint)?.values() ?? []) this.bytes -= bytes;
    this.#parts.delete(checkpoint);
  }
}
