/**
 * What a worker of a check has found. Workers begin a round before it is known whether the one before ends the check, so
 * findings stand only when their round does. Those that stand are merged with their likes, as a binary counter carries: each
 * run takes part in few merges, however long the check is.
 */
import { mergeAll } from '../../sim/index.ts';
import { type CheckFindings, mergeCheckFindings } from '../../models/dataflow/check.ts';

export class CheckGathering {
  #open: { readonly to: number; readonly findings: CheckFindings }[] = [];
  readonly #standing: { readonly parts: number; readonly findings: CheckFindings }[] = [];

  /** Findings of a part of the round that goes up to run `to`. */
  add(to: number, findings: CheckFindings): void {
    this.#open.push({ to, findings });
  }

  /** The rounds of the first `runs` runs belong to the check. */
  settle(runs: number): void {
    for (const { to, findings } of this.#open) if (to <= runs) this.#stand(findings);
    this.#open = this.#open.filter(({ to }) => to > runs);
  }

  /** All that stands; undefined when nothing does. */
  all(): CheckFindings | undefined {
    return mergeAll(
      this.#standing.map(({ findings }) => findings),
      mergeCheckFindings,
    );
  }

  #stand(findings: CheckFindings): void {
    let carried = { parts: 1, findings };
    for (let last = this.#standing.at(-1); last?.parts === carried.parts; last = this.#standing.at(-1)) {
      this.#standing.pop();
      carried = { parts: 2 * carried.parts, findings: mergeCheckFindings(last.findings, carried.findings) };
    }
    this.#standing.push(carried);
  }
}
