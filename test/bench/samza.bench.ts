// How fast a whole job is simulated, as ratios against slow twins in the same process, so that a figure means the same on
// any machine: the same run with every event described (what a trace costs), and the same run on a textbook heap of
// objects (what the event queue is worth). After that, whether memory grows with simulated time.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import vm from 'node:vm';
import { afterAll, bench, describe } from 'vitest';

import { type RunPlan, simulate } from '../../models/index.ts';
import type { Job } from '../../models/samza/job.ts';
import { DEFAULT_SCENARIO, catalog, loadScenario } from '../../scenarios/index.ts';
import { runOnObjectHeap } from '../models/object-heap-world.ts';

const budget = { time: 1000, iterations: 3, warmupTime: 200, warmupIterations: 1 };

function shipped(name: string, sets: readonly string[] = []): RunPlan {
  const { file } = catalog.find((entry) => entry.name === name)!;
  const path = fileURLToPath(new URL(`../../scenarios/${file}`, import.meta.url));
  const readFile = (from: string): Uint8Array => readFileSync(from);
  const loaded = loadScenario({ path, text: readFile(path) }, { readFile, sets });
  if (loaded.kind === 'errors') throw new Error(JSON.stringify(loaded.errors));
  return loaded.plan;
}

const plans: readonly { readonly name: string; readonly plan: RunPlan }[] = [
  { name: 'default scenario', plan: shipped(DEFAULT_SCENARIO) },
  // The same job where the record path is nearly all there is: fifty times the rate, and nothing fails.
  {
    name: 'record-heavy',
    plan: { ...shipped(DEFAULT_SCENARIO, ['load.rate_per_s=1000', 'horizon_s=300']), faults: [] },
  },
];

const best = new Map<string, number>();
const eventsOf = new Map<string, number>();

/** Million simulated events per second of wall clock; the best run counts, since noise only slows down. */
function record(name: string, events: number, startedAt: number): void {
  const millionPerSecond = events / (performance.now() - startedAt) / 1e3;
  best.set(name, Math.max(best.get(name) ?? 0, millionPerSecond));
}

describe.each(plans)('$name', ({ name, plan }) => {
  bench(
    'tracing off',
    () => {
      const startedAt = performance.now();
      const { events } = simulate(plan);
      record(`${name} off`, events, startedAt);
      eventsOf.set(name, events);
    },
    budget,
  );
  bench(
    'tracing on, the slow twin',
    () => {
      let characters = 0;
      const startedAt = performance.now();
      const { events } = simulate(plan, { onEvent: (event) => (characters += event.id.length + event.text.length) });
      record(`${name} traced`, events, startedAt);
      if (characters === 0) throw new Error('nothing was traced');
    },
    budget,
  );
  bench(
    'on an object heap, the slow twin of the queue',
    () => {
      const startedAt = performance.now();
      record(`${name} on heap`, runOnObjectHeap(plan).events, startedAt);
    },
    budget,
  );
});

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** What a job holds at its end, above what was in use before it; a changelog keeps its records, as the real one does. */
function heldAtEnd(plan: RunPlan): { readonly megabytes: number; readonly changelogRecords: number } {
  const used = (): number => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 1e6;
  };
  const before = used();
  let held: Job | null = null;
  simulate(plan, { onJob: (job) => (held = job) });
  const after = used();
  const changelogs = (held as Job | null)?.tasks.flatMap((task) => task.changelogs) ?? [];
  const changelogRecords = changelogs.reduce((sum, changelog) => sum + (changelog?.size ?? 0), 0);
  return { megabytes: after - before, changelogRecords };
}

afterAll(() => {
  const digits = (value: number): number => Number(value.toPrecision(3));
  console.table(
    plans.map(({ name }) => {
      const speed = (twin: string): number => best.get(`${name} ${twin}`) ?? NaN;
      return {
        plan: name,
        events: eventsOf.get(name),
        'M events/s': digits(speed('off')),
        'gain over tracing on': digits(speed('off') / speed('traced')),
        'gain over object heap': digits(speed('off') / speed('on heap')),
      };
    }),
  );
  const plan = { ...plans[0]!.plan, faults: [] };
  heldAtEnd(plan);
  console.table(
    [1, 10].map((times) => {
      const { megabytes, changelogRecords } = heldAtEnd({ ...plan, horizonMicros: times * plan.horizonMicros });
      return {
        'simulated hours': (times * plan.horizonMicros) / 3.6e9,
        'MB held at the end': digits(megabytes),
        'changelog records retained': changelogRecords,
        'bytes per record': Math.round((megabytes * 1e6) / changelogRecords),
      };
    }),
  );
});
