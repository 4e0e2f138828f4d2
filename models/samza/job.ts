/**
 * A whole Samza job in its surroundings: inputs, changelogs, outputs, checkpoint topic, blob store, cluster, load and
 * faults, and the ledgers that watch them. `apply` is the one function that makes an action happen; everything else hangs
 * below it.
 *
 * Length: the parts list of a job, and the small questions its parts ask of each other; most of them read one field.
 */
import { type RandomStream, type World, hash32, randomStreams, roundPositive } from '../../sim/index.ts';
import type { Model } from '../../sim/index.ts';
import { APPEND_CHECKPOINT } from '../actions.ts';
import { BatchLayer } from '../batch-layer.ts';
import { BlobStore } from '../blob-store.ts';
import { FaultDesk } from '../faults/fault-desk.ts';
import type { FaultyLog } from '../faults/fault-effects.ts';
import { Changelog } from '../kafka/changelog.ts';
import { type CheckpointRecord, CheckpointTopic } from '../kafka/checkpoint-topic.ts';
import { InputPartition } from '../kafka/input-partition.ts';
import { LogPartition } from '../kafka/log-partition.ts';
import { OutputPartition } from '../kafka/output-partition.ts';
import { LawBook } from '../laws/law-book.ts';
import { checkLivePointers } from '../laws/live-pointers.ts';
import { CommitLedger } from '../ledgers/commit-ledger.ts';
import { RecordLedger } from '../ledgers/record-ledger.ts';
import { RecoveryLog } from '../ledgers/recovery-log.ts';
import { OwedOutputs, ReferenceState } from '../ledgers/reference-state.ts';
import { StorageMeter } from '../ledgers/storage-meter.ts';
import { TimeBudget } from '../ledgers/time-budget.ts';
import { Load } from '../load.ts';
import { RecordContent } from '../logic.ts';
import type { InputPlan, LogSelector, RunPlan } from '../plan.ts';
import { stepsOf } from '../protocols/samza.ts';
import { ClusterManager } from './cluster-manager.ts';
import type { SamzaConfig } from './config.ts';
import type { Container } from './container.ts';
import { applyAction } from './dispatch.ts';
import { type Host, deleteCurrent } from './host.ts';
import type { JobProbe } from './job-probe.ts';

/** What belongs to a task for the life of the job, whichever container runs it. */
export interface TaskMeta {
  readonly task: number;
  /** Its SSPs, by number in the job. */
  readonly ssps: readonly number[];
  /** Changelog partition per store; null: the store has none. */
  changelogs: readonly (Changelog | null)[];
  readonly output: OutputPartition | null;
}

export class Job implements Model {
  readonly plan: RunPlan;
  readonly world: World;
  config: SamzaConfig;
  /** Steps of a commit under the configuration of now, as indexes into COMMIT_STEPS; a container keeps those it began with. */
  steps: readonly number[];
  readonly content: RecordContent;
  readonly inputs: readonly InputPartition[];
  readonly tasks: readonly TaskMeta[];
  readonly topic: CheckpointTopic;
  readonly blobs: BlobStore;
  readonly budget: TimeBudget;
  readonly ledgers: readonly RecordLedger[];
  readonly references: readonly ReferenceState[];
  readonly recoveries: RecoveryLog = new RecoveryLog();
  readonly commits: CommitLedger = new CommitLedger();
  readonly storage: StorageMeter = new StorageMeter();
  readonly laws: LawBook = new LawBook();
  readonly cluster: ClusterManager;
  readonly faults: FaultDesk;
  readonly load: Load;
  readonly batchLayer: BatchLayer | null;
  readonly fileIds: { next: number } = { next: 1 };
  failoversToStandby: number = 0;
  /** Per task: what a start would have resumed from, when that was last looked at (law O6). */
  readonly restartPoints: (CheckpointRecord | null)[] = [];
  /** A container outlived its master's belief at some time: duplicates then have a second source. */
  zombieSeen: boolean = false;
  /** Records processed again, summed over starts from where each began and how far it came. */
  replaysByStart: number = 0;
  probe: JobProbe = {};
  #nextConfig: SamzaConfig | null = null;
  readonly #inputPlans: readonly InputPlan[];
  readonly #owed: readonly OwedOutputs[];
  readonly #commitNumbers: Int32Array;
  readonly logsByActor: Map<number, LogPartition> = new Map();
  readonly inputsByActor: Map<number, InputPartition> = new Map();
  readonly containersByActor: (Container | undefined)[] = [];
  readonly #latency: RandomStream;
  readonly #service: RandomStream;
  readonly #placement: RandomStream;
  #nano: number = 0;

  constructor(plan: RunPlan, world: World) {
    this.plan = plan;
    this.world = world;
    this.config = plan.job.samza;
    const { job, costs } = plan;
    const streams = randomStreams(plan.seed, plan.replication);
    this.#latency = streams('kafka/latency');
    this.#service = streams('task/service');
    this.#placement = streams('cluster/placement');
    const taskCount = Math.max(...job.inputs.map((input) => input.partitions));
    const seed = hash32(textHash(plan.seed), plan.replication, 1);
    this.content = new RecordContent(seed, Math.max(1, Math.ceil(job.keys / taskCount)), job.keySkew);

    const inputs: InputPartition[] = [];
    const inputPlans: InputPlan[] = [];
    for (const input of job.inputs) {
      for (let partition = 0; partition < input.partitions; partition++) {
        const name = `${input.stream}-${partition}`;
        inputPlans.push(input);
        inputs.push(
          new InputPartition(
            world,
            { ssp: inputs.length, task: partition, name },
            { retentionMicros: input.retentionMicros, segmentMicros: costs.segmentMicros },
          ),
        );
      }
    }
    this.inputs = inputs;
    this.#inputPlans = inputPlans;
    for (const input of inputs) this.inputsByActor.set(input.actor, input);
    this.ledgers = inputs.map((input) => new RecordLedger(input.ssp));
    this.#owed = job.logic === 'dedup' ? inputs.map((input) => new OwedOutputs(this.content, input.ssp)) : [];
    // A job that reads from the oldest offset answers for every record; one that reads from upcoming, from its start.
    inputs.forEach((input, ssp) => {
      if (inputPlans[ssp]!.offsetDefault === 'oldest') (this.ledgers[ssp] as RecordLedger).base = input.oldest;
    });

    const remember = plan.faults.some((fault) => fault.kind === 'leader-loss' && fault.log.log === 'output');
    this.tasks = Array.from({ length: taskCount }, (_, task) => ({
      task,
      ssps: inputs.filter((input) => input.task === task).map((input) => input.ssp),
      changelogs: this.config.stores.map((store) =>
        store.changelog ? this.#newChangelog(store.name, task, store) : null,
      ),
      output: new OutputPartition(world, `output-${task}`, task, this, remember),
    }));
    for (const { output, changelogs } of this.tasks) {
      for (const log of [output, ...changelogs]) if (log !== null) this.logsByActor.set(log.actor, log);
    }
    this.topic = new CheckpointTopic(world, Math.floor(26_214_400 / 400));
    this.blobs = new BlobStore(world, costs.blobTtlMicros);
    this.blobs.onGone = (why, by) => checkLivePointers(this, why, by);
    this.budget = new TimeBudget(world, taskCount);
    this.references = this.tasks.map(
      (task) =>
        new ReferenceState(
          job.logic,
          this.content,
          task.ssps.map((ssp) => this.ledgers[ssp] as RecordLedger),
        ),
    );
    this.#commitNumbers = new Int32Array(taskCount);
    this.steps = this.#shape();
    this.cluster = new ClusterManager(this);
    this.batchLayer = job.batchLayer === null ? null : new BatchLayer(this, job.batchLayer);
    this.load = new Load(world, plan.load, { inputs, plans: job.inputs, recordsPerArrival: job.batchRecords }, streams);
    this.faults = new FaultDesk(this);
    this.cluster.submit();
  }

  #newChangelog(name: string, task: number, store: { minCompactionLagMicros: number }): Changelog {
    const { costs } = this.plan;
    const changelog = new Changelog(this.world, `changelog-${name}-${task}`, task, {
      keys: this.content.keys,
      entryBytes: costs.changelogEntryBytes,
      segmentBytes: costs.segmentBytes,
      segmentMicros: costs.segmentMicros,
      minCompactionLagMicros: store.minCompactionLagMicros,
    });
    changelog.meter((delta) => this.storage.changelog(delta));
    return changelog;
  }

  #shape(): readonly number[] {
    const { stores } = this.config;
    return stepsOf({
      stores: stores.length > 0,
      persistentStores: stores.some((store) => store.persistent),
      changelogs: stores.some((store) => store.changelog),
      blobs: stores.some((store) => store.blob),
      checkpoints: this.config.checkpoints,
      writeVersions: this.config.writeVersions,
      trimsInput: this.plan.job.inputs.some((input) => input.deleteCommitted),
    });
  }

  apply(kind: number, actor: number, a: number, b: number, payload: unknown): void {
    applyAction(this, kind, actor, a, b, payload);
  }

  // ---- what the parts ask of each other -------------------------------------------------------------------------

  /** Draws the one-way latency from a producer to a leader, µs. */
  kafkaLatency(): number {
    const { kafkaLatencyMicros, kafkaJitterMicros } = this.plan.costs;
    return (
      kafkaLatencyMicros + (kafkaJitterMicros > 0 ? roundPositive(this.#latency.exponential(kafkaJitterMicros)) : 0)
    );
  }

  /** Draws the length of a process call, µs. */
  serviceMicros(records: number): number {
    const { processMicros, processDistribution } = this.plan.costs;
    if (processDistribution === 'constant') return Math.round(processMicros * records);
    return roundPositive(this.#service.exponential(processMicros * records));
  }

  placement(choices: number): number {
    return this.#placement.int(choices);
  }

  clockOf(host: Host): number {
    return this.world.now + (this.plan.cluster.clockSkewMicros[host.index] ?? 0);
  }

  nextCommitNumber(task: number): number {
    const number = (this.#commitNumbers[task] as number) + 1;
    this.#commitNumbers[task] = number;
    return number;
  }

  nextNano(): number {
    return this.#nano++ % 1_000_000;
  }

  inputPlanOf(ssp: number): InputPlan {
    return this.#inputPlans[ssp] as InputPlan;
  }

  owes(ssp: number, offset: number): boolean {
    return (this.#owed[ssp] as OwedOutputs).owes(offset);
  }

  onOutputs(ssp: number, from: number, to: number): void {
    (this.ledgers[ssp] as RecordLedger).output(from, to);
    this.probe.onOutputs?.(ssp, from, to);
  }

  onOutputsLost(ssp: number, from: number, to: number): void {
    (this.ledgers[ssp] as RecordLedger).outputLost(from, to);
  }

  addContainer(container: Container): void {
    this.containersByActor[container.actor] = container;
  }

  noteRunning(container: Container): void {
    this.world.state.addInts(container.processor, container.incarnation, container.host.index);
    this.probe.onRunning?.(container);
  }

  /** A container ends, or the run does: what it processed again, from where it began and how far it came. */
  noteProgress(container: Container): void {
    if (container.phase !== 'running' && container.phase !== 'dead' && container.phase !== 'stopping') return;
    for (const t of container.tasks) {
      for (let i = 0; i < t.last.length; i++) {
        const reached = Math.min((t.last[i] as number) + 1, t.seenBefore[i] as number);
        this.replaysByStart += Math.max(0, reached - (t.startedFrom[i] as number));
      }
    }
  }

  /** Step 11: consumed input is deleted up to the committed offsets. */
  trimInputs(task: number, offsets: readonly number[]): void {
    (this.tasks[task] as TaskMeta).ssps.forEach((ssp, i) => {
      const offset = offsets[i] as number;
      if (this.inputPlanOf(ssp).deleteCommitted && offset >= 0)
        (this.inputs[ssp] as InputPartition).deleteBelow(offset + 1);
    });
  }

  /** Store directories on the host are deleted, but for those a live container there has open. */
  clearLoggedStores(container: Container): void {
    const open = new Set<string>();
    for (const other of this.cluster.live) {
      if (other === container || other.host !== container.host) continue;
      for (const t of other.tasks) for (const store of other.config.stores) open.add(`${store.name}/${t.task}`);
    }
    for (const [path, dirs] of container.host.disk) {
      if (open.has(path)) continue;
      deleteCurrent(dirs);
      dirs.checkpoints = [];
    }
  }

  configureAtNextStart(config: SamzaConfig): void {
    this.#nextConfig = config;
  }

  /** The operator's new configuration holds from this start on. */
  reconfigure(): void {
    if (this.#nextConfig === null) return;
    const before = this.config.stores.map((store) => store.name);
    this.config = this.#nextConfig;
    this.#nextConfig = null;
    this.steps = this.#shape();
    for (const task of this.tasks) this.#matchChangelogs(task, before);
  }

  /** A redeploy may add, drop or move stores: changelogs are found by their store's name, new ones are created. */
  #matchChangelogs(task: TaskMeta, before: readonly string[]): void {
    const old = task.changelogs;
    task.changelogs = this.config.stores.map((store) => {
      if (!store.changelog) return null;
      const known = old[before.indexOf(store.name)] ?? null;
      if (known !== null) return known;
      const changelog = this.#newChangelog(store.name, task.task, store);
      this.logsByActor.set(changelog.actor, changelog);
      return changelog;
    });
  }

  /** The logs a fault speaks of. */
  logs(selector: LogSelector): FaultyLog[] {
    if (selector.log === 'checkpoint') return [this.topic];
    // Inputs are written by nobody in here: faults of their brokers are not modelled.
    if (selector.log === 'input') return [];
    const tasks = selector.partition === null ? this.tasks : this.tasks.filter((t) => t.task === selector.partition);
    const logs = selector.log === 'output' ? tasks.map((t) => t.output) : tasks.flatMap((t) => t.changelogs);
    return logs.filter((log) => log !== null);
  }

  unstall(log: FaultyLog): number {
    if (log instanceof LogPartition) return log.unstall();
    const waiting = this.topic.unstall();
    for (const request of waiting) this.world.post(APPEND_CHECKPOINT, this.topic.actor, 0, 0, 0, request);
    return waiting.length;
  }
}

function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = hash32(hash, text.charCodeAt(i), i);
  return hash;
}
