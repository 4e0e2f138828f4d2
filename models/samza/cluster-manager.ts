/**
 * YARN and Samza's application master (samza.md §4.1, §4.2, §3.6): who runs where, who is known to be dead, and when a
 * replacement starts. Death is learnt by callback only; nobody judges liveness by missing heartbeats but the
 * ResourceManager, about hosts. A container that was given up may live on: nothing fences it but its own heartbeat.
 */
import { AM_RESTARTED, ALLOCATE, CONTAINER_EXITED, HOST_UP, JOB_STARTS, NODE_EXPIRED } from '../actions.ts';
import { RESTART } from '../ledgers/time-budget.ts';
import { Container } from './container.ts';
import { type Host, newHost } from './host.ts';
import type { Job } from './job.ts';
import { type Standby, StandbyFleet } from './standby.ts';

/** Exit statuses YARN reports that Samza does not count as failures (samza.md §4.1). */
export const ABORTED = -100;
export const DISK_FAILED = -101;
export const PREEMPTED = -102;
const ZOMBIE_BOUND_MICROS = (60 + 93 + 120) * 1_000_000;
const ANY = -1;
/** A clean stop by the operator may take this long before the process is killed (task.shutdown.ms inside the container). */
const STOP_MICROS = 5_000_000;

interface Processor {
  readonly id: number;
  current: Container | null;
  incarnations: number;
  state: 'running' | 'asked' | 'gone' | 'given-up';
  /** Host of the last run: locality in the coordinator stream. */
  lastHost: number;
  failures: number;
  lastFailureAt: number;
  /** Standby hosts already tried for this failure. */
  triedStandbys: Set<number>;
}

export class ClusterManager {
  readonly actor: number;
  readonly hosts: readonly Host[];
  readonly standbys: StandbyFleet;
  jobFailed: boolean = false;
  /** Containers that ended or were given up, in all: how faults are seen to bite. */
  disturbances: number = 0;
  readonly #job: Job;
  readonly #processors: Processor[];
  /** Processors waiting for any host to have room. */
  readonly #waiting: Set<number> = new Set();
  readonly #actors: number[][];
  /** Live containers that were given up, with the time of it. */
  readonly #zombies: Map<Container, number> = new Map();
  readonly live: Set<Container> = new Set();
  #amUp: boolean = true;
  #stopped: boolean = false;

  constructor(job: Job) {
    this.#job = job;
    this.actor = job.world.addActor('cluster');
    this.hosts = Array.from({ length: job.plan.cluster.hosts }, (_, index) => newHost(index));
    const { containers } = job.plan.job;
    this.#processors = Array.from({ length: containers }, (_, id) => ({
      id,
      current: null,
      incarnations: 0,
      state: 'gone',
      lastHost: ANY,
      failures: 0,
      lastFailureAt: -1,
      triedStandbys: new Set<number>(),
    }));
    this.#actors = Array.from({ length: containers }, () => []);
    this.standbys = new StandbyFleet(job);
  }

  /** The operator submits the job: every container is asked for. */
  submit(): void {
    for (const processor of this.#processors) this.#ask(processor, this.#preferred(processor));
    this.standbys.submit();
  }

  get processorCount(): number {
    return this.#processors.length;
  }

  official(processor: number): Container | null {
    return this.#processors[processor]!.current;
  }

  // ---- requests -------------------------------------------------------------------------------------------------

  #preferred(processor: Processor): number {
    return this.#job.config.hostAffinity ? processor.lastHost : ANY;
  }

  /** The allocator wakes every `allocator.sleep`; a request leaves with its next round. */
  #ask(processor: Processor, host: number, extraMicros: number = 0): void {
    processor.state = 'asked';
    const { world, config } = this.#job;
    const round = config.allocatorSleepMicros;
    const untilRound = round > 0 ? round - (world.now % round) : 0;
    world.post(ALLOCATE, this.actor, untilRound + extraMicros, processor.id, host);
  }

  onAllocate(id: number, preferred: number): void {
    const processor = this.#processors[id] as Processor;
    if (this.#stopped || this.jobFailed || !this.#amUp || processor.state !== 'asked') return;
    const { world, config } = this.#job;
    if (preferred !== ANY) {
      const host = this.hosts[preferred] as Host;
      if (this.#offers(host, id)) this.#launch(processor, host);
      // The preferred-host request expires, then any host will do.
      else world.post(ALLOCATE, this.actor, config.containerRequestTimeoutMicros, id, ANY);
      return;
    }
    const host = this.#anyHost(id);
    if (host === null) this.#waiting.add(id);
    else this.#launch(processor, host);
  }

  #offers(host: Host, processor: number): boolean {
    if (!host.up || !host.managed || host.expired) return false;
    if (host.running + this.standbys.runningOn(host.index) >= this.#job.plan.cluster.slotsPerHost) return false;
    // An orphan of the same processor still holds the store directory there.
    for (const container of this.live) {
      if (container.processor === processor && container.host === host) return false;
    }
    return !this.standbys.mustAvoid(host.index, processor);
  }

  #anyHost(processor: number): Host | null {
    const offered = this.hosts.filter((host) => this.#offers(host, processor));
    if (offered.length === 0) return null;
    if (this.#job.plan.cluster.placement === 'random') return offered[this.#job.placement(offered.length)] as Host;
    return offered.reduce((best, host) => (host.running < best.running ? host : best));
  }

  #launch(processor: Processor, host: Host): void {
    const actor = this.#freeActor(processor.id);
    host.running++;
    const container = new Container(this.#job, {
      actor,
      processor: processor.id,
      incarnation: processor.incarnations++,
      host,
    });
    processor.current = container;
    processor.state = 'running';
    processor.lastHost = host.index;
    this.live.add(container);
    this.standbys.hostUp();
    this.#checkOverlap(processor.id);
  }

  /** Actors are named once per processor and reused by its incarnations; a zombie keeps its own. */
  #freeActor(processor: number): number {
    const pool = this.#actors[processor] as number[];
    const taken = new Set([...this.live].map((container) => container.actor));
    const free = pool.find((actor) => !taken.has(actor));
    if (free !== undefined) return free;
    const suffix = pool.length === 0 ? '' : `-${'b'.repeat(pool.length)}`;
    const actor = this.#job.world.addActor(`container-${processor}${suffix}`);
    pool.push(actor);
    return actor;
  }

  // ---- deaths ---------------------------------------------------------------------------------------------------

  /** A process has ended. Its NodeManager reports that, if it is there to do so. */
  processEnded(container: Container, exitCode: number, cause: string): void {
    const { world, plan, recoveries } = this.#job;
    this.live.delete(container);
    this.disturbances++;
    const forgottenAt = this.#zombies.get(container);
    if (forgottenAt !== undefined) {
      this.#zombies.delete(container);
      this.#checkZombie(container, forgottenAt);
    }
    if (container.official && !this.#stopped) {
      recoveries.died(container.processor, { cause, at: world.now, host: container.host.index });
    }
    if (container.host.up && container.host.managed && container.official) {
      world.post(CONTAINER_EXITED, this.actor, plan.cluster.exitReportMicros, exitCode, 0, container);
    }
    for (const id of this.#waiting) this.#retryWaiting(id);
  }

  /** The application master's callback (onResourcesCompleted). */
  onContainerExited(container: Container, exitCode: number): void {
    const processor = this.#processors[container.processor] as Processor;
    if (processor.current !== container || !this.#amUp || this.#stopped) return;
    this.#forget(processor, container);
    this.#job.recoveries.detected(processor.id, this.#job.world.now);
    if (exitCode === 0) {
      processor.state = 'gone';
      this.#job.laws.check('L1', this.#job.world.now, {
        container: processor.id,
        window: 'W-restart0',
        why: 'exit status 0',
      });
      return;
    }
    const lost = exitCode === ABORTED || exitCode === DISK_FAILED || exitCode === PREEMPTED;
    if (!lost && !this.#countFailure(processor)) return;
    this.#replace(processor, lost);
  }

  /** The official container is no longer counted on; if it lives, it is a zombie from now on. */
  #forget(processor: Processor, container: Container): void {
    processor.current = null;
    container.official = false;
    this.disturbances++;
    if (!container.alive) return;
    this.#zombies.set(container, this.#job.world.now);
    this.#job.zombieSeen = true;
    for (const t of container.tasks) this.#job.budget.enter(t.task, RESTART);
    this.#job.recoveries.died(processor.id, {
      cause: `${container.name} was given up while alive`,
      at: this.#job.world.now,
      host: container.host.index,
    });
  }

  /** False when the job, or this container, is given up for good. */
  #countFailure(processor: Processor): boolean {
    const { config, world } = this.#job;
    const within =
      processor.lastFailureAt >= 0 && world.now - processor.lastFailureAt < config.containerRetryWindowMicros;
    processor.failures = within ? processor.failures + 1 : 1;
    processor.lastFailureAt = world.now;
    if (config.containerRetryCount < 0 || processor.failures <= config.containerRetryCount) return true;
    processor.state = 'given-up';
    this.#job.laws.check('L1', world.now, {
      container: processor.id,
      failures: processor.failures,
      why: 'retry count exceeded',
      job: config.failJobAfterRetries ? 'failed' : 'goes on without this container',
    });
    if (config.failJobAfterRetries) this.#failJob();
    return false;
  }

  #failJob(): void {
    this.jobFailed = true;
    for (const container of this.live) container.shutDown(1, 'the job failed', STOP_MICROS);
  }

  #replace(processor: Processor, lost: boolean): void {
    const { config } = this.#job;
    const standby = config.standbyReplicationFactor > 1 && lost ? this.standbys.takeOver(processor.id) : null;
    if (standby !== null) {
      this.#promote(processor, standby);
      return;
    }
    const lastRetry = config.containerRetryCount > 0 && processor.failures === config.containerRetryCount;
    const preferred = lost ? ANY : this.#preferred(processor);
    const delay = lastRetry && preferred !== ANY ? config.preferredHostLastRetryDelayMicros : 0;
    this.#ask(processor, preferred, delay);
  }

  #promote(processor: Processor, standby: Standby): void {
    this.#job.failoversToStandby++;
    this.#ask(processor, standby.host);
  }

  #retryWaiting(id: number): void {
    this.#waiting.delete(id);
    this.#ask(this.#processors[id] as Processor, ANY);
  }

  // ---- hosts ----------------------------------------------------------------------------------------------------

  /** The machine stops: every process on it ends, its NodeManager falls silent. Returns false if it was down already. */
  hostCrash(host: Host, downMicros: number, diskLost: boolean): boolean {
    const { world } = this.#job;
    const upAt = world.now + downMicros;
    if (diskLost) host.disk.clear();
    if (!host.up) {
      if (upAt <= host.upAt) return false;
      host.upAt = upAt;
      world.post(HOST_UP, this.actor, downMicros, host.index, ++host.outages);
      return true;
    }
    host.up = false;
    host.upAt = upAt;
    world.post(HOST_UP, this.actor, downMicros, host.index, ++host.outages);
    for (const container of this.live) {
      if (container.host === host) container.die(ABORTED, `host ${host.index} crashed`);
    }
    this.standbys.hostDown(host.index);
    this.silence(host);
    return true;
  }

  /** The ResourceManager hears nothing of this host from now on. */
  silence(host: Host): void {
    const { world, plan } = this.#job;
    world.post(NODE_EXPIRED, this.actor, plan.cluster.nodeExpiryMicros, host.index, ++host.silences);
  }

  onNodeExpired(index: number, silence: number): void {
    const host = this.hosts[index] as Host;
    if (host.silences !== silence || host.expired || (host.up && host.managed)) return;
    host.expired = true;
    this.#reportLost(host);
  }

  onHostUp(index: number, outage: number): void {
    const host = this.hosts[index] as Host;
    if (host.outages !== outage) return;
    host.up = true;
    this.reappears(host);
    this.standbys.hostUp();
  }

  /** The NodeManager registers again: what it no longer runs is reported as lost, and the host takes containers again. */
  reappears(host: Host): void {
    if (!host.up || !host.managed) return;
    host.silences++;
    host.expired = false;
    this.#reportLost(host);
    for (const id of this.#waiting) this.#retryWaiting(id);
  }

  #reportLost(host: Host): void {
    const { world, plan } = this.#job;
    for (const processor of this.#processors) {
      const container = processor.current;
      if (container === null || container.host !== host) continue;
      if (container.alive && !host.expired) continue;
      world.post(CONTAINER_EXITED, this.actor, plan.cluster.exitReportMicros, ABORTED, 0, container);
    }
  }

  // ---- heartbeats and zombies -----------------------------------------------------------------------------------

  answerHeartbeat(container: Container): 'alive' | 'gone' | 'unreachable' {
    if (!this.#amUp || !container.host.reachesMaster) return 'unreachable';
    return container.official && !this.#stopped ? 'alive' : 'gone';
  }

  #checkOverlap(processor: number): void {
    for (const [zombie] of this.#zombies) if (zombie.processor === processor) this.#job.overlaps++;
  }

  #checkZombie(zombie: Container, forgottenAt: number): void {
    const { world, laws } = this.#job;
    const lived = world.now - forgottenAt;
    laws.check(
      'O8',
      world.now,
      lived <= ZOMBIE_BOUND_MICROS
        ? null
        : { container: zombie.processor, host: zombie.host.index, lived_s: Math.round(lived / 1e6), bound_s: 273 },
    );
  }

  /** At the horizon: zombies still alive past the bound. */
  close(): void {
    for (const [zombie, forgottenAt] of this.#zombies) {
      if (this.#job.world.now - forgottenAt > ZOMBIE_BOUND_MICROS) this.#checkZombie(zombie, forgottenAt);
    }
  }

  // ---- application master and operator --------------------------------------------------------------------------

  amCrash(): boolean {
    if (!this.#amUp) return false;
    const { config, world, plan } = this.#job;
    this.#amUp = false;
    if (!config.amHighAvailability) {
      for (const container of this.live) container.die(ABORTED, 'the application master died');
      for (const processor of this.#processors) processor.current = null;
    }
    world.post(AM_RESTARTED, this.actor, plan.cluster.amRestartMicros);
    return true;
  }

  onAmRestarted(): void {
    this.#amUp = true;
    for (const processor of this.#processors) {
      if (processor.state === 'given-up') continue;
      const container = processor.current;
      if (container !== null && container.alive) continue;
      processor.current = null;
      this.#job.recoveries.detected(processor.id, this.#job.world.now);
      this.#ask(processor, this.#preferred(processor));
    }
  }

  /** The operator stops the job cleanly and starts it again after `downMicros`. */
  restartJob(downMicros: number): void {
    const { world, recoveries } = this.#job;
    this.#stopped = true;
    for (const processor of this.#processors) {
      const container = processor.current;
      if (container === null) continue;
      recoveries.died(processor.id, { cause: 'clean stop by the operator', at: world.now, host: container.host.index });
      recoveries.detected(processor.id, world.now);
      container.shutDown(0, 'clean stop by the operator', STOP_MICROS);
    }
    this.standbys.stopAll();
    world.post(JOB_STARTS, this.actor, downMicros);
  }

  onJobStarts(): void {
    this.#stopped = false;
    for (const container of this.live) {
      if (container.official) container.die(137, 'killed: the clean stop had not ended when the job was started again');
    }
    for (const processor of this.#processors) {
      processor.current = null;
      this.#ask(processor, this.#preferred(processor));
    }
    this.standbys.submit();
  }
}
