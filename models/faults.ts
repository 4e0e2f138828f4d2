/**
 * Faults as data: each entry of the plan strikes at most once, at a time, at a named step of a commit or at a moment of a
 * container's start, and every strike is judged afterwards. A fault that changed nothing is reported as such, with the
 * reason, so that a green run cannot hide behind faults that never bit.
 */
import { CRASH, FAULT, FAULT_ENDS } from './actions.ts';
import type { FaultEffect } from './outcome.ts';
import type { FaultPlan, FaultTrigger, LogSelector } from './plan.ts';
import { COMMIT_STEPS, UPLOAD } from './protocols/samza.ts';
import type { Container } from './samza/container.ts';
import type { Host } from './samza/host.ts';
import type { Job } from './samza/job.ts';
import type { Commit } from './samza/task-instance.ts';

interface Tally {
  planned: number;
  injected: number;
  bit: number;
  readonly without: Map<string, number>;
}

const FROM_TRACE = 1;
const TRACE = 'host-crash (failure log)';

export class FaultDesk {
  readonly actor: number;
  /** True when some fault waits for a commit step; the hot path asks nothing else. */
  watchesSteps: boolean = false;
  readonly #job: Job;
  readonly #faults: readonly FaultPlan[];
  readonly #struck: boolean[];
  readonly #tallies: Map<string, Tally> = new Map();
  /** Faults with an end that have not come to it: what to compare with then. */
  readonly #open: Map<number, number> = new Map();
  readonly #cutHosts: Map<number, Host> = new Map();
  #traceNext: number = 0;

  constructor(job: Job) {
    this.#job = job;
    this.#faults = job.plan.faults;
    this.#struck = this.#faults.map(() => false);
    this.actor = job.world.addActor('faults');
    for (const [i, fault] of this.#faults.entries()) {
      this.#tally(fault.kind).planned++;
      if (fault.trigger.on === 'time') job.world.post(FAULT, this.actor, fault.trigger.atMicros, i);
      if (fault.trigger.on === 'step') this.watchesSteps = true;
    }
    const trace = job.plan.faultTrace;
    if (trace === null) return;
    this.#tally(TRACE).planned = trace.atMicros.filter((at) => at <= job.plan.horizonMicros).length;
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
    this.#hostCrash(this.#tally(TRACE), host, trace.downMicros[i] as number, false);
  }

  #strike(i: number, at: Container | null): void {
    this.#struck[i] = true;
    const fault = this.#faults[i] as FaultPlan;
    const tally = this.#tally(fault.kind);
    const { cluster, world, blobs } = this.#job;
    switch (fault.kind) {
      case 'container-crash': {
        const target = at ?? cluster.official(fault.container);
        if (target === null || !target.alive) return this.#missed(tally, 'the container was not running');
        this.#bit(tally);
        target.die(fault.exitCode, 'process crash');
        return;
      }
      case 'host-crash':
        return this.#hostCrash(tally, at?.host ?? this.#host(fault.host), fault.downMicros, fault.diskLost);
      case 'job-restart':
        this.#bit(tally);
        if (fault.samza !== null) this.#job.configureAtNextStart(fault.samza);
        cluster.restartJob(fault.downMicros);
        return;
      case 'am-crash':
        if (cluster.amCrash()) this.#bit(tally);
        else this.#missed(tally, 'the application master was down already');
        return;
      case 'partition': {
        const host = at?.host ?? this.#host(fault.host);
        tally.injected++;
        this.#cutHosts.set(i, host);
        this.#openUntil(i, fault.forMicros, cluster.disturbances);
        if (fault.cut !== 'kafka') host.managed = false;
        if (fault.cut === 'cluster-manager') host.reachesMaster = false;
        if (fault.cut !== 'kafka') cluster.silence(host);
        else this.#setKafka(host, false);
        return;
      }
      case 'pause': {
        const target = at ?? cluster.official(fault.container);
        if (target === null || !target.alive) return this.#missed(tally, 'the container was not running');
        this.#bit(tally);
        target.pause(fault.forMicros);
        return;
      }
      case 'broker-stall':
        tally.injected++;
        for (const log of this.#job.logs(fault.log)) log.stall();
        this.#openUntil(i, fault.forMicros, 0);
        return;
      case 'leader-loss': {
        if (this.#job.config.acks === 'all')
          return this.#missed(tally, 'acks=all: nothing acknowledged was unreplicated');
        const lost = this.#job.logs(fault.log).reduce((sum, log) => sum + log.loseNewest(fault.unreplicatedRecords), 0);
        if (lost === 0) return this.#missed(tally, 'the log held nothing unreplicated');
        return this.#bit(tally);
      }
      case 'send-failure':
        tally.injected++;
        for (const log of this.#job.logs(fault.log)) if ('failing' in log) log.failing += fault.batches;
        this.#open.set(i, fault.batches);
        return;
      case 'topic-recreated':
        this.#bit(tally);
        this.#job.recreate(fault.log);
        return;
      case 'blob-outage':
        tally.injected++;
        blobs.available = false;
        this.#openUntil(i, fault.forMicros, blobs.refused);
        return;
      case 'blob-slow':
        tally.injected++;
        blobs.slowness = fault.factor;
        this.#openUntil(i, fault.forMicros, blobs.requests);
        return;
      default:
        throw new Error(`no fault ${JSON.stringify(fault)} at ${world.now}`);
    }
  }

  #host(where: number | { readonly ofContainer: number }): Host {
    const { cluster } = this.#job;
    if (typeof where === 'number') return cluster.hosts[where % cluster.hosts.length] as Host;
    return (
      cluster.official(where.ofContainer)?.host ?? (cluster.hosts[where.ofContainer % cluster.hosts.length] as Host)
    );
  }

  #hostCrash(tally: Tally, host: Host, downMicros: number, diskLost: boolean): void {
    const had = host.running;
    const wasUp = host.up;
    const changed = this.#job.cluster.hostCrash(host, downMicros, diskLost);
    if (!changed) this.#missed(tally, 'the host was down for longer already');
    else if (!wasUp) this.#missed(tally, 'the host was down already: the outage became longer');
    else if (had === 0) this.#missed(tally, 'no container ran on the host');
    else this.#bit(tally);
  }

  #setKafka(host: Host, reachable: boolean): void {
    host.reachesKafka = reachable;
    for (const container of this.#job.cluster.live) if (container.host === host) container.kafkaReachable(reachable);
  }

  #openUntil(i: number, micros: number, before: number): void {
    this.#open.set(i, before);
    this.#job.world.post(FAULT_ENDS, this.actor, micros, i);
  }

  onFaultEnds(i: number): void {
    const fault = this.#faults[i] as FaultPlan;
    const { blobs, cluster } = this.#job;
    switch (fault.kind) {
      case 'partition': {
        const host = this.#cutHosts.get(i) as Host;
        if (fault.cut === 'kafka') this.#setKafka(host, true);
        host.managed = true;
        host.reachesMaster = true;
        if (fault.cut !== 'kafka') cluster.reappears(host);
        break;
      }
      case 'broker-stall': {
        const waiting = this.#job.logs(fault.log).reduce((sum, log) => sum + this.#job.unstall(log), 0);
        this.#open.set(i, -waiting);
        break;
      }
      case 'blob-outage':
        blobs.available = true;
        break;
      case 'blob-slow':
        blobs.slowness = 1;
        break;
      // The others strike once and have no end.
      case 'container-crash':
      case 'host-crash':
      case 'job-restart':
      case 'am-crash':
      case 'pause':
      case 'leader-loss':
      case 'send-failure':
      case 'topic-recreated':
        return;
    }
    this.#judge(i);
  }

  /** Compares with what was noted when the fault began. */
  #judge(i: number): void {
    const before = this.#open.get(i);
    if (before === undefined) return;
    this.#open.delete(i);
    const fault = this.#faults[i] as FaultPlan;
    const tally = this.#tally(fault.kind);
    const { blobs, cluster } = this.#job;
    const verdicts: Partial<Record<FaultPlan['kind'], [boolean, string]>> = {
      partition: [cluster.disturbances > before, 'it healed before anybody was given up or stopped'],
      'broker-stall': [before < 0, 'nobody sent meanwhile'],
      'blob-outage': [blobs.refused > before, 'nobody asked the store meanwhile'],
      'blob-slow': [blobs.requests > before, 'nobody asked the store meanwhile'],
      'send-failure': [this.#failuresLeft(fault) < before, 'nobody sent to the log afterwards'],
    };
    const verdict = verdicts[fault.kind];
    if (verdict === undefined) return;
    if (verdict[0]) tally.bit++;
    else this.#without(tally, verdict[1]);
  }

  #failuresLeft(fault: FaultPlan): number {
    if (fault.kind !== 'send-failure') return 0;
    return Math.min(...this.#job.logs(fault.log).map((log) => ('failing' in log ? log.failing : 0)));
  }

  /** At the horizon: judges what is still open and reports all kinds. */
  close(): FaultEffect[] {
    for (const [i] of this.#open) {
      const fault = this.#faults[i] as FaultPlan;
      if (fault.kind === 'broker-stall') this.#open.set(i, -1);
      this.#judge(i);
    }
    return [...this.#tallies].map(([fault, tally]) => {
      const never = tally.planned - tally.injected;
      if (never > 0) tally.without.set('its moment never came', never);
      return {
        fault,
        planned: tally.planned,
        injected: tally.injected,
        bit: tally.bit,
        without_effect: [...tally.without].map(([reason, count]) => ({ reason, count })),
      };
    });
  }

  #tally(kind: string): Tally {
    let tally = this.#tallies.get(kind);
    if (tally === undefined) {
      tally = { planned: 0, injected: 0, bit: 0, without: new Map() };
      this.#tallies.set(kind, tally);
    }
    return tally;
  }

  #bit(tally: Tally): void {
    tally.injected++;
    tally.bit++;
  }

  #missed(tally: Tally, reason: string): void {
    tally.injected++;
    this.#without(tally, reason);
  }

  #without(tally: Tally, reason: string): void {
    tally.without.set(reason, (tally.without.get(reason) ?? 0) + 1);
  }
}

/** What faults can do to a log of any kind. */
export interface FaultyLog {
  stall(): void;
  loseNewest(records: number): number;
  failing?: number;
}

export type { LogSelector };
