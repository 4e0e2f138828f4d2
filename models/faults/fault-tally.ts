/**
 * How many faults of each kind were planned, struck and changed anything, and why the others did not: a green run cannot
 * hide behind faults that never bit.
 */
import type { FaultEffect } from '../outcome.ts';

interface Row {
  planned: number;
  injected: number;
  bit: number;
  readonly without: Map<string, number>;
}

export class FaultTally {
  readonly #rows: Map<string, Row> = new Map();

  plan(kind: string, count: number): void {
    this.#row(kind).planned += count;
  }

  /** It strikes; whether it bites is known later. */
  struck(kind: string): void {
    this.#row(kind).injected++;
  }

  /** A fault that had struck is judged. */
  judge(kind: string, bit: boolean, reasonIfNot: string): void {
    const row = this.#row(kind);
    if (bit) row.bit++;
    else row.without.set(reasonIfNot, (row.without.get(reasonIfNot) ?? 0) + 1);
  }

  bit(kind: string): void {
    this.struck(kind);
    this.judge(kind, true, '');
  }

  missed(kind: string, reason: string): void {
    this.struck(kind);
    this.judge(kind, false, reason);
  }

  report(): FaultEffect[] {
    return [...this.#rows].map(([fault, row]) => {
      const never = row.planned - row.injected;
      if (never > 0) row.without.set('its moment never came', never);
      return {
        fault,
        planned: row.planned,
        injected: row.injected,
        bit: row.bit,
        without_effect: [...row.without].map(([reason, count]) => ({ reason, count })),
      };
    });
  }

  #row(kind: string): Row {
    let row = this.#rows.get(kind);
    if (row === undefined) {
      row = { planned: 0, injected: 0, bit: 0, without: new Map() };
      this.#rows.set(kind, row);
    }
    return row;
  }
}
