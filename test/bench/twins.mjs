// What a run would cost without one of its parts: the part is replaced by nothing before the run begins, in a process of its
// own, so that the compiler sees one class only. No option of the product does this; nobody would set it.
import { RollingDigest } from '../../dist/sim/digest.js';

const EMPTY_DIGEST = new RollingDigest().hex();
const nothing = () => {};

/** Digests that stay empty; `checkEmpty` afterwards, or an engine that has found another way to feed them is measured as it is. */
export function withoutDigests() {
  for (const name of Object.getOwnPropertyNames(RollingDigest.prototype))
    if (name.startsWith('add')) RollingDigest.prototype[name] = nothing;
}

/** `digests` are texts. */
export function checkEmpty(digests) {
  for (const [name, digest] of Object.entries(digests))
    if (digest !== EMPTY_DIGEST) throw new Error(`the twin without digests has fed ${name}`);
}
