/** One line of a trace: simulated seconds, the stable id of the action, what happened. Made for grep, sort and diff. */
import type { TraceEvent } from '../models/simulate.ts';
import { seconds } from './numbers.ts';

/** `72.345678 step-done:container-1/0#12  commit 3 of task 2: flush-producers done`, without a newline. */
export function traceLine({ atMicros, id, text }: TraceEvent): string {
  return `${seconds(atMicros)} ${id}  ${text}`;
}
