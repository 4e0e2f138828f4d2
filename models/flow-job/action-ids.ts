/** Ids of actions as the untimed world spells them, built only for traces. */
import type { Control } from '../dataflow/protocol.ts';
import { type Topology, channelName } from '../dataflow/topology.ts';
import type { JobMessage } from './coordinator-side.ts';
import type { FlowJobPart } from './parts.ts';
import type { FlowJobPlan } from './plan.ts';

/** The untimed topology of a plan. Routing by key has no counterpart there. */
export function topologyOf(plan: FlowJobPlan): Topology {
  return {
    ...(plan.initiators === undefined ? {} : { initiators: plan.initiators }),
    name: plan.name,
    tasks: plan.tasks.map(({ name, role }) => ({ name, role })),
    channels: plan.channels,
    records: Math.floor(plan.load.records / (plan.load.batchRecords ?? 1)),
    capacity: plan.capacity,
    sink: plan.sink,
    hops: plan.hops,
  };
}

export class ActionIds {
  readonly #plan: FlowJobPlan;
  #channelNames: readonly string[] | null = null;

  constructor(plan: FlowJobPlan) {
    this.#plan = plan;
  }

  task(task: number): string {
    return task < 0 ? 'coordinator' : this.#plan.tasks[task]!.name;
  }

  emit(task: number, seq: number): string {
    return `emit:${this.task(task)}#${seq}`;
  }

  record(channel: number, { source, seq, n }: { source: number; seq: number; n: number }): string {
    return `deliver:${this.#channel(channel)}#r${source}.${seq}.${n}`;
  }

  control(channel: number, { name, checkpoint }: Control): string {
    return `deliver:${this.#channel(channel)}#${name}-${checkpoint}`;
  }

  timer(task: number, name: string): string {
    return `timer:${this.task(task)}#${name}`;
  }

  message(verb: 'tell' | 'lose', { from, to, name, checkpoint, attempt }: JobMessage): string {
    return `${verb}:${this.task(from)}>${this.task(to)}#${name}-${checkpoint}/a${attempt}`;
  }

  upload(verb: 'upload' | 'fail-upload', { task, checkpoint, attempt }: FlowJobPart): string {
    return `${verb}:${this.task(task)}#c${checkpoint}/a${attempt}`;
  }

  store(checkpoint: number, attempt: number): string {
    return `store:coordinator#c${checkpoint}/a${attempt}`;
  }

  commit(task: number, transaction: number, attempt: number): string {
    return `commit:${this.task(task)}#t${transaction}/a${attempt}`;
  }

  #channel(channel: number): string {
    if (this.#channelNames === null) {
      const topology = topologyOf(this.#plan);
      this.#channelNames = topology.channels.map((_, each) => channelName(topology, each));
    }
    return this.#channelNames[channel]!;
  }
}
