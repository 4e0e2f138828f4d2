// A world of nothing but brokers and one sender: the smallest place in which logs and producers do all they can do.
import { ACKED, APPEND, KIND_NAMES, LINGER, ROLL_SEGMENT, SEGMENT_COMPACTS } from '../../models/actions.ts';
import { type Batch, addEntry, newBatch } from '../../models/kafka/batch.ts';
import { Changelog, type ChangelogLimits } from '../../models/kafka/changelog.ts';
import { OutputPartition } from '../../models/kafka/output-partition.ts';
import type { LogPartition } from '../../models/kafka/log-partition.ts';
import { Producer } from '../../models/kafka/producer.ts';
import { type Model, World, runTimed } from '../../sim/index.ts';

export const latencyMicros = 2000;
export const ackMicros = 1000;

/** Brokers with any number of logs, and a process that may hold a producer. */
export class SmallBroker implements Model {
  readonly world: World = new World(KIND_NAMES);
  readonly flushed: { readonly token: number; readonly at: number }[] = [];
  /** What became visible in an output, as `ssp:from-to`. */
  readonly visible: string[] = [];
  readonly vanished: string[] = [];
  /** The producer of the process that lives now. */
  producer: Producer;
  readonly #logs: Map<number, LogPartition> = new Map();
  readonly #actor: number = this.world.addActor('process');
  readonly #options: { readonly lingerMicros: number; readonly dropErrors: boolean };
  #alive: { alive: boolean } = { alive: false };

  constructor({ lingerMicros = 10_000, dropErrors = false } = {}) {
    this.#options = { lingerMicros, dropErrors };
    this.producer = this.restart();
  }

  /** The process dies, and another starts under the same actor with an empty producer. */
  restart(): Producer {
    this.#alive.alive = false;
    this.world.retire(this.#actor);
    const owner = {
      actor: this.#actor,
      alive: true,
      latency: () => latencyMicros,
      onFlushed: (token: number) => void this.flushed.push({ token, at: this.world.now }),
    };
    this.#alive = owner;
    this.producer = new Producer(this.world, owner, this.#options);
    return this.producer;
  }

  changelog(limits: Partial<ChangelogLimits> = {}): Changelog {
    const log = new Changelog(this.world, `changelog-${this.#logs.size}`, 0, {
      keys: 8,
      entryBytes: 100,
      segmentBytes: 1e9,
      segmentMicros: 1e12,
      minCompactionLagMicros: 1e12,
      ...limits,
    });
    this.#logs.set(log.actor, log);
    return log;
  }

  output(remember: boolean = false): OutputPartition {
    const reader = {
      onOutputs: (ssp: number, from: number, to: number) => void this.visible.push(`${ssp}:${from}-${to}`),
      onOutputsLost: (ssp: number, from: number, to: number) => void this.vanished.push(`${ssp}:${from}-${to}`),
    };
    const log = new OutputPartition(this.world, `output-${this.#logs.size}`, 0, reader, remember);
    this.#logs.set(log.actor, log);
    return log;
  }

  /** Appends entries [key, count] at once, without a producer. */
  append(log: Changelog, ...entries: readonly (readonly [key: number, count: number])[]): void {
    const batch = newBatch();
    for (const [key, count] of entries) addEntry(batch, key, count, count * 10);
    log.land(batch, ackMicros);
  }

  /** Runs for a while. */
  run(micros: number): void {
    runTimed(this.world, this, this.world.now + micros);
  }

  apply(kind: number, actor: number, a: number, b: number, payload: unknown): void {
    switch (kind) {
      case APPEND:
        this.#logs.get(actor)!.land(payload as Batch, ackMicros);
        return;
      case ACKED:
        this.producer.onAcked(a, payload as Batch, b === 1);
        return;
      case LINGER:
        this.producer.onLinger(a);
        return;
      case ROLL_SEGMENT:
        (this.#logs.get(actor) as Changelog).rollSegment();
        return;
      case SEGMENT_COMPACTS:
        (this.#logs.get(actor) as Changelog).compactBelow(a, b);
        return;
      default:
        throw new Error(`the small broker has no action ${KIND_NAMES[kind]}`);
    }
  }
}

/** The records of a log as `offset:key=count`. */
export function recordsOf(log: Changelog): string[] {
  return Array.from({ length: log.size }, (_, i) => `${log.offset[i]}:${log.key[i]}=${log.count[i]}`);
}
