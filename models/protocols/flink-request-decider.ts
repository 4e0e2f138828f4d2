/**
 * When Flink's coordinator begins a checkpoint (engines.md §2.2): a fixed-rate timer puts periodic requests into an ordered
 * queue, people put savepoints there, and a chooser takes the head when nothing forbids it. Ticks that cannot run wait in
 * the queue, which is why a slow period is followed by checkpoints back to back.
 *
 * Plain data, no clock: the owner tells the time and the situation, posts one event per armed timer (`Decision.arm`), calls
 * `tick` when it is due, and `choose` after each trigger attempt, completion, abort and finished deletion.
 */
import type { CheckpointFailureReason } from './flink-failure-manager.ts';

/** The settings that decide when checkpoints begin; times in whole µs. */
export interface TriggerSettings {
  /** execution.checkpointing.interval. */
  readonly intervalMicros: number;
  /** execution.checkpointing.interval-during-backlog: null if not set, 0: no periodic checkpoints during backlog. */
  readonly intervalDuringBacklogMicros: number | null;
  /** execution.checkpointing.min-pause, counted from the last completion. */
  readonly minPauseMicros: number;
  /** execution.checkpointing.max-concurrent-checkpoints, at least 1. */
  readonly maxConcurrent: number;
  /** execution.checkpointing.unaligned.enabled: on, a savepoint waits its turn instead of being forced. */
  readonly unaligned: boolean;
}

/** A wish for a checkpoint or savepoint. */
export interface CheckpointRequest {
  readonly snapshot: 'checkpoint' | 'savepoint';
  /** Runs beside the checkpoints that are pending and without pause after the last one. */
  readonly forced: boolean;
  /** Made by the timer, not by a person. */
  readonly periodic: boolean;
  readonly requestedMicros: number;
  /** Order of arrival: the last tie-break, where Flink's own is the identity of an object. */
  readonly sequence: number;
}

/** The timer that is in force. Events of an earlier generation have been superseded and are ignored (FLINK-32514). */
export interface PeriodicTimer {
  readonly generation: number;
  readonly dueMicros: number;
}

/** What the decider remembers; plain data, changed in place by the functions below. */
export interface RequestDecider {
  /** Waiting requests in the order in which they will be chosen, at most `REQUESTS_MAX`. */
  queue: CheckpointRequest[];
  /** null while the scheduler is stopped, and while backlog disables periodic checkpoints. */
  timer: PeriodicTimer | null;
  /** Whether the periodic scheduler runs. */
  scheduling: boolean;
  /** Sources that report backlog, ascending. */
  backlogSources: number[];
  /** When the last checkpoint or savepoint succeeded; null: none yet. Failures do not count. */
  lastCompletionMicros: number | null;
  nextSequence: number;
  nextGeneration: number;
}

/** What the coordinator is busy with at the moment of a decision. */
export interface Situation {
  readonly nowMicros: number;
  /** A trigger is in its setup phase: planned, but not pending yet. */
  readonly triggering: boolean;
  /** Checkpoints that are pending, savepoints included. */
  readonly pending: number;
  /** Checkpoints whose files are being deleted. */
  readonly cleaning: number;
}

/** What follows from one event. */
export interface Decision {
  /** The request to carry out now; it has left the queue. */
  readonly run: CheckpointRequest | null;
  /** Requests that came to nothing, and why. */
  readonly rejected: readonly RejectedRequest[];
  /** A timer to post; it replaces every timer before it. */
  readonly arm: PeriodicTimer | null;
}

/** A request that will not be carried out. */
export interface RejectedRequest {
  readonly request: CheckpointRequest;
  readonly reason: CheckpointFailureReason;
}

/** How many requests can wait. */
export const REQUESTS_MAX = 1000;

/** Flink's timers count in milliseconds. */
const MILLISECOND = 1000;

const NOTHING: Decision = { run: null, rejected: [], arm: null };

/** A decider before the job first runs. */
export function newRequestDecider(): RequestDecider {
  return {
    queue: [],
    timer: null,
    scheduling: false,
    backlogSources: [],
    lastCompletionMicros: null,
    nextSequence: 0,
    nextGeneration: 0,
  };
}

/** The interval in force outside backlog: never shorter than the pause. */
export function effectiveIntervalMicros(settings: TriggerSettings): number {
  return Math.max(settings.intervalMicros, settings.minPauseMicros);
}

/**
 * Starts the periodic scheduler, as on every change to RUNNING. `draw` in [0, 1) chooses the first delay among the whole
 * milliseconds from the pause to the interval, both included.
 */
export function startScheduler(
  decider: RequestDecider,
  settings: TriggerSettings,
  nowMicros: number,
  draw: number,
): PeriodicTimer {
  const spanMicros = effectiveIntervalMicros(settings) - settings.minPauseMicros;
  const choices = Math.floor(spanMicros / MILLISECOND) + 1;
  decider.scheduling = true;
  return rearm(decider, nowMicros + settings.minPauseMicros + Math.floor(draw * choices) * MILLISECOND);
}

/**
 * Stops the periodic scheduler, as on every change from RUNNING, and empties the queue. The owner aborts what is pending;
 * both for the reason CHECKPOINT_COORDINATOR_SUSPEND.
 */
export function stopScheduler(decider: RequestDecider): readonly RejectedRequest[] {
  const rejected = decider.queue.map((request) => ({ request, reason: 'CHECKPOINT_COORDINATOR_SUSPEND' }) as const);
  decider.scheduling = false;
  decider.timer = null;
  decider.queue = [];
  return rejected;
}

/**
 * The timer of a generation is due. It is armed anew, at a fixed rate and before anything is tried, then its request is
 * made. A timer that has been superseded does nothing.
 */
export function tick(
  decider: RequestDecider,
  settings: TriggerSettings,
  generation: number,
  situation: Situation,
): Decision {
  const timer = decider.timer;
  if (timer === null || timer.generation !== generation) return NOTHING;
  const intervalMicros = currentIntervalMicros(decider, settings);
  // A tick that finds the period disabled by backlog still asks for one last checkpoint (FLINK-39108, open).
  decider.timer = intervalMicros === 0 ? null : { generation, dueMicros: timer.dueMicros + intervalMicros };
  const next = decider.timer;
  const request = newRequest(decider, situation.nowMicros, { snapshot: 'checkpoint', forced: false, periodic: true });
  const decision = submit(decider, settings, request, situation);
  // An attempt too soon after a completion has set another timer already.
  if (decision.arm !== null || next === null) return decision;
  return { ...decision, arm: { generation, dueMicros: Math.max(situation.nowMicros, next.dueMicros) } };
}

/** Somebody asks for a checkpoint or a savepoint, which is forced exactly if checkpoints are aligned. */
export function requestByUser(
  decider: RequestDecider,
  settings: TriggerSettings,
  snapshot: 'checkpoint' | 'savepoint',
  situation: Situation,
): Decision {
  const forced = snapshot === 'savepoint' && !settings.unaligned;
  const request = newRequest(decider, situation.nowMicros, { snapshot, forced, periodic: false });
  return submit(decider, settings, request, situation);
}

/** Takes the head of the queue if nothing forbids it; at most one request per call. */
export function choose(decider: RequestDecider, settings: TriggerSettings, situation: Situation): Decision {
  const head = decider.queue[0];
  if (head === undefined || situation.triggering || situation.cleaning > settings.maxConcurrent) return NOTHING;
  if (situation.pending >= settings.maxConcurrent && !head.forced) return NOTHING;
  decider.queue.shift();
  const pauseMicros = head.periodic && !head.forced ? remainingPauseMicros(decider, settings, situation.nowMicros) : 0;
  if (pauseMicros === 0) return { run: head, rejected: [], arm: null };
  return {
    run: null,
    rejected: [{ request: head, reason: 'MINIMUM_TIME_BETWEEN_CHECKPOINTS' }],
    arm: rearm(decider, situation.nowMicros + pauseMicros),
  };
}

/** A checkpoint or savepoint succeeded: the pause counts from here. */
export function noteCompletion(decider: RequestDecider, nowMicros: number): void {
  decider.lastCompletionMicros = nowMicros;
}

/**
 * A source says whether it works off backlog; one that never said so does not. Returns the timer to post if the interval now
 * in force asks for a tick sooner than the timer does, else null.
 */
export function reportBacklog(
  decider: RequestDecider,
  settings: TriggerSettings,
  report: { readonly source: number; readonly backlog: boolean },
  nowMicros: number,
): PeriodicTimer | null {
  const others = decider.backlogSources.filter((source) => source !== report.source);
  decider.backlogSources = report.backlog ? [...others, report.source].toSorted((a, b) => a - b) : others;
  const intervalMicros = currentIntervalMicros(decider, settings);
  if (!decider.scheduling || intervalMicros === 0) return null;
  const sooner = nowMicros + intervalMicros < (decider.timer?.dueMicros ?? Infinity);
  return sooner ? rearm(decider, nowMicros + intervalMicros) : null;
}

/** The order of the queue: negative if `a` is chosen before `b`. */
export function compareRequests(a: CheckpointRequest, b: CheckpointRequest): number {
  if (a.snapshot !== b.snapshot) return a.snapshot === 'savepoint' ? -1 : 1;
  if (a.forced !== b.forced) return a.forced ? -1 : 1;
  if (a.periodic !== b.periodic) return a.periodic ? 1 : -1;
  return a.requestedMicros - b.requestedMicros || a.sequence - b.sequence;
}

/** µs between ticks; 0 while backlog disables them. The pause does not stretch the interval during backlog. */
function currentIntervalMicros(decider: RequestDecider, settings: TriggerSettings): number {
  if (decider.backlogSources.length === 0) return effectiveIntervalMicros(settings);
  return settings.intervalDuringBacklogMicros ?? effectiveIntervalMicros(settings);
}

function remainingPauseMicros(decider: RequestDecider, settings: TriggerSettings, nowMicros: number): number {
  if (decider.lastCompletionMicros === null) return 0;
  return Math.max(0, decider.lastCompletionMicros + settings.minPauseMicros - nowMicros);
}

function rearm(decider: RequestDecider, dueMicros: number): PeriodicTimer {
  decider.timer = { generation: decider.nextGeneration++, dueMicros };
  return decider.timer;
}

function newRequest(
  decider: RequestDecider,
  requestedMicros: number,
  wish: Pick<CheckpointRequest, 'snapshot' | 'forced' | 'periodic'>,
): CheckpointRequest {
  return { ...wish, requestedMicros, sequence: decider.nextSequence++ };
}

/** Puts a request into the queue and chooses. A full queue gives up its last periodic request, or refuses the new one. */
function submit(
  decider: RequestDecider,
  settings: TriggerSettings,
  request: CheckpointRequest,
  situation: Situation,
): Decision {
  const { queue } = decider;
  const full = queue.length >= REQUESTS_MAX;
  if (full && !queue[queue.length - 1]!.periodic) return { ...NOTHING, rejected: [tooMany(request)] };
  const after = queue.findIndex((waiting) => compareRequests(request, waiting) < 0);
  queue.splice(after === -1 ? queue.length : after, 0, request);
  const dropped = full ? [tooMany(queue.pop()!)] : [];
  const decision = choose(decider, settings, situation);
  return { ...decision, rejected: [...dropped, ...decision.rejected] };
}

function tooMany(request: CheckpointRequest): RejectedRequest {
  return { request, reason: 'TOO_MANY_CHECKPOINT_REQUESTS' };
}
