// The shipped scenarios, pinned: three digests and the numbers people quote. Whoever changes what is simulated sees here
// what it changes; whoever means to writes the file anew with UPDATE_GOLDEN=1 and shows the difference in review.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Outcome, type RunPlan, simulate } from '../../models/index.ts';
import { catalog, loadScenario } from '../../scenarios/index.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const goldenFile = fileURLToPath(new URL('scenarios.json', import.meta.url));
const update = process.env['UPDATE_GOLDEN'] === '1';

/** What is pinned of a run. */
interface Golden {
  readonly digests: Outcome['digests'];
  readonly events: number;
  readonly verdict: string;
  readonly records: Outcome['records'];
  readonly checkpoints: number;
  readonly recoveries: number;
}

const files = catalog.map(({ file }) => file).toSorted();

function planOf(file: string): RunPlan {
  const readFile = (path: string): Uint8Array => readFileSync(path);
  const loaded = loadScenario({ path: folder + file, text: readFile(folder + file) }, { readFile });
  if (loaded.kind === 'errors') throw new Error(`${file}: ${JSON.stringify(loaded.errors)}`);
  return loaded.plan;
}

function goldenOf({ digests, events, verdict, records, checkpoints, recoveries }: Outcome): Golden {
  const said = verdict.kind === 'violated' ? `violated ${verdict.law}` : verdict.kind;
  return { digests, events, verdict: said, records, checkpoints, recoveries: recoveries.length };
}

const goldens = JSON.parse(readFileSync(goldenFile, 'utf8')) as Record<string, Golden>;
const seen: Record<string, Golden> = {};

describe('every shipped scenario', () => {
  test.each(files)('%s gives the digests and numbers on file, and the verdict its author expects', (file) => {
    const plan = planOf(file);
    const outcome = simulate(plan);
    seen[file] = goldenOf(outcome);
    expect({ kind: outcome.verdict.kind, law: outcome.verdict.law }).toEqual({ law: null, ...plan.expect });
    if (!update) expect(seen[file]).toEqual(goldens[file]);
  });

  test('is on file, and nothing else is', () => {
    expect(Object.keys(update ? seen : goldens)).toEqual(files);
    if (update) writeFileSync(goldenFile, `${JSON.stringify(seen, null, 2)}\n`);
  });
});
