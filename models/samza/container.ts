/**
 * One incarnation of a SamzaContainer: a process on a host with one producer, one run loop and its tasks. Everything in
 * here is volatile: `die` drops it, and only what lies on the host's disk, in logs or in the blob store is left.
 * The run loop picks ready tasks in turn; a task whose commit is due commits before it processes (samza.md §1.1-§1.3).
 */
import { COMMIT_DUE, CRASH, FORCED_EXIT, HEARTBEAT, PROCESSED, RESUME, SHUT_DOWN, STARTED } from '../actions.ts';
import { Producer, type ProducerOwner } from '../kafka/producer.ts';
import type { Consumer } from '../kafka/input-partition.ts';
import type { Batch } from '../kafka/batch.ts';
import { BLOCKED, IDLE, REPLAY, RESTART, SNAPSHOT, USEFUL } from '../ledgers/time-budget.ts';
import { fold } from '../logic.ts';
import { CommitRunner } from './commit-runner.ts';
import type { SamzaConfig } from './config.ts';
import type { Host } from './host.ts';
import type { Job } from './job.ts';
import { Start } from './start.ts';
import { TaskInstance, type Work } from './task-instance.ts';

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
  readonly tasks: TaskInstance[] = [];
  readonly producer: Producer;
  readonly commits: CommitRunner;
  readonly start: Start;
  phase: Phase = 'starting';
  /** The application master counts on this container; false once it was given up. */
  official: boolean = true;
  paused: boolean = false;
  /** Why the process is going down cleanly, and its exit code. */
  exitCode: number = 0;
  stopCause: string = '';
  /** Tasks that have not reached the input head found at start. */
  catchingUp: number = 0;
  readonly #threads: number;
  #busy: number = 0;
  readonly #ready: Int32Array;
  #readyHead: number = 0;
  #readyCount: number = 0;
  readonly #stash: { kind: number; a: number; b: number; payload: unknown }[] = [];

  constructor(job: Job, place: { actor: number; processor: number; incarnation: number; host: Host }) {
    this.job = job;
    this.actor = place.actor;
    this.processor = place.processor;
    this.incarnation = place.incarnation;
    this.host = place.host;
    this.config = job.config;
    this.#threads = Math.max(1, this.config.threadPoolSize);
    this.producer = new Producer(job.world, this, {
      lingerMicros: this.config.lingerMicros,
      dropErrors: this.config.dropProducerErrors,
    });
    for (let task = place.processor; task < job.tasks.length; task += job.plan.job.containers) {
      this.tasks.push(new TaskInstance(task, this.tasks.length, job.tasks[task]!.ssps.length));
    }
    this.#ready = new Int32Array(this.tasks.length);
    this.commits = new CommitRunner(this);
    this.start = new Start(this);
    if (!place.host.reachesKafka) this.producer.cut(true);
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

  // ---- run loop -------------------------------------------------------------------------------------------------

  /** Consumers are started: timers run from here, every task of a container falls due together. */
  run(): void {
    this.phase = 'running';
    const { world, budget } = this.job;
    for (const t of this.tasks) {
      if (this.config.commitMicros > 0) world.post(COMMIT_DUE, this.actor, this.config.commitMicros, t.local);
      if (this.official) budget.enter(t.task, this.backlog(t) ? BLOCKED : IDLE);
      this.enqueue(t);
    }
    this.kick();
  }

  onArrival(task: number): void {
    if (this.phase !== 'running') return;
    const t = this.instance(task);
    if (t.queued || t.processing || (t.committing && !this.config.asyncCommit)) return;
    if (this.paused) {
      this.enqueue(t);
      return;
    }
    this.enqueue(t);
    this.kick();
    if (t.queued && this.official && this.job.budget.category(task) === IDLE) this.job.budget.enter(task, BLOCKED);
  }

  onCommitDue(local: number): void {
    this.job.world.post(COMMIT_DUE, this.actor, this.config.commitMicros, local);
    this.requestCommit(this.tasks[local] as TaskInstance);
  }

  /** A tick or user code asks for a commit; requests that find one already waiting merge into it. */
  requestCommit(t: TaskInstance): void {
    t.needCommit = true;
    this.enqueue(t);
    this.kick();
  }

  backlog(t: TaskInstance): boolean {
    if (!this.host.reachesKafka) return false;
    const ssps = this.job.tasks[t.task]!.ssps;
    for (let i = 0; i < ssps.length; i++) {
      if ((t.next[i] as number) < this.job.inputs[ssps[i] as number]!.head) return true;
    }
    return false;
  }

  enqueue(t: TaskInstance): void {
    if (t.queued) return;
    t.queued = true;
    let tail = this.#readyHead + this.#readyCount++;
    if (tail >= this.#ready.length) tail -= this.#ready.length;
    this.#ready[tail] = t.local;
  }

  /** Gives free threads to ready tasks, in turn. */
  kick(): void {
    if (this.phase !== 'running' || this.paused) return;
    while (this.#busy < this.#threads && this.#readyCount > 0) {
      const t = this.tasks[this.#ready[this.#readyHead] as number] as TaskInstance;
      if (++this.#readyHead === this.#ready.length) this.#readyHead = 0;
      this.#readyCount--;
      t.queued = false;
      this.#next(t);
      if (!this.alive) return;
    }
  }

  #next(t: TaskInstance): void {
    if (t.needCommit) {
      if (!t.committing && (t.inFlight === 0 || this.config.asyncCommit)) {
        t.needCommit = false;
        this.occupy(t);
        this.commits.begin(t, false);
        // With async commit another thread of the pool may go on with the task meanwhile.
        if (this.config.asyncCommit && this.alive && this.backlog(t)) this.enqueue(t);
      }
      return;
    }
    if (t.processing || (t.committing && !this.config.asyncCommit)) return;
    if (t.inFlight >= this.config.maxConcurrency) return;
    this.#process(t);
  }

  /** Takes a thread for a commit's sync stage. */
  occupy(t: TaskInstance): void {
    this.#busy++;
    t.committing = true;
    if (this.official) this.job.budget.enter(t.task, SNAPSHOT);
  }

  /** The sync stage is over: the thread is free and the task may process again. */
  release(t: TaskInstance): void {
    this.#busy--;
    t.committing = false;
    if (this.phase === 'sealing') {
      if (this.official) this.job.budget.enter(t.task, RESTART);
      this.start.sealed();
      return;
    }
    this.#settle(t);
  }

  #settle(t: TaskInstance): void {
    const more = this.backlog(t);
    if (this.official) this.job.budget.enter(t.task, t.inFlight > 0 ? USEFUL : more ? BLOCKED : IDLE);
    if (this.phase === 'stopping') {
      this.#stopWhenQuiet();
      return;
    }
    if (more || t.needCommit) this.enqueue(t);
    this.kick();
  }

  #process(t: TaskInstance): void {
    const job = this.job;
    if (this.producer.failed) {
      this.die(1, 'a producer send failed');
      return;
    }
    if (!this.host.reachesKafka) return;
    const ssps = job.tasks[t.task]!.ssps;
    let i = t.roundRobin;
    let available = 0;
    for (let tried = 0; tried < ssps.length; tried++) {
      if (i >= ssps.length) i = 0;
      available = job.inputs[ssps[i] as number]!.head - (t.next[i] as number);
      if (available > 0) break;
      i++;
    }
    if (available <= 0) return;
    t.roundRobin = i + 1;
    const records = Math.min(available, job.plan.job.batchRecords);
    const from = t.next[i] as number;
    t.next[i] = from + records;
    const micros = job.serviceMicros(records);
    t.inFlight++;
    if (job.plan.job.taskKind === 'sync') {
      t.processing = true;
      t.opSsp = i;
      t.opFrom = from;
      this.#busy++;
      if (this.official) job.budget.enter(t.task, USEFUL);
      job.world.post(PROCESSED, this.actor, micros, t.local, records);
      return;
    }
    const work: Work = { ssp: i, from, records, done: false };
    t.works.push(work);
    if (this.official) job.budget.enter(t.task, USEFUL);
    job.world.post(PROCESSED, this.actor, micros, t.local, records, work);
    if (t.inFlight < this.config.maxConcurrency && this.backlog(t)) this.enqueue(t);
  }

  onProcessed(local: number, records: number, work: Work | null): void {
    const job = this.job;
    const t = this.tasks[local] as TaskInstance;
    const i = work === null ? t.opSsp : work.ssp;
    const from = work === null ? t.opFrom : work.from;
    const ssp = job.tasks[t.task]!.ssps[i] as number;
    t.inFlight--;
    this.#userCode(t, ssp, from, records);
    const fresh = job.ledgers[ssp]!.processed(from, from + records);
    if (fresh < records) this.#countReplay(t, records, fresh);
    if (work === null) t.last[i] = from + records - 1;
    else this.#releaseCallbacks(t, work);
    if (t.behind > 0) this.#checkCaughtUp(t, i);
    this.#manualCommits(t, records);
    if (work === null) {
      t.processing = false;
      this.#busy--;
    }
    this.#settle(t);
  }

  /** What process() does: fold each record into every store, and emit. */
  #userCode(t: TaskInstance, ssp: number, from: number, records: number): void {
    const { plan, content } = this.job;
    const logic = plan.job.logic;
    const dedup = logic === 'dedup';
    let value = 0;
    if (logic !== 'stateless') {
      for (let offset = from; offset < from + records; offset++) {
        const hash = content.hash(ssp, offset);
        const key = content.key(hash);
        let did = 1;
        for (const store of t.stores) {
          did = fold(logic, store.view, key, hash, offset);
          if ((did & 2) === 0) store.get(key);
          else store.put(key);
          value = store.view.count[key] as number;
        }
        if (!dedup) continue;
        if ((did & 1) === 1) this.#emit(t, ssp, offset, offset + 1);
        else if (!this.job.owes(ssp, offset)) this.job.ledgers[ssp]!.owesNoOutput(offset, offset + 1);
      }
    }
    if (!dedup) this.#emit(t, ssp, from, from + records);
    this.job.world.state.addInts(ssp, from + records, value);
  }

  #emit(t: TaskInstance, ssp: number, from: number, to: number): void {
    if (t.outputLane >= 0) this.producer.sendOutputs(t.outputLane, ssp, from, to);
  }

  #countReplay(t: TaskInstance, records: number, fresh: number): void {
    const job = this.job;
    job.recoveries.replayed(this.processor, records - fresh);
    if (!this.official) return;
    const spent = job.plan.costs.processMicros * (records - fresh);
    // A whole replayed call counts as replay to the microsecond; a mixed batch is split by records.
    job.budget.split(t.task, fresh === 0 ? Infinity : Math.floor(spent), REPLAY);
  }

  /** Only the contiguous prefix of completed callbacks moves the offsets, over all SSPs of the task together. */
  #releaseCallbacks(t: TaskInstance, work: Work): void {
    work.done = true;
    let released = 0;
    while (released < t.works.length && (t.works[released] as Work).done) {
      const done = t.works[released++] as Work;
      t.last[done.ssp] = done.from + done.records - 1;
    }
    t.works.splice(0, released);
  }

  #checkCaughtUp(t: TaskInstance, i: number): void {
    const target = t.catchUpTo[i] as number;
    if (target < 0 || (t.last[i] as number) + 1 < target) return;
    t.catchUpTo[i] = -1;
    t.behind--;
    if (t.behind === 0 && --this.catchingUp === 0) this.job.recoveries.caughtUp(this.processor, this.job.world.now);
  }

  #manualCommits(t: TaskInstance, records: number): void {
    const every = this.config.manualCommitEvery;
    if (every === 0) return;
    t.messages += records;
    if (t.messages < every) return;
    t.messages -= every;
    if (this.config.manualCommitScope === 'task') t.needCommit = true;
    else for (const each of this.tasks) if (each !== t) this.requestCommit(each);
    if (this.config.manualCommitScope === 'container') t.needCommit = true;
  }

  // ---- producer callbacks ---------------------------------------------------------------------------------------

  onFlushed(token: number): void {
    if (token === SHUTDOWN_FLUSH) this.job.world.post(SHUT_DOWN, this.actor, 0, this.exitCode);
    else this.commits.producersFlushed(this.tasks[token] as TaskInstance);
  }

  onAcked(lane: number, batch: Batch, refused: boolean): void {
    this.producer.onAcked(lane, batch, refused);
    const waiting = this.phase === 'stopping' || this.tasks.some((t) => t.flushing !== null);
    if (this.producer.failed && waiting) this.die(1, 'a producer flush failed');
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
    this.#stopWhenQuiet();
  }

  #stopWhenQuiet(): void {
    if (this.#busy > 0 || this.tasks.some((t) => t.inFlight > 0)) return;
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
    this.paused = true;
    this.job.world.post(RESUME, this.actor, micros);
  }

  /** While the process stands still its actions wait, in order; true when this one does. */
  stash(kind: number, a: number, b: number, payload: unknown): boolean {
    if (!this.paused || kind === RESUME || kind === CRASH) return false;
    this.#stash.push({ kind, a, b, payload });
    return true;
  }

  resume(): void {
    this.paused = false;
    for (const { kind, a, b, payload } of this.#stash.splice(0)) {
      this.job.world.post(kind, this.actor, 0, a, b, payload);
    }
    this.kick();
  }

  /** The host loses, or regains, its way to the brokers. */
  kafkaReachable(reachable: boolean): void {
    this.producer.cut(!reachable);
    if (!reachable) return;
    this.commits.sendHeldAppends();
    if (this.phase !== 'running') return;
    for (const t of this.tasks) if (!t.processing && !t.committing) this.enqueue(t);
    this.kick();
  }
}
