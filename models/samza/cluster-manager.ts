/**
 * Samza's application master on YARN (samza.md §4.1, §3.6): who runs where, who is known to be dead, and when a
 * replacement starts. Death is learnt by callback only; the master never judges liveness by missing heartbeats. A
 * container that was given up may live on: nothing fences it but its own heartbeat.
 *
 * Length: one state machine per processor, whose transitions (ask, launch, exit, forget, replace) are read together.
 */
import { ALLOCATE, AM_RESTARTED, CONTAINER_EXITED, JOB_STARTS } from '../actions.ts';
import { RESTART } from '../ledgers/time-budget.ts';
import { Container } from './container.ts';
import { HostFleet, type HostWatcher } from './host-fleet.ts';
import { type Host, isManaged, reachesMaster } from './host.ts';
import type { Job } from './job.ts';
import { Placement } from './placement.ts';
import { StandbyFleet } from './standby.ts';
import { Zombies } from './zombies.ts';

/** Exit statuses YARN reports that Samza does not count as failures (samza.md §4.1). */
export const ABORTED = -100;
export const DISK_FAILED = -101;
export const PREEMPTED = -102;
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
}

export class ClusterManager implements HostWatcher {
  readonly actor: number;
  readonly fleet: HostFleet;
  readonly standbys: StandbyFleet;
  readonly zombies: Zombies;
  readonly live: Set<Container> = new Set();
  jobFailed: boolean = false;
  /** Containers that ended or were given up, in all: how faults are seen to bite. */
  disturbances: number = 0;
  readonly #job: Job;
  readonly #placement: Placement;
  readonly #processors: Processor[];
  /** Processors waiting for any host to have room. */
  readonly #waiting: Set<number> = new Set();
  readonly #actors: number[][];
  #amUp: boolean = true;
  #stopped: boolean = false;
  /** Counts stops by the operator, so that the start after an earlier one is known to be stale. */
  #stops: number = 0;

  constructor(job: Job) {
    this.#job = job;
    this.actor = job.world.addActor('cluster');
    this.fleet = new HostFleet(job, this);
    const { containers } = job.plan.job;
    this.#processors = Array.from({ length: containers }, (_, id) => ({
      id,
      current: null,
      incarnations: 0,
      state: 'gone',
      lastHost: ANY,
      failures: 0,
      lastFailureAt: -1,
    }));
    this.#actors = Array.from({ length: containers }, () => []);
    this.standbys = new StandbyFleet(job);
    this.zombies = new Zombies(job);
    this.#placement = new Placement(job, this);
  }

  get hosts(): readonly Host[] {
    return this.fleet.hosts;
  }

  /** The operator submits the job: every container is asked for. */
  submit(): void {
    for (const processor of this.#processors) this.#ask(processor, this.#preferred(processor));
    this.standbys.submit();
  }

  official(processor: number): Container | null {
    return this.#processors[processor]!.current;
  }

  /** Processors that want a host and have none. */
  get unplaced(): number {
    return this.#processors.reduce((n, processor) => n + (processor.state === 'asked' ? 1 : 0), 0);
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
      if (this.#placement.offers(host, id)) this.#launch(processor, host);
      // The preferred-host request expires, then any host will do.
      else world.post(ALLOCATE, this.actor, config.containerRequestTimeoutMicros, id, ANY);
      return;
    }
    const host = this.#placement.anyHost(id) ?? this.#placement.standbyHost(id);
    if (host === null) this.#waiting.add(id);
    else this.#launch(processor, host);
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
    this.standbys.place();
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
    this.zombies.ended(container);
    if (container.official && !this.#stopped) {
      recoveries.died(container.processor, { cause, at: world.now, host: container.host.index });
    }
    if (container.host.up && isManaged(container.host) && container.official) {
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
    this.zombies.add(container);
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
      this.#job.failoversToStandby++;
      this.#ask(processor, standby.host);
      return;
    }
    const lastRetry = config.containerRetryCount > 0 && processor.failures === config.containerRetryCount;
    const preferred = lost ? ANY : this.#preferred(processor);
    const delay = lastRetry && preferred !== ANY ? config.preferredHostLastRetryDelayMicros : 0;
    this.#ask(processor, preferred, delay);
  }

  #retryWaiting(id: number): void {
    this.#waiting.delete(id);
    this.#ask(this.#processors[id] as Processor, ANY);
  }

  // ---- hosts ----------------------------------------------------------------------------------------------------

  hostStopped(host: Host): void {
    for (const container of this.live) {
      if (container.host === host) container.die(ABORTED, `host ${host.index} crashed`);
    }
    this.standbys.hostDown(host.index);
  }

  hostReported(host: Host): void {
    const { world, plan } = this.#job;
    for (const processor of this.#processors) {
      const container = processor.current;
      if (container === null || container.host !== host || (container.alive && !host.expired)) continue;
      // A NodeManager that was only silent knows how its container ended; one that was given up is reported as lost.
      const status = host.expired || container.exitStatus === null ? ABORTED : container.exitStatus;
      world.post(CONTAINER_EXITED, this.actor, plan.cluster.exitReportMicros, status, 0, container);
    }
  }

  hostOffers(): void {
    for (const id of this.#waiting) this.#retryWaiting(id);
    this.standbys.place();
  }

  // ---- application master and operator --------------------------------------------------------------------------

  answerHeartbeat(container: Container): 'alive' | 'gone' | 'unreachable' {
    if (!this.#amUp || !reachesMaster(container.host)) return 'unreachable';
    return container.official && !this.#stopped ? 'alive' : 'gone';
  }

  /** Without high availability YARN kills the containers with their master, where it reaches them. */
  amCrash(): boolean {
    if (!this.#amUp) return false;
    const { config, world, plan } = this.#job;
    this.#amUp = false;
    if (!config.amHighAvailability) {
      for (const container of this.live) {
        if (isManaged(container.host)) container.die(ABORTED, 'the application master died');
      }
      for (const processor of this.#processors) this.#forgetCurrent(processor);
    }
    world.post(AM_RESTARTED, this.actor, plan.cluster.amRestartMicros);
    return true;
  }

  #forgetCurrent(processor: Processor): void {
    if (processor.current !== null) this.#forget(processor, processor.current);
  }

  /** The new attempt finds the containers that stayed, and counts failures from nought. */
  onAmRestarted(): void {
    this.#amUp = true;
    for (const processor of this.#processors) {
      processor.failures = 0;
      processor.lastFailureAt = -1;
      if (processor.state === 'given-up' || processor.state === 'gone') continue;
      const container = processor.current;
      if (container !== null && container.alive && !container.host.expired) continue;
      this.#forgetCurrent(processor);
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
      if (isManaged(container.host)) container.shutDown(0, 'clean stop by the operator', STOP_MICROS);
    }
    this.standbys.stopAll();
    world.post(JOB_STARTS, this.actor, downMicros, ++this.#stops);
  }

  /** Stale when the operator has stopped the job again meanwhile. */
  isNewestStop(stop: number): boolean {
    return stop === this.#stops;
  }

  onJobStarts(): void {
    this.#stopped = false;
    this.jobFailed = false;
    for (const container of this.live) {
      if (!isManaged(container.host)) continue;
      container.die(137, 'killed: the clean stop had not ended when the job was started again');
    }
    for (const processor of this.#processors) {
      this.#forgetCurrent(processor);
      processor.failures = 0;
      processor.lastFailureAt = -1;
      this.#ask(processor, this.#preferred(processor));
    }
    this.standbys.submit();
  }
}
