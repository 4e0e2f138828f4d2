/**
 * Faults as data: each entry of the plan strikes at most once, at a time, at a named step of a commit or at a moment of a
 * container's start. This file knows when; `fault-effects.ts` knows what happens then, `fault-tally.ts` whether it bit.
 */
import { CRASH, FAULT } from '../actions.ts';
import type { FaultEffect } from '../outcome.ts';
import type { FaultPlan, FaultTrigger } from '../plan.ts';
import { COMMIT_STEPS, UPLOAD } from '../protocols/samza.ts';
import type { Container } from '../samza/container.ts';
import type { Host } from '../samza/host.ts';
import type { Job } from '../samza/job.ts';
import type { Commit } from '../samza/task-instance.ts';
import { FaultEffects } from './fault-effects.ts';
import { FaultTally } from './fault-tally.ts';

const FROM_TRACE = 1;
const TRACE = 'host-crash (failure log)';

export class FaultDesk {
  readonly actor: number;
  /** True when some fault waits for a commit step; the hot path asks nothing else. */
  watchesSteps: boolean = false;
  readonly #job: Job;
  readonly #faults: readonly FaultPlan[];
  readonly #struck: boolean[];
  readonly #tally: FaultTally = new FaultTally();
  readonly #effects: FaultEffects;
  #traceNext: number = 0;

  constructor(job: Job) {
    this.#job = job;
    this.#faults = job.plan.faults;
    this.#struck = this.#faults.map(() => false);
    this.actor = job.world.addActor('faults');
    this.#effects = new FaultEffects(job, this.#tally, this.actor);
    for (const [i, fault] of this.#faults.entries()) {
      this.#tally.plan(fault.kind, 1);
      if (fault.trigger.on === 'time') job.world.post(FAULT, this.actor, fault.trigger.atMicros, i);
      if (fault.trigger.on === 'step') this.watchesSteps = true;
    }
    const trace = job.plan.faultTrace;
    if (trace === null) return;
    this.#tally.plan(TRACE, trace.atMicros.filter((at) => at <= job.plan.horizonMicros).length);
    this.#postTrace();
  }

  #postTrace(): void {
    const trace = this.#job.plan.faultTrace;
    const at = trace?.atMicros[this.#traceNext];
    if (at === undefined) return;
    this.#job.world.post(FAULT, this.actor, at - this.#job.world.now, this.#traceNext++, FROM_TRACE);
  }

  onFault(i: number, source: number): void {
    if (source === FROM_TRACE) this.#strikeFromTrace(i);
    else this.#strike(i, null);
  }

  onFaultEnds(i: number): void {
    this.#effects.end(i);
  }

  /** Commit step hook. True when the container died of it. */
  atStep(
    container: Container,
    commit: Commit,
    step: number,
    when: 'before' | 'during' | 'after',
    delay: number,
  ): boolean {
    for (const [i, fault] of this.#faults.entries()) {
      const { trigger } = fault;
      if (this.#struck[i] === true || trigger.on !== 'step' || trigger.when !== when) continue;
      if (trigger.task !== commit.task.task || trigger.commit !== commit.number) continue;
      if (trigger.step !== COMMIT_STEPS[step]!.name) continue;
      if (when !== 'during') {
        this.#strike(i, container);
        continue;
      }
      // An upload is struck when its files are stored and its index is not; all others half-way.
      if (step === UPLOAD && delay !== 0) continue;
      const wait = delay > 0 ? Math.floor(delay / 2) : Math.floor(this.#job.plan.costs.kafkaLatencyMicros / 2);
      this.#struck[i] = true;
      if (step === UPLOAD) this.#strike(i, container);
      else this.#job.world.post(CRASH, container.actor, wait, i);
    }
    return !container.alive;
  }

  /** Start-up hook. */
  atStart(container: Container, moment: (FaultTrigger & { on: 'start' })['moment']): void {
    for (const [i, fault] of this.#faults.entries()) {
      const { trigger } = fault;
      if (this.#struck[i] === true || trigger.on !== 'start' || trigger.moment !== moment) continue;
      if (trigger.container !== container.processor || trigger.start !== container.incarnation) continue;
      this.#struck[i] = true;
      this.#job.world.post(CRASH, container.actor, trigger.delayMicros, i);
    }
  }

  /** A crash that was scheduled inside a step or a start. */
  onCrash(container: Container, i: number): void {
    this.#strike(i, container);
  }

  #strikeFromTrace(i: number): void {
    const trace = this.#job.plan.faultTrace!;
    this.#postTrace();
    const { hosts } = this.#job.cluster;
    const host = hosts[(trace.node[i] as number) % hosts.length] as Host;
    this.#effects.crashHost(TRACE, host, { downMicros: trace.downMicros[i] as number, diskLost: false });
  }

  #strike(i: number, at: Container | null): void {
    this.#struck[i] = true;
    this.#effects.begin(i, at);
  }

  /** At the horizon: judges what is still open and reports all kinds. */
  close(): FaultEffect[] {
    this.#effects.close();
    return this.#tally.report();
  }
}
