/**
 * The state of a job in the same words whether it ran in simulated time or was led along a path of the untimed world:
 * store, output, tasks and channels, whatever either world keeps beside that. Equal runs give equal facts.
 */
import { mix32 } from '../../../sim/index.ts';
import type { FlowWorld } from '../../dataflow/flow-world.ts';
import type { Application, Element, FlowRecord, FlowState } from '../../dataflow/state.ts';
import { CONTROL, HOPS, N, SEQ, SOURCE, TAG } from '../channel-layout.ts';
import type { FlowJob } from '../job.ts';
import { CAPTURED_WIDTH, type FlowJobPart } from '../parts.ts';
import { DOWN } from '../task-status.ts';
import { type TransactionEnds, type TransactionFate, addEnd } from '../transaction-list.ts';

/** Facts by name: two ends of runs are compared name by name. */
export type FactsAtEnd = ReadonlyMap<string, string>;

class Facts {
  readonly all: Map<string, string> = new Map();

  add(name: string, value: unknown): void {
    this.all.set(name, JSON.stringify(value));
  }
}

/** Of transactions that have ended, what they came to; of all others, each. */
class TransactionFacts {
  readonly opened: number;
  readonly ends: TransactionEnds;
  readonly others: (readonly (number | string)[])[] = [];

  constructor(opened: number, ends: TransactionEnds) {
    this.opened = opened;
    this.ends = { ...ends };
  }

  add(id: number, transaction: TransactionFate): void {
    const { task, attempt, checkpoint, status } = transaction;
    if (status === 'committed' || status === 'aborted') addEnd(this.ends, id, transaction);
    else this.others.push([id, task, attempt, checkpoint, status]);
  }
}

/** Facts of a timed run. */
export function factsOfJob(job: FlowJob): FactsAtEnd {
  const facts = new Facts();
  const { store, plan, graph } = job;
  facts.add('ids and attempts', [store.nextId, store.attempt, store.attempts]);
  facts.add('completed', store.completed);
  facts.add('coordinator', job.coordinator.state);
  for (const { checkpoint, tasks } of store.contents()) {
    for (const task of tasks) facts.add(`part ${checkpoint}/${task}`, partOfJob(job, store.part(checkpoint, task)!));
  }
  graph.sources.forEach((_, source) => {
    const visible = Array.from({ length: plan.load.records }, (_, seq) => job.output.copiesOf(source, seq));
    facts.add(`visible of source ${source}`, visible);
  });
  const transactions = new TransactionFacts(job.transactions.opened, job.transactions.ends);
  job.transactions.forEach((transaction, id) => transactions.add(id, transaction));
  facts.add('transactions', transactions);
  for (let task = 0; task < plan.tasks.length; task++) {
    facts.add(`task ${task}`, {
      up: job.tasks.status(task) !== DOWN,
      application: {
        read: job.tasks.read(task),
        folded: job.tasks.folded(task),
        sent: graph.outputs[task]!.map((channel) => job.channels.sent(channel)),
        received: graph.inputs[task]!.map((channel) => job.channels.received(channel)),
        transaction: job.transaction[task],
        pending: job.pendingCommits[task],
      },
      blocked: graph.inputs[task]!.filter((channel) => job.channels.isBlocked(channel)),
      timers: job.background.timersOf(task),
      parts: job.parts[task]!.map((part) => partOfJob(job, part)),
      protocol: job.states[task],
    });
  }
  for (let channel = 0; channel < plan.channels.length; channel++) {
    facts.add(`channel ${channel}`, { recovered: job.recovered[channel], queue: queueOfJob(job, channel) });
  }
  return facts.all;
}

function partOfJob(job: FlowJob, { attempt, snapshot, channels }: FlowJobPart): unknown {
  const { read, folded, sent, received, transaction, pending } = snapshot;
  const records = channels.map((captured) => {
    const list: number[][] = [];
    for (let i = 0; i < captured.length; i += CAPTURED_WIDTH) {
      const [source, ...rest] = captured.slice(i, i + CAPTURED_WIDTH);
      list.push([job.graph.sources[source!]!, ...rest]);
    }
    return list;
  });
  return { attempt, application: { read, folded, sent, received, transaction, pending }, records };
}

function queueOfJob(job: FlowJob, channel: number): unknown[] {
  const { channels } = job;
  const queue = Array.from({ length: channels.count(channel) }, (_, at) => {
    const slot = channels.slot(channel, at);
    const source = channels.words[slot + SOURCE]!;
    if (source === CONTROL) {
      const { name, checkpoint, priority = false, data = 0 } = channels.control(channels.words[slot + SEQ]!);
      return [name, checkpoint, priority, data];
    }
    return [
      job.graph.sources[source]!,
      channels.words[slot + SEQ]!,
      channels.words[slot + N]!,
      channels.words[slot + TAG]!,
      channels.words[slot + HOPS]!,
    ];
  });
  return inOrder(queue, job.graph.fifo[channel] === 1);
}

/** Where the order means nothing, a list stands for a set. */
function inOrder(queue: unknown[], isFifo: boolean): unknown[] {
  return isFifo ? queue : queue.map((each) => JSON.stringify(each)).toSorted();
}

/** Facts of the untimed world after a path. */
export function factsOfState(world: FlowWorld, state: FlowState): FactsAtEnd {
  const facts = new Facts();
  const { store, output } = state;
  const { topology } = world;
  facts.add('ids and attempts', [store.nextId, store.attempt, store.attempts]);
  facts.add(
    'completed',
    store.completed.map(({ checkpoint, attempt }) => ({ checkpoint, attempt })),
  );
  facts.add('coordinator', state.coordinator.protocol);
  for (const { checkpoint, task, attempt, application, channels } of store.parts) {
    const records = channels.map((each) => each.records.map(recordFacts));
    facts.add(`part ${checkpoint}/${task}`, { attempt, application: applicationFacts(world, application), records });
  }
  world.sources.forEach((_, source) => {
    const visible = output.visible.slice(source * topology.records, (source + 1) * topology.records);
    facts.add(`visible of source ${source}`, visible);
  });
  const transactions = new TransactionFacts(output.transactions.length, { committed: 0, aborted: 0, sum: 0 });
  output.transactions.forEach((transaction, id) => transactions.add(id, transaction));
  facts.add('transactions', transactions);
  topology.tasks.forEach((_, task) => {
    const { up, application, blocked, timers, parts, protocol } = state.task(task);
    facts.add(`task ${task}`, {
      up,
      application: applicationFacts(world, application),
      blocked,
      timers,
      parts: parts.map((part) => ({
        attempt: part.attempt,
        application: applicationFacts(world, part.application),
        records: part.channels.map((each) => each.records.map(recordFacts)),
      })),
      protocol,
    });
  });
  topology.channels.forEach(({ fifo }, channel) => {
    const { recovered, queue } = state.channel(channel);
    facts.add(`channel ${channel}`, { recovered, queue: inOrder(queue.map(elementFacts), fifo) });
  });
  return facts.all;
}

function applicationFacts(world: FlowWorld, application: Application): unknown {
  const { read, seen, sent, received, transaction, pending } = application;
  const { records } = world.topology;
  let folded = 0;
  seen.forEach((times, index) => {
    const hash = mix32(mix32(0x7469_6465, Math.floor(index / records)) | 0, index % records);
    folded = (folded + Math.imul(times, hash)) | 0;
  });
  return { read, folded, sent, received, transaction, pending };
}

function elementFacts(element: Element): unknown {
  if (element.is === 'record') return recordFacts(element);
  return [element.name, element.checkpoint, element.priority, element.data];
}

function recordFacts({ source, seq, n, tag, hops }: FlowRecord): number[] {
  return [source, seq, n, tag, hops];
}
