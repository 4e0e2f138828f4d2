/**
 * Crashes, and what follows: the failure is noticed, every task starts again in a new attempt from the checkpoint the
 * protocol chooses (`models/dataflow/restart.ts`), restores its state, runs, and catches up with what has come meanwhile.
 * Restored state is in place from the moment the failure is noticed; the task that has it works when the time for
 * restart and download is over.
 */
import type { RandomStream } from '../../sim/index.ts';
import { RESTART } from '../ledgers/time-budget.ts';
import { type RestartHistory, newRestartHistory, restartAfterFailure } from '../protocols/flink-restart-strategy.ts';
import * as kinds from './actions.ts';
import { DUE, HASH, HOPS, N, SEQ, SOURCE, TAG } from './channels.ts';
import { placesOf } from './graph.ts';
import type { FlowJob } from './job.ts';
import type { FlowRecovery } from './outcome.ts';
import { CAPTURED_WIDTH, type FlowJobPart } from './parts.ts';
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
      job.budget.enter(target, RESTART);
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

  /** Every task is stopped and starts again from the chosen checkpoint. */
  onDetect(): void {
    const job = this.#job;
    const { store, plan, protocol } = job;
    job.coordinator.failover();
    const delay = this.#restartDelay();
    if (delay < 0) {
      this.#giveUp();
      return;
    }
    this.isUndetected = false;
    store.attempt++;
    const restored = this.choose();
    if (protocol.engine?.ids === 'from-restored') store.nextId = restored + 1;
    const readBefore = job.graph.sources.map((task) => job.readMax[task]!);
    for (let task = 0; task < plan.tasks.length; task++) {
      job.stop(task, STARTING);
      job.budget.enter(task, RESTART);
    }
    job.places = placesOf(plan, job.graph, store.attempt);
    this.#restoreChannels();
    const open = this.all.at(-1)!;
    for (let task = 0; task < plan.tasks.length; task++) {
      const part = store.part(restored, task);
      if (part !== null) this.#restoreTask(part);
      if (plan.sink === 'two-phase' && plan.tasks[task]!.role === 'sink') restoreSink(job, task);
    }
    job.world.state.addInts(kinds.DETECT, restored, store.attempt);
    const positions = job.graph.sources.map((task) => job.read[task]!);
    job.onTrace?.({ at: job.world.now, id: 'detect:failure', kind: 'detect', restored, positions });
    this.#rewindLogs();
    job.recountChannels();
    for (let task = 0; task < plan.tasks.length; task++) {
      job.states[task] = protocol.task.start(job.places[task]!, restored);
      const bytes = store.bytesOf(restored, task);
      open.restored_bytes += bytes;
      job.world.post(kinds.RUNNING, task, delay + this.#startMicros(bytes));
    }
    job.coordinator.restart(restored);
    this.#notRunning = plan.tasks.length;
    open.detected_us = job.world.now;
    open.restored_checkpoint = restored;
    job.graph.sources.forEach((task, index) => {
      open.replayed_records += readBefore[index]! - job.read[task]!;
      job.frontier[index] = readBefore[index]!;
      this.#catchingUp[task] = 1;
    });
    this.#behind = job.graph.sources.length;
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
      job.budget.enter(task, RESTART);
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

  /** What was in volatile channels is gone. */
  #restoreChannels(): void {
    const job = this.#job;
    job.recovered.fill(0);
    job.recoveredTotal = 0;
    if (job.protocol.needs.durableChannels === true) return;
    for (let channel = 0; channel < job.plan.channels.length; channel++) job.channels.clear(channel);
  }

  #restoreTask({ task, snapshot, channels }: FlowJobPart): void {
    const job = this.#job;
    if (job.plan.tasks[task]!.role === 'source') job.setPosition(task, snapshot.read);
    job.folded[task] = snapshot.folded;
    job.transaction[task] = snapshot.transaction;
    job.pendingCommits[task] = snapshot.pending.map(([checkpoint, id]) => [checkpoint, id]);
    job.graph.outputs[task]!.forEach((channel, i) => (job.sent[channel] = snapshot.sent[i]!));
    job.graph.inputs[task]!.forEach((channel, i) => {
      job.received[channel] = snapshot.received[i]!;
      this.#restoreRecords(channel, channels[i]!);
    });
  }

  #restoreRecords(channel: number, captured: readonly number[]): void {
    const job = this.#job;
    const { channels } = job;
    for (let i = 0; i < captured.length; i += CAPTURED_WIDTH) {
      const slot = channels.push(channel);
      channels.words[slot + SOURCE] = captured[i]!;
      channels.words[slot + SEQ] = captured[i + 1]!;
      channels.words[slot + HASH] = job.hashOf(captured[i]!, captured[i + 1]!);
      channels.words[slot + N] = captured[i + 2]!;
      channels.words[slot + TAG] = captured[i + 3]!;
      channels.words[slot + HOPS] = captured[i + 4]!;
      channels.times[(slot >> 1) + DUE] = job.world.now;
    }
    const records = captured.length / CAPTURED_WIDTH;
    channels.records[channel] = records;
    job.recovered[channel] = records;
    job.recoveredTotal += records;
  }

  /** Durable channels: each receiver goes on reading where its part was taken. */
  #rewindLogs(): void {
    const job = this.#job;
    if (job.protocol.needs.durableChannels !== true) return;
    for (let channel = 0; channel < job.plan.channels.length; channel++)
      job.channels.rewind(channel, job.received[channel]!);
  }

  /** Durable channels keep what the oldest retained checkpoint may ask for. */
  forgetLogs(): void {
    const job = this.#job;
    if (job.protocol.needs.durableChannels !== true) return;
    const oldest = Math.min(...job.store.completed.map((each) => each.checkpoint));
    for (let task = 0; task < job.plan.tasks.length; task++) {
      const part = job.store.part(oldest, task);
      if (part === null) continue;
      job.graph.inputs[task]!.forEach((channel, i) => job.channels.forget(channel, part.snapshot.received[i]!));
    }
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
