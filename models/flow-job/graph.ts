/** What a plan's graph says about each task and channel, looked up once: inputs, outputs, places, routes. */
import type { TaskPlace } from '../dataflow/protocol.ts';
import type { FlowJobPlan } from './plan.ts';

/** Integers of a route's record; those of route r begin at r times as many. */
export const ROUTE_INTS = 4;
/** Where its channels begin in the list of all routes' channels, and how many they are. */
export const FIRST = 0;
export const WIDTH = 1;
/** Odd: spreads keys differently for each vertex, and equally for all that send to it. */
export const ROUTE_SALT = 2;
/** Its channel if it has one only; -1: it has more. */
export const ONLY = 3;

/**
 * The routes of all tasks, one behind the other: a record takes one channel of each route of its task. Task t has the routes
 * from `ofTask[t]` up to `ofTask[t + 1]`.
 */
export interface Routes {
  readonly ofTask: Int32Array;
  readonly records: Int32Array;
  readonly channels: Int32Array;
}

export interface Graph {
  readonly sources: readonly number[];
  /** Task number to number among the sources; -1 for others. */
  readonly sourceIndex: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly fifo: Uint8Array;
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
  readonly routes: Routes;
}

export function graphOf(plan: FlowJobPlan): Graph {
  const { tasks, channels } = plan;
  const inputs: number[][] = tasks.map(() => []);
  const outputs: number[][] = tasks.map(() => []);
  channels.forEach(({ from, to }, channel) => {
    inputs[to]!.push(channel);
    outputs[from]!.push(channel);
  });
  const sources = tasks.flatMap(({ role }, task) => (role === 'source' ? [task] : []));
  const sourceIndex = new Int32Array(tasks.length).fill(-1);
  sources.forEach((task, index) => (sourceIndex[task] = index));
  const vertices = [...new Set(tasks.map(({ vertex }) => vertex))];
  const salts = new Map(vertices.map((vertex, i) => [vertex, (Math.imul(i + 1, 0x9e3779b1) | 1) >>> 0]));
  return {
    sources,
    sourceIndex,
    from: Int32Array.from(channels, ({ from }) => from),
    to: Int32Array.from(channels, ({ to }) => to),
    fifo: Uint8Array.from(channels, ({ fifo }) => Number(fifo)),
    inputs: inputs.map(packed),
    outputs: outputs.map(packed),
    routes: routesOf(plan, outputs, salts),
  };
}

const NONE: readonly number[] = [];

/** A list without room to grow; all empty ones are the same. */
function packed(list: readonly number[]): readonly number[] {
  return list.length === 0 ? NONE : list.slice();
}

function routesOf(
  plan: FlowJobPlan,
  outputs: readonly (readonly number[])[],
  salts: ReadonlyMap<string, number>,
): Routes {
  const ofTask = new Int32Array(outputs.length + 1);
  const channels = new Int32Array(plan.channels.length);
  const records: number[] = [];
  let end = 0;
  const add = (salt: number, of: readonly number[]): void => {
    records.push(end, of.length, salt, of.length === 1 ? of[0]! : -1);
    for (const channel of of) channels[end++] = channel;
  };
  outputs.forEach((of, task) => {
    if (plan.routing === 'broadcast') for (const channel of of) add(1, [channel]);
    else for (const [vertex, group] of byVertex(plan, of)) add(salts.get(vertex) as number, group);
    ofTask[task + 1] = records.length / ROUTE_INTS;
  });
  return { ofTask, records: Int32Array.from(records), channels };
}

/** Channels by the vertex they lead to, in the order in which those come first. */
function byVertex(plan: FlowJobPlan, outputs: readonly number[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const channel of outputs) {
    const { vertex } = plan.tasks[plan.channels[channel]!.to]!;
    const group = groups.get(vertex);
    if (group === undefined) groups.set(vertex, [channel]);
    else group.push(channel);
  }
  return groups;
}

/** The place of every task in this attempt. */
export function placesOf(plan: FlowJobPlan, graph: Graph, attempt: number): TaskPlace[] {
  return plan.tasks.map(({ role }, task) => ({
    task,
    role,
    inputs: graph.inputs[task]!,
    outputs: graph.outputs[task]!,
    attempt,
  }));
}

/** By task: how many copies of a record it sends reach a sink, its paths there. 0 where the graph has a cycle. */
export function copiesAhead(plan: FlowJobPlan, graph: Graph): number[] {
  if (plan.hops > 0) return plan.tasks.map(() => 0);
  const known = new Map<number, number>();
  const copies = (task: number): number => {
    const before = known.get(task);
    if (before !== undefined) return before;
    let sum = plan.tasks[task]!.role === 'sink' ? 1 : 0;
    // Tasks of one vertex have equal paths ahead of them, so that any channel of a route stands for it.
    const { ofTask, records, channels } = graph.routes;
    for (let route = ofTask[task]!; route < ofTask[task + 1]!; route++)
      sum += copies(graph.to[channels[records[route * ROUTE_INTS + FIRST]!]!]!);
    known.set(task, sum);
    return sum;
  };
  return plan.tasks.map((_, task) => copies(task));
}
