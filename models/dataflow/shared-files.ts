/**
 * The incremental state backend (engines.md §2.7): an operator keeps its state in files that never change, flushed at its
 * snapshots. A checkpoint uploads the files that the last confirmed one did not have, and names the others by their keys;
 * so files are shared by checkpoints, and a checkpoint is as good as the files of others. Who may delete them is decided
 * by the coordinator's registry (models/protocols/shared-state-registry.ts). Sources and sinks keep all their state private.
 */

/** A file on a task's disk: how often each record was processed between the flush before it and its own. Immutable. */
export interface LocalFile {
  /** Its number on that disk. An attempt counts on from the files it restored, so two attempts may use one number. */
  readonly name: number;
  readonly counts: readonly number[];
}

/** What a part says of a file: where it was uploaded to, or null where an earlier checkpoint's upload is meant (a placeholder). */
export interface FileReference {
  readonly task: number;
  readonly name: number;
  /** Under which the registry knows it. */
  readonly key: string;
  readonly path: string | null;
}

/** A reference that the registry has resolved. */
export interface SharedFile extends FileReference {
  readonly path: string;
}

/** A file as a snapshot has it: linked, so that nothing the backend does later matters. */
export interface CapturedFile {
  readonly reference: FileReference;
  readonly file: LocalFile;
}

/** A file in the store. No two uploads have the same path. */
export interface StoredFile {
  readonly path: string;
  readonly key: string;
  readonly task: number;
  /** Checkpoint and attempt that uploaded it. */
  readonly checkpoint: number;
  readonly attempt: number;
  readonly file: LocalFile;
}

/** What one checkpoint of a task referred to. */
export interface Upload {
  readonly checkpoint: number;
  readonly files: readonly FileReference[];
}

/** A task's backend; that of a task whose state is stored whole stays empty. */
export interface Backend {
  /** Files on the disk, in the order of their names. */
  files: LocalFile[];
  /** By checkpoint, ascending, from the base on. */
  uploads: Upload[];
  /** Newest checkpoint known to be complete: what it referred to need not be uploaded again. 0: none. */
  base: number;
}

/** Of the store, what shared files need. */
export interface FileStore {
  readonly completed: readonly { readonly checkpoint: number; readonly files?: readonly SharedFile[] }[];
  readonly files: readonly StoredFile[];
}

/** Files that a backend keeps before it merges them into one. */
export const FILES_MAX = 2;

export function freshBackend(): Backend {
  return { files: [], uploads: [], base: 0 };
}

/** The backend of a restarted task: the files of the checkpoint it was restored from, which is the base of the next. */
export function restoredBackend(store: FileStore, checkpoint: number, task: number): Backend {
  const references = filesOf(store, checkpoint).filter((each) => each.task === task);
  return { files: readFiles(store, references), uploads: [{ checkpoint, files: references }], base: checkpoint };
}

/** Files as they are read from the store, under the names that the checkpoint has for them; what is missing is missing. */
export function readFiles(store: FileStore, references: readonly SharedFile[]): LocalFile[] {
  return references.flatMap(({ name, path }) => {
    const stored = store.files.find((each) => each.path === path);
    return stored === undefined ? [] : [{ name, counts: stored.file.counts }];
  });
}

/** How often a completed checkpoint's part counts each record: what stands in it, and what stands in its files. */
export function countsInPart(
  store: FileStore,
  part: {
    readonly checkpoint: number;
    readonly task: number;
    readonly application: { readonly seen: readonly number[] };
  },
): number[] {
  const { checkpoint, task, application } = part;
  const references = filesOf(store, checkpoint).filter((each) => each.task === task);
  const inFiles = countsIn(readFiles(store, references), application.seen.length);
  return application.seen.map((n, i) => n + inFiles[i]!);
}

/** The files that a completed checkpoint consists of. */
export function filesOf(store: FileStore, checkpoint: number): readonly SharedFile[] {
  return store.completed.find((each) => each.checkpoint === checkpoint)?.files ?? [];
}

/** How often each record is counted in these files together; `records` of them. */
export function countsIn(files: readonly LocalFile[], records: number): number[] {
  return Array.from({ length: records }, (_, i) => files.reduce((sum, { counts }) => sum + counts[i]!, 0));
}

/** Writes what was processed since the last flush into a file of its own, if there is anything; merges when there are many. */
export function flush(backend: Backend, seen: readonly number[]): void {
  const flushed = countsIn(backend.files, seen.length);
  const counts = seen.map((n, i) => n - flushed[i]!);
  if (counts.every((n) => n === 0)) return;
  const name = (backend.files.at(-1)?.name ?? 0) + 1;
  backend.files.push({ name, counts });
  if (backend.files.length > FILES_MAX) backend.files = [{ name: name + 1, counts: [...seen] }];
}

/** Whose files they are, and how uploads are called. */
export interface FileNames {
  readonly task: number;
  readonly key: (name: number) => string;
  readonly path: (name: number) => string;
}

/** The files of a snapshot taken now: placeholders for those of the base checkpoint, new uploads for the rest. */
export function captureFiles(backend: Readonly<Backend>, base: number, names: FileNames): readonly CapturedFile[] {
  const { task } = names;
  const known = uploadedFiles(backend, base);
  return backend.files.map((file) => {
    const { name } = file;
    const confirmed = known.find((each) => each.name === name);
    return {
      file,
      reference:
        confirmed === undefined
          ? { task, name, key: names.key(name), path: names.path(name) }
          : { task, name, key: confirmed.key, path: null },
    };
  });
}

/** The checkpoint's files have been uploaded. */
export function remember(backend: Backend, checkpoint: number, files: readonly CapturedFile[]): void {
  const upload = { checkpoint, files: files.map((each) => each.reference) };
  backend.uploads = [...backend.uploads, upload].toSorted((x, y) => x.checkpoint - y.checkpoint);
}

/** What the checkpoint referred to, once its files have been uploaded. */
export function uploadedFiles(backend: Readonly<Backend>, checkpoint: number): readonly FileReference[] {
  return backend.uploads.find((each) => each.checkpoint === checkpoint)?.files ?? [];
}

/** The checkpoint is complete: its files are the base of the next, and older ones are never referred to again. */
export function confirm(backend: Backend, checkpoint: number): void {
  if (checkpoint <= backend.base || backend.uploads.every((each) => each.checkpoint !== checkpoint)) return;
  backend.base = checkpoint;
  backend.uploads = backend.uploads.filter((each) => each.checkpoint >= checkpoint);
}

/** The checkpoint was given up: what it uploaded is uploaded again (FLINK-25395). */
export function forget(backend: Backend, checkpoint: number): void {
  backend.uploads = backend.uploads.filter((each) => each.checkpoint !== checkpoint);
}
