/**
 * Messages, effects and parts stand in a fixed order where their order means nothing: equal sets are equal states.
 */
import type { InFlight, Message, NetworkComponent, Part, StoreComponent } from './state.ts';

/** Messages of one pair and attempt keep their order; that of different pairs means nothing, so it is fixed. */
export function addMessage(network: NetworkComponent, message: Message): void {
  const { from, to, attempt } = message;
  const at = network.messages.findIndex((each) => (each.from - from || each.to - to || each.attempt - attempt) > 0);
  network.messages.splice(at < 0 ? network.messages.length : at, 0, message);
}

const KINDS = ['upload', 'store', 'commit'] as const;

/** In-flight effects are a set: they stand in a fixed order, so that equal sets are equal states. */
export function addInFlight(network: NetworkComponent, effect: InFlight): void {
  const order = (each: InFlight): number =>
    KINDS.indexOf(each.kind) - KINDS.indexOf(effect.kind) ||
    each.task - effect.task ||
    each.checkpoint - effect.checkpoint ||
    each.attempt - effect.attempt ||
    (each.kind === 'commit' && effect.kind === 'commit' ? each.transaction - effect.transaction : 0);
  const at = network.inFlight.findIndex((each) => order(each) > 0);
  network.inFlight.splice(at < 0 ? network.inFlight.length : at, 0, effect);
}

/** A later upload under the same key replaces; parts stand in the order of their keys, without their files. */
export function putPart(store: StoreComponent, part: Part): void {
  const others = store.parts.filter((each) => each.checkpoint !== part.checkpoint || each.task !== part.task);
  const { files, ...stored } = part;
  store.parts = [...others, files === undefined ? part : stored].toSorted(
    (x, y) => x.checkpoint - y.checkpoint || x.task - y.task,
  );
}

/** The files that the part uploads, in the order of their paths. */
export function putFiles(store: StoreComponent, part: Part): void {
  const { task, checkpoint, attempt } = part;
  const uploads = (part.files ?? []).flatMap(({ reference: { path, key }, file }) =>
    path === null ? [] : [{ path, key, task, checkpoint, attempt, file }],
  );
  if (uploads.length === 0) return;
  store.files = [...store.files, ...uploads].toSorted((x, y) => (x.path < y.path ? -1 : 1));
}

/** Deletes the files at these paths; a placeholder has none. */
export function deleteFiles(store: StoreComponent, files: readonly { readonly path: string | null }[]): void {
  store.files = store.files.filter(({ path }) => files.every((each) => each.path !== path));
}

/** Inserts a number behind those that are not greater. */
export function insertSorted(list: number[], value: number): void {
  const at = list.findIndex((each) => each > value);
  list.splice(at < 0 ? list.length : at, 0, value);
}
