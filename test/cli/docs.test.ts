import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cliDocumentation } from '../../cli/documentation.ts';
import { commandNames, helpText } from '../../cli/parse.ts';
import { COMMIT_STEPS } from '../../models/protocols/samza.ts';
import { commitStepMeanings } from '../../reports/index.ts';

it('docs/cli.md is what `npm run docs` writes', async () => {
  const committed = readFileSync(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), 'utf8');
  expect(await cliDocumentation()).toBe(committed);
});

describe.each(commandNames)('tidemark %s --help', (name) => {
  it('has an example and fits 100 columns', async () => {
    const help = await helpText(name);
    expect(help).toContain('Examples:');
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});

it('every commit step has a meaning, and no meaning is left over', () => {
  expect(Object.keys(commitStepMeanings)).toEqual(COMMIT_STEPS.map(({ name }) => name));
});
