/**
 * The laws of a dataflow, in teaching order, and which of them a protocol's promise calls for. Of the list in anchors.md
 * §6.1 three are not here: Q1, Q2 and X2 need a clock. X1 is asked of whole searches (models/mutants).
 */
import type { Protocol } from '../protocol.ts';
import type { Topology } from '../topology.ts';
import { channelOrder } from './channel-order.ts';
import { complete, noLostMessage, noOrphan, offsetAgreement } from './cut.ts';
import { collection, durableFirst, oneContent, restorable } from './durability.ts';
import { everythingCounts } from './everything-counts.ts';
import { fencing } from './fencing.ts';
import { monotone } from './identity.ts';
import { keyRanges } from './key-ranges.ts';
import type { FlowLaw } from './law.ts';
import { commitWithinComplete, noDuplicate, noLoss } from './output.ts';
import { drained, progress, released } from './progress.ts';
import { slots } from './slots.ts';
import { splitOutOfPlace } from './splits.ts';
import { stateAtLeast, stateFold } from './state-fold.ts';
import { transactionIdentity } from './transaction-identity.ts';

export type { FlowFacts, FlowLaw, FlowStep, FlowView } from './law.ts';

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

/** C3 where splits are messages, too. */
const noLostSplit: FlowLaw = {
  ...noLostMessage,
  check: (view) => noLostMessage.check(view) ?? splitOutOfPlace(view),
};

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
