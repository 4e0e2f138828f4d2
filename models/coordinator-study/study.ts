/**
 * A coordinator with a clock: Flink's request decider, failure manager and restart strategy around a job of which only the
 * durations are simulated. It shows what the policies do with time (backlogs of ticks, throttling, counting, waiting for a
 * timeout), which the untimed protocol in models/protocols/flink-coordinator.ts cannot.
 *
 * Length: one checkpoint's life from request to deletion, told in order; every way it may end leads back to its beginning, so
 * two files would have to import each other.
 */
import { randomStreams, type RandomStream, runTimed, World } from '../../sim/index.ts';
import { type FailureManager, newFailureManager, reportSuccess } from '../protocols/flink-failure-manager.ts';
import {
  type CheckpointRequest,
  choose,
  type Decision,
  newRequestDecider,
  noteCompletion,
  type PeriodicTimer,
  reportBacklog,
  type RequestDecider,
  type Situation,
  startScheduler,
  stopScheduler,
} from '../protocols/flink-request-decider.ts';
import { newRestartHistory, restartAfterFailure, type RestartHistory } from '../protocols/flink-restart-strategy.ts';
import { type CoordinatorPlan, type FailingStage, STAGE_FAILURE } from './plan.ts';
import { type CoordinatorRules, FLINK_RULES } from './rules.ts';
import type { TraceEvent, Untimed } from './trace.ts';

const KIND_NAMES = [
  'tick',
  'set-up',
  'parts-done',
  'part-failed',
  'expire',
  'stored',
  'deleted',
  'source-runs',
  'redeploy',
  'host-lost',
  'backlog',
] as const;
const [TICK, SET_UP, PARTS_DONE, PART_FAILED, EXPIRE, STORED, DELETED, SOURCE_RUNS, REDEPLOY, HOST_LOST, BACKLOG] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
];

interface Pending {
  readonly checkpoint: number;
  storing: boolean;
}

interface Run {
  readonly plan: CoordinatorPlan;
  readonly rules: CoordinatorRules;
  readonly trace: TraceEvent[];
  readonly world: World;
  /** Actor of the timers, and of what the coordinator does itself. */
  readonly coordinator: number;
  /** Actor of the tasks of one attempt: what they were doing ends with it. */
  readonly job: number;
  /** Actor of what outlives an attempt: the storage, and the world around. */
  readonly outside: number;
  readonly decider: RequestDecider;
  readonly failures: FailureManager;
  readonly restarts: RestartHistory;
  readonly firstDelays: RandomStream;
  readonly jitter: RandomStream;
  pending: Pending[];
  /** Which sources are RUNNING. */
  running: boolean[];
  /** A checkpoint is in its setup phase. */
  triggering: boolean;
  nextCheckpoint: number;
  /** The newest completed checkpoint, kept until the next one is (num-retained 1). */
  retained: number | null;
  undeleted: number;
  /** A task manager is gone and its tasks have not been replaced. */
  hostGone: boolean;
  deployedMicros: number;
  /** Handle of the deployment that is due next, or was last: a newer attempt takes its place. */
  redeployment: number;
  /** The coordinator is gone for good: nothing happens any more. */
  lost: boolean;
}

/** Runs a plan to its horizon. Equal plans and rules give equal traces. */
export function studyCoordinator(plan: CoordinatorPlan, rules: CoordinatorRules = FLINK_RULES): readonly TraceEvent[] {
  const world = new World(KIND_NAMES);
  const streams = randomStreams(plan.seed);
  const run: Run = {
    plan,
    rules,
    trace: [],
    world,
    coordinator: world.addActor('coordinator'),
    job: world.addActor('job'),
    outside: world.addActor('outside'),
    decider: newRequestDecider(),
    failures: newFailureManager(),
    restarts: newRestartHistory(),
    firstDelays: streams('coordinator/first-delay'),
    jitter: streams('coordinator/restart-jitter'),
    pending: [],
    running: [],
    triggering: false,
    nextCheckpoint: 1,
    retained: null,
    undeleted: 0,
    hostGone: false,
    deployedMicros: 0,
    redeployment: 0,
    lost: false,
  };
  for (const trouble of plan.troubles) {
    if (trouble.kind === 'host-lost') world.post(HOST_LOST, run.outside, trouble.atMicros);
    if (trouble.kind === 'backlog') {
      world.post(BACKLOG, run.outside, trouble.atMicros, trouble.source, Number(trouble.backlog));
    }
  }
  run.redeployment = world.postCancellable(REDEPLOY, run.coordinator, 0);
  runTimed(world, { apply: (kind, _actor, a, b) => apply(run, kind, a, b) }, plan.horizonMicros);
  return run.trace;
}

function apply(run: Run, kind: number, a: number, b: number): void {
  if (run.lost) return;
  switch (kind) {
    case TICK:
      return obey(run, run.rules.tick(run.decider, run.plan.trigger, a, situationOf(run)));
    case SET_UP:
      return sendTriggers(run, a);
    case PARTS_DONE:
      return store(run, a);
    case PART_FAILED:
      return fail(run, a, 'upload');
    case EXPIRE:
      return expire(run, a);
    case STORED:
      return complete(run, a);
    case DELETED:
      return deleted(run);
    case SOURCE_RUNS:
      run.running[a] = true;
      return;
    case REDEPLOY:
      return deploy(run);
    case HOST_LOST:
      run.hostGone = true;
      return failJob(run, 'host-lost');
    case BACKLOG:
      return arm(run, reportBacklog(run.decider, run.plan.trigger, { source: a, backlog: b === 1 }, run.world.now));
    default:
      throw new Error(`coordinator study: no action of kind ${kind}`);
  }
}

function note(run: Run, event: Untimed): void {
  if (!run.lost) run.trace.push({ atMicros: run.world.now, ...event });
}

function situationOf(run: Run): Situation {
  const cleaning = run.rules.cleaningSeen(run.undeleted);
  return { nowMicros: run.world.now, triggering: run.triggering, pending: run.pending.length, cleaning };
}

/** The periodic scheduler runs from the deployment on, sources or not: it follows the status of the job, not of the tasks. */
function deploy(run: Run): void {
  run.hostGone = false;
  run.deployedMicros = run.world.now;
  run.running = run.plan.sourceStartMicros.map(() => false);
  run.plan.sourceStartMicros.forEach((micros, source) => run.world.post(SOURCE_RUNS, run.job, micros, source));
  note(run, { kind: 'deployed' });
  arm(run, startScheduler(run.decider, run.plan.trigger, run.world.now, run.firstDelays.next()));
}

/** Superseded timers stay posted: to ignore them is the decider's part. */
function arm(run: Run, timer: PeriodicTimer | null): void {
  if (timer !== null) run.world.post(TICK, run.coordinator, timer.dueMicros - run.world.now, timer.generation);
}

function reconsider(run: Run): void {
  obey(run, choose(run.decider, run.plan.trigger, situationOf(run)));
}

/** Carries out a decision; a request that fails its checks makes room for the next one, so this ends with the queue. */
function obey(run: Run, decision: Decision): void {
  arm(run, decision.arm);
  for (const { reason } of decision.rejected) note(run, { kind: 'rejected', reason });
  if (decision.run === null) return;
  if (run.rules.mayTrigger(run.running)) return begin(run, decision.run);
  note(run, { kind: 'rejected', reason: 'NOT_ALL_REQUIRED_TASKS_RUNNING' });
  reconsider(run);
}

function begin(run: Run, { periodic, forced }: CheckpointRequest): void {
  const checkpoint = run.nextCheckpoint++;
  run.triggering = true;
  note(run, { kind: 'began', checkpoint, periodic, forced, pending: run.pending.length });
  run.world.post(SET_UP, run.job, run.plan.setupMicros, checkpoint);
}

function sendTriggers(run: Run, checkpoint: number): void {
  const { plan, world } = run;
  run.triggering = false;
  run.pending.push({ checkpoint, storing: false });
  world.post(EXPIRE, run.job, plan.timeoutMicros, checkpoint);
  if (isBroken(run, 'initialise')) return fail(run, checkpoint, 'initialise');
  if (!run.running.every(Boolean)) {
    note(run, { kind: 'trigger-lost', checkpoint });
    if (run.rules.abortsOnLostTrigger) abort(run, checkpoint);
  } else {
    const durationMicros = plan.spells.findLast(({ fromMicros }) => fromMicros <= world.now)?.durationMicros ?? 0;
    const part = plan.troubles.find((each) => each.kind === 'part-fails' && each.checkpoint === checkpoint);
    if (part?.kind === 'part-fails') world.post(PART_FAILED, run.job, part.afterMicros, checkpoint);
    else world.post(isBroken(run, 'upload') ? PART_FAILED : PARTS_DONE, run.job, durationMicros, checkpoint);
  }
  reconsider(run);
}

function store(run: Run, checkpoint: number): void {
  const pending = run.pending.find((each) => each.checkpoint === checkpoint);
  if (pending === undefined) return;
  pending.storing = true;
  run.world.post(STORED, run.job, run.plan.storeMicros, checkpoint);
}

function complete(run: Run, checkpoint: number): void {
  if (!run.pending.some((each) => each.checkpoint === checkpoint)) return;
  if (isBroken(run, 'store')) return fail(run, checkpoint, 'store');
  run.pending = run.pending.filter((each) => each.checkpoint !== checkpoint);
  note(run, { kind: 'completed', checkpoint });
  noteCompletion(run.decider, run.world.now);
  reportSuccess(run.failures, checkpoint);
  if (run.retained !== null) discard(run);
  run.retained = checkpoint;
  for (const older of run.pending.filter((each) => each.checkpoint < checkpoint)) abort(run, older.checkpoint);
  reconsider(run);
}

function expire(run: Run, checkpoint: number): void {
  const pending = run.pending.find((each) => each.checkpoint === checkpoint);
  if (pending === undefined || pending.storing) return;
  note(run, { kind: 'failed', checkpoint, reason: 'CHECKPOINT_EXPIRED', failedOn: 'job-manager' });
  abort(run, checkpoint);
  const failure = {
    checkpoint,
    snapshot: 'checkpoint',
    reason: 'CHECKPOINT_EXPIRED',
    failedOn: 'job-manager',
  } as const;
  if (run.rules.reportFailure(run.failures, run.plan.tolerableFailures, failure) === 'fail-job') {
    return failJob(run, 'checkpoints');
  }
  reconsider(run);
}

/** A failure at a stage aborts the checkpoint if it is still pending; the failure manager hears of it in any case. */
function fail(run: Run, checkpoint: number, stage: FailingStage): void {
  const { failedOn } = STAGE_FAILURE[stage];
  note(run, { kind: 'failed', checkpoint, ...STAGE_FAILURE[stage] });
  abort(run, checkpoint);
  const reason = run.rules.reportedReason(stage);
  if (reason !== null) {
    const failure = { checkpoint, snapshot: 'checkpoint', reason, failedOn } as const;
    if (run.rules.reportFailure(run.failures, run.plan.tolerableFailures, failure) === 'fail-job') {
      return failJob(run, 'checkpoints');
    }
  }
  reconsider(run);
}

/** Gives a pending checkpoint up: its files are deleted, its tasks are told. */
function abort(run: Run, checkpoint: number): void {
  if (!run.pending.some((each) => each.checkpoint === checkpoint)) return;
  run.pending = run.pending.filter((each) => each.checkpoint !== checkpoint);
  note(run, { kind: 'aborted', checkpoint });
  discard(run);
  if (run.hostGone && !run.rules.outlivesLostNotice) loseCoordinator(run, 'notice');
}

function discard(run: Run): void {
  run.undeleted++;
  note(run, { kind: 'undeleted', checkpoints: run.undeleted });
  if (run.undeleted > run.plan.undeletedMax) return loseCoordinator(run, 'memory');
  if (run.undeleted === 1) run.world.post(DELETED, run.outside, run.plan.deleteMicros);
}

function deleted(run: Run): void {
  run.undeleted--;
  if (run.undeleted > 0) run.world.post(DELETED, run.outside, run.plan.deleteMicros);
  reconsider(run);
}

/** Every task is restarted: the scheduler stops, and what was under way is given up with the attempt. */
function failJob(run: Run, cause: 'checkpoints' | 'host-lost'): void {
  note(run, { kind: 'job-failed', cause });
  run.triggering = false;
  for (const { reason } of stopScheduler(run.decider)) note(run, { kind: 'rejected', reason });
  run.world.retire(run.job);
  for (const { checkpoint } of run.pending) abort(run, checkpoint);
  const answer = restartAfterFailure(run.plan.restart, run.restarts, run.world.now, run.jitter.next());
  run.world.cancel(run.redeployment);
  if (answer.kind === 'give-up') return note(run, { kind: 'given-up' });
  run.redeployment = run.world.postCancellable(REDEPLOY, run.coordinator, answer.atMicros - run.world.now);
}

function loseCoordinator(run: Run, cause: 'memory' | 'notice'): void {
  note(run, { kind: 'coordinator-lost', cause });
  run.lost = true;
}

/** Whether a stage has been broken since the tasks were last deployed. */
function isBroken(run: Run, stage: FailingStage): boolean {
  return run.plan.troubles.some(
    (each) =>
      each.kind === 'broken-until-restart' &&
      each.stage === stage &&
      each.fromMicros <= run.world.now &&
      run.deployedMicros <= each.fromMicros,
  );
}
