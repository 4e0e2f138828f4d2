// A replay applies exactly the named actions in the named order; time only tells what the clock shows meanwhile.
import { describe, expect, test } from 'vitest';
import { type ReplayEnd, runReplay } from '../../sim/replay.ts';
import { runTimed } from '../../sim/timed.ts';
import { type Model, World } from '../../sim/world.ts';

/** Two actors that hand a token to each other `rounds` times, and a bystander that ticks. */
function game(rounds: number) {
  const world = new World(['token', 'tick']);
  const actors = [world.addActor('left'), world.addActor('right'), world.addActor('bystander')];
  const seen: string[] = [];
  const model: Model = {
    apply: (kind, actor, a) => {
      seen.push(`${world.actorName(actor)} at ${world.now}`);
      if (kind === 1) {
        if (a > 1) world.post(1, actor, 25, a - 1);
        return;
      }
      world.state.addInts(actor, a, 0);
      if (a > 1) world.post(0, 1 - actor, 10, a - 1);
    },
  };
  world.post(0, actors[0]!, 10, rounds);
  world.post(1, actors[2]!, 15, 3);
  return { world, model, seen };
}

function timedIds(rounds: number): { readonly ids: string[]; readonly digests: string[] } {
  const { world, model } = game(rounds);
  const ids: string[] = [];
  runTimed(world, model, 100, { onAction: (slot) => ids.push(world.actionId(slot)) });
  return { ids, digests: [world.order.hex(), world.state.hex()] };
}

describe('a strict replay', () => {
  const replay = (rounds: number, ids: readonly string[]) => {
    const all = game(rounds);
    const end = runReplay(all.world, all.model, ids, { mode: 'strict', horizonMicros: 100 });
    return { ...all, end };
  };

  test('of a timed run is the run again', () => {
    const { ids, digests } = timedIds(4);
    const { world, end } = replay(4, ids);
    expect(ids).toEqual([
      'token:left#0',
      'tick:bystander#0',
      'token:right#0',
      'token:left#1',
      'tick:bystander#1',
      'token:right#1',
      'tick:bystander#2',
    ]);
    expect(end).toEqual<ReplayEnd>({ applied: 7, notEnabled: null });
    expect([world.order.hex(), world.state.hex()]).toEqual(digests);
    expect(world.now).toBe(100);
  });

  test('may take another order, or leave actions out, and the clock follows', () => {
    const { end, seen, world } = replay(4, ['tick:bystander#0', 'tick:bystander#1', 'token:left#0', 'token:right#0']);
    expect(end).toEqual<ReplayEnd>({ applied: 4, notEnabled: null });
    expect(seen).toEqual(['bystander at 15', 'bystander at 40', 'left at 40', 'right at 50']);
    expect(world.enabled()).toEqual(['tick:bystander#2', 'token:left#1']);
  });

  test('ends at the first id that is not enabled, and says what was', () => {
    const { end, seen } = replay(4, ['token:left#0', 'token:left#1', 'token:right#0']);
    expect(end).toEqual<ReplayEnd>({
      applied: 1,
      notEnabled: { id: 'token:left#1', index: 1, enabled: ['tick:bystander#0', 'token:right#0'] },
    });
    expect(seen).toEqual(['left at 10']);
  });

  test('applies no action twice', () => {
    const { end } = replay(4, ['token:left#0', 'token:left#0']);
    expect(end.notEnabled).toMatchObject({ id: 'token:left#0', index: 1 });
  });

  test('does not know an action whose actor has died', () => {
    const { world, model } = game(4);
    world.retire(0);
    const end = runReplay(world, model, ['token:left#0'], { mode: 'strict', horizonMicros: 0 });
    expect(end.notEnabled).toMatchObject({ id: 'token:left#0', enabled: ['tick:bystander#0'] });
  });
});

describe('a replay that skips', () => {
  test('leaves out what is not enabled and goes on, as shrinking needs it', () => {
    const { world, model, seen } = game(4);
    const ids = ['token:right#0', 'token:left#0', 'nobody:knows#7', 'token:right#0', 'token:right#0'];
    const end = runReplay(world, model, ids, { mode: 'skip', horizonMicros: 30 });
    expect(end).toEqual<ReplayEnd>({ applied: 2, notEnabled: null });
    expect(seen).toEqual(['left at 10', 'right at 20']);
    expect(world.now).toBe(30);
  });
});

test('the watcher sees each action before it is applied', () => {
  const { world, model, seen } = game(2);
  const before: string[] = [];
  const { ids } = timedIds(2);
  runReplay(world, model, ids, {
    mode: 'strict',
    horizonMicros: 0,
    watch: { onAction: (slot) => before.push(`${world.actionId(slot)} after ${seen.length}`) },
  });
  expect(before.slice(0, 2)).toEqual(['token:left#0 after 0', 'tick:bystander#0 after 1']);
  expect(before).toHaveLength(ids.length);
});
