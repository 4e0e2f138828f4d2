// The closed forms against the simulator, a light version of `npm run validate`: the same experiments with fewer failures.
import { describe, expect, test } from 'vitest';
import { agrees, Lab } from './experiment.ts';
import { EXPERIMENTS } from './experiments.ts';

const LIGHT = 0.05;

describe.each(EXPERIMENTS)('$name (models.md §$section)', (experiment) => {
  const rows = experiment.run(new Lab(experiment.name, LIGHT));
  test.each(rows)('$what agrees with $model', (row) => {
    expect(agrees(row), JSON.stringify(row)).toBe(true);
  });
});
