/**
 * One incarnation of a SamzaContainer: a process on a host with one producer, one run loop and its tasks. Everything in
 * here is volatile: `die` drops it, and only what lies on the host's disk, in logs or in the blob store is left.
 */
import { CRASH, FORCED_EXIT, HEARTBEAT, RESUME, SHUT_DOWN, STARTED } from '../actions.ts';
import { Producer, type ProducerOwner } from '../kafka/producer.ts';
import type { Consumer } from '../kafka/input-partition.ts';
import type { Batch } from '../kafka/batch.ts';
import { RESTART } from '../ledgers/time-budget.ts';
import { CommitRunner } from './commit-runner.ts';
import type { SamzaConfig } from './config.ts';
import { type Host, reachesKafka } from './host.ts';
import type { Job } from './job.ts';
import { RunLoop } from './run-loop.ts';
import { Start } from './start.ts';
import { TaskInstance } from './task-instance.ts';

export const HEARTBEAT_MICROS = 60_000_000;
const HEARTBEAT_TRIES = 6;
const HEARTBEAT_TIMEOUT_MICROS = 5_000_000;
const FORCED_EXIT_MICROS = 120_000_000;
/** Flush tokens beside the task numbers. */
const SHUTDOWN_FLUSH = -1;

export type Phase = 'starting' | 'restoring' | 'sealing' | 'running' | 'stopping' | 'dead';

export class Container implements ProducerOwner, Consumer {
  readonly job: Job;
  readonly actor: number;
  /** Processor id in the application master's terms, and which start of it this is (0 is the first). */
  readonly processor: number;
  readonly incarnation: number;
  readonly host: Host;
  readonly config: SamzaConfig;
  /** The steps of its commits: a redeploy changes those of later containers only. */
  readonly steps: readonly number[];
  readonly tasks: TaskInstance[] = [];
  readonly producer: Producer;
  readonly commits: CommitRunner;
  readonly loop: RunLoop;
  readonly start: Start;
  phase: Phase = 'starting';
  /** The application master counts on this container; false once it was given up. */
  official: boolean = true;
  paused: boolean = false;
  /** Why the process is going down cleanly, and its exit code. */
  exitCode: number = 0;
  /** Status the process ended with; null while it lives. */
  exitStatus: number | null = null;
  stopCause: string = '';
  /** Tasks that have not reached the input head found at start. */
  catchingUp: number = 0;
  /** A clean stop has begun to close the stores. */
  #closing: boolean = false;
  /** End of the pause under way; pauses may overlap. */
  #pausedUntil: number = 0;
  readonly #stash: { kind: number; a: number; b: number; payload: unknown }[] = [];

  constructor(job: Job, place: { actor: number; processor: number; incarnation: number; host: Host }) {
    this.job = job;
    this.actor = place.actor;
    this.processor = place.processor;
    this.incarnation = place.incarnation;
    this.host = place.host;
    this.config = job.config;
    this.steps = job.steps;
    this.producer = new Producer(job.world, this, {
      lingerMicros: this.config.lingerMicros,
      dropErrors: this.config.dropProducerErrors,
    });
    for (let task = place.processor; task < job.tasks.length; task += job.plan.job.containers) {
      this.tasks.push(new TaskInstance(task, this.tasks.length, job.tasks[task]!.ssps.length));
    }
    this.loop = new RunLoop(this);
    this.commits = new CommitRunner(this);
    this.start = new Start(this);
    if (!reachesKafka(place.host)) this.producer.cut(true);
    job.addContainer(this);
    job.world.post(STARTED, this.actor, job.plan.cluster.containerStartMicros);
  }

  get name(): string {
    return `container ${this.processor} (start ${this.incarnation}, host ${this.host.index})`;
  }

  get alive(): boolean {
    return this.phase !== 'dead';
  }

  latency(): number {
    return this.job.kafkaLatency();
  }

  instance(task: number): TaskInstance {
    return this.tasks[(task - this.processor) / this.job.plan.job.containers] as TaskInstance;
  }

  /** Consumers are started and the run loop begins. */
  run(): void {
    this.phase = 'running';
    this.loop.begin();
  }

  onArrival(task: number): void {
    if (this.phase === 'running') this.loop.onArrival(this.instance(task));
  }

  // ---- producer callbacks ---------------------------------------------------------------------------------------

  onFlushed(token: number): void {
    if (token === SHUTDOWN_FLUSH) this.job.world.post(SHUT_DOWN, this.actor, 0, this.exitCode);
    else this.commits.producersFlushed(this.tasks[token] as TaskInstance);
  }

  onAcked(lane: number, batch: Batch, refused: boolean): void {
    this.producer.onAcked(lane, batch, refused);
    if (!this.producer.failed) return;
    const waiting = this.phase === 'stopping' || this.tasks.some((t) => t.flushing !== null);
    if (waiting) this.die(1, 'a producer flush failed');
  }

  // ---- liveness -------------------------------------------------------------------------------------------------

  /**
   * Container heartbeat to the application master: orphan removal, not failure detection (samza.md §4.2). Each of six
   * tries costs a timeout of 5 s and a pause of 1, 2, 4, … 32 s, the last one too: 93 s from the first to giving up.
   */
  onHeartbeat(tries: number): void {
    const answer = tries < HEARTBEAT_TRIES ? this.job.cluster.answerHeartbeat(this) : 'gone';
    const { world } = this.job;
    if (answer === 'alive') world.post(HEARTBEAT, this.actor, HEARTBEAT_MICROS, 0);
    else if (answer === 'unreachable') {
      world.post(HEARTBEAT, this.actor, HEARTBEAT_TIMEOUT_MICROS + 1_000_000 * (1 << tries), tries + 1);
    } else this.shutDown(1, 'its application master no longer lists it', FORCED_EXIT_MICROS);
  }

  /** Run loop shutdown: nothing new is processed, nothing is committed, stores and producers are flushed, then exit. */
  shutDown(exitCode: number, cause: string, forceAfterMicros: number): void {
    if (this.phase === 'stopping' || this.phase === 'dead') return;
    const early = this.phase !== 'running';
    this.phase = 'stopping';
    this.exitCode = exitCode;
    this.stopCause = cause;
    this.leaveInputs();
    if (early) {
      this.job.world.post(SHUT_DOWN, this.actor, 0, exitCode);
      return;
    }
    this.job.world.post(FORCED_EXIT, this.actor, forceAfterMicros, exitCode);
    this.stopWhenQuiet();
  }

  /** Called whenever something under way has ended: the last one lets stores and producers flush (samza.md §1.7). */
  stopWhenQuiet(): void {
    if (this.#closing || !this.loop.quiet || this.commits.live > 0) return;
    this.#closing = true;
    for (const t of this.tasks) {
      for (const store of t.stores) {
        store.flushCache();
        store.flushMemtable();
      }
    }
    this.producer.flush(SHUTDOWN_FLUSH);
  }

  /** The process ends at once; nothing volatile survives. */
  die(exitCode: number, cause: string): void {
    if (!this.alive) return;
    this.job.probe.onDeath?.(this);
    this.phase = 'dead';
    this.exitStatus = exitCode;
    const { world, budget } = this.job;
    world.retire(this.actor);
    this.leaveInputs();
    this.host.running--;
    this.commits.cutOff();
    this.job.noteProgress(this);
    if (this.official) for (const t of this.tasks) budget.enter(t.task, RESTART);
    this.job.cluster.processEnded(this, exitCode, cause);
  }

  leaveInputs(): void {
    for (const partition of this.job.inputs) {
      const at = partition.consumers.indexOf(this);
      if (at >= 0) partition.consumers.splice(at, 1);
    }
  }

  // ---- pauses and partitions ------------------------------------------------------------------------------------

  pause(micros: number): void {
    const until = this.job.world.now + micros;
    if (until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    this.paused = true;
    if (this.phase === 'running') for (const t of this.tasks) this.loop.account(t);
    this.job.world.post(RESUME, this.actor, micros);
  }

  /** While the process stands still its actions wait, in order; true when this one does. */
  stash(kind: number, a: number, b: number, payload: unknown): boolean {
    if (!this.paused || kind === RESUME || kind === CRASH) return false;
    this.#stash.push({ kind, a, b, payload });
    return true;
  }

  resume(): void {
    if (!this.paused || this.job.world.now < this.#pausedUntil) return;
    this.paused = false;
    for (const { kind, a, b, payload } of this.#stash.splice(0)) {
      this.job.world.post(kind, this.actor, 0, a, b, payload);
    }
    if (this.phase !== 'running') return;
    for (const t of this.tasks) this.loop.account(t);
    this.loop.kick();
  }

  /** The host loses, or regains, its way to the brokers. */
  kafkaReachable(reachable: boolean): void {
    this.producer.cut(!reachable);
    if (!reachable) return;
    this.commits.appends.sendHeld();
    if (this.phase === 'running') this.loop.wake();
  }
}
