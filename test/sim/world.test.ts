// The world against a slow twin that keeps its pending actions in a plain list, and the rules that every model leans on:
// what a crash drops, what outlives it, and that a name means one action only.
// Length: the rules of one class, with its slow twin.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runTimed } from '../../sim/timed.ts';
import { type Model, World } from '../../sim/world.ts';

const kinds = ['tick', 'tock'];
const tick = 0;
const tock = 1;

/** A model that writes down what it is given. */
function recorder() {
  const applied: string[] = [];
  const model: Model = {
    apply: (kind, actor, a, b, payload) => void applied.push(`${kind}/${actor}/${a}/${b}/${String(payload)}`),
  };
  return { applied, model };
}

function worldOf(actors: number, rank: ConstructorParameters<typeof World>[1] = null): World {
  const world = new World(kinds, rank);
  for (let i = 0; i < actors; i++) world.addActor(`actor-${i}`);
  return world;
}

test('room reserved for actors changes nothing, whether they are as many, fewer or more', () => {
  const runOf = (reserved: number) => {
    const { applied, model } = recorder();
    const world = new World(kinds);
    const actors = 200;
    for (let i = 0; i < actors; i++) {
      world.addActor(`actor-${i}`);
      world.post(tick, i, i);
      if (i === 70) world.reserveActors(reserved);
    }
    world.retire(3);
    world.retire(199);
    for (let i = 0; i < actors; i++) world.post(tick, i, 500 + (i % 7));
    const ids = world.enabled();
    runTimed(world, model, 1_000);
    return { ids, applied, order: world.order.hex() };
  };
  const usual = runOf(0);
  expect(usual.applied.length).toBe(398);
  expect(usual.ids).toContain('tick:actor-199#1');
  for (const reserved of [71, 150, 200, 1_000]) expect(runOf(reserved), `${reserved}`).toEqual(usual);
});

describe('an action', () => {
  test('is applied when it is due, with its arguments, and then is gone', () => {
    const world = worldOf(1);
    const { applied, model } = recorder();
    const payload = { toString: () => 'payload' };
    world.post(tock, 0, 5, 1.5, -2, payload);
    expect(runTimed(world, model, 4)).toBe('horizon');
    expect(applied).toEqual([]);
    expect(runTimed(world, model, 5)).toBe('horizon');
    expect(applied).toEqual(['1/0/1.5/-2/payload']);
    expect(world.now).toBe(5);
    expect(world.enabled()).toEqual([]);
    expect(world.events).toBe(1);
  });

  test('may be posted by another, for now at the earliest', () => {
    const world = worldOf(1);
    const times: number[] = [];
    const model: Model = {
      apply: (_kind, actor, a) => {
        times.push(world.now);
        if (a > 0) world.post(tick, actor, a === 3 ? 0 : 10, a - 1);
      },
    };
    world.post(tick, 0, 7, 3);
    runTimed(world, model, 100);
    expect(times).toEqual([7, 7, 17, 27]);
    expect(world.now).toBe(100);
    expect(() => world.post(tick, 0, -1)).toThrow('action tick posted with delay -1 µs');
    expect(() => world.post(tick, 0, NaN)).toThrow('delay NaN');
  });

  test('has an id of its own: kind, actor, and how many of the kind the actor had before', () => {
    const world = worldOf(2);
    for (const [kind, actor] of [
      [tick, 0],
      [tick, 0],
      [tock, 0],
      [tick, 1],
    ] as const)
      world.post(kind, actor, 1);
    expect(world.enabled()).toEqual(['tick:actor-0#0', 'tick:actor-0#1', 'tick:actor-1#0', 'tock:actor-0#0']);
    runTimed(world, recorder().model, 1);
    world.retire(0);
    world.post(tick, 0, 1);
    expect(world.enabled()).toEqual(['tick:actor-0#2']);
  });

  test('keeps its counter when the world grows past its first 64 actors and 256 actions', () => {
    const world = worldOf(200);
    for (let actor = 0; actor < 200; actor++) world.post(tick, actor, actor, actor);
    for (let actor = 0; actor < 200; actor++) world.post(tock, actor, actor, actor);
    for (let actor = 0; actor < 200; actor++) world.post(tick, actor, actor, actor);
    expect(new Set(world.enabled()).size).toBe(600);
    expect(world.actorName(199)).toBe('actor-199');
    const { applied, model } = recorder();
    runTimed(world, model, 200);
    expect(applied).toEqual(
      Array.from({ length: 200 }, (_, i) => [tick, tock, tick].map((kind) => `${kind}/${i}/${i}/0/null`)).flat(),
    );
  });
});

describe('a crash', () => {
  test('drops what is addressed to the dead, and nothing else', () => {
    const world = worldOf(3);
    const { applied, model } = recorder();
    const [process, log, other] = [0, 1, 2];
    world.post(tick, process, 5);
    world.post(tock, log, 5, 42);
    world.post(tick, other, 5);
    world.retire(process);
    runTimed(world, model, 10);
    expect(applied).toEqual(['1/1/42/0/null', '0/2/0/0/null']);
  });

  test('leaves the name to a next incarnation, whose actions are its own', () => {
    const world = worldOf(1);
    const { applied, model } = recorder();
    world.post(tick, 0, 5, 1);
    world.retire(0);
    world.post(tick, 0, 5, 2);
    expect(world.enabled()).toEqual(['tick:actor-0#1']);
    runTimed(world, model, 10);
    expect(applied).toEqual(['0/0/2/0/null']);
  });

  test('in the middle of an action drops what the action had posted before', () => {
    const world = worldOf(1);
    const applied: number[] = [];
    world.post(tick, 0, 1, 1);
    runTimed(
      world,
      {
        apply: (_kind, _actor, a) => {
          applied.push(a);
          if (a !== 1) return;
          world.post(tick, 0, 0, 2);
          world.retire(0);
          world.post(tick, 0, 0, 3);
        },
      },
      10,
    );
    expect(applied).toEqual([1, 3]);
  });
});

describe('taking an action back', () => {
  test('is final, and a second time or after it was applied does nothing', () => {
    const world = worldOf(1);
    const { applied, model } = recorder();
    const handles = [1, 2, 3].map((a) => world.postCancellable(tick, 0, a, a));
    world.cancel(handles[1]!);
    world.cancel(handles[1]!);
    runTimed(world, model, 1);
    world.cancel(handles[0]!);
    // The slot of the applied action serves another now; the old handle must not reach it.
    world.post(tick, 0, 1, 4);
    world.cancel(handles[0]!);
    runTimed(world, model, 10);
    expect(applied).toEqual(['0/0/1/0/null', '0/0/4/0/null', '0/0/3/0/null']);
  });

  test('of thousands keeps the queue small and the rest in order', () => {
    const world = worldOf(1);
    const { applied, model } = recorder();
    const kept: string[] = [];
    for (let i = 0; i < 20_000; i++) {
      const handle = world.postCancellable(tick, 0, 100_000 - i, i);
      if (i % 100 === 0) kept.unshift(`0/0/${i}/0/null`);
      else world.cancel(handle);
    }
    expect(world.queue.size).toBeLessThan(2500);
    runTimed(world, model, 100_000);
    expect(applied).toEqual(kept);
  });
});

describe('the clock', () => {
  test('stands at the horizon after a run, and never runs back when a chooser takes a later action first', () => {
    const world = worldOf(1);
    const { model } = recorder();
    world.post(tick, 0, 5);
    world.post(tock, 0, 9);
    world.applySlot(world.take('tock:actor-0#0'), model);
    expect(world.now).toBe(9);
    world.applySlot(world.take('tick:actor-0#0'), model);
    expect(world.now).toBe(9);
    expect(world.take('tick:actor-0#0')).toBe(-1);
  });

  test('stops before the event that would be one too many, which stays pending', () => {
    const world = worldOf(1);
    const { applied, model } = recorder();
    for (let i = 0; i < 5; i++) world.post(tick, 0, i, i);
    expect(runTimed(world, model, 100, { maxEvents: 3 })).toBe('limit');
    expect(applied).toHaveLength(3);
    expect(world.now).toBe(2);
    expect(world.enabled()).toEqual(['tick:actor-0#3', 'tick:actor-0#4']);
    expect(runTimed(world, model, 100)).toBe('horizon');
    expect(applied).toHaveLength(5);
  });

  test('calls the watcher before each action, and at every beat', () => {
    const world = worldOf(1);
    const { applied, model } = recorder();
    for (let i = 0; i < 10; i++) world.post(tick, 0, i, i);
    const before: string[] = [];
    const beats: number[] = [];
    runTimed(world, model, 100, {
      onAction: (slot) => before.push(`${world.actionId(slot)} due ${world.dueOf(slot)}, ${applied.length} applied`),
      onBeat: () => beats.push(world.events),
      everyEvents: 4,
    });
    expect(before[7]).toBe('tick:actor-0#7 due 7, 7 applied');
    expect(beats).toEqual([4, 8]);
  });
});

test('the order digest tells which action came when, and nothing of its arguments', () => {
  const digest = (post: (world: World) => void): string => {
    const world = worldOf(2);
    post(world);
    runTimed(world, recorder().model, 10);
    return world.order.hex();
  };
  const reference = digest((world) => void [world.post(tick, 0, 1), world.post(tick, 1, 2)]);
  expect(digest((world) => void [world.post(tick, 0, 1, 9, 9, 'x'), world.post(tick, 1, 2)])).toBe(reference);
  expect(digest((world) => void [world.post(tick, 0, 1), world.post(tick, 1, 3)])).not.toBe(reference);
  expect(digest((world) => void [world.post(tick, 1, 1), world.post(tick, 0, 2)])).not.toBe(reference);
  expect(digest((world) => void [world.post(tock, 0, 1), world.post(tick, 1, 2)])).not.toBe(reference);
});

describe('against the slow twin', () => {
  /** One pending action of the twin: a plain record in a list. */
  interface Pending {
    readonly id: string;
    readonly actor: number;
    readonly due: number;
    readonly rank: number;
    readonly order: number;
    readonly handle: number;
  }
  const command = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('post' as const), kind: fc.nat(1), actor: fc.nat(3), delay: fc.nat(20) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), nth: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('retire' as const), actor: fc.nat(3) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('step' as const), actions: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('take' as const), nth: fc.nat(40) }) },
  );
  const rankOf = (kind: number, actor: number, nth: number): number => (kind * 7 + actor * 3 + nth * 5) % 4;

  test.each(['in order of posting', 'ranked'] as const)('the same actions are applied, and enabled, %s', (ties) => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
        const rank = ties === 'ranked' ? rankOf : null;
        const world = worldOf(4, rank);
        let twin: Pending[] = [];
        const handles: { readonly handle: number; readonly id: string }[] = [];
        const counters = new Map<string, number>();
        let posted = 0;
        const applied: string[] = [];
        const model: Model = { apply: () => {} };
        for (const each of commands) {
          switch (each.do) {
            case 'post': {
              const name = `${kinds[each.kind]}:actor-${each.actor}`;
              const nth = counters.get(name) ?? 0;
              counters.set(name, nth + 1);
              const handle = world.postCancellable(each.kind, each.actor, each.delay);
              const pending = {
                id: `${name}#${nth}`,
                actor: each.actor,
                due: world.now + each.delay,
                rank: rank === null ? 0 : rank(each.kind, each.actor, nth),
                order: posted++,
                handle,
              };
              twin.push(pending);
              handles.push(pending);
              break;
            }
            case 'cancel': {
              const chosen = handles[each.nth % Math.max(1, handles.length)];
              if (chosen === undefined) break;
              world.cancel(chosen.handle);
              twin = twin.filter((pending) => pending.handle !== chosen.handle);
              break;
            }
            case 'retire':
              world.retire(each.actor);
              twin = twin.filter((pending) => pending.actor !== each.actor);
              break;
            case 'step': {
              twin.sort((x, y) => x.due - y.due || x.rank - y.rank || x.order - y.order);
              const next = twin.splice(0, each.actions);
              const from = applied.length;
              // Not beyond the last of them, so that the clock stands where the last action left it.
              runTimed(world, model, Math.max(world.now, ...next.map(({ due }) => due)), {
                maxEvents: world.events + next.length,
                onAction: (slot) => applied.push(world.actionId(slot)),
              });
              expect(applied.slice(from)).toEqual(next.map(({ id }) => id));
              break;
            }
            case 'take': {
              const chosen = twin[each.nth % Math.max(1, twin.length)];
              if (chosen === undefined) break;
              world.applySlot(world.take(chosen.id), model);
              twin = twin.filter((pending) => pending !== chosen);
              break;
            }
          }
          expect(world.enabled()).toEqual(twin.map(({ id }) => id).toSorted());
        }
      }),
      { numRuns: 100 },
    );
  });
});
