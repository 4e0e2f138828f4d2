/**
 * Random numbers by what they are for, not by the order in which they are asked for. A record takes as long on its channel, and
 * the upload of a part has the same luck, whatever else a protocol sends or stores: so runs of two protocols differ by what the
 * protocols do and by nothing else (common random numbers).
 */
import { mix32, type RandomStream } from '../../sim/index.ts';

export class KeyedDraws {
  readonly #salt: number;

  /** One draw of the stream makes all keys of this purpose draw differently from those of others. */
  constructor(stream: RandomStream) {
    this.#salt = stream.int(2 ** 32);
  }

  /** The draw that belongs to two 32-bit keys: from [0, 1), always the same. */
  at(a: number, b: number): number {
    return mix32(this.saltOf(a), b) / 2 ** 32;
  }

  /** For who draws often for one key: the draw for (a, b) is `mix32(saltOf(a), b)`, over 2^32. */
  saltOf(a: number): number {
    return mix32(this.#salt, a) | 0;
  }
}

/** A key for something that is told by name and checkpoint. */
export function keyOf(name: string, checkpoint: number): number {
  let key = checkpoint | 0;
  for (let i = 0; i < name.length; i++) key = mix32(key, name.codePointAt(i)!);
  return key;
}
