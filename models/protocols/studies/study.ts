/** A protocol that is known to be wrong, with what is claimed for it: for learning, and for trying the checkers on. */
import type { Protocol } from '../../dataflow/protocol.ts';

export interface Study {
  /** Its promise and needs are what is claimed. */
  readonly protocol: Protocol;
  /** Where the claim comes from, and why it is wrong. */
  readonly wrong: string;
  /** Laws a check finds broken, whichever comes first. */
  readonly laws: readonly string[];
}
