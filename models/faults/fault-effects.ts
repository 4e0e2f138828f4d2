/**
 * What each fault does when it strikes, what its end undoes, and how it is seen to have bitten. Faults of one kind may
 * overlap: outages and partitions are counted, so that the end of one does not end another.
 */
import { FAULT_ENDS } from '../actions.ts';
import type { FaultPlan } from '../plan.ts';
import type { Container } from '../samza/container.ts';
import { type Host, reachesKafka } from '../samza/host.ts';
import type { Job } from '../samza/job.ts';
import type { FaultTally } from './fault-tally.ts';

/** What faults can do to a log of any kind. */
export interface FaultyLog {
  stall(): void;
  loseNewest(records: number): number;
  failing?: number;
  recreate?(): void;
}

/** A fault that has begun and not been judged: what to compare with. */
interface Open {
  readonly before: number;
  readonly host: Host | null;
}

export class FaultEffects {
  readonly #job: Job;
  readonly #tally: FaultTally;
  readonly #actor: number;
  readonly #open: Map<number, Open> = new Map();

  constructor(job: Job, tally: FaultTally, actor: number) {
    this.#job = job;
    this.#tally = tally;
    this.#actor = actor;
  }

  /** Fault i of the plan strikes, at a container when a step or start triggered it. */
  begin(i: number, at: Container | null): void {
    const fault = this.#job.plan.faults[i] as FaultPlan;
    const { kind } = fault;
    const { cluster, blobs } = this.#job;
    switch (kind) {
      case 'container-crash': {
        const target = at ?? cluster.official(fault.container);
        if (target === null || !target.alive) return this.#tally.missed(kind, 'the container was not running');
        this.#tally.bit(kind);
        return target.die(fault.exitCode, 'process crash');
      }
      case 'host-crash':
        return this.crashHost(kind, at?.host ?? this.#host(fault.host), fault);
      case 'job-restart':
        this.#tally.bit(kind);
        if (fault.samza !== null) this.#job.configureAtNextStart(fault.samza);
        return cluster.restartJob(fault.downMicros);
      case 'am-crash':
        if (cluster.amCrash()) return this.#tally.bit(kind);
        return this.#tally.missed(kind, 'the application master was down already');
      case 'partition': {
        const host = at?.host ?? this.#host(fault.host);
        this.#openUntil(i, fault.forMicros, cluster.disturbances, host);
        host.cuts[fault.cut]++;
        if (fault.cut === 'kafka') this.#kafkaChanged(host);
        else cluster.fleet.silence(host);
        return;
      }
      case 'pause': {
        const target = at ?? cluster.official(fault.container);
        if (target === null || !target.alive) return this.#tally.missed(kind, 'the container was not running');
        this.#tally.bit(kind);
        return target.pause(fault.forMicros);
      }
      case 'broker-stall':
        for (const log of this.#job.logs(fault.log)) log.stall();
        return this.#openUntil(i, fault.forMicros, 0, null);
      case 'leader-loss':
        return this.#loseLeader(fault);
      case 'send-failure':
        this.#tally.struck(kind);
        for (const log of this.#job.logs(fault.log)) if (log.failing !== undefined) log.failing += fault.batches;
        this.#open.set(i, { before: this.#failuresLeft(fault), host: null });
        return;
      case 'topic-recreated': {
        const logs = this.#job.logs(fault.log).filter((log) => log.recreate !== undefined);
        for (const log of logs) log.recreate?.();
        if (logs.length > 0) return this.#tally.bit(kind);
        return this.#tally.missed(kind, 'only changelogs can be created anew here');
      }
      case 'blob-outage':
        blobs.outages++;
        return this.#openUntil(i, fault.forMicros, blobs.refused, null);
      case 'blob-slow':
        blobs.slowness *= fault.factor;
        return this.#openUntil(i, fault.forMicros, blobs.requests, null);
    }
  }

  #loseLeader(fault: FaultPlan & { kind: 'leader-loss' }): void {
    if (this.#job.config.acks === 'all') {
      this.#tally.missed(fault.kind, 'acks=all: nothing acknowledged was unreplicated');
      return;
    }
    const lost = this.#job.logs(fault.log).reduce((sum, log) => sum + log.loseNewest(fault.unreplicatedRecords), 0);
    if (lost > 0) this.#tally.bit(fault.kind);
    else this.#tally.missed(fault.kind, 'the log held nothing unreplicated');
  }

  crashHost(kind: string, host: Host, crash: { readonly downMicros: number; readonly diskLost: boolean }): void {
    const had = host.running;
    const wasUp = host.up;
    const changed = this.#job.cluster.fleet.crash(host, crash.downMicros, crash.diskLost);
    if (!changed) this.#tally.missed(kind, 'the host was down for longer already');
    else if (!wasUp) this.#tally.missed(kind, 'the host was down already: the outage became longer');
    else if (had === 0) this.#tally.missed(kind, 'no container ran on the host');
    else this.#tally.bit(kind);
  }

  #host(where: number | { readonly ofContainer: number }): Host {
    const { cluster } = this.#job;
    const { hosts } = cluster;
    if (typeof where === 'number') return hosts[where % hosts.length] as Host;
    return cluster.official(where.ofContainer)?.host ?? (hosts[where.ofContainer % hosts.length] as Host);
  }

  #kafkaChanged(host: Host): void {
    const reachable = reachesKafka(host);
    for (const container of this.#job.cluster.live) if (container.host === host) container.kafkaReachable(reachable);
  }

  #openUntil(i: number, micros: number, before: number, host: Host | null): void {
    this.#tally.struck((this.#job.plan.faults[i] as FaultPlan).kind);
    this.#open.set(i, { before, host });
    this.#job.world.post(FAULT_ENDS, this.#actor, micros, i);
  }

  /** Fault i is over. */
  end(i: number): void {
    const fault = this.#job.plan.faults[i] as FaultPlan;
    const { blobs, cluster } = this.#job;
    if (fault.kind === 'partition') {
      const host = this.#open.get(i)?.host as Host;
      host.cuts[fault.cut]--;
      if (fault.cut === 'kafka') this.#kafkaChanged(host);
      else cluster.fleet.reappears(host);
    }
    if (fault.kind === 'broker-stall') {
      const waiting = this.#job.logs(fault.log).reduce((sum, log) => sum + this.#job.unstall(log), 0);
      this.#open.set(i, { before: -waiting, host: null });
    }
    if (fault.kind === 'blob-outage') blobs.outages--;
    if (fault.kind === 'blob-slow') blobs.slowness /= fault.factor;
    this.#judge(i);
  }

  /** Compares with what was noted when the fault began. */
  #judge(i: number): void {
    const open = this.#open.get(i);
    if (open === undefined) return;
    this.#open.delete(i);
    const fault = this.#job.plan.faults[i] as FaultPlan;
    const { before } = open;
    const { blobs, cluster } = this.#job;
    const verdicts: Partial<Record<FaultPlan['kind'], [boolean, string]>> = {
      partition: [cluster.disturbances > before, 'it healed before anybody was given up or stopped'],
      'broker-stall': [before < 0, 'nobody sent meanwhile'],
      'blob-outage': [blobs.refused > before, 'nobody asked the store meanwhile'],
      'blob-slow': [blobs.requests > before, 'nobody asked the store meanwhile'],
      'send-failure': [this.#failuresLeft(fault) < before, 'nobody sent to the log afterwards'],
    };
    const verdict = verdicts[fault.kind];
    if (verdict !== undefined) this.#tally.judge(fault.kind, ...verdict);
  }

  #failuresLeft(fault: FaultPlan): number {
    if (fault.kind !== 'send-failure') return 0;
    return this.#job.logs(fault.log).reduce((sum, log) => sum + (log.failing ?? 0), 0);
  }

  close(): void {
    for (const [i] of this.#open) {
      if (this.#job.plan.faults[i]?.kind === 'broker-stall') this.#open.set(i, { before: -1, host: null });
      this.#judge(i);
    }
  }
}
