/**
 * The laws of a dataflow, one to a file, and which of them a protocol's promise calls for. The README beside this has the
 * table of all; models/protocol-laws.ts lists them for programs.
 */
import type { Protocol } from '../protocol.ts';
import type { Topology } from '../topology.ts';
import { channelOrder } from './channel-order.ts';
import { collection, oneContent } from './collection.ts';
import { commitWithinComplete } from './commit-within-complete.ts';
import { complete } from './complete.ts';
import { drained } from './drained.ts';
import { durableFirst } from './durable-first.ts';
import { everythingCounts } from './everything-counts.ts';
import { fencing } from './fencing.ts';
import { keyRanges } from './key-ranges.ts';
import type { FlowLaw } from './law.ts';
import { monotone } from './monotone.ts';
import { noDuplicate } from './no-duplicate.ts';
import { noLoss } from './no-loss.ts';
import { noLostMessage, noLostSplit } from './no-lost-message.ts';
import { noOrphan } from './no-orphan.ts';
import { offsetAgreement } from './offset-agreement.ts';
import { progress } from './progress.ts';
import { released } from './released.ts';
import { restorable } from './restorable.ts';
import { slots } from './slots.ts';
import { stateAtLeast, stateFold } from './state-fold.ts';
import { transactionIdentity } from './transaction-identity.ts';

export type { FlowLaw } from './law.ts';

/** Laws every protocol must keep. */
const ALWAYS: readonly FlowLaw[] = [
  complete,
  offsetAgreement,
  durableFirst,
  restorable,
  collection,
  oneContent,
  fencing,
  monotone,
  slots,
  progress,
  released,
  drained,
];

/** The laws that the protocol's promise for this topology's sink calls for. */
export function lawsFor(protocol: Protocol, topology: Topology): readonly FlowLaw[] {
  const { state, output } = protocol.promise;
  const laws = [...ALWAYS];
  if (state !== 'none') laws.push(everythingCounts);
  if (state === 'exactly-once')
    laws.push(noOrphan, topology.splits === undefined ? noLostMessage : noLostSplit, channelOrder, stateFold);
  if (state === 'at-least-once') laws.push(stateAtLeast);
  if (state !== 'none' && topology.keyed !== undefined) laws.push(keyRanges);
  const hasSink = topology.tasks.some((task) => task.role === 'sink');
  const promised = output[topology.sink];
  if (hasSink && (promised === 'exactly-once' || promised === 'at-least-once')) laws.push(noLoss);
  if (hasSink && (promised === 'exactly-once' || promised === 'at-most-once')) laws.push(noDuplicate);
  if (hasSink && topology.sink === 'two-phase') laws.push(commitWithinComplete, transactionIdentity);
  return laws;
}

/** Every law of a path, once, in the order of its id. */
export const FLOW_LAWS: readonly FlowLaw[] = [
  complete,
  noOrphan,
  noLostMessage,
  offsetAgreement,
  channelOrder,
  durableFirst,
  restorable,
  collection,
  noDuplicate,
  noLoss,
  commitWithinComplete,
  fencing,
  transactionIdentity,
  monotone,
  slots,
  stateFold,
  everythingCounts,
  keyRanges,
  progress,
  released,
  drained,
];
