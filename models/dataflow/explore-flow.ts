/**
 * Exhaustive search of one plan of a protocol: every order of events of a small job with a few faults. Whether all of it
 * was seen is part of the answer; a search that was cut proves nothing about what it did not see.
 */
import type { Explorable } from '../../sim/explorable.ts';
import { type ExploreOptions, type ExploreResult, explore } from '../../sim/explore.ts';
import { type FlowCounterexample, counterexampleOf } from './counterexample.ts';
import type { FlowPlan } from './plans.ts';
import type { Protocol } from './protocol.ts';
import { type FlowSubject, subjectOf, worldOf } from './subject.ts';
import { FAULT_KINDS } from './topology.ts';

export interface ExploreFlowOptions extends Pick<ExploreOptions, 'order' | 'maxStates' | 'reduction' | 'stopAtFirst'> {
  /** Called now and then with the number of states seen. */
  readonly onProgress?: (states: number) => void;
}

export interface ExploreFlowResult {
  readonly plan: FlowPlan;
  readonly verdict: 'holds' | 'violated' | 'unknown';
  readonly search: ExploreResult;
  /** Actions that a reduction may take alone; with none, it leaves nothing out. */
  readonly ampleActions: number;
  /** One per broken law, in order of its id. */
  readonly counterexamples: readonly FlowCounterexample[];
}

/** Searches the plan. By default it ends at the first breach, which breadth first is one of the shortest. */
export function exploreFlow(
  protocol: Protocol | FlowSubject,
  plan: FlowPlan,
  { onProgress, stopAtFirst = true, ...limits }: ExploreFlowOptions = {},
): ExploreFlowResult {
  const subject = 'promised' in protocol ? protocol : subjectOf(protocol);
  const counted = countedModel(worldOf(subject, plan), onProgress);
  const search = explore(counted.model, { ...limits, stopAtFirst, faultKinds: FAULT_KINDS });
  const counterexamples = search.violations.map((found) => counterexampleOf(subject, plan, found));
  const verdict = counterexamples.length > 0 ? 'violated' : search.emptied ? 'holds' : 'unknown';
  return { plan, verdict, search, ampleActions: counted.ampleActions(), counterexamples };
}

/** States between two calls of `onProgress`. */
const PROGRESS_EVERY = 1024;

function countedModel<State>(
  model: Explorable<State>,
  onProgress: (states: number) => void = () => undefined,
): { readonly model: Explorable<State>; readonly ampleActions: () => number } {
  let expanded = 0;
  let ample = 0;
  const counted: Explorable<State> = {
    initial: () => model.initial(),
    enabled(state) {
      if (++expanded % PROGRESS_EVERY === 0) onProgress(expanded);
      const actions = model.enabled(state);
      for (const action of actions) if (action.ample === true) ample++;
      return actions;
    },
    apply: (state, action) => model.apply(state, action),
    fork: (state) => model.fork(state),
    fingerprint: (state) => model.fingerprint(state),
    durable: (state) => model.durable(state),
    atEnd: (state) => model.atEnd(state),
  };
  return { model: counted, ampleActions: () => ample };
}
