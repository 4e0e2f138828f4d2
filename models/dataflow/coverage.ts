/**
 * What the faults of a search did. A fault that was allowed and never happened, or happened and changed nothing, proves
 * nothing by its presence; so both are counted, and a report can say so.
 */
import type { Explorable, Fingerprint, SearchAction, SearchViolation } from '../../sim/explorable.ts';
import { fingerprint } from '../../sim/fingerprint.ts';
import { attemptOf } from './attempts.ts';
import type { FlowWorld } from './flow-world.ts';
import type { FlowState } from './state.ts';

export type FaultName =
  | 'crashed task'
  | 'crashed coordinator'
  | 'late effect'
  | 'lost notification'
  | 'duplicated message'
  | 'failed upload'
  | 'failed commit'
  | 'expired checkpoint'
  | 'rescaled job'
  | 'unknown completion'
  | 'lost event'
  | 'savepoint';

/** One fault: how often it happened, and how often the job was not as before. */
export interface FaultCount {
  readonly happened: number;
  readonly bit: number;
}

/** Sums over runs: merging is adding. */
export interface Coverage {
  readonly completed: number;
  /** Restarts from a completed checkpoint, and from nothing. */
  readonly restored: number;
  readonly restartedFresh: number;
  readonly faults: Readonly<Record<FaultName, FaultCount>>;
}

export const FAULT_NAMES: readonly FaultName[] = [
  'crashed task',
  'crashed coordinator',
  'late effect',
  'lost notification',
  'duplicated message',
  'failed upload',
  'failed commit',
  'expired checkpoint',
  'rescaled job',
  'unknown completion',
  'lost event',
  'savepoint',
];

/** The sum of two coverages. */
export function addCoverage(a: Coverage, b: Coverage): Coverage {
  const faults = Object.fromEntries(
    FAULT_NAMES.map((name) => [
      name,
      { happened: a.faults[name].happened + b.faults[name].happened, bit: a.faults[name].bit + b.faults[name].bit },
    ]),
  ) as unknown as Coverage['faults'];
  return {
    completed: a.completed + b.completed,
    restored: a.restored + b.restored,
    restartedFresh: a.restartedFresh + b.restartedFresh,
    faults,
  };
}

/**
 * Which fault an action is; a late effect is one that an older attempt of its task left behind. `attemptOf` is asked by the
 * task's name. Null: none.
 */
export function faultOf({ id, kind }: SearchAction, attemptOf: (name: string) => number): FaultName | null {
  switch (kind) {
    case 'crash':
      return id.startsWith('crash:coordinator') ? 'crashed coordinator' : 'crashed task';
    case 'lose':
      return id.includes('#split-') ? 'lost event' : 'lost notification';
    case 'duplicate':
      return 'duplicated message';
    case 'fail':
      return id.startsWith('fail-commit') ? 'failed commit' : 'failed upload';
    case 'expire':
      return 'expired checkpoint';
    case 'unknown':
      return 'unknown completion';
    case 'savepoint':
      return 'savepoint';
    case 'rescale':
      return 'rescaled job';
    default: {
      const [, from = '', to = '', sentIn] = SENT.exec(id) ?? [];
      if (sentIn === undefined) return null;
      return Number(sentIn) < attemptOf(from === 'coordinator' ? to : from) ? 'late effect' : null;
    }
  }
}

/** Of a message or an effect: who sent it, to whom if that is said, and the attempt. */
const SENT = /:([^>#]+)(?:>([^#]+))?#.*\/a(\d+)$/;

/** A world that counts what its faults do; `coverage` may be read at any time. */
export class WatchedWorld implements Explorable<FlowState> {
  readonly #world: FlowWorld;
  readonly #faults = Object.fromEntries(
    FAULT_NAMES.map((name) => [name, { happened: 0, bit: 0 }]),
  ) as unknown as Record<FaultName, { happened: number; bit: number }>;
  #completed = 0;
  #restored = 0;
  #restartedFresh = 0;

  constructor(world: FlowWorld) {
    this.#world = world;
  }

  coverage(): Coverage {
    return {
      completed: this.#completed,
      restored: this.#restored,
      restartedFresh: this.#restartedFresh,
      faults: this.#faults,
    };
  }

  apply(state: FlowState, action: SearchAction): readonly SearchViolation[] {
    const { attempt, everCompleted } = state.store;
    const completed = everCompleted.length;
    const fault = faultOf(action, (name) => attemptOf(state, this.#taskOf(name)));
    const before = fault === null ? null : projection(state, fault);
    const violations = this.#world.apply(state, action);
    if (fault !== null && before !== null) {
      const after = projection(state, fault);
      this.#faults[fault].happened++;
      if (before.high !== after.high || before.low !== after.low) this.#faults[fault].bit++;
    }
    this.#completed += state.store.everCompleted.length - completed;
    if (state.store.attempt > attempt) {
      if (state.coordinator.restored > 0) this.#restored++;
      else this.#restartedFresh++;
    }
    return violations;
  }

  /** -1: nobody has this name. */
  #taskOf(name: string): number {
    return this.#world.topology.tasks.findIndex((task) => task.name === name);
  }

  initial(): FlowState {
    return this.#world.initial();
  }
  enabled(state: FlowState): readonly SearchAction[] {
    return this.#world.enabled(state);
  }
  fork(state: FlowState): FlowState {
    return this.#world.fork(state);
  }
  fingerprint(state: FlowState): Fingerprint {
    return this.#world.fingerprint(state);
  }
  durable(state: FlowState): Fingerprint {
    return this.#world.durable(state);
  }
  atEnd(state: FlowState): readonly SearchViolation[] {
    return this.#world.atEnd(state);
  }
}

/** The job without its budgets; for a late effect also without the network, which it leaves in any case. */
function projection(state: FlowState, fault: FaultName): Fingerprint {
  const tasks = Array.from({ length: state.tasks }, (_, task) => state.task(task));
  const network = fault === 'late effect' ? null : state.network;
  return fingerprint([state.coordinator, state.store, state.output, network, tasks]);
}
