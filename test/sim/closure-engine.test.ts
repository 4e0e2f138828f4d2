// The engine against its slow twin, as a whole: the same model on both applies the same events at the same times.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { randomStreams } from '../../sim/random.ts';
import { runTimed } from '../../sim/timed.ts';
import { World } from '../../sim/world.ts';
import { ClosureEngine } from './closure-engine.ts';

interface Case {
  readonly seed: number;
  readonly processes: number;
  readonly perProcess: number;
  /** Delays are whole and below this: a small one makes many events due at the same time. */
  readonly delayMax: number;
}

const EVENTS = 3_000;

/** One event sends one to a process drawn at random, after a delay drawn at random; who was served when. */
function served(
  { seed, processes, perProcess, delayMax }: Case,
  start: (serve: (process: number, now: number) => { readonly to: number; readonly delay: number }) => {
    readonly send: (to: number, delay: number) => void;
    readonly run: () => void;
  },
): string[] {
  const stream = randomStreams(seed)('phold');
  const seen: string[] = [];
  const next = () => ({ to: stream.int(processes), delay: stream.int(delayMax) });
  const { send, run } = start((process, now) => {
    seen.push(`${process}@${now}`);
    return next();
  });
  for (let i = 0; i < processes * perProcess; i++) {
    const { to, delay } = next();
    send(to, delay);
  }
  run();
  return seen;
}

function onEngine(of: Case): string[] {
  return served(of, (serve) => {
    const world = new World(['event']);
    for (let i = 0; i < of.processes; i++) world.addActor(`process-${i}`);
    const model = {
      apply(_kind: number, process: number): void {
        const { to, delay } = serve(process, world.now);
        world.post(0, to, delay);
      },
    };
    return {
      send(to, delay) {
        world.post(0, to, delay);
      },
      run() {
        runTimed(world, model, Number.MAX_SAFE_INTEGER, { maxEvents: EVENTS });
      },
    };
  });
}

function onTwin(of: Case): string[] {
  return served(of, (serve) => {
    const engine = new ClosureEngine();
    const send = (to: number, delay: number): void =>
      engine.after(delay, () => {
        const next = serve(to, engine.now);
        send(next.to, next.delay);
      });
    return { send, run: () => engine.run(EVENTS) };
  });
}

const cases = fc.record({
  seed: fc.nat(),
  processes: fc.integer({ min: 1, max: 100 }),
  perProcess: fc.integer({ min: 1, max: 60 }),
  delayMax: fc.constantFrom(1, 2, 10, 1_000, 1_000_000),
});

test('the engine applies the events of a model in the order of its slow twin, at the same times', () => {
  fc.assert(
    fc.property(cases, (of) => {
      const seen = onEngine(of);
      expect(seen).toHaveLength(EVENTS);
      expect(seen).toEqual(onTwin(of));
    }),
    { numRuns: 40, seed: 1 },
  );
});
