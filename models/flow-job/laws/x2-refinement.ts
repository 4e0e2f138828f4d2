/**
 * X2: every timed run is a path of the untimed world. The trace of the run, as action ids, is led through `FlowWorld`: each
 * must be enabled in its turn, and both must come to the same end, to the last element of every channel. It is at the same
 * time the differential test of the two implementations. For small plans that broadcast their records.
 */
import type { Protocol } from '../../dataflow/protocol.ts';
import { FlowWorld } from '../../dataflow/flow-world.ts';
import { PEACE } from '../../dataflow/topology.ts';
import { topologyOf } from '../action-ids.ts';
import type { FlowJob } from '../job.ts';
import type { TraceEntry } from '../trace.ts';
import type { FlowJobBreach } from './breach.ts';
import { factsOfJob, factsOfState } from './facts-at-end.ts';

/** The first thing in which the timed run is no path of the untimed world, or null. */
export function checkRefinement(
  job: FlowJob,
  trace: readonly TraceEntry[],
  protocol: Protocol = job.protocol,
): FlowJobBreach | null {
  const { path, world } = untimed(job, trace, protocol);
  const state = world.initial();
  for (const [i, { id, at }] of path.entries()) {
    const enabled = world.enabled(state);
    const action = enabled.find((each) => each.id === id);
    if (action === undefined) {
      const instead = enabled.map((each) => each.id).join(', ');
      return { law: 'X2', facts: { step: i + 1, of: path.length, at_us: at, action: id, enabled: instead } };
    }
    world.apply(state, action);
  }
  const timed = factsOfJob(job);
  const led = factsOfState(world, state);
  for (const name of new Set([...timed.keys(), ...led.keys()])) {
    const [here, there] = [timed.get(name) ?? 'nothing', led.get(name) ?? 'nothing'];
    if (here !== there) return { law: 'X2', facts: { of: path.length, fact: name, timed: here, untimed: there } };
  }
  return null;
}

interface Step {
  readonly id: string;
  readonly at: number;
}

/** The untimed world whose budgets are what the run has used, and the path: ids of budgeted actions count down to 1. */
function untimed(
  job: FlowJob,
  trace: readonly TraceEntry[],
  protocol: Protocol,
): { readonly path: readonly Step[]; readonly world: FlowWorld } {
  const count = (is: (entry: TraceEntry) => boolean): number => trace.filter(is).length;
  const budgets = {
    checkpoints: count(({ kind }) => kind === 'trigger'),
    crashes: count((entry) => entry.kind === 'crash' && entry.task >= 0),
    coordinatorCrashes: count((entry) => entry.kind === 'crash' && entry.task < 0),
  };
  const environment = {
    ...PEACE,
    ...budgets,
    maxConcurrent: job.plan.checkpoints.maxConcurrent,
    lostNotifications: count(({ kind }) => kind === 'lose'),
    failedUploads: count(({ kind }) => kind === 'fail-upload'),
    timeouts: count(({ kind }) => kind === 'expire'),
    calm: false,
    failover: job.plan.failover ?? 'full',
  };
  const left = { ...budgets };
  const path: Step[] = [];
  for (const entry of trace) {
    if (entry.id === null) continue;
    if (entry.kind === 'trigger') path.push({ id: `${entry.id}#${left.checkpoints--}`, at: entry.at });
    else if (entry.kind === 'crash' && entry.task < 0)
      path.push({ id: `${entry.id}#${left.coordinatorCrashes--}`, at: entry.at });
    else if (entry.kind === 'crash') path.push({ id: `${entry.id}#${left.crashes--}`, at: entry.at });
    else path.push({ id: entry.id, at: entry.at });
  }
  return { path, world: new FlowWorld(protocol, topologyOf(job.plan), environment, []) };
}
