/**
 * Exhaustive search of a model small enough that every order of events can be tried. Whether everything was seen is part
 * of the result (`emptied`): a search that was cut off proves nothing about the law it did not see broken.
 *
 * Each state is forked once per action, and only fingerprints are kept of what was seen. That the model keeps its word is
 * tried on a sample (`explore-audit.ts`), and every counterexample is replayed before it is handed out.
 */
import type { Explorable } from './explorable.ts';
import { searchBreadth } from './explore-breadth.ts';
import { searchDepth } from './explore-depth.ts';
import { replayPath } from './explore-path.ts';
import { type ExploreOptions, type ExploreResult, SearchRecord } from './explore-record.ts';

export type { ExploreOptions, ExploreResult } from './explore-record.ts';
export { type Counterexample, type PathReplay, replayPath, type ReplayOptions } from './explore-path.ts';

/** Searches the model in full or up to the limits given; see `ExploreResult` for what comes back. */
export function explore<State>(model: Explorable<State>, options: ExploreOptions = {}): ExploreResult {
  const record = new SearchRecord(model, options);
  const search = options.order === 'depth' ? searchDepth : searchBreadth;
  search(model, record);
  const result = record.result();
  for (const { law, path } of result.violations) {
    const replay = replayPath(model, path, { law, faultKinds: options.faultKinds ?? [] });
    if (replay.violation === null || replay.ids.length !== path.length) {
      throw new Error(
        `the model broke '${law}' after ${path.length} steps and did not when these were replayed: either apply() ` +
          `depends on something outside the state, or fork() shares a part that apply() writes`,
      );
    }
  }
  return result;
}
