/**
 * What a producer sends in one request to one partition. A batch is filled by one container, is on the wire alone
 * (max.in.flight 1), and belongs to the broker from then on: it lands even when its sender has died.
 */

export interface Batch {
  /** Lane of the sender, to address the acknowledgement. */
  lane: number;
  sender: Acknowledged | null;
  n: number;
  /** Changelog: key; output: input SSP. */
  a: Int32Array;
  /** Changelog: count; output: unused. */
  count: Int32Array;
  mix: Int32Array;
  /** Output: first input offset and the one after the last of a run of outputs. */
  from: Float64Array;
  to: Float64Array;
  records: number;
}

/** The sender's side of an acknowledgement. */
export interface Acknowledged {
  readonly actor: number;
  /** False once the process has died: its successor has the same actor and must not hear of this. */
  readonly alive: boolean;
}

const FIRST = 16;

export function newBatch(): Batch {
  return {
    lane: -1,
    sender: null,
    n: 0,
    a: new Int32Array(FIRST),
    count: new Int32Array(FIRST),
    mix: new Int32Array(FIRST),
    from: new Float64Array(FIRST),
    to: new Float64Array(FIRST),
    records: 0,
  };
}

export function clearBatch(batch: Batch): void {
  batch.n = 0;
  batch.records = 0;
  batch.sender = null;
}

function room(batch: Batch): number {
  const n = batch.n++;
  if (n < batch.a.length) return n;
  const size = n * 2;
  const grown = <T extends Int32Array | Float64Array>(to: T, from: T): T => {
    to.set(from);
    return to;
  };
  batch.a = grown(new Int32Array(size), batch.a);
  batch.count = grown(new Int32Array(size), batch.count);
  batch.mix = grown(new Int32Array(size), batch.mix);
  batch.from = grown(new Float64Array(size), batch.from);
  batch.to = grown(new Float64Array(size), batch.to);
  return n;
}

export function addEntry(batch: Batch, key: number, count: number, mix: number): void {
  const n = room(batch);
  batch.a[n] = key;
  batch.count[n] = count;
  batch.mix[n] = mix;
  batch.records++;
}

/** Adds the outputs of input offsets [from, to) of an SSP; runs that continue the last one are merged. */
export function addOutputs(batch: Batch, ssp: number, from: number, to: number): void {
  batch.records += to - from;
  const last = batch.n - 1;
  if (last >= 0 && batch.a[last] === ssp && batch.to[last] === from) {
    batch.to[last] = to;
    return;
  }
  const n = room(batch);
  batch.a[n] = ssp;
  batch.from[n] = from;
  batch.to[n] = to;
}
