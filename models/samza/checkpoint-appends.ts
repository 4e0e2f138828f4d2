/**
 * Step 9b of a commit: its record goes to the checkpoint topic through a producer of its own, and waits while the host
 * has no way to the brokers (samza.md §1.4).
 */
import { APPEND_CHECKPOINT } from '../actions.ts';
import type { CheckpointRecord } from '../kafka/checkpoint-topic.ts';
import { APPEND_V1 } from '../protocols/samza.ts';
import type { Container } from './container.ts';
import { reachesKafka } from './host.ts';
import type { Commit } from './task-instance.ts';

/** A checkpoint record on its way to the topic. */
export interface AppendRequest {
  readonly record: CheckpointRecord;
  readonly container: Container;
  readonly commit: Commit;
  readonly step: number;
}

export class CheckpointAppends {
  readonly #container: Container;
  readonly #held: AppendRequest[] = [];

  constructor(container: Container) {
    this.#container = container;
  }

  append(commit: Commit, step: number): void {
    const c = this.#container;
    const version = step === APPEND_V1 ? 1 : 2;
    const request: AppendRequest = {
      record: {
        task: commit.task.task,
        version,
        idMillis: commit.idMillis,
        idNano: commit.idNano,
        inputOffsets: commit.inputOffsets,
        changelogOffsets: commit.changelogOffsets,
        snapshotIndexes: version === 1 ? [] : commit.indexes.map((index) => index?.id ?? null),
        commit: commit.number,
        writer: c.name,
        appendedAt: 0,
      },
      container: c,
      commit,
      step,
    };
    if (reachesKafka(c.host)) this.#send(request);
    else this.#held.push(request);
  }

  #send(request: AppendRequest): void {
    const { job } = this.#container;
    job.world.post(APPEND_CHECKPOINT, job.topic.actor, job.kafkaLatency(), 0, 0, request);
  }

  /** The way to the brokers is back. */
  sendHeld(): void {
    for (const request of this.#held.splice(0)) this.#send(request);
  }
}
