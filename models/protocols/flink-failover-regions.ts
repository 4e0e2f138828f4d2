/**
 * Which tasks restart together (engines.md §2.10 step 1). Tasks that exchange records while both run belong to one pipelined
 * region; a blocking exchange, read only when it is complete, separates regions. A failure restarts the region of the failed
 * task, the regions that must produce again what it has lost, and everything downstream of those.
 */

/** An exchange between two tasks, by their numbers. */
export interface Exchange {
  readonly from: number;
  readonly to: number;
  /** blocking: the producer's result is kept and read after it has ended. */
  readonly kind: 'pipelined' | 'blocking';
}

/** jobmanager.execution.failover-strategy. */
export type FailoverStrategy = 'region' | 'full';

/**
 * The pipelined regions of tasks 0 to `tasks` - 1, each ascending, in the order of their least task: what pipelined
 * exchanges connect, and regions that wait for each other in a circle of blocking ones are one.
 */
export function pipelinedRegions(tasks: number, exchanges: readonly Exchange[]): readonly (readonly number[])[] {
  const parents = Int32Array.from({ length: tasks }, (_, task) => task);
  for (const { from, to, kind } of exchanges) {
    if (kind === 'pipelined') mergeRegions(parents, from, to);
  }
  let regionOf = regionsOf(parents);
  // Each merge makes one region fewer, so this ends after at most `tasks` rounds.
  for (let circle = firstCircle(regionOf, exchanges); circle !== null; circle = firstCircle(regionOf, exchanges)) {
    mergeRegions(parents, circle.from, circle.to);
    regionOf = regionsOf(parents);
  }
  const regions = new Map<number, number[]>();
  regionOf.forEach((region, task) => {
    const members = regions.get(region);
    if (members === undefined) regions.set(region, [task]);
    else members.push(task);
  });
  return [...regions.values()];
}

/** What a failure is about. */
export interface TaskFailure {
  readonly task: number;
  /** Blocking exchanges (as indices) whose kept result can no longer be read. */
  readonly lostResults: ReadonlySet<number>;
}

/** The tasks to restart for a failure, ascending. */
export function tasksToRestart(
  strategy: FailoverStrategy,
  tasks: number,
  exchanges: readonly Exchange[],
  failure: TaskFailure,
): readonly number[] {
  const all = Array.from({ length: tasks }, (_, task) => task);
  if (strategy === 'full') return all;
  const regionOf = new Map<number, readonly number[]>();
  for (const region of pipelinedRegions(tasks, exchanges)) for (const task of region) regionOf.set(task, region);
  const restart = new Set<number>();
  const visit: number[] = [failure.task];
  // Every task is taken from the list at most once per exchange at it.
  for (let task = visit.pop(); task !== undefined; task = visit.pop()) {
    if (restart.has(task)) continue;
    for (const member of regionOf.get(task) as readonly number[]) restart.add(member);
    exchanges.forEach(({ from, to }, index) => {
      if (restart.has(from)) visit.push(to);
      if (restart.has(to) && failure.lostResults.has(index)) visit.push(from);
    });
  }
  return all.filter((task) => restart.has(task));
}

/** Puts the tasks of two regions under the lesser of their two names; `parents` leads from each task to that of its region. */
function mergeRegions(parents: Int32Array, a: number, b: number): void {
  const [one, other] = [regionOfTask(parents, a), regionOfTask(parents, b)];
  parents[Math.max(one, other)] = Math.min(one, other);
}

function regionOfTask(parents: Int32Array, task: number): number {
  let region = task;
  while (parents[region] !== region) {
    // Each look halves the way for those that come after.
    const next = parents[parents[region]!]!;
    parents[region] = next;
    region = next;
  }
  return region;
}

const regionsOf = (parents: Int32Array): readonly number[] =>
  Array.from(parents, (_, task) => regionOfTask(parents, task));

/** An exchange between two regions of which the consuming one leads back to the producing one; null if there is none. */
function firstCircle(regionOf: readonly number[], exchanges: readonly Exchange[]): Exchange | null {
  const between = exchanges.filter(({ from, to }) => regionOf[from] !== regionOf[to]);
  return between.find(({ from, to }) => leadsTo(regionOf, between, to, from)) ?? null;
}

function leadsTo(regionOf: readonly number[], exchanges: readonly Exchange[], from: number, to: number): boolean {
  const reached = new Set([regionOf[from]]);
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const each of exchanges) if (reached.has(regionOf[each.from])) reached.add(regionOf[each.to]);
  }
  return reached.has(regionOf[to]);
}
