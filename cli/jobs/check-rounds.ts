/**
 * Deals the rounds of a check to workers, in small parts, and goes on with the next round while the last parts of one are still
 * out: no worker waits for another. A round counts when all of it is there and all before it count, so the answer is that of
 * one worker after the other; what was begun behind the round that ends the check is thrown away, mistakes of the user included.
 */
import { type CheckFindings, mergeCheckFindings } from '../../models/dataflow/check.ts';
import { type CampaignOptions, mergeAll, nextRound, type Round, type Shard } from '../../sim/index.ts';

export interface CheckPart {
  readonly round: Round;
  readonly shard: Shard;
}

/** Parts of a round: small enough for the last ones to end together, large enough for the asking not to show. */
export const CHECK_SHARDS = 16;

interface OpenRound {
  readonly round: Round;
  dealt: number;
  answered: number;
  /** By shard. */
  readonly findings: (CheckFindings | undefined)[];
  readonly errors: (Error | undefined)[];
}

export class CheckRounds {
  readonly #campaign: CampaignOptions<CheckFindings>;
  /** In order. No more than the workers begin while one of them is at one part. */
  readonly #open: OpenRound[] = [];
  #soFar: CheckFindings | undefined;
  #settled: number = 0;
  #isOver: boolean = false;

  constructor(campaign: CampaignOptions<CheckFindings>) {
    this.#campaign = campaign;
  }

  /** Runs of the rounds that count. */
  get settled(): number {
    return this.#settled;
  }

  /** The next part to be made, or null when there is none. */
  deal(): CheckPart | null {
    if (this.#isOver) return null;
    let last = this.#open.at(-1);
    if (last === undefined || last.dealt === CHECK_SHARDS) {
      const round = nextRound(this.#campaign, last?.round.to ?? this.#settled, undefined);
      if (round === null) return null;
      last = { round, dealt: 0, answered: 0, findings: [], errors: [] };
      this.#open.push(last);
    }
    return { round: last.round, shard: { index: last.dealt++, count: CHECK_SHARDS } };
  }

  /** A part is made. Throws the error of the first part that failed in a round that counts. */
  take({ round, shard }: CheckPart, made: CheckFindings | Error | undefined): void {
    const open = this.#open.find((each) => each.round.from === round.from);
    if (open === undefined) return;
    if (made instanceof Error) open.errors[shard.index] = made;
    else open.findings[shard.index] = made;
    open.answered++;
    this.#settle();
  }

  #settle(): void {
    for (let first = this.#open[0]; first?.answered === CHECK_SHARDS; first = this.#open[0]) {
      const error = first.errors.find((each) => each !== undefined);
      if (error !== undefined) throw error;
      this.#soFar = mergeAll([this.#soFar, ...first.findings], mergeCheckFindings);
      this.#settled = first.round.to;
      this.#open.shift();
      if (nextRound(this.#campaign, this.#settled, this.#soFar) !== null) continue;
      this.#isOver = true;
      this.#open.length = 0;
    }
  }
}
