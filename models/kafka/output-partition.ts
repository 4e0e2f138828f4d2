/**
 * One partition of the job's output topic. What downstream sees is which input offsets an output was written for, how
 * often; the ledger counts that, the log itself keeps only its newest records, in case their leader dies.
 */
import type { World } from '../../sim/index.ts';
import type { Batch } from './batch.ts';
import { LogPartition } from './log-partition.ts';

/** Told of every run of outputs that becomes visible downstream, and of those that vanish again. */
export interface OutputReader {
  onOutputs(ssp: number, from: number, to: number): void;
  onOutputsLost(ssp: number, from: number, to: number): void;
}

const REMEMBERED = 256;

export class OutputPartition extends LogPartition {
  readonly #reader: OutputReader;
  /** The newest runs, oldest first: [ssp, from, to]; kept only for `loseNewest`. */
  readonly #newest: [number, number, number][] = [];
  readonly #remember: boolean;

  constructor(world: World, name: string, partition: number, reader: OutputReader, remember: boolean) {
    super(world, name, partition);
    this.#reader = reader;
    this.#remember = remember;
  }

  protected appendBatch(batch: Batch): void {
    for (let i = 0; i < batch.n; i++) {
      const ssp = batch.a[i] as number;
      const from = batch.from[i] as number;
      const to = batch.to[i] as number;
      this.#reader.onOutputs(ssp, from, to);
      this.head += to - from;
      this.world.state.addInts(ssp, from, to);
      if (this.#remember) {
        this.#newest.push([ssp, from, to]);
        if (this.#newest.length > REMEMBERED) this.#newest.shift();
      }
    }
  }

  loseNewest(records: number): number {
    let lost = 0;
    while (lost < records) {
      const run = this.#newest.pop();
      if (run === undefined) break;
      const [ssp, from, to] = run;
      const cut = Math.max(from, to - (records - lost));
      this.#reader.onOutputsLost(ssp, cut, to);
      lost += to - cut;
      if (cut > from) this.#newest.push([ssp, from, cut]);
    }
    this.head -= lost;
    return lost;
  }
}
