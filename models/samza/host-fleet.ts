/**
 * The machines of the cluster as YARN's ResourceManager knows them: one that falls silent is given up after the node
 * expiry, one that registers again is asked what it still runs. Nobody kills orphans there: samza.md §4.2 leaves that to
 * the container's own heartbeat.
 */
import { HOST_UP, NODE_EXPIRED } from '../actions.ts';
import { type Host, isManaged, newHost } from './host.ts';
import type { Job } from './job.ts';

/** Who is told what becomes of hosts. */
export interface HostWatcher {
  readonly actor: number;
  /** Every process on the host has ended with it. */
  hostStopped(host: Host): void;
  /** The ResourceManager reports what the application master had running there. */
  hostReported(host: Host): void;
  /** The host takes containers again. */
  hostOffers(): void;
}

export class HostFleet {
  readonly hosts: readonly Host[];
  readonly #job: Job;
  readonly #watcher: HostWatcher;

  constructor(job: Job, watcher: HostWatcher) {
    this.#job = job;
    this.#watcher = watcher;
    this.hosts = Array.from({ length: job.plan.cluster.hosts }, (_, index) => newHost(index));
  }

  /** The machine stops, its NodeManager falls silent. Returns false if it was down for longer already. */
  crash(host: Host, downMicros: number, diskLost: boolean): boolean {
    const { world } = this.#job;
    const upAt = world.now + downMicros;
    if (diskLost) {
      this.#job.storage.wiped(host);
      host.disk.clear();
    }
    if (!host.up && upAt <= host.upAt) return false;
    const wasUp = host.up;
    host.up = false;
    host.upAt = upAt;
    world.post(HOST_UP, this.#watcher.actor, downMicros, host.index, ++host.outages);
    if (!wasUp) return true;
    this.#watcher.hostStopped(host);
    this.silence(host);
    return true;
  }

  /** The ResourceManager hears nothing of this host from now on. */
  silence(host: Host): void {
    const { world, plan } = this.#job;
    world.post(NODE_EXPIRED, this.#watcher.actor, plan.cluster.nodeExpiryMicros, host.index, ++host.silences);
  }

  onNodeExpired(index: number, silence: number): void {
    const host = this.hosts[index] as Host;
    if (host.silences !== silence || host.expired || (host.up && isManaged(host))) return;
    host.expired = true;
    this.#watcher.hostReported(host);
  }

  onHostUp(index: number, outage: number): void {
    const host = this.hosts[index] as Host;
    if (host.outages !== outage) return;
    host.up = true;
    this.reappears(host);
  }

  /** The NodeManager registers again. */
  reappears(host: Host): void {
    if (!host.up || !isManaged(host)) return;
    host.silences++;
    host.expired = false;
    this.#watcher.hostReported(host);
    this.#watcher.hostOffers();
  }
}
