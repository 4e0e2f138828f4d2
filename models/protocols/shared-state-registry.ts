/**
 * Flink's registry of shared state (engines.md §2.7, `SharedStateRegistryImpl`): which file stands behind a key, and which
 * checkpoint used it last. Every acknowledgement registers what it refers to, also one that comes too late; a completion
 * lets go of what no retained checkpoint uses. The functions decide; whoever calls them deletes the files they name.
 */
import type { FileReference, SharedFile } from '../dataflow/shared-files.ts';

export interface RegistryEntry {
  readonly key: string;
  readonly file: SharedFile;
  /** Checkpoint that registered it first. */
  readonly createdBy: number;
  /** Newest checkpoint that has referred to it. */
  readonly lastUsed: number;
}

/** Ascending by key. */
export type SharedStateRegistry = RegistryEntry[];

/** What became of the references of one acknowledgement. */
export interface Registration {
  /** The files to record in the checkpoint; a placeholder that named no known key is missing. */
  readonly files: readonly SharedFile[];
  /** Every placeholder was known. */
  readonly isKnown: boolean;
  /** Paths of uploads whose key was there already: nobody will refer to them. */
  readonly duplicates: readonly string[];
}

/** Registers what a checkpoint refers to. A known key keeps its file, whatever was uploaded now. */
export function registerFiles(
  registry: SharedStateRegistry,
  references: readonly FileReference[],
  checkpoint: number,
): Registration {
  const files: SharedFile[] = [];
  const duplicates: string[] = [];
  for (const reference of references) {
    const at = registry.findIndex((each) => each.key === reference.key);
    const known = registry[at];
    if (known !== undefined) {
      registry[at] = { ...known, lastUsed: Math.max(known.lastUsed, checkpoint) };
      files.push(known.file);
      if (reference.path !== null && reference.path !== known.file.path) duplicates.push(reference.path);
    } else if (reference.path !== null) {
      const file = { ...reference, path: reference.path };
      registry.push({ key: file.key, file, createdBy: checkpoint, lastUsed: checkpoint });
      files.push(file);
    }
  }
  registry.sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
  return { files, isKnown: files.length === references.length, duplicates };
}

/** Last use of what is not the registry's to let go of. */
const KEPT = Number.MAX_SAFE_INTEGER;

/** These files belong to a checkpoint of which nobody knows whether it is complete: they stay until that is known. */
export function keepFiles(registry: SharedStateRegistry, files: readonly SharedFile[]): void {
  for (const [i, entry] of registry.entries()) {
    if (files.some(({ key }) => key === entry.key)) registry[i] = { ...entry, lastUsed: KEPT };
  }
}

/** The registry as the tasks' next attempt begins with it: nothing is unknown any more. */
export function registryAfterRestart(registry: Readonly<SharedStateRegistry>): SharedStateRegistry {
  return registry.map((entry) => (entry.lastUsed === KEPT ? { ...entry, lastUsed: entry.createdBy } : entry));
}

/** Lets go of what no checkpoint from `lowest` on has used, and answers with the paths to delete. */
export function unregisterUnused(registry: SharedStateRegistry, lowest: number): readonly string[] {
  const unused = registry.filter((each) => each.lastUsed < lowest);
  for (const each of unused) registry.splice(registry.indexOf(each), 1);
  return unused.map((each) => each.file.path);
}
