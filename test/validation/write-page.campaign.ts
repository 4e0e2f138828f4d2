// `npm run validate`: every experiment at full length, and docs/validation.md from it. A number beyond its band fails the run,
// after the page is written.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { afterAll, expect, test } from 'vitest';
import { root } from '../docs/pages.ts';
import { claimsByScheme } from './claim-sweep.ts';
import { agrees, Lab } from './experiment.ts';
import { EXPERIMENTS } from './experiments.ts';
import { type Results, validationPage } from './page.ts';

const results: Results[] = [];

test.each(EXPERIMENTS)('$name', (experiment) => {
  const rows = experiment.run(new Lab(experiment.name, 1));
  results.push({ experiment, rows });
  expect(rows.filter((row) => !agrees(row))).toEqual([]);
});

afterAll(async () => {
  const path = join(root, 'docs', 'validation.md');
  const page = validationPage(results, claimsByScheme());
  writeFileSync(path, await format(page, { ...(await resolveConfig(path)), parser: 'markdown' }));
});
