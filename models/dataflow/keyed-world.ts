/** A keyed stage as the world asks about it: who gets a record, which tasks idle, who answers for whom. */
import { type KeyedStage, type RescaleRules, ownerOf } from './key-groups.ts';
import type { FlowState } from './state.ts';
import type { Topology } from './topology.ts';

interface RecordName {
  readonly source: number;
  readonly seq: number;
}

export class KeyedWorld {
  readonly stage: KeyedStage;
  readonly rules: RescaleRules;
  readonly #topology: Topology;
  readonly #sources: readonly number[];

  constructor(topology: Topology, stage: KeyedStage, rules: RescaleRules) {
    this.#topology = topology;
    this.stage = stage;
    this.rules = rules;
    this.#sources = topology.tasks.flatMap(({ role }, task) => (role === 'source' ? [task] : []));
  }

  /** The key group of a record, by its number among all records. The first is in the last group, which moves the most. */
  keyGroup({ source, seq }: RecordName): number {
    const { maxParallelism } = this.stage;
    const index = this.#sources.indexOf(source) * this.#topology.records + seq;
    return maxParallelism - 1 - (index % maxParallelism);
  }

  /** The subtask, by its number in the stage, that the record belongs to. */
  owner(record: RecordName, parallelism: number): number {
    return ownerOf(this.keyGroup(record), parallelism, this.stage.maxParallelism);
  }

  /** False: the channel leads to a subtask that does not own the record. */
  takes(state: FlowState, channel: number, record: RecordName): boolean {
    const subtask = this.stage.subtasks.indexOf(this.#topology.channels[channel]!.to);
    return subtask < 0 || subtask === this.owner(record, state.store.parallelism);
  }

  /** A sink that the parallelism does without: it opens no transactions. */
  isRemovedSink(state: FlowState, task: number): boolean {
    return this.stage.sinks.indexOf(task) >= state.store.parallelism;
  }

  /** The sink that commits or aborts what this one left behind: itself, or, if it is gone, one that is there. */
  heirOf(state: FlowState, task: number): number {
    const { sinks } = this.stage;
    const subtask = sinks.indexOf(task);
    return subtask < 0 ? task : sinks[subtask % state.store.parallelism]!;
  }
}
