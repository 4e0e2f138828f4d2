import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import packageJson from '../package.json' with { type: 'json' };

// What each entry of the package is there for: the names a program of a user's own begins with.
const firstNames: Readonly<Record<string, readonly string[]>> = {
  '.': ['simulate', 'defineProtocol'],
  './fluid-job': ['simulateFluid', 'checkFluidPlan'],
  './performance': ['PERFORMANCE_MODELS', 'evaluateModel'],
  './reports': ['checkProtocol'],
  './sim': ['World', 'runTimed', 'explore'],
  './tuning': ['tune', 'objectiveByName', 'paretoFront'],
};

describe('the entries of the package', () => {
  const entries = Object.entries(packageJson.exports).filter(([, to]) => typeof to === 'object');

  test.each(entries)('%s can be imported by its name, and is described for a compiler', async (name, to) => {
    const { types } = to as { readonly types: string };
    const entry = (await import(/* @vite-ignore */ `tidemark${name.slice(1)}`)) as object;
    expect(firstNames[name]?.filter((each) => !(each in entry))).toEqual([]);
    expect(existsSync(fileURLToPath(new URL(`../${types}`, import.meta.url)))).toBe(true);
  });
});
