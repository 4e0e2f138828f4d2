/**
 * Crashes, and what follows: the failure is noticed, every task, or every task of the failed region, starts again in a new
 * attempt from the checkpoint the protocol chooses (`models/dataflow/restart.ts`), restores its state, runs, and catches up
 * with what has come meanwhile. Restored state is in place from the moment the failure is noticed; the task that has it works when the time for
 * restart and download is over.
 */
import type { RandomStream } from '../../sim/index.ts';
import { RESTART } from '../ledgers/time-budget.ts';
import { type RestartHistory, newRestartHistory, restartAfterFailure } from '../protocols/flink-restart-strategy.ts';
import * as kinds from './actions.ts';
import { placesOf } from './graph.ts';
import type { FlowJob } from './job.ts';
import type { FlowRecovery } from './outcome.ts';
import { restoreChannels, restoreTask, rewindLogs } from './restoration.ts';
import { DOWN, STARTING } from './task-status.ts';
import { restoreSink } from './transactions.ts';

/** In place of a crash's target: the job was failed by its coordinator. */
const JOB_FAILED = -2;

type Open = { -readonly [K in keyof FlowRecovery]: FlowRecovery[K] };

export class Recovery {
  readonly all: Open[] = [];
  withoutEffect: number = 0;
  /** All tasks run and no failure is unnoticed. */
  isUp: boolean = true;
  /** A failure nobody has noticed yet. */
  isUndetected: boolean = false;
  /** The restart strategy has given the job up. */
  gaveUp: boolean = false;
  readonly #job: FlowJob;
  readonly #actor: number;
  readonly #crashes: RandomStream;
  readonly #backoffs: RandomStream;
  readonly #history: RestartHistory = newRestartHistory();
  #notRunning: number = 0;
  #upSince: number = 0;
  readonly #catchingUp: Uint8Array;
  #behind: number = 0;

  constructor(
    job: FlowJob,
    actor: number,
    streams: { readonly crashes: RandomStream; readonly backoffs: RandomStream },
  ) {
    this.#job = job;
    this.#actor = actor;
    this.#crashes = streams.crashes;
    this.#backoffs = streams.backoffs;
    this.#catchingUp = new Uint8Array(job.plan.tasks.length);
  }

  begin(): void {
    const { world, plan } = this.#job;
    plan.faults.crashes.forEach(({ atMicros }, i) => world.post(kinds.CRASH, this.#actor, atMicros, i));
    this.#drawNext();
  }

  #drawNext(): void {
    const { mtbfMicros } = this.#job.plan.faults;
    if (mtbfMicros === 0) return;
    this.#job.world.post(kinds.CRASH, this.#actor, Math.round(this.#crashes.exponential(mtbfMicros)), -1);
  }

  onCrash(planned: number): void {
    const job = this.#job;
    const { faults, tasks } = job.plan;
    const drawn = planned < 0 ? this.#crashes.int(tasks.length) : faults.crashes[planned]!.target;
    if (planned < 0) this.#drawNext();
    if (this.isUndetected) {
      this.withoutEffect++;
      return;
    }
    const target = drawn === 'coordinator' ? -1 : drawn;
    const { now } = job.world;
    this.#goDown(target);
    if (target < 0) {
      job.coordinator.crash();
    } else {
      job.stop(target, DOWN);
      job.turns.enter(target, RESTART);
    }
    job.onTrace?.({ at: now, id: `crash:${job.ids.task(target)}`, kind: 'crash', task: target });
    const detection = faults.crashes[planned]?.detectionMicros ?? job.plan.costs.detectionMicros;
    job.world.post(kinds.DETECT, this.#actor, detection);
  }

  /** The coordinator fails the job, for its checkpoints. Nobody has to notice. */
  failJob(): void {
    if (this.isUndetected || this.gaveUp) return;
    this.#goDown(JOB_FAILED);
    this.#job.world.post(kinds.DETECT, this.#actor, 0);
  }

  #goDown(target: number): void {
    this.isUndetected = true;
    this.isUp = false;
    this.#endCatchUp();
    this.all.push({
      target,
      crashed_us: this.#job.world.now,
      detected_us: -1,
      restored_checkpoint: -1,
      restored_bytes: 0,
      replayed_records: 0,
      downtime_us: -1,
      catchup_us: -1,
    });
  }

  /** The tasks that the next restart takes; none while no failure waits to be noticed. */
  restarting(): readonly number[] {
    if (!this.isUndetected) return [];
    const { target } = this.all.at(-1)!;
    return this.#job.regions.restartedBy(target < 0 ? 'everything' : [target]);
  }

  /** The tasks to restart are stopped and start again from the chosen checkpoint. */
  onDetect(): void {
    const job = this.#job;
    const { store, plan, protocol } = job;
    const restarted = this.restarting();
    const isRestarted = new Set(restarted);
    job.coordinator.failover();
    const delay = this.#restartDelay();
    if (delay < 0) {
      this.#giveUp();
      return;
    }
    this.isUndetected = false;
    store.beginAttempt(restarted, plan.tasks.length);
    const restored = this.choose();
    if (protocol.engine?.ids === 'from-restored') store.nextId = restored + 1;
    const readBefore = job.graph.sources.map((task) => job.tasks.readMax(task));
    for (const task of restarted) {
      job.stop(task, STARTING);
      job.turns.enter(task, RESTART);
    }
    const places = placesOf(plan, job.graph, store.attempt);
    for (const task of restarted) job.places[task] = places[task]!;
    const channels = restarted.flatMap((task) => job.graph.inputs[task]!).toSorted((x, y) => x - y);
    restoreChannels(job, channels);
    const open = this.all.at(-1)!;
    for (const task of restarted) {
      const part = store.part(restored, task);
      if (part !== null) restoreTask(job, part);
      if (plan.sink === 'two-phase' && plan.tasks[task]!.role === 'sink') restoreSink(job, task);
    }
    job.world.state.addInts(kinds.DETECT, restored, store.attempt);
    const positions = job.graph.sources.map((task) => (isRestarted.has(task) ? job.tasks.read(task) : -1));
    job.onTrace?.({ at: job.world.now, id: 'detect:failure', kind: 'detect', restored, restarted, positions });
    rewindLogs(job);
    job.recountChannels(restarted, channels);
    for (const task of restarted) {
      job.states[task] = protocol.task.start(job.places[task]!, restored);
      const bytes = store.bytesOf(restored, task);
      open.restored_bytes += bytes;
      job.world.post(kinds.RUNNING, task, delay + this.#startMicros(bytes));
    }
    if (restarted.length === plan.tasks.length) {
      job.coordinator.restart(restored);
    } else {
      job.coordinator.failOver({ restarted, restored });
      open.restarted_tasks = restarted;
    }
    this.#notRunning = plan.tasks.filter((_, task) => job.tasks.status(task) === STARTING).length;
    open.detected_us = job.world.now;
    open.restored_checkpoint = restored;
    job.graph.sources.forEach((task, index) => {
      if (positions[index]! < 0) return;
      open.replayed_records += (readBefore[index]! - job.tasks.read(task)) * job.batchRecords;
      job.frontier[index] = readBefore[index]!;
      this.#catchingUp[task] = 1;
      this.#behind++;
    });
  }

  /** From now until the strategy redeploys; -1: it does not. */
  #restartDelay(): number {
    const { world, plan } = this.#job;
    const answer = restartAfterFailure(plan.restart, this.#history, world.now, this.#backoffs.next());
    return answer.kind === 'give-up' ? -1 : Math.max(0, answer.atMicros - world.now);
  }

  /** The job has failed for good. */
  #giveUp(): void {
    const job = this.#job;
    this.gaveUp = true;
    this.all.at(-1)!.detected_us = job.world.now;
    for (let task = 0; task < job.plan.tasks.length; task++) {
      job.stop(task, DOWN);
      job.turns.enter(task, RESTART);
    }
  }

  /** The checkpoint a restart would take now. */
  choose(): number {
    const { store, protocol } = this.#job;
    const completed = store.completed.map((each) => each.checkpoint);
    if (protocol.restore === undefined) return Math.max(0, ...completed);
    return protocol.restore(
      completed,
      store.contents().map(({ checkpoint }) => checkpoint),
    );
  }

  #startMicros(bytes: number): number {
    const { restartMicros, downloadMicros, downloadBytesPerSecond } = this.#job.plan.costs;
    const download = bytes === 0 ? 0 : downloadMicros + Math.round((bytes * 1e6) / downloadBytesPerSecond);
    return restartMicros + download;
  }

  onRunning(): void {
    if (--this.#notRunning > 0 || this.isUndetected) return;
    const { now } = this.#job.world;
    this.isUp = true;
    const open = this.all.at(-1)!;
    open.downtime_us = now - open.crashed_us;
    this.#upSince = now;
    if (this.#behind === 0) open.catchup_us = 0;
    this.#job.coordinator.trigger.start();
  }

  /** Some source has not yet caught up since the last restart. */
  get isBehind(): boolean {
    return this.#behind > 0;
  }

  /** The source has read all there is. */
  caughtUp(task: number): void {
    if (!this.#catchingUp[task]) return;
    this.#catchingUp[task] = 0;
    if (--this.#behind > 0 || !this.isUp) return;
    this.all.at(-1)!.catchup_us = this.#job.world.now - this.#upSince;
  }

  #endCatchUp(): void {
    this.#catchingUp.fill(0);
    this.#behind = 0;
  }
}
