/**
 * One entry per death of a container that was doing the job: from the death to the application master's knowledge
 * (detect), to the new process having read its checkpoint (restart), to restored and sealed stores (restore), to the
 * input head of that moment (catch up).
 */
import type { Recovery } from '../outcome.ts';

interface Open {
  readonly processor: number;
  readonly cause: string;
  readonly at: number;
  readonly fromHost: number;
  toHost: number;
  detectedAt: number;
  restartedAt: number;
  restoredAt: number;
  caughtUpAt: number;
  restoredBytes: number;
  replayed: number;
  skipped: number;
  restoredFrom: string;
  finished: boolean;
}

export class RecoveryLog {
  readonly #all: Open[] = [];
  readonly #current: Map<number, Open> = new Map();

  /** The processor's official container died, or was given up, at `at`. */
  died(processor: number, facts: { cause: string; at: number; host: number }): void {
    const open: Open = {
      processor,
      cause: facts.cause,
      at: facts.at,
      fromHost: facts.host,
      toHost: -1,
      detectedAt: -1,
      restartedAt: -1,
      restoredAt: -1,
      caughtUpAt: -1,
      restoredBytes: 0,
      replayed: 0,
      skipped: 0,
      restoredFrom: 'none',
      finished: false,
    };
    this.#all.push(open);
    this.#current.set(processor, open);
  }

  detected(processor: number, now: number): void {
    const open = this.#current.get(processor);
    if (open !== undefined && open.detectedAt < 0) open.detectedAt = now;
  }

  restarted(processor: number, now: number, host: number): void {
    const open = this.#current.get(processor);
    if (open === undefined) return;
    open.restartedAt = now;
    open.toHost = host;
  }

  restored(processor: number, now: number, bytes: number, from: string): void {
    const open = this.#current.get(processor);
    if (open === undefined) return;
    open.restoredAt = now;
    open.restoredBytes = bytes;
    open.restoredFrom = from;
    open.finished = true;
  }

  caughtUp(processor: number, now: number): void {
    const open = this.#current.get(processor);
    // The process before it may finish a last record while it stops: that catches up with nothing.
    if (open === undefined || open.restoredAt < 0) return;
    open.caughtUpAt = now;
    this.#current.delete(processor);
  }

  replayed(processor: number, records: number): void {
    const open = this.#current.get(processor);
    if (open !== undefined) open.replayed += records;
  }

  skipped(processor: number, records: number): void {
    const open = this.#current.get(processor);
    if (open !== undefined) open.skipped += records;
  }

  close(): Recovery[] {
    const span = (from: number, to: number): number => (from < 0 || to < 0 ? -1 : to - from);
    return this.#all.map((open) => ({
      container: open.processor,
      cause: open.cause,
      at_us: open.at,
      from_host: open.fromHost,
      to_host: open.toHost,
      detect_us: span(open.at, open.detectedAt),
      restart_us: span(open.detectedAt, open.restartedAt),
      restore_us: span(open.restartedAt, open.restoredAt),
      catchup_us: span(open.restoredAt, open.caughtUpAt),
      restored_bytes: open.restoredBytes,
      replayed_records: open.replayed,
      skipped_records: open.skipped,
      restored_from: open.restoredFrom,
      finished: open.finished,
    }));
  }
}
