// The hold model: pop the head, push it back an exponential time later, with a constant number pending. One run of a
// benchmark is 100 000 such steps; the table at the end gives million steps per second and the gain over the slow twin.
import { afterAll, bench, describe } from 'vitest';

import { EventQueue } from '../../sim/queue.ts';
import { randomStreams } from '../../sim/random.ts';
import { ObjectHeap } from '../sim/object-heap.ts';

const stepsPerRun = 100_000;
const pendingCounts = [100, 1_000, 10_000, 100_000];
const budget = { time: 600, iterations: 3, warmupTime: 100, warmupIterations: 1 };

const delayCount = 2 ** 16;
const delays = new Float64Array(delayCount);
const stream = randomStreams('bench')('delays');
for (let i = 0; i < delayCount; i++) delays[i] = Math.round(stream.exponential(1000));

const best = new Map<string, number>();

function record(name: string, startedAt: number): void {
  const millionPerSecond = stepsPerRun / (performance.now() - startedAt) / 1e3;
  best.set(name, Math.max(best.get(name) ?? 0, millionPerSecond));
}

for (const pending of pendingCounts) {
  describe(`${pending} pending`, () => {
    const queue = new EventQueue();
    const twin = new ObjectHeap();
    let drawn = 0;
    for (let slot = 0; slot < pending; slot++) {
      queue.push(delays[slot % delayCount]!, 0, slot);
      twin.push(delays[slot % delayCount]!, 0, slot);
    }
    // The two loops are written out because one shared loop, compiled for two classes at once, would be slower for both.
    bench(
      'EventQueue',
      () => {
        const startedAt = performance.now();
        for (let i = 0; i < stepsPerRun; i++) {
          const slot = queue.pop();
          queue.push(queue.poppedDue + delays[drawn++ % delayCount]!, 0, slot);
        }
        record(`fast ${pending}`, startedAt);
      },
      budget,
    );
    bench(
      'ObjectHeap, the slow twin',
      () => {
        const startedAt = performance.now();
        for (let i = 0; i < stepsPerRun; i++) {
          const slot = twin.pop();
          twin.push(twin.poppedDue + delays[drawn++ % delayCount]!, 0, slot);
        }
        record(`slow ${pending}`, startedAt);
      },
      budget,
    );
  });
}

afterAll(() => {
  const rows = pendingCounts.map((pending) => {
    const [fast, slow] = [best.get(`fast ${pending}`) ?? NaN, best.get(`slow ${pending}`) ?? NaN];
    return { pending, 'EventQueue Mops/s': fast, 'ObjectHeap Mops/s': slow, gain: fast / slow };
  });
  console.table(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, Number(v.toPrecision(3))]))),
  );
});
