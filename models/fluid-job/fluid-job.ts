/**
 * A job between two events: what it is doing, which checkpoints are in flight, and what comes next. `advance` lets time pass
 * at the rates of the moment, `apply` makes what is due happen.
 * Length: one state machine and the inner loop of every search for an interval: a failure touches the checkpoints in flight, the
 * phases of an outage and every ledger at once, so a part would need most of the fields of the others.
 */
import { IntegerSum, RollingDigest, type RandomStream } from '../../sim/index.ts';
import { assertAddsUp } from '../ledgers/adds-up.ts';
import { Changelog } from './changelog.ts';
import { Episodes } from './episodes.ts';
import { FailureClocks } from './failure-clocks.ts';
import { FluidFlow } from './fluid-flow.ts';
import { drawDuration } from './laws.ts';
import type { FluidOutcome } from './outcome.ts';
import type { FluidPlan } from './plan.ts';
import { SnapshotFiles } from './snapshot-files.ts';
import type { Steering } from './steering.ts';
import { Tally } from './tally.ts';

const UP = 0;
const PAUSED = 1;
const DOWN = 2;
const DETECT = 3;
const RESTART = 4;
const RESTORE = 5;

const DURABLE = 0;
const PAUSE_END = 1;
const PHASE_END = 2;
const MATERIALIZE = 3;
const TRIGGER = 4;
const FAILURE = 5;

interface InFlight {
  readonly triggeredAt: number;
  /** When it completes or fails. */
  readonly due: number;
  readonly end: 'durable' | 'failed' | 'timedOut';
  readonly bytes: number;
  readonly isRemote: boolean;
  /** What it covers; it falls as the restart point moves on. */
  position: number;
}

type StreamOf = (name: string) => RandomStream;

export class FluidJob {
  isDone: boolean = false;
  #now: number = 0;
  #mode: number = UP;
  #next: number = 0;
  #kind: number = 0;
  #phaseEnd: number = Infinity;
  #nextTrigger: number;
  #lastTrigger: number = -1;
  #inFlight: InFlight[] = [];
  /** Trigger of the newest completed checkpoint; the start of the job counts as one. */
  #restartPointAt: number = 0;
  #progressAt: number = 0;
  /** Units from the restart point back to that of level 2, and completed local checkpoints since. */
  #behind: number = 0;
  #localSinceRemote: number = 0;
  #retainedSince: number = 0;
  #retainedPeak: number = 0;

  readonly #plan: FluidPlan;
  readonly #steering: Steering | null;
  readonly #flow: FluidFlow;
  readonly #clocks: FailureClocks;
  readonly #files: SnapshotFiles;
  readonly #changelog: Changelog | null;
  readonly #delays: RandomStream;
  readonly #faults: RandomStream;
  readonly #levels: RandomStream;
  readonly #recoveries: RandomStream;
  readonly #spent: Float64Array = new Float64Array(6);
  readonly #twiceRetained: IntegerSum = new IntegerSum();
  readonly #order: RollingDigest = new RollingDigest();
  readonly #state: RollingDigest = new RollingDigest();
  readonly #cost: RollingDigest = new RollingDigest();
  readonly #period: Tally = new Tally();
  readonly #duration: Tally = new Tally();
  readonly #read: Tally = new Tally();
  readonly #episodes: Episodes;
  readonly #counts = { triggered: 0, completed: 0, remote: 0, failed: 0, timedOut: 0, aborted: 0, subsumed: 0 };
  readonly #failures: number[];
  #gets: number = 0;
  readonly #readBytes: IntegerSum = new IntegerSum();

  constructor(plan: FluidPlan, streamOf: StreamOf, steering: Steering | null = null) {
    this.#plan = plan;
    this.#steering = steering;
    this.#flow = new FluidFlow(plan.load, plan.measure);
    this.#episodes = new Episodes(plan.measure.recoveriesMax);
    this.#clocks = new FailureClocks(plan.failures, streamOf);
    this.#files = new SnapshotFiles(plan.snapshot, plan.measure);
    this.#changelog = plan.snapshot.kind === 'changelog' ? new Changelog(plan.snapshot) : null;
    this.#delays = streamOf('checkpoints/delay');
    this.#faults = streamOf('checkpoints/failures');
    this.#levels = streamOf('checkpoints/levels');
    this.#recoveries = streamOf('recoveries');
    this.#nextTrigger = steering?.intervalMicros(true) ?? plan.checkpoint.firstTriggerMicros;
    this.#failures = plan.failures.map(() => 0);
  }

  /** When the next thing happens; Infinity if nothing ever will. */
  nextEvent(): number {
    let next = Infinity;
    let kind = -1;
    for (const { due } of this.#inFlight) if (due < next) [next, kind] = [due, DURABLE];
    if (this.#phaseEnd < next) [next, kind] = [this.#phaseEnd, this.#mode === PAUSED ? PAUSE_END : PHASE_END];
    if (this.#changelog !== null && this.#changelog.next < next) [next, kind] = [this.#changelog.next, MATERIALIZE];
    if (this.#nextTrigger < next && this.#mode === UP) [next, kind] = [this.#nextTrigger, TRIGGER];
    if (this.#clocks.next < next) [next, kind] = [this.#clocks.next, FAILURE];
    this.#next = Math.max(next, this.#now);
    this.#kind = kind;
    return this.#next;
  }

  /** Time passes up to `to`. */
  advance(to: number): void {
    const span = to - this.#now;
    if (span === 0) return;
    const mode = this.#mode;
    this.#spent[mode]! += span;
    this.#cost.add(mode);
    this.#cost.add(span);
    this.#changelog?.advance(span, mode <= PAUSED);
    if (mode === UP) {
      const caughtUp = this.#flow.run(span);
      if (caughtUp >= 0 && this.#episodes.isOpen) this.#episodes.caughtUp(this.#now + caughtUp);
    } else {
      this.#flow.wait(span);
    }
    this.#now = to;
  }

  /** What `nextEvent` found happens now. */
  apply(): void {
    this.#order.add(this.#kind);
    this.#order.add(this.#now);
    switch (this.#kind) {
      case DURABLE:
        this.#endCheckpoint();
        break;
      case PAUSE_END:
        this.#mode = UP;
        this.#phaseEnd = Infinity;
        break;
      case PHASE_END:
        this.#enter(this.#mode + 1);
        break;
      case MATERIALIZE:
        this.#materialize(this.#changelog!);
        break;
      case TRIGGER:
        this.#trigger();
        break;
      case FAILURE:
        this.#fail();
        break;
    }
    this.#state.add(this.#flow.position);
    this.#state.add(this.#flow.backlog);
  }

  #trigger(): void {
    const { checkpoint } = this.#plan;
    const now = this.#now;
    this.#counts.triggered++;
    if (this.#lastTrigger >= 0) this.#period.add(now - this.#lastTrigger);
    this.#lastTrigger = now;
    const isRemote = this.#isNextRemote();
    const bytes = this.#bytesOfCheckpoint();
    const { upload } = checkpoint;
    const uploadMicros = upload === null ? 0 : Math.round((bytes / upload.bytesPerSecond) * 1e6);
    const isBlocking = upload?.isBlocking === true;
    const base =
      isRemote && checkpoint.levels.kind !== 'single'
        ? checkpoint.levels.remotePauseMicros
        : (this.#steering?.pauseMicros(now) ?? checkpoint.pauseMicros);
    const pause = base + (isBlocking ? uploadMicros : 0);
    const delay = drawDuration(checkpoint.delay, this.#delays) + (isBlocking ? 0 : uploadMicros);
    const fails = checkpoint.failureProbability > 0 && this.#faults.next() < checkpoint.failureProbability;
    const limit = checkpoint.timeoutMicros ?? Infinity;
    this.#inFlight.push({
      triggeredAt: now,
      due: now + Math.min(limit, pause + delay),
      end: pause + delay > limit ? 'timedOut' : fails ? 'failed' : 'durable',
      bytes,
      isRemote,
      position: this.#flow.position,
    });
    this.#scheduleTrigger(now);
    if (pause > 0) {
      this.#mode = PAUSED;
      this.#phaseEnd = now + pause;
    }
  }

  /** The next trigger: an interval after the last, but not before its turn. */
  #scheduleTrigger(earliest: number): void {
    const { intervalMicros, firstTriggerMicros, maxConcurrent } = this.#plan.checkpoint;
    const isFirst = this.#lastTrigger < 0;
    const after = this.#steering?.intervalMicros(isFirst) ?? (isFirst ? firstTriggerMicros : intervalMicros);
    const due = (isFirst ? this.#progressAt : this.#lastTrigger) + after;
    this.#nextTrigger = this.#inFlight.length < maxConcurrent ? Math.max(due, earliest) : Infinity;
  }

  #isNextRemote(): boolean {
    const { levels } = this.#plan.checkpoint;
    switch (levels.kind) {
      case 'single':
        return true;
      case 'nested':
        return this.#localSinceRemote + 1 >= levels.segments;
      case 'stochastic':
        return this.#levels.next() < levels.remoteProbability;
    }
  }

  #bytesOfCheckpoint(): number {
    const { p, q, position } = this.#flow;
    return this.#files.bytesOfNext(Math.round(position / (p === 0 ? q : p)));
  }

  #endCheckpoint(): void {
    const now = this.#now;
    const at = this.#inFlight.findIndex(({ due }) => due === now);
    const done = this.#inFlight[at]!;
    if (done.end === 'durable') {
      // Older ones that are still in flight would take the restart point back.
      this.#counts.subsumed += at;
      this.#inFlight.splice(0, at + 1);
      this.#complete(done);
    } else {
      this.#inFlight.splice(at, 1);
      this.#counts[done.end]++;
    }
    this.#scheduleTrigger(now + this.#plan.checkpoint.minPauseMicros);
  }

  #complete({ position, isRemote, bytes, triggeredAt }: InFlight): void {
    const now = this.#now;
    this.#counts.completed++;
    if (isRemote) this.#counts.remote++;
    this.#duration.add(now - triggeredAt);
    this.#settleRetained();
    this.#flow.commit(position);
    for (const each of this.#inFlight) each.position -= position;
    this.#behind = isRemote ? 0 : this.#behind + position;
    this.#localSinceRemote = isRemote ? 0 : this.#localSinceRemote + 1;
    this.#restartPointAt = triggeredAt;
    this.#progressAt = now;
    this.#files.add(now, bytes, now - triggeredAt);
    const { end } = this.#plan;
    if (end.kind === 'work' && this.#flow.committed.toNumber() >= end.micros) this.isDone = true;
  }

  /** Up to now the retained input has grown evenly. */
  #settleRetained(): void {
    const { retained, p } = this.#flow;
    const span = this.#now - this.#retainedSince;
    this.#twiceRetained.addProduct(span, 2 * retained - p * span);
    this.#retainedPeak = Math.max(this.#retainedPeak, retained);
    this.#retainedSince = this.#now;
  }

  #materialize(changelog: Changelog): void {
    const before = changelog.materializations;
    changelog.turn(this.#now);
    if (changelog.materializations > before) this.#files.writtenBytes.add(this.#plan.snapshot.stateBytes);
  }

  #fail(): void {
    const now = this.#now;
    this.#steering?.failed(now);
    const source = this.#clocks.due();
    const { level } = this.#plan.failures[source]!;
    const downMicros = this.#plan.recovery.downMicros[level - 1]!;
    this.#failures[source]!++;
    const before = level === 2 ? this.#behind : 0;
    if (this.#mode <= PAUSED) {
      this.#episodes.begin(now, {
        age: now - this.#restartPointAt,
        sinceProgress: now - this.#progressAt,
        lostWork: (this.#flow.position + before) / this.#flow.q,
      });
    } else {
      this.#episodes.restart();
    }
    if (level === 2) [this.#behind, this.#localSinceRemote] = [0, 0];
    this.#flow.rewind(before);
    this.#counts.aborted += this.#inFlight.length;
    this.#inFlight = [];
    this.#nextTrigger = Infinity;
    this.#lastTrigger = -1;
    this.#changelog?.failed(now);
    this.#clocks.struck(source, downMicros);
    this.#enter(DOWN, downMicros);
  }

  /** Goes through the phases of an outage from `mode` on, the empty ones at once. */
  #enter(mode: number, downMicros: number = 0): void {
    let phase = mode;
    let span = phase === DOWN ? downMicros : this.#phaseMicros(phase);
    while (span === 0 && phase <= RESTORE) span = this.#phaseMicros(++phase);
    if (phase > RESTORE) {
      this.#resume();
      return;
    }
    this.#mode = phase;
    this.#phaseEnd = this.#now + span;
  }

  #phaseMicros(phase: number): number {
    const { recovery } = this.#plan;
    switch (phase) {
      case DETECT:
        return drawDuration(recovery.detect, this.#recoveries);
      case RESTART:
        return drawDuration(recovery.restart, this.#recoveries);
      case RESTORE:
        return drawDuration(recovery.restore, this.#recoveries) + this.#readMicros();
      default:
        return 0;
    }
  }

  #readMicros(): number {
    const { snapshot, recovery, measure } = this.#plan;
    const bytes = snapshot.kind === 'changelog' ? snapshot.stateBytes : this.#files.chainBytes;
    const logBytes = this.#changelog === null ? 0 : Math.round(this.#changelog.logBytes);
    this.#readBytes.add(bytes + logBytes);
    this.#read.add(bytes + logBytes);
    this.#gets += measure.objectsPerRestore;
    const reading = recovery.readBytesPerSecond === null ? 0 : bytes / recovery.readBytesPerSecond;
    const replaying = recovery.replayBytesPerSecond === null ? 0 : logBytes / recovery.replayBytesPerSecond;
    return Math.round((reading + replaying) * 1e6);
  }

  #resume(): void {
    const now = this.#now;
    this.#mode = UP;
    this.#phaseEnd = Infinity;
    this.#progressAt = now;
    this.#scheduleTrigger(now);
    this.#changelog?.resumed(now);
    this.#episodes.resumed(now);
    if (this.#flow.p > 0 && this.#flow.backlog === 0) this.#episodes.caughtUp(now);
  }

  /** What it all came to; call it once, at the end. */
  outcome(): FluidOutcome {
    this.#settleRetained();
    const elapsed = this.#now;
    const flow = this.#flow;
    const spent = this.#spent;
    const useful = flow.usefulMicros + flow.caughtUpBusyMicros;
    const idle = flow.caughtUpMicros - flow.caughtUpBusyMicros;
    const budget = {
      useful_us: useful,
      paused_us: spent[PAUSED]!,
      replay_us: flow.replayMicros,
      down_us: spent[DOWN]!,
      detect_us: spent[DETECT]!,
      restart_us: spent[RESTART]!,
      restore_us: spent[RESTORE]!,
      idle_us: idle,
    };
    assertAddsUp('a fluid job', budget, elapsed);
    const plan = this.#plan;
    const counts = this.#counts;
    const perUnit =
      plan.load.kind === 'saturated' ? 0 : (plan.load.inputPerSecond * plan.load.recordBytes) / (flow.p * 1e6);
    const files = this.#files.means(elapsed);
    const live = this.#changelog?.live(elapsed) ?? null;
    return {
      elapsedMicros: elapsed,
      budget,
      utilization: useful / elapsed,
      committedMicros: flow.committed.toNumber() / flow.q,
      checkpoints: { ...counts, period: this.#period.distribution(), duration: this.#duration.distribution() },
      failures: {
        count: this.#failures.reduce((all, each) => all + each, 0),
        inOutage: this.#episodes.inOutage,
        inCatchUp: this.#episodes.inCatchUp,
        bySource: this.#failures,
      },
      recoveries: this.#episodes.times(this.#read),
      latency: flow.latency(),
      space: {
        replayLogMeanBytes: flow.p === 0 ? null : (this.#twiceRetained.toNumber() / 2 / elapsed) * perUnit,
        replayLogPeakBytes: flow.p === 0 ? null : this.#retainedPeak * perUnit,
        changelogMeanBytes: live?.mean ?? null,
        changelogPeakBytes: live?.peak ?? null,
        retainedMeanBytes: live?.mean ?? files.retained,
        historyMeanBytes: files.history,
        uploadingMeanBytes: files.uploading,
      },
      io: {
        writtenBytes: this.#files.writtenBytes.toNumber(),
        readBytes: this.#readBytes.toNumber(),
        puts: counts.completed * plan.measure.objectsPerCheckpoint,
        gets: this.#gets,
      },
      digests: { order: this.#order.hex(), state: this.#state.hex(), cost: this.#cost.hex() },
    };
  }
}
