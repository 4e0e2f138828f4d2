/**
 * A remote blob store with TTL (samza.md §3.4): new blobs carry a time to live that a commit's clean-up must take off,
 * and deleting is soft, so that a reader may still ask for a deleted blob. It does not know who writes: a zombie's
 * clean-up deletes what its successor needs.
 */
import { BLOB_TTL } from './actions.ts';
import type { World } from '../sim/index.ts';
import type { SstFile } from './samza/host.ts';

/** One stored file, shared by every snapshot that contains it. */
export interface Blob {
  readonly id: number;
  readonly file: SstFile;
  ttl: boolean;
  /** `deleted`: soft; still readable with getDeleted. `expired`: its TTL ran out, gone for good. */
  gone: 'no' | 'deleted' | 'expired';
}

/** SnapshotIndex: what the store was made of at one checkpoint. Its id is the state checkpoint marker. */
export interface SnapshotIndex {
  readonly id: number;
  readonly task: number;
  readonly store: number;
  readonly checkpointId: string;
  readonly blobs: readonly Blob[];
  readonly removed: readonly Blob[];
  /** Deleted by this one's clean-up. Cut off there, so that a history does not pile up. */
  previous: SnapshotIndex | null;
  ttl: boolean;
  gone: 'no' | 'deleted' | 'expired';
}

/** An upload under way: files first, index last. */
export interface Upload {
  readonly task: number;
  readonly store: number;
  readonly checkpointId: string;
  readonly files: readonly SstFile[];
  readonly previous: SnapshotIndex | null;
  /** Upload everything anew, whatever the previous index holds. */
  readonly fresh: boolean;
  /** Set when the files are stored. */
  blobs: readonly Blob[] | null;
  index: SnapshotIndex | null;
  /** Who is told, and how often this upload had been refused before. */
  readonly notify: { readonly actor: number; readonly commit: unknown; readonly tries: number };
}

const DELETED_KEPT = 1024;

export class BlobStore {
  readonly actor: number;
  /** Outages under way; several may overlap. */
  outages: number = 0;
  /** Latency and transfer times are multiplied by this. */
  slowness: number = 1;
  bytes: number = 0;
  bytesMax: number = 0;
  bytesUploaded: number = 0;
  requests: number = 0;
  /** Requests that found the store down. */
  refused: number = 0;
  readonly #world: World;
  readonly #ttlMicros: number;
  readonly #indexBytes: number;
  readonly #indexes: Map<number, SnapshotIndex> = new Map();
  readonly #ttlSlots: Map<number, { slot: number; members: { ttl: boolean }[] }> = new Map();
  readonly #deleted: number[] = [];
  #nextId: number = 1;
  /** Told when blobs go, so that laws can look whether somebody needed them. */
  onGone: ((why: 'deleted' | 'expired', by: string) => void) | null = null;

  constructor(world: World, ttlMicros: number, indexBytes: number = 2048) {
    this.#world = world;
    this.#ttlMicros = ttlMicros;
    this.#indexBytes = indexBytes;
    this.actor = world.addActor('blob-store');
  }

  /** False, and counted, when the store is down. */
  answers(): boolean {
    if (this.outages > 0) this.refused++;
    return this.outages === 0;
  }

  /** Bytes an upload has to send: files the previous index does not hold. */
  bytesToUpload(upload: Upload): number {
    let bytes = 0;
    for (const file of upload.files) if (this.#retained(upload, file) === null) bytes += file.bytes;
    return bytes;
  }

  /** The new files are stored, each with a TTL. */
  putFiles(upload: Upload): void {
    const blobs = upload.files.map((file) => this.#retained(upload, file) ?? this.#put(file));
    upload.blobs = blobs;
    const fresh = blobs.filter((blob) => blob.ttl);
    this.requests += fresh.length;
    if (fresh.length > 0) this.#startTtl(fresh);
  }

  /** The index is stored, with a TTL of its own. */
  putIndex(upload: Upload): SnapshotIndex {
    const blobs = upload.blobs as readonly Blob[];
    const kept = new Set(blobs);
    const index: SnapshotIndex = {
      id: this.#nextId++,
      task: upload.task,
      store: upload.store,
      checkpointId: upload.checkpointId,
      blobs,
      removed: (upload.previous?.blobs ?? []).filter((blob) => !kept.has(blob)),
      previous: upload.previous,
      ttl: true,
      gone: 'no',
    };
    upload.index = index;
    this.#indexes.set(index.id, index);
    this.#grow(this.#indexBytes);
    this.requests++;
    this.#startTtl([index]);
    this.#world.state.addInts(index.id, upload.task, blobs.length);
    return index;
  }

  index(id: number): SnapshotIndex | null {
    return this.#indexes.get(id) ?? null;
  }

  /** Clean-up of a commit (step 10): TTL off what is present, removed files and the previous index deleted. */
  cleanUp(index: SnapshotIndex, by: string): void {
    index.ttl = false;
    for (const blob of index.blobs) blob.ttl = false;
    this.requests += index.blobs.length + 1 + index.removed.length + (index.previous === null ? 0 : 1);
    for (const blob of index.removed) this.#delete(blob, 'deleted');
    const previous = index.previous;
    if (previous !== null && previous !== index) {
      if (previous.gone === 'no') this.#grow(-this.#indexBytes);
      previous.gone = 'deleted';
      previous.previous = null;
      this.#forgetLater(previous.id);
    }
    this.#releaseTtls();
    if (index.removed.length > 0 || previous !== null) this.onGone?.('deleted', by);
  }

  /** The TTL of upload group `id` runs out: members that still carry one expire. */
  expire(id: number): void {
    const group = this.#ttlSlots.get(id);
    if (group === undefined) return;
    this.#ttlSlots.delete(id);
    let any = false;
    for (const member of group.members as (Blob | SnapshotIndex)[]) {
      if (!member.ttl || member.gone !== 'no') continue;
      any = true;
      if ('file' in member) this.#delete(member, 'expired');
      else {
        member.gone = 'expired';
        this.#grow(-this.#indexBytes);
        this.#indexes.delete(member.id);
      }
    }
    if (any) this.onGone?.('expired', 'TTL');
  }

  /** Soft-deleted indexes stay readable for a while, as blob stores keep deleted blobs. */
  #forgetLater(id: number): void {
    this.#deleted.push(id);
    if (this.#deleted.length > DELETED_KEPT) this.#indexes.delete(this.#deleted.shift() as number);
  }

  #retained(upload: Upload, file: SstFile): Blob | null {
    if (upload.fresh || upload.previous === null) return null;
    return upload.previous.blobs.find((blob) => blob.file.id === file.id) ?? null;
  }

  #put(file: SstFile): Blob {
    this.#grow(file.bytes);
    this.bytesUploaded += file.bytes;
    return { id: this.#nextId++, file, ttl: true, gone: 'no' };
  }

  #delete(blob: Blob, why: 'deleted' | 'expired'): void {
    if (blob.gone === 'expired') return;
    if (blob.gone === 'no') this.#grow(-blob.file.bytes);
    blob.gone = why;
  }

  #grow(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.bytesMax) this.bytesMax = this.bytes;
  }

  #startTtl(members: { ttl: boolean }[]): void {
    const id = this.#nextId++;
    const slot = this.#world.postCancellable(BLOB_TTL, this.actor, this.#ttlMicros, id);
    this.#ttlSlots.set(id, { slot, members });
  }

  #releaseTtls(): void {
    for (const [id, group] of this.#ttlSlots) {
      if (group.members.some((member) => member.ttl)) continue;
      this.#world.cancel(group.slot);
      this.#ttlSlots.delete(id);
    }
  }
}
