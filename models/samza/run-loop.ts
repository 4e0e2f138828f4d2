/**
 * The run loop of a container: free threads take ready tasks in turn, and a task whose commit is due commits before it
 * processes (samza.md §1.1-§1.3). This is the record path: it allocates nothing per record of a StreamTask.
 */
import { COMMIT_DUE, PROCESSED } from '../actions.ts';
import { BLOCKED, IDLE, REPLAY, RESTART, SNAPSHOT, USEFUL } from '../ledgers/time-budget.ts';
import { fold } from '../logic.ts';
import { resetOutOfRange } from './consumer-position.ts';
import type { Container } from './container.ts';
import { reachesKafka } from './host.ts';
import type { Job } from './job.ts';
import { type TaskInstance, type Work, releaseCallbacks } from './task-instance.ts';

export class RunLoop {
  readonly #container: Container;
  readonly #job: Job;
  readonly #threads: number;
  #busy: number = 0;
  /** Ring of ready tasks, each in it at most once. */
  readonly #ready: Int32Array;
  #readyHead: number = 0;
  #readyCount: number = 0;

  constructor(container: Container) {
    this.#container = container;
    this.#job = container.job;
    this.#threads = Math.max(1, container.config.threadPoolSize);
    this.#ready = new Int32Array(container.tasks.length);
  }

  /** Consumers are started: timers run from here, every task of a container falls due together. */
  begin(): void {
    const { actor, config, tasks } = this.#container;
    for (const t of tasks) {
      if (config.commitMicros > 0) this.#job.world.post(COMMIT_DUE, actor, config.commitMicros, t.local);
      this.account(t);
      this.#enqueue(t);
    }
    this.kick();
  }

  onArrival(t: TaskInstance): void {
    const { config, official } = this.#container;
    if (t.processing || (t.committing && !config.asyncCommit)) return;
    if (!t.queued) {
      this.#enqueue(t);
      this.kick();
    }
    const { budget } = this.#job;
    if (official && budget.category(t.task) === IDLE) budget.enter(t.task, BLOCKED);
  }

  onCommitDue(t: TaskInstance): void {
    const { actor, config } = this.#container;
    this.#job.world.post(COMMIT_DUE, actor, config.commitMicros, t.local);
    this.requestCommit(t);
  }

  /** A tick or user code asks for a commit; requests that find one already waiting merge into it. */
  requestCommit(t: TaskInstance): void {
    t.needCommit = true;
    this.#enqueue(t);
    this.kick();
  }

  /** Nothing runs and nothing is in flight. */
  get quiet(): boolean {
    return this.#busy === 0 && this.#container.tasks.every((t) => t.inFlight === 0);
  }

  #hasRecords(t: TaskInstance): boolean {
    const { ssps } = this.#job.tasks[t.task]!;
    for (let i = 0; i < ssps.length; i++) {
      if ((t.next[i] as number) < this.#job.inputs[ssps[i] as number]!.head) return true;
    }
    return false;
  }

  /** Charges the task's time to what it is doing now. */
  account(t: TaskInstance): void {
    this.#enter(t, t.needCommit || this.#hasRecords(t));
  }

  #enter(t: TaskInstance, waits: boolean): void {
    const { official, paused } = this.#container;
    if (!official) return;
    const busy = t.committing ? SNAPSHOT : t.inFlight > 0 ? USEFUL : waits ? BLOCKED : IDLE;
    // A process that stands still does nothing useful: what it had begun is blocked.
    this.#job.budget.enter(t.task, paused && busy !== IDLE ? BLOCKED : busy);
  }

  #enqueue(t: TaskInstance): void {
    if (t.queued) return;
    t.queued = true;
    let tail = this.#readyHead + this.#readyCount++;
    if (tail >= this.#ready.length) tail -= this.#ready.length;
    this.#ready[tail] = t.local;
  }

  /** Every idle task looks at its inputs again. */
  wake(): void {
    for (const t of this.#container.tasks) if (!t.processing && !t.committing) this.#enqueue(t);
    this.kick();
  }

  /** Gives free threads to ready tasks, in turn. */
  kick(): void {
    const container = this.#container;
    if (container.phase !== 'running' || container.paused) return;
    while (this.#busy < this.#threads && this.#readyCount > 0) {
      const t = container.tasks[this.#ready[this.#readyHead] as number] as TaskInstance;
      if (++this.#readyHead === this.#ready.length) this.#readyHead = 0;
      this.#readyCount--;
      t.queued = false;
      this.#next(t);
      if (!container.alive) return;
    }
  }

  #next(t: TaskInstance): void {
    const { config, commits } = this.#container;
    if (t.needCommit) {
      if (!t.committing && (t.inFlight === 0 || config.asyncCommit)) {
        t.needCommit = false;
        this.occupy(t);
        commits.begin(t, false);
        // With async commit another thread of the pool may go on with what has arrived already.
        if (config.asyncCommit && this.#container.alive && this.#hasRecords(t)) this.#enqueue(t);
      }
      return;
    }
    if (t.processing || (t.committing && !config.asyncCommit)) return;
    if (t.inFlight < config.maxConcurrency) this.#process(t);
  }

  /** Takes a thread for a commit's sync stage. */
  occupy(t: TaskInstance): void {
    this.#busy++;
    t.committing = true;
    if (this.#container.official) this.#job.budget.enter(t.task, SNAPSHOT);
  }

  /** The sync stage is over: the thread is free and the task may process again. */
  release(t: TaskInstance): void {
    const { official, phase, start } = this.#container;
    this.#busy--;
    t.committing = false;
    if (phase !== 'sealing') {
      this.#settle(t);
      return;
    }
    if (official) this.#job.budget.enter(t.task, RESTART);
    start.sealed();
  }

  #settle(t: TaskInstance): void {
    const more = t.needCommit || this.#hasRecords(t);
    this.#enter(t, more);
    if (this.#container.phase === 'stopping') {
      this.#container.stopWhenQuiet();
      return;
    }
    if (more) this.#enqueue(t);
    this.kick();
  }

  #process(t: TaskInstance): void {
    const job = this.#job;
    const { actor, config, host, official, producer } = this.#container;
    if (producer.failed) {
      this.#container.die(1, 'a producer send failed');
      return;
    }
    if (!reachesKafka(host)) return;
    const { ssps } = job.tasks[t.task]!;
    let i = t.roundRobin;
    let available = 0;
    for (let tried = 0; tried < ssps.length; tried++) {
      if (i >= ssps.length) i = 0;
      const input = job.inputs[ssps[i] as number]!;
      if ((t.next[i] as number) < input.oldest) {
        if (t.inFlight > 0) return;
        resetOutOfRange(this.#container, t, i, input);
      }
      available = input.head - (t.next[i] as number);
      if (available > 0) break;
      i++;
    }
    if (available <= 0) {
      if (t.inFlight === 0) this.#enter(t, false);
      return;
    }
    t.roundRobin = i + 1;
    const records = Math.min(available, job.plan.job.batchRecords);
    const from = t.next[i] as number;
    t.next[i] = from + records;
    const micros = job.serviceMicros(records);
    t.inFlight++;
    if (official && !t.committing) job.budget.enter(t.task, USEFUL);
    if (job.plan.job.taskKind === 'sync') {
      t.processing = true;
      t.opSsp = i;
      t.opFrom = from;
      this.#busy++;
      job.world.post(PROCESSED, actor, micros, t.local, records);
      return;
    }
    const work: Work = { ssp: i, from, records, done: false };
    t.works.push(work);
    job.world.post(PROCESSED, actor, micros, t.local, records, work);
    if (t.inFlight < config.maxConcurrency && this.#hasRecords(t)) this.#enqueue(t);
  }

  onProcessed(t: TaskInstance, records: number, work: Work | null): void {
    const job = this.#job;
    const i = work === null ? t.opSsp : work.ssp;
    const from = work === null ? t.opFrom : work.from;
    const ssp = job.tasks[t.task]!.ssps[i] as number;
    t.inFlight--;
    t.progressedAt = job.world.now;
    this.#userCode(t, ssp, from, records);
    const fresh = job.ledgers[ssp]!.processed(from, from + records);
    if (fresh < records) this.#countReplay(t, records, fresh);
    if (work === null) t.last[i] = from + records - 1;
    else releaseCallbacks(t, work);
    if (t.behind > 0) this.#checkCaughtUp(t, i);
    if (this.#container.config.manualCommitEvery > 0) this.#manualCommits(t, records);
    if (work === null) {
      t.processing = false;
      this.#busy--;
    }
    this.#settle(t);
  }

  /** What process() does: fold each record into every store, and emit. */
  #userCode(t: TaskInstance, ssp: number, from: number, records: number): void {
    const { plan, content } = this.#job;
    const { logic } = plan.job;
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
        else if (!this.#job.owes(ssp, offset)) this.#job.ledgers[ssp]!.owesNoOutput(offset, offset + 1);
      }
    }
    if (!dedup) this.#emit(t, ssp, from, from + records);
    this.#job.world.state.addInts(ssp, from + records, value);
  }

  #emit(t: TaskInstance, ssp: number, from: number, to: number): void {
    if (t.outputLane >= 0) this.#container.producer.sendOutputs(t.outputLane, ssp, from, to);
  }

  #countReplay(t: TaskInstance, records: number, fresh: number): void {
    const job = this.#job;
    job.recoveries.replayed(this.#container.processor, records - fresh);
    if (!this.#container.official) return;
    const spent = job.plan.costs.processMicros * (records - fresh);
    // A whole replayed call counts as replay to the microsecond; a mixed batch is split by records.
    job.budget.split(t.task, fresh === 0 ? Infinity : Math.floor(spent), REPLAY);
  }

  #checkCaughtUp(t: TaskInstance, i: number): void {
    const container = this.#container;
    const target = t.catchUpTo[i] as number;
    if (target < 0 || (t.last[i] as number) + 1 < target) return;
    t.catchUpTo[i] = -1;
    t.behind--;
    if (t.behind > 0) return;
    container.catchingUp--;
    if (container.catchingUp > 0 || !container.official) return;
    this.#job.recoveries.caughtUp(container.processor, this.#job.world.now);
  }

  /** User code calls coordinator.commit(CURRENT_TASK or ALL_TASKS_IN_CONTAINER) after every n-th record. */
  #manualCommits(t: TaskInstance, records: number): void {
    const { config, tasks } = this.#container;
    t.messages += records;
    if (t.messages < config.manualCommitEvery) return;
    t.messages -= config.manualCommitEvery;
    t.needCommit = true;
    if (config.manualCommitScope === 'task') return;
    for (const each of tasks) if (each !== t) this.requestCommit(each);
  }
}
