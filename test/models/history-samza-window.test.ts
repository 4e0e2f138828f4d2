// Which stretch of a run is drawn when nobody says which: around the breach, else the first death, else the first commits.
import { describe, expect, test } from 'vitest';
import { samzaHistory } from '../../models/dataflow/history-samza.ts';
import {
  breachMicros,
  windowOfRun,
  type SamzaWindow,
  type WindowChoice,
} from '../../models/dataflow/history-samza-window.ts';
import type { Outcome } from '../../models/outcome.ts';
import type { RunPlan } from '../../models/plan.ts';
import { simulate } from '../../models/simulate.ts';
import { planOf, second } from './plan-builder.ts';

const calm = planOf({ horizonMicros: 300 * second, inputs: [{ partitions: 2 }], load: { perSecond: 5 } });
const crash = (atMicros: number): RunPlan['faults'] => [
  { kind: 'container-crash', container: 0, exitCode: 1, trigger: { on: 'time', atMicros } },
];
const crashing: RunPlan = { ...calm, faults: crash(100 * second) };
/** Dies before its first commit, and starts again at the new end of the input. */
const losing = planOf({
  horizonMicros: 300 * second,
  inputs: [{ partitions: 2, offsetDefault: 'upcoming' }],
  load: { perSecond: 20 },
  faults: crash(30 * second),
  keys: { 'task.commit.ms': 60_000 },
});

const ran = new Map<RunPlan, Outcome>();
function outcomeOf(plan: RunPlan): Outcome {
  const known = ran.get(plan) ?? simulate(plan);
  ran.set(plan, known);
  return known;
}

function windowOf(plan: RunPlan, choice: WindowChoice = { kind: 'auto' }): SamzaWindow {
  const found = windowOfRun(plan, outcomeOf(plan), choice);
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

describe('the stretch of a run that is drawn', () => {
  test('around what broke a law, from before the death that led to it', () => {
    const { violation, fromMicros, toMicros, focus } = windowOf(losing);
    expect(violation?.law).toBe('O1');
    // O1 is checked at the end of the run, and knows when the records were passed over.
    expect(violation!.atMicros).toBe(losing.horizonMicros);
    expect(breachMicros(violation!)).toBeLessThan(60 * second);
    expect(focus).toEqual([30 * second, breachMicros(violation!)]);
    expect(fromMicros).toBeLessThan(30 * second);
    expect(toMicros).toBeGreaterThan(breachMicros(violation!));
    expect(toMicros).toBeLessThan(150 * second);
  });

  test('the breach is marked on the line of the task, and is inside', () => {
    const history = samzaHistory(losing, windowOf(losing));
    const { event, events } = history.violation!;
    const broken = history.events[event! - 1]!;
    expect(broken.label).toMatch(/^task \d goes on at offset \d+/);
    expect(broken.atMicros).toBe(breachMicros(windowOf(losing).violation!));
    expect(events).toContain(event);
  });

  test('around the first death, until it works again', () => {
    const { fromMicros, toMicros, focus, violation } = windowOf(crashing);
    expect(violation).toBeNull();
    expect(focus[0]).toBe(100 * second);
    const [recovery] = outcomeOf(crashing).recoveries;
    expect(focus[1]).toBe(
      100 * second + recovery!.detect_us + recovery!.restart_us + recovery!.restore_us + recovery!.catchup_us,
    );
    expect(fromMicros).toBeLessThan(100 * second);
    expect(toMicros).toBeGreaterThan(focus[1]);
  });

  test('the first commits of a run in which nothing goes wrong', () => {
    const window = windowOf(calm);
    const history = samzaHistory(calm, window);
    expect(history.events.some(({ kind, label }) => kind === 'complete' && label.includes('commit 1'))).toBe(true);
    expect(window.toMicros - window.fromMicros).toBeLessThan(calm.horizonMicros);
  });

  test('the beginning of a run that never commits', () => {
    const idle = planOf({ horizonMicros: 20 * second, keys: { 'task.commit.ms': -1 } });
    expect(windowOf(idle)).toMatchObject({ fromMicros: 0, toMicros: 20 * second });
    expect(windowOfRun(idle, outcomeOf(idle), { kind: 'commits' })).toEqual({
      problem: 'no task committed in this run',
    });
  });

  test('one that was asked for by its times, cut at the end of the run', () => {
    const times = { kind: 'times', fromMicros: 90 * second, toMicros: 999 * second } as const;
    expect(windowOf(crashing, times)).toMatchObject({ fromMicros: 90 * second, toMicros: 300 * second });
  });

  test.each([
    ['violation', 'no law was broken in this run'],
    ['crash', 'no container died in this run'],
  ] as const)('%s, when there is none, is a problem in words', (kind, problem) => {
    expect(windowOfRun(calm, outcomeOf(calm), { kind })).toEqual({ problem });
  });

  test('a window of a whole run does not change the run', () => {
    const plan = { ...crashing, horizonMicros: 120 * second };
    const before = simulate(plan).digests;
    samzaHistory(plan, { fromMicros: 0, toMicros: 120 * second });
    let frozen = 0;
    const watched = simulate(plan, {
      onJob: (job) => {
        job.probe = { onFrozen: () => frozen++ };
      },
    });
    expect(frozen).toBeGreaterThan(0);
    expect(watched.digests).toEqual(before);
  });

  test('the actions of a run, given by name, draw the same picture', () => {
    const plan = { ...crashing, horizonMicros: 120 * second };
    const replay: string[] = [];
    simulate(plan, { onEvent: ({ id }) => replay.push(id) });
    const window = { fromMicros: 90 * second, toMicros: 119 * second };
    expect(samzaHistory(plan, { ...window, replay })).toEqual(samzaHistory(plan, window));
  });
});
