/**
 * Who restarts with a task that has failed. The channels of a dataflow are pipelined exchanges, so its pipelined regions are
 * the parts of the graph that no channel connects; under one coordinator each can restart while the others go on.
 */
import { type Exchange, pipelinedRegions, tasksToRestart } from '../protocols/flink-failover-regions.ts';
import type { Protocol } from './protocol.ts';
import type { Environment, Topology } from './topology.ts';

export class FailoverRegions {
  /** Whatever fails, every task restarts. */
  readonly areOne: boolean;
  readonly #protocol: Protocol;
  readonly #tasks: number;
  readonly #exchanges: readonly Exchange[];

  /** Throws RangeError where regions are to restart on their own and the protocol, or what they share, does not allow it. */
  constructor(protocol: Protocol, topology: Topology, { failover = 'full' }: Pick<Environment, 'failover'>) {
    this.#protocol = protocol;
    this.#tasks = topology.tasks.length;
    const isFull = failover === 'full';
    this.#exchanges = isFull ? [] : topology.channels.map(({ from, to }) => ({ from, to, kind: 'pipelined' }));
    const isAlone = protocol.engine?.restarts === 'task-alone';
    this.areOne = isFull || (!isAlone && pipelinedRegions(topology.tasks.length, this.#exchanges).length === 1);
    if (this.areOne) return;
    const why = restartsAsAWhole(protocol) ?? whyNot(topology);
    if (why !== null)
      throw new RangeError(`${why}\n   remedy: failover: full, or a topology whose tasks are all connected`);
  }

  /** The tasks to restart when these have failed, ascending; `everything`: whoever leads them has failed. */
  restartedBy(failed: readonly number[] | 'everything'): readonly number[] {
    const all = Array.from({ length: this.#tasks }, (_, task) => task);
    if (this.areOne || failed === 'everything') return all;
    if (this.#protocol.engine?.restarts === 'task-alone') return failed;
    const lostResults: ReadonlySet<number> = new Set();
    const restarted = new Set(
      failed.flatMap((task) => tasksToRestart('region', this.#tasks, this.#exchanges, { task, lostResults })),
    );
    return all.filter((task) => restarted.has(task));
  }
}

/** Why the protocol restarts as a whole, whatever the topology; null: it can restart regions. */
export function restartsAsAWhole({ name, coordinator, needs }: Protocol): string | null {
  if (coordinator.failover === undefined)
    return `${name} has no failover of single regions: its tasks restart together`;
  if (needs.durableChannels === true) return `${name} keeps its channels as logs, which no region owns`;
  return null;
}

/** Why the regions of this topology cannot restart on their own; null: they can. */
function whyNot(topology: Topology): string | null {
  if (topology.splits !== undefined)
    return 'regions that are handed splits by one coordinator do not restart on their own';
  if (topology.keyed !== undefined) return 'a keyed stage is rescaled as a whole, with every task of the job';
  return null;
}
