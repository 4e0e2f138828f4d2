/** What may happen in a dataflow job: an action of the search, and how it changes the state. */
import type { SearchAction } from '../../sim/explorable.ts';
import type { FlowStep } from './laws/law.ts';
import type { FlowState } from './state.ts';

export interface FlowAction extends SearchAction {
  readonly run: (state: FlowState, step: FlowStep) => void;
}
