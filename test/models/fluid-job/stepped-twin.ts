/**
 * The slow twin of a fluid job: one microsecond at a time, with nothing clever in it. For plans without chance: constant
 * durations, failures at given moments, one level, full snapshots.
 */
import type { FluidPlan } from '../../../models/fluid-job/index.ts';

export interface SteppedOutcome {
  useful: number;
  paused: number;
  replay: number;
  caughtUp: number;
  outage: number;
  completed: number;
  aborted: number;
  timedOut: number;
  subsumed: number;
  triggers: number[];
  ages: number[];
  outages: number[];
  recoveries: number[];
  /** Twice the integral of the units that must be kept for replay. */
  twiceRetained: number;
  retainedPeak: number;
  committed: number;
  /** Units times backlog at their first processing, and at any. */
  firstArea: number;
  anyArea: number;
}

interface Pending {
  readonly triggeredAt: number;
  readonly due: number;
  readonly isTimeout: boolean;
  readonly position: number;
}

const constantOf = (law: FluidPlan['recovery']['detect']): number => {
  if (law.kind !== 'constant') throw new Error('the twin has no chance');
  return law.micros;
};

// Length of the function: one loop over microseconds, in the order in which things happen in one.
export function stepThrough(plan: FluidPlan, p: number, q: number): SteppedOutcome {
  const { checkpoint, recovery } = plan;
  const law = plan.failures[0]!.law;
  if (law.kind !== 'at') throw new Error('the twin has no chance');
  const down = recovery.downMicros[0];
  const outageMicros = down + constantOf(recovery.detect) + constantOf(recovery.restart) + constantOf(recovery.restore);
  const delay = constantOf(checkpoint.delay);
  const seen: SteppedOutcome = {
    useful: 0,
    paused: 0,
    replay: 0,
    caughtUp: 0,
    outage: 0,
    completed: 0,
    aborted: 0,
    timedOut: 0,
    subsumed: 0,
    triggers: [],
    ages: [],
    outages: [],
    recoveries: [],
    twiceRetained: 0,
    retainedPeak: 0,
    committed: 0,
    firstArea: 0,
    anyArea: 0,
  };
  // Positions count from the start of the run.
  let [arrived, position, furthest, restartPoint, restartPointAt] = [0, 0, 0, 0, 0];
  let [pauseUntil, outageUntil, downUntil] = [-1, -1, -1];
  let nextTrigger = checkpoint.firstTriggerMicros;
  let lastTrigger = -Infinity;
  let pending: Pending[] = [];
  let failedAt = -1;
  for (let now = 0; ; now++) {
    for (let i = 0; i < pending.length; i++) {
      const each = pending[i]!;
      if (each.due !== now) continue;
      if (each.isTimeout) {
        seen.timedOut++;
        pending.splice(i, 1);
      } else {
        seen.completed++;
        seen.subsumed += i;
        seen.retainedPeak = Math.max(seen.retainedPeak, arrived - restartPoint);
        pending = pending.slice(i + 1);
        restartPoint = each.position;
        restartPointAt = each.triggeredAt;
      }
      nextTrigger = Math.max(lastTrigger + checkpoint.intervalMicros, now + checkpoint.minPauseMicros);
      i = -1;
    }
    if (outageUntil === now && now > 0 && failedAt >= 0) {
      seen.outages.push(now - failedAt);
      outageUntil = -1;
      nextTrigger = now + checkpoint.firstTriggerMicros;
      if (arrived === position) {
        seen.recoveries.push(now - failedAt);
        failedAt = -1;
      }
    }
    const isUp = (): boolean => outageUntil < 0;
    while (isUp() && pauseUntil <= now && now >= nextTrigger && pending.length < checkpoint.maxConcurrent) {
      const span = checkpoint.pauseMicros + delay;
      const isTimeout = checkpoint.timeoutMicros !== null && span > checkpoint.timeoutMicros;
      const due = now + (isTimeout ? checkpoint.timeoutMicros : span);
      seen.triggers.push(now);
      lastTrigger = now;
      nextTrigger = now + checkpoint.intervalMicros;
      pauseUntil = now + checkpoint.pauseMicros;
      pending.push({ triggeredAt: now, due, isTimeout, position });
      if (due === now) break;
    }
    if (pending.some(({ due }) => due === now)) {
      now--; // a checkpoint that takes no time: once more through this microsecond
      continue;
    }
    if (law.micros.includes(now) && now >= downUntil && now > 0) {
      if (isUp()) {
        seen.ages.push(now - restartPointAt);
        failedAt = now;
      }
      seen.aborted += pending.length;
      pending = [];
      position = restartPoint;
      pauseUntil = -1;
      lastTrigger = -Infinity;
      outageUntil = now + outageMicros;
      downUntil = now + down;
    }
    if (plan.end.kind === 'time' && now === plan.end.micros) break;
    const before = arrived - restartPoint;
    if (!isUp()) {
      seen.outage++;
      arrived += p;
    } else if (pauseUntil > now) {
      seen.paused++;
      arrived += p;
    } else {
      const backlog = arrived - position;
      const moved = Math.min(q, backlog + p);
      const isReplay = position < furthest;
      const left = backlog + p - moved;
      if (backlog === 0 && left === 0) seen.caughtUp++;
      else if (isReplay) seen.replay++;
      else seen.useful++;
      const again = Math.min(moved, Math.max(0, furthest - position));
      seen.anyArea += (moved * (backlog + left)) / 2;
      seen.firstArea += ((moved - again) * (backlog + left)) / 2;
      position += moved;
      arrived += p;
      furthest = Math.max(furthest, position);
      if (left === 0 && backlog > 0 && failedAt >= 0) {
        seen.recoveries.push(now + 1 - failedAt);
        failedAt = -1;
      }
    }
    seen.twiceRetained += before + (arrived - restartPoint);
  }
  seen.retainedPeak = Math.max(seen.retainedPeak, arrived - restartPoint);
  seen.committed = restartPoint / q;
  return seen;
}
