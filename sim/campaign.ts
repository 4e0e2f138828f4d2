/**
 * Many independent runs, numbered from 0, whose answer depends neither on how many workers there are nor on who finishes
 * first. Runs are made in rounds; each worker takes the runs of a round whose number leaves its index as the remainder.
 * Results are merged by a function that must not care for order, and stop rules look only at whole rounds: a rule that
 * looked at single runs would see other runs with other workers. Nothing here knows a thread; workers call `runShard`.
 */

/** Which part of the runs is one worker's. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The runs from `from` to before `to`. */
export interface Round {
  readonly from: number;
  readonly to: number;
}

/** The whole of a campaign. */
export interface CampaignOptions<Result> {
  readonly runs: number;
  /** Runs between two looks at the stop rule, 64 unless given; part of the answer, unlike the number of workers. */
  readonly roundRuns?: number;
  /** Ends the campaign after the round that brought this about. */
  readonly stop?: (soFar: Result, runsDone: number) => boolean;
}

/** The round after `runsDone` runs, or null when the campaign is over; for callers that spread a round over workers. */
export function nextRound<Result>(
  options: CampaignOptions<Result>,
  runsDone: number,
  soFar: Result | undefined,
): Round | null {
  const { runs, roundRuns = 64, stop } = options;
  if (runsDone >= runs) return null;
  if (soFar !== undefined && stop?.(soFar, runsDone) === true) return null;
  return { from: runsDone, to: Math.min(runs, runsDone + Math.max(1, roundRuns)) };
}

/** One worker's runs of a round, merged; undefined when it has none. */
export function runShard<Result>(
  { from, to }: Round,
  { index, count }: Shard,
  campaign: { readonly runOne: (run: number) => Result; readonly merge: (a: Result, b: Result) => Result },
): Result | undefined {
  const results: Result[] = [];
  const first = from + ((((index - from) % count) + count) % count);
  for (let run = first; run < to; run += count) results.push(campaign.runOne(run));
  return mergeAll(results, campaign.merge);
}

/** All runs in this thread; undefined when there are none to run. */
export function runCampaign<Result>(
  options: CampaignOptions<Result>,
  runOne: (run: number) => Result,
  merge: (a: Result, b: Result) => Result,
): Result | undefined {
  let soFar: Result | undefined;
  let runsDone = 0;
  for (let round = nextRound(options, 0, soFar); round !== null; round = nextRound(options, runsDone, soFar)) {
    const part = runShard(round, { index: 0, count: 1 }, { runOne, merge });
    soFar = mergeAll([soFar, part], merge);
    runsDone = round.to;
  }
  return soFar;
}

/** Merges results pairwise, so that each takes part in few merges; those that are undefined are left out. */
export function mergeAll<Result>(
  results: readonly (Result | undefined)[],
  merge: (a: Result, b: Result) => Result,
): Result | undefined {
  let row: Result[] = results.filter((result): result is Result => result !== undefined);
  while (row.length > 1) {
    const next: Result[] = [];
    for (let i = 0; i < row.length; i += 2) next.push(i + 1 < row.length ? merge(row[i]!, row[i + 1]!) : row[i]!);
    row = next;
  }
  return row[0];
}
