/**
 * The laws of one run and how they fare. A law is checked where the thing it speaks of happens; a check that finds a
 * breach leaves a Violation with ids and numbers, and the run goes on, so that all laws are heard.
 */
import type { LawReport, Verdict, Violation } from '../outcome.ts';

/** Law ids and statements: O1-O8 of samza.md §11, and E2, S1, L1 of anchors.md §6.1. */
export const SAMZA_LAWS: readonly { readonly id: string; readonly statement: string }[] = [
  { id: 'O1', statement: 'every input record from the first consumed offset on is processed at least once' },
  { id: 'O2', statement: 'records processed more than once are exactly those between restart position and progress' },
  { id: 'O3', statement: 'transactional and blob state equals the fold of the inputs up to the checkpoint' },
  { id: 'O4', statement: 'non-transactional state equals the last value of every key in the changelog' },
  { id: 'O5', statement: 'a task has at most one live commit' },
  { id: 'O6', statement: 'the checkpointed offsets of a task never go back' },
  { id: 'O7', statement: 'no newest checkpoint points to a deleted or expired blob' },
  { id: 'O8', statement: 'a task runs in at most one container, but for 273 s after its master forgot the other' },
  { id: 'E2', statement: 'the outputs of every checkpointed input are visible in the output topic' },
  { id: 'S1', statement: 'no processed update is missing from the state at the end' },
  { id: 'L1', statement: 'the job keeps running' },
];

type Facts = Readonly<Record<string, string | number>>;

export class LawBook {
  readonly #checked: Map<string, number> = new Map();
  readonly #violations: Map<string, number> = new Map();
  readonly #first: Map<string, Violation> = new Map();
  #worst: string | null = null;

  /** Records one evaluation of a law: `facts` is null when it held. */
  check(law: string, atMicros: number, facts: Facts | null): void {
    this.#checked.set(law, (this.#checked.get(law) ?? 0) + 1);
    if (facts === null) return;
    const statement = SAMZA_LAWS.find((each) => each.id === law)?.statement;
    if (statement === undefined) throw new Error(`no law ${law}`);
    this.#violations.set(law, (this.#violations.get(law) ?? 0) + 1);
    if (!this.#first.has(law)) this.#first.set(law, { law, statement, atMicros, facts });
    this.#worst ??= law;
  }

  reports(): LawReport[] {
    return SAMZA_LAWS.map(({ id, statement }) => ({
      law: id,
      statement,
      checked: this.#checked.get(id) ?? 0,
      violations: this.#violations.get(id) ?? 0,
      first: this.#first.get(id) ?? null,
    }));
  }

  /** Lost input, else the law that broke first, names the verdict. `cut` says that the run was stopped before its horizon. */
  verdict(bound: string, cut: boolean): Verdict {
    // Lost input is judged at the end, yet it explains missing outputs and state that were noticed before.
    const law = this.#violations.has('O1') ? 'O1' : this.#worst;
    if (law !== null) return { kind: 'violated', law, bound };
    return cut ? { kind: 'unknown', law: null, bound } : { kind: 'holds', law: null, bound };
  }
}
