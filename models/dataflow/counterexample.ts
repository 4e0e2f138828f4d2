/**
 * From a random breach to something a person can read: the path is shortened, then the same law is looked for in smaller
 * jobs, then every budget the path does not use is taken away. The law stays the same throughout.
 */
import { replayPath } from '../../sim/explore-path.ts';
import { randomStreams } from '../../sim/random.ts';
import { shrink } from '../../sim/shrink.ts';
import { randomRun } from '../../sim/swarm.ts';
import type { SearchViolation } from '../../sim/explorable.ts';
import type { History } from './history-data.ts';
import { historyOf } from './history.ts';
import { type FlowPlan, type TopologyName, topologiesFor, topologyOf } from './plans.ts';
import { type FlowSubject, worldOf } from './subject.ts';
import { type Environment, FAULT_KINDS, type Topology } from './topology.ts';

/** One way to break a law, complete: with the plan it can be run again. */
export interface FlowCounterexample {
  readonly law: string;
  readonly statement: string;
  readonly facts: SearchViolation['facts'];
  readonly plan: FlowPlan;
  /** Action ids from the initial state on. */
  readonly path: readonly string[];
  /** Fingerprint of the state it leads to, 16 hex digits. */
  readonly state: string;
  readonly history: History;
}

/** What shrinking cost. */
export interface ShrinkCost {
  readonly fromSteps: number;
  readonly replays: number;
}

/** Actions after which a random run is given up; those of the plans drawn here end well before. */
export const STEPS_MAX = 600;

/** Replays that one shrinking may spend. */
const REPLAYS_MAX = 1500;

/** States of the last breadth-first search among the actions of the path. */
const FINISH_STATES = 3000;

/** Random runs of each smaller job. */
const SMALLER_RUNS = 150;

/** Smaller jobs that are tried. */
const SMALLER_MAX = 6;

interface Found {
  readonly plan: FlowPlan;
  readonly ids: readonly string[];
}

/** The path as a counterexample, with its history. Throws when it does not break the law. */
export function counterexampleOf(
  subject: FlowSubject,
  plan: FlowPlan,
  { law, path }: { readonly law: string; readonly path: readonly string[] },
): FlowCounterexample {
  const world = worldOf(subject, plan);
  const history = historyOf(world, path, { law, faultKinds: FAULT_KINDS });
  if (history.violation === null) throw new Error(`the path of ${path.length} actions does not break ${law}`);
  const { statement, facts } = history.violation;
  return { law, statement, facts, plan, path, state: endState(subject, plan, path), history };
}

/** Fingerprint of where a path leads, as 16 hex digits; actions that are not enabled in their turn are left out. */
export function endState(subject: FlowSubject, plan: FlowPlan, path: readonly string[]): string {
  const world = worldOf(subject, plan);
  const state = world.initial();
  for (const id of path) {
    const action = world.enabled(state).find((each) => each.id === id);
    if (action !== undefined) world.apply(state, action);
  }
  const { high, low } = world.fingerprint(state);
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

/** Makes a breach small: its path, its job (unless that is to stay the same), its budgets. */
export function shrinkFlow(
  subject: FlowSubject,
  plan: FlowPlan,
  {
    law,
    path,
    job = 'smaller',
  }: { readonly law: string; readonly path: readonly string[]; readonly job?: 'smaller' | 'same' },
): { readonly counterexample: FlowCounterexample; readonly cost: ShrinkCost } {
  let replays = 0;
  const shrunk = ({ plan, ids }: Found, finishStates: number): Found => {
    const options = { law, faultKinds: FAULT_KINDS, maxReplays: REPLAYS_MAX, finishStates };
    const result = shrink(worldOf(subject, plan), ids, options);
    replays += result.replays;
    const calmer = withoutRestarts(subject, { plan, ids: result.ids }, law);
    return tightened(subject, { plan, ids: shrink(worldOf(subject, plan), calmer, options).ids }, law);
  };
  let best = shrunk({ plan, ids: path }, 0);
  for (const smaller of job === 'same' ? [] : smallerPlans(subject, best.plan)) {
    const ids = lookFor(subject, smaller, law);
    if (ids === null) continue;
    const candidate = shrunk({ plan: smaller, ids }, 0);
    if (candidate.ids.length > best.ids.length) continue;
    best = candidate;
    break;
  }
  best = shrunk(best, FINISH_STATES);
  return {
    counterexample: counterexampleOf(subject, best.plan, { law, path: best.ids }),
    cost: { fromSteps: path.length, replays },
  };
}

/** Jobs smaller than this one with the same kind of sink, the smallest first. */
function smallerPlans({ promised }: FlowSubject, { topology, environment }: FlowPlan): readonly FlowPlan[] {
  const { records, sink, capacity, deferred, backend } = topology;
  const fifo = topology.channels.every((channel) => channel.fifo);
  const isKeyed = topology.keyed !== undefined;
  const names = topologiesFor(promised).filter((name) => isKeyed || name !== 'keyed');
  const shapes = names.flatMap((name: TopologyName) =>
    [1, 2].map((count): Topology => {
      const bare = topologyOf(name, { records: count, sink, capacity, fifo });
      const shape = backend === undefined ? bare : { ...bare, backend };
      return deferred === true && name !== 'ring' ? { ...shape, deferred } : shape;
    }),
  );
  return shapes
    .filter((shape) => size(shape) < size({ ...topology, records }))
    .toSorted((x, y) => size(x) - size(y))
    .slice(0, SMALLER_MAX)
    .map((shape) => ({ topology: shape, environment }));
}

function size({ tasks, channels, records }: Topology): number {
  return (tasks.length + channels.length) * records;
}

function lookFor(subject: FlowSubject, plan: FlowPlan, law: string): readonly string[] | null {
  const world = worldOf(subject, plan);
  for (let run = 0; run < SMALLER_RUNS; run++) {
    const stream = randomStreams('smaller', run)('swarm');
    const options = { stream, maxSteps: STEPS_MAX, faultKinds: FAULT_KINDS, stopAtFirst: law };
    const breach = randomRun(world, options).violations.find((found) => found.law === law);
    if (breach !== undefined) return breach.path;
  }
  return null;
}

/** Takes away what the path does not use, one thing at a time, as long as the same law breaks on the same path. */
function tightened(subject: FlowSubject, found: Found, law: string): Found {
  let best = found;
  const attempt = (plan: FlowPlan, ids: readonly string[]): void => {
    const replay = replayPath(worldOf(subject, plan), ids, { law, faultKinds: FAULT_KINDS });
    if (replay.violation !== null && replay.ids.length === ids.length) best = { plan, ids };
  };
  const { topology, environment } = found.plan;
  const used = budgetsUsed(found.ids);
  attempt({ topology, environment: { ...environment, ...used } }, renumbered(found.ids, used));
  for (const calmer of [{ zombies: false }, { maxConcurrent: 1 }]) {
    attempt({ topology: best.plan.topology, environment: { ...best.plan.environment, ...calmer } }, best.ids);
  }
  if (environment.failover === 'region')
    attempt({ topology: best.plan.topology, environment: { ...best.plan.environment, failover: 'full' } }, best.ids);
  const { deferred, ...prompt } = best.plan.topology;
  if (deferred === true) attempt({ topology: prompt, environment: best.plan.environment }, best.ids);
  const { backend, ...whole } = best.plan.topology;
  if (backend === 'incremental') attempt({ topology: whole, environment: best.plan.environment }, best.ids);
  for (let records = 1; records < best.plan.topology.records; records++) {
    attempt({ topology: { ...best.plan.topology, records }, environment: best.plan.environment }, best.ids);
  }
  return best;
}

/**
 * Ids name the attempt they belong to, so a restart cannot just be left out: everything after it has to be said of the
 * attempt before. Each restart that the breach can do without goes.
 */
function withoutRestarts(subject: FlowSubject, { plan, ids }: Found, law: string): readonly string[] {
  const world = worldOf(subject, plan);
  let best = ids;
  for (let at = best.length - 1; at >= 0; at--) {
    if (best[at] !== RESTART) continue;
    for (const transactions of [1, 0]) {
      const candidate = renumbered(withoutRestart(best, at, transactions), plan.environment);
      const replay = replayPath(world, candidate, { law, faultKinds: FAULT_KINDS, settleBelow: best.length });
      if (replay.violation === null || replay.ids.length >= best.length) continue;
      best = replay.ids;
      break;
    }
  }
  return best;
}

/** The restart at this place and its crash are gone; `transactions` is how many of them the restart had opened. */
function withoutRestart(ids: readonly string[], at: number, transactions: number): readonly string[] {
  const attempt = ids.slice(0, at + 1).filter((id) => id === RESTART || id.startsWith('rescale:')).length;
  const crash = ids.slice(0, at).findLastIndex((id) => id.startsWith('crash:'));
  const after = ids
    .slice(at + 1)
    .map((id) => id.replace(/\/a(\d+)$/, (same, of) => (Number(of) < attempt ? same : `/a${Number(of) - 1}`)))
    .map((id) => id.replace(/#t(\d+)\//, (_same, number) => `#t${Math.max(0, Number(number) - transactions)}/`));
  return [...ids.slice(0, at).filter((_, i) => i !== crash), ...after];
}

const RESTART = 'detect:failure';

type Budgets = Omit<Environment, 'maxConcurrent' | 'zombies' | 'calm'>;

function budgetsUsed(ids: readonly string[]): Budgets {
  const storm = ids.slice(0, ids.includes(CALM) ? ids.indexOf(CALM) : ids.length);
  const count = (pattern: RegExp): number => storm.filter((id) => pattern.test(id)).length;
  return {
    checkpoints: count(/^trigger:/),
    crashes: count(/^crash:(?!coordinator#)/),
    coordinatorCrashes: count(/^crash:coordinator#/),
    lostNotifications: count(/^lose:/),
    duplicatedMessages: count(/^duplicate:/),
    failedUploads: count(/^fail-upload:/),
    failedCommits: count(/^fail-commit:/),
    timeouts: count(/^expire:/),
  };
}

const CALM = 'calm:all';

/** Crashes and triggers are numbered by what is left of their budget, so under another budget they have other ids. */
function renumbered(ids: readonly string[], budgets: Budgets): readonly string[] {
  const calmAt = ids.includes(CALM) ? ids.indexOf(CALM) : ids.length;
  const families: readonly (readonly [RegExp, number])[] = [
    [/^trigger:/, budgets.checkpoints],
    [/^crash:coordinator#/, budgets.coordinatorCrashes],
    [/^crash:(?!coordinator#)/, budgets.crashes],
  ];
  return families.reduce<readonly string[]>((list, [family, budget]) => {
    let left = budget;
    return list.map((id, i) => (i < calmAt && family.test(id) ? id.replace(/#\d+$/, `#${left--}`) : id));
  }, ids);
}
