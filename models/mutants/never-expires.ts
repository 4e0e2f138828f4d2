/** A protocol whose coordinator waits for ever: what only a time-out would end does not end. */
import type { CoordinatorHandlers, Protocol } from '../dataflow/protocol.ts';

/** The protocol without the time-out of checkpoints; its name says so. */
export function neverExpires(protocol: Protocol): Protocol {
  const handlers = Object.entries(protocol.coordinator).filter(([name]) => name !== 'expired');
  const coordinator = Object.fromEntries(handlers) as unknown as CoordinatorHandlers<unknown>;
  return { ...protocol, name: `${protocol.name}, checkpoints never expire`, coordinator };
}
