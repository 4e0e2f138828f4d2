/** Where a container may run (samza.md §3.6): which hosts YARN offers for it, and which of them it gets. */
import type { ClusterManager } from './cluster-manager.ts';
import { type Host, isManaged } from './host.ts';
import type { Job } from './job.ts';

export class Placement {
  readonly #job: Job;
  readonly #cluster: ClusterManager;

  constructor(job: Job, cluster: ClusterManager) {
    this.#job = job;
    this.#cluster = cluster;
  }

  /** The host is up, known to YARN, has a slot, and neither an orphan nor a standby of the processor is in the way. */
  offers(host: Host, processor: number): boolean {
    const { live, standbys } = this.#cluster;
    if (!host.up || !isManaged(host) || host.expired) return false;
    if (host.running + standbys.runningOn(host.index) >= this.#job.plan.cluster.slotsPerHost) return false;
    // An orphan of the same processor still holds the store directory there.
    for (const container of live) {
      if (container.processor === processor && container.host === host) return false;
    }
    return !standbys.mustAvoid(host.index, processor);
  }

  /** The one of the plan's choice among all that offer; null: none does. */
  anyHost(processor: number): Host | null {
    const offered = this.#cluster.hosts.filter((host) => this.offers(host, processor));
    if (offered.length === 0) return null;
    if (this.#job.plan.cluster.placement === 'random') return offered[this.#job.placement(offered.length)] as Host;
    return offered.reduce((best, host) => (host.running < best.running ? host : best));
  }

  /** Nowhere but where a standby of it runs: the standby makes room. Null where there is none. */
  standbyHost(processor: number): Host | null {
    const standby = this.#cluster.standbys.takeOver(processor);
    const host = standby === null ? undefined : this.#cluster.hosts[standby.host];
    return host !== undefined && this.offers(host, processor) ? host : null;
  }
}
