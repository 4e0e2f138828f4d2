/** How often each task processes a record in a run without failures: paths from its source, or rounds of a cycle. */
import type { Topology } from '../topology.ts';

const atSinks = new WeakMap<Topology, readonly number[]>();
const cache = new WeakMap<Topology, readonly (readonly number[])[]>();

/** Per task, per source (in order of sources): times a record of that source is processed. */
export function timesProcessed(topology: Topology): readonly (readonly number[])[] {
  const known = cache.get(topology);
  if (known !== undefined) return known;
  const sources = topology.tasks.flatMap((task, i) => (task.role === 'source' ? [i] : []));
  const times = topology.tasks.map(() => sources.map(() => 0));
  sources.forEach((source, s) => {
    const walk: { task: number; hops: number }[] = [{ task: source, hops: topology.hops }];
    while (walk.length > 0) {
      const { task, hops } = walk.pop()!;
      times[task]![s]!++;
      const { role } = topology.tasks[task]!;
      if (role === 'sink' || (topology.hops > 0 && role === 'operator' && hops <= 0)) continue;
      for (const { from, to } of topology.channels) {
        // A record goes to one of the subtasks of a keyed stage: the first stands for all.
        if (topology.keyed?.subtasks.slice(1).includes(to) === true) continue;
        if (from === task) walk.push({ task: to, hops: role === 'operator' ? hops - 1 : hops });
      }
    }
  });
  cache.set(topology, times);
  return times;
}

/** Per record index: times its effect reaches the sinks. */
export function timesAtSinks(topology: Topology): readonly number[] {
  const known = atSinks.get(topology);
  if (known !== undefined) return known;
  const times = timesProcessed(topology);
  const sources = topology.tasks.filter((task) => task.role === 'source').length;
  const perSource = Array.from({ length: sources }, (_, s) =>
    topology.tasks.reduce((sum, task, i) => sum + (task.role === 'sink' ? times[i]![s]! : 0), 0),
  );
  const counts = perSource.flatMap((each) => Array.from({ length: topology.records }, () => each));
  atSinks.set(topology, counts);
  return counts;
}

/** A record by its index over all sources, as stories call it: source.number. */
export const recordName = (index: number, records: number): string =>
  `${Math.floor(index / records)}.${index % records}`;
