/** What laws D1-D3 ask of the store: which savepoints are complete, and which files are there. */
import type { FlowState, StoreComponent } from '../state.ts';

/** Ids of the savepoints that are complete: all of them are the user's to keep. */
export function savepointsOf({ store }: FlowState): readonly number[] {
  return store.savepoints.flatMap(({ checkpoint, status }) => (status === 'requested' ? [] : [checkpoint]));
}

/** The first of the paths at which nothing is stored. */
export function missingFile({ files }: Readonly<StoreComponent>, paths: readonly string[]): string | undefined {
  return paths.find((path) => files.every((each) => each.path !== path));
}
