/** A saved path taken again, action by action: does it still lead to the same breach, and to the same state? */
import type { SearchViolation } from '../../sim/explorable.ts';
import { mayEnd } from '../../sim/explore-path.ts';
import { type FlowCounterexample, counterexampleOf, endState } from './counterexample.ts';
import type { History } from './history-data.ts';
import { historyOf } from './history.ts';
import type { FlowPlan } from './plans.ts';
import { type FlowSubject, worldOf } from './subject.ts';
import { FAULT_KINDS } from './topology.ts';

/** An action of the path was not enabled in its turn. */
export class PathMismatch extends Error {
  override readonly name: string = 'PathMismatch';
}

export interface FlowReplay {
  /** Null when the path breaks no law any more. */
  readonly counterexample: FlowCounterexample | null;
  readonly history: History;
  readonly state: string;
}

/** Replays the path; the law asked for goes before others that break as well. Throws PathMismatch where it cannot go on. */
export function replayFlow(
  subject: FlowSubject,
  plan: FlowPlan,
  { path, law }: { readonly path: readonly string[]; readonly law: string | null },
): FlowReplay {
  const world = worldOf(subject, plan);
  const state = world.initial();
  const broken: SearchViolation[] = [];
  for (const [i, id] of path.entries()) {
    const enabled = world.enabled(state);
    const action = enabled.find((each) => each.id === id);
    if (action === undefined) {
      const ids = enabled.slice(0, ENABLED_SHOWN).map((each) => each.id);
      throw new PathMismatch(
        `action ${i + 1}, ${id}, cannot happen here; what can: ${ids.join(', ') || 'nothing'}${enabled.length > ids.length ? ', ...' : ''}`,
      );
    }
    broken.push(...world.apply(state, action));
  }
  if (mayEnd(world.enabled(state), FAULT_KINDS)) broken.push(...world.atEnd(state));
  const found = broken.find((each) => each.law === law) ?? broken[0];
  if (found !== undefined) {
    const counterexample = counterexampleOf(subject, plan, { law: found.law, path });
    return { counterexample, history: counterexample.history, state: counterexample.state };
  }
  const history = historyOf(world, path, { faultKinds: FAULT_KINDS });
  return { counterexample: null, history, state: endState(subject, plan, path) };
}

/** Enabled actions named in a mismatch. */
const ENABLED_SHOWN = 6;
