/**
 * Standby containers (samza.md §3.6): each tails the changelogs of its active's tasks, uncommitted entries included, into
 * store directories of the same name on a host of its own. When the active's host is lost, the standby stops and the
 * active is asked for on that host, where only the tail of the changelog is left to replay.
 */
import type { Job } from './job.ts';
import { type Host, isManaged, storeDirs } from './host.ts';
import { newFile } from './task-store.ts';

export interface Standby {
  readonly processor: number;
  readonly replica: number;
  /** Host it runs on; -1: none. */
  host: number;
  state: 'running' | 'down';
}

export class StandbyFleet {
  readonly #job: Job;
  readonly #standbys: Standby[] = [];

  constructor(job: Job) {
    this.#job = job;
  }

  /** The job has these standbys now; each is placed once its active runs. */
  submit(): void {
    this.#standbys.length = 0;
    const replicas = this.#job.config.standbyReplicationFactor - 1;
    for (let processor = 0; processor < this.#job.plan.job.containers; processor++) {
      for (let replica = 0; replica < replicas; replica++) {
        this.#standbys.push({ processor, replica, host: -1, state: 'down' });
      }
    }
  }

  /**
   * Starts standbys that are down where there is room: never beside their active or another replica, and never on the
   * last slots that processors without a host are waiting for. Their bootstrap is taken as done when they are needed.
   */
  place(): void {
    const { cluster } = this.#job;
    for (const standby of this.#standbys) {
      if (standby.state === 'running' || cluster.official(standby.processor) === null) continue;
      if (this.#freeSlots() <= cluster.unplaced) return;
      for (let step = 1; step <= cluster.hosts.length; step++) {
        const host = cluster.hosts[(standby.processor + step + standby.replica) % cluster.hosts.length] as Host;
        if (!this.#hasRoom(host) || this.#conflicts(host.index, standby.processor)) continue;
        standby.host = host.index;
        standby.state = 'running';
        break;
      }
    }
  }

  #hasRoom(host: Host): boolean {
    const taken = host.running + this.runningOn(host.index);
    return host.up && isManaged(host) && !host.expired && taken < this.#job.plan.cluster.slotsPerHost;
  }

  #freeSlots(): number {
    const { slotsPerHost } = this.#job.plan.cluster;
    return this.#job.cluster.hosts.reduce(
      (free, host) => free + (host.up ? slotsPerHost - host.running - this.runningOn(host.index) : 0),
      0,
    );
  }

  #conflicts(host: number, processor: number): boolean {
    if (this.#job.cluster.official(processor)?.host.index === host) return true;
    return this.mustAvoid(host, processor);
  }

  hostDown(host: number): void {
    for (const standby of this.#standbys)
      if (standby.host === host && standby.state === 'running') this.#stop(standby, false);
  }

  stopAll(): void {
    for (const standby of this.#standbys) if (standby.state === 'running') this.#stop(standby, true);
  }

  runningOn(host: number): number {
    return this.#standbys.reduce((n, s) => n + (s.state === 'running' && s.host === host ? 1 : 0), 0);
  }

  /** An active may not run where one of its standbys does. */
  mustAvoid(host: number, processor: number): boolean {
    return this.#standbys.some((s) => s.processor === processor && s.state === 'running' && s.host === host);
  }

  /** Stops a running standby of the processor so that the active can have its host; null when there is none. */
  takeOver(processor: number): Standby | null {
    const standby = this.#standbys.find((s) => s.processor === processor && s.state === 'running');
    if (standby === undefined) return null;
    this.#stop(standby, true);
    return standby;
  }

  /** The standby's process ends; on a clean stop its directories hold all it has read. */
  #stop(standby: Standby, clean: boolean): void {
    standby.state = 'down';
    if (!clean) return;
    const job = this.#job;
    const host = job.cluster.hosts[standby.host]!;
    for (let task = standby.processor; task < job.tasks.length; task += job.plan.job.containers) {
      job.tasks[task]!.changelogs.forEach((changelog, s) => {
        if (changelog === null || changelog.newest < 0) return;
        const dirs = storeDirs(host, task, job.config.stores[s]!.name);
        const contents = changelog.contents(changelog.newest);
        const keys = Int32Array.from(contents.count.keys()).filter(
          (k) => contents.count[k] !== 0 || contents.mix[k] !== 0,
        );
        dirs.current = [newFile(job.fileIds.next++, keys, contents, job.plan.costs.changelogEntryBytes)];
        dirs.offset = changelog.newest;
        dirs.writtenAt = job.world.now;
      });
    }
  }
}
