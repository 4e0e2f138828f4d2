/** What a plan's graph says about each task and channel, looked up once: inputs, outputs, places, routes. */
import type { TaskPlace } from '../dataflow/protocol.ts';
import type { FlowJobPlan } from './plan.ts';

/** Channels of which a record takes one. */
export interface Route {
  readonly channels: Int32Array;
  /** Odd: spreads keys differently for each vertex, and equally for all that send to it. */
  readonly salt: number;
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
  readonly routes: readonly (readonly Route[])[];
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
    inputs,
    outputs,
    routes: outputs.map((of) => routesOf(plan, of, salts)),
  };
}

function routesOf(plan: FlowJobPlan, outputs: readonly number[], salts: ReadonlyMap<string, number>): Route[] {
  if (plan.routing === 'broadcast') return outputs.map((channel) => ({ channels: Int32Array.of(channel), salt: 1 }));
  const byVertex = new Map<string, number[]>();
  for (const channel of outputs) {
    const { vertex } = plan.tasks[plan.channels[channel]!.to]!;
    const group = byVertex.get(vertex);
    if (group === undefined) byVertex.set(vertex, [channel]);
    else group.push(channel);
  }
  return [...byVertex].map(([vertex, channels]) => ({
    channels: Int32Array.from(channels),
    salt: salts.get(vertex) as number,
  }));
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
    for (const { channels } of graph.routes[task]!) sum += copies(graph.to[channels[0]!]!);
    known.set(task, sum);
    return sum;
  };
  return plan.tasks.map((_, task) => copies(task));
}
