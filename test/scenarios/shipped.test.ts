// The scenarios that come with the package: they load, they say what they teach, and they are all listed.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SCENARIO,
  catalog,
  flinkCatalog,
  flowJobCatalog,
  loadScenario,
  scenarioJsonSchema,
  streamCatalog,
} from '../../scenarios/index.ts';
import { SAMZA_LAWS } from '../../models/laws/law-book.ts';
import { simulate } from '../../models/simulate.ts';
import { planOf } from './files.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const readFile = (path: string): Uint8Array => readFileSync(path);

function plan(file: string) {
  return planOf(loadScenario({ path: `${folder}${file}`, text: readFile(`${folder}${file}`) }, { readFile }));
}

describe('the catalogue', () => {
  it('lists every YAML file below scenarios/, and no other', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => file.replaceAll('\\', '/'));
    expect(
      [...catalog, ...flinkCatalog, ...streamCatalog, ...flowJobCatalog].map(({ file }) => file).toSorted(),
    ).toEqual(files.toSorted());
  });

  it('holds the scenario that is run by default', () => {
    expect(catalog.map((entry) => entry.name)).toContain(DEFAULT_SCENARIO);
  });
});

describe.each(catalog)('$name', ({ name, file }) => {
  it('loads without a note, under its own name', () => {
    const path = `${folder}${file}`;
    const result = loadScenario({ path, text: readFile(path) }, { readFile });
    expect(result).toMatchObject({ kind: 'loaded', notes: [] });
    expect(plan(file).name).toBe(name);
    expect(basename(file, '.yaml')).toBe(name);
  });

  it('says what it teaches, and expects a verdict there is', () => {
    const { title, teaches, expect: expected } = plan(file);
    expect(title.length).toBeGreaterThan(10);
    expect(teaches.length).toBeGreaterThan(80);
    if (expected.kind === 'violated') expect(SAMZA_LAWS.map((law) => law.id)).toContain(expected.law);
  });

  it('points editors at the schema', () => {
    expect(readFileSync(`${folder}${file}`, 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/scenario\.schema\.json\n/,
    );
  });

  it('gives the verdict its author expects', () => {
    const { verdict } = simulate(plan(file));
    const { expect: expected } = plan(file);
    expect({ kind: verdict.kind, law: verdict.law }).toEqual({ law: null, ...expected });
  });
});

describe('scenario.schema.json', () => {
  const path = `${folder}scenario.schema.json`;

  it('is what schema.ts says today (UPDATE_SCHEMA=1 writes it anew)', () => {
    const today = JSON.stringify(scenarioJsonSchema(), null, 2);
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(path, `${today}\n`);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(today));
  });

  it('describes every value', () => {
    const bare: string[] = [];
    const visit = (node: Record<string, unknown>, path: string): void => {
      for (const [key, child] of Object.entries(
        (node['properties'] ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        if (typeof child['description'] !== 'string') bare.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      const branches = [...((node['oneOf'] ?? node['anyOf'] ?? []) as Record<string, unknown>[]), node['items']];
      for (const branch of branches) if (branch !== undefined) visit(branch as Record<string, unknown>, path);
    };
    visit(scenarioJsonSchema(), '');
    expect(bare).toEqual([]);
  });
});
