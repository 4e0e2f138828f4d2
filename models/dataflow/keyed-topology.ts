/** Jobs with a keyed operator: sources that send each record to the subtask of its key, and a sink behind the subtasks. */
import type { ChannelSpec, SinkKind, TaskSpec, Topology } from './topology.ts';

/** How many subtasks, and what becomes of them. */
export interface KeyedOptions {
  readonly sources?: number;
  readonly records?: number;
  readonly sink?: SinkKind;
  readonly capacity?: number;
  readonly fifo?: boolean;
  readonly maxParallelism?: number;
  readonly parallelism?: number;
  readonly rescaleTo?: readonly number[];
  /**
   * One sink for all subtasks, or one behind each, rescaled with it. Edges from one to one hold no channel state in Flink, so
   * the latter is for protocols that store none.
   */
  readonly sinks?: 'one' | 'each';
}

/** From one subtask to two and three key groups unless said otherwise: the last group moves, the one before is the border. */
export function keyedTopology(options: KeyedOptions = {}): Topology {
  const { sources = 1, parallelism = 1, rescaleTo = [2], sinks = 'one', fifo = true } = options;
  const most = Math.max(parallelism, ...rescaleTo);
  const sinkCount = sinks === 'each' ? most : 1;
  const tasks: TaskSpec[] = [];
  const add = (count: number, name: (i: number) => string, role: TaskSpec['role']): number[] =>
    Array.from({ length: count }, (_, i) => tasks.push({ name: name(i), role }) - 1);
  const from = add(sources, (i) => `s${i}`, 'source');
  const subtasks = add(most, (i) => `keyed${i}`, 'operator');
  const to = add(sinkCount, (i) => (sinks === 'each' ? `sink${i}` : 'sink'), 'sink');
  const channels: ChannelSpec[] = [
    ...from.flatMap((source) => subtasks.map((subtask) => ({ from: source, to: subtask, fifo }))),
    ...subtasks.map((subtask, i) => ({ from: subtask, to: to[i % sinkCount]!, fifo })),
  ];
  return {
    name: 'keyed',
    tasks,
    channels,
    records: options.records ?? 1,
    capacity: options.capacity ?? 4,
    sink: options.sink ?? 'two-phase',
    hops: 0,
    keyed: {
      subtasks,
      sinks: sinks === 'each' ? to : [],
      maxParallelism: options.maxParallelism ?? most + 1,
      parallelism,
      rescaleTo,
    },
  };
}
