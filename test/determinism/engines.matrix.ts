// The whole matrix: every scenario under other Nodes, without V8's compilers, and in Chromium and Firefox.
// Node must give the same standard output, byte for byte; a browser the same outcome as the library gives in Node.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulate } from '../../models/index.ts';
import { drawnBits } from './bits.ts';
import { type BrowserName, simulateInBrowser } from './browsers.ts';
import { type Surroundings, nodeOutput, places, tidemark } from './cli.ts';
import { digestsIn } from './digests.ts';

function listIn(variable: string, whenUnset: string, separator: string): readonly string[] {
  return (process.env[variable] ?? whenUnset).split(separator).filter((item) => item !== '');
}
const scenarios = listIn('MATRIX_SCENARIOS', 'page-views', ',');
const runArgs = listIn('MATRIX_ARGS', '', ' ');
const nodeMajors = listIn('MATRIX_NODES', '20,22,24', ',').map(Number);
const browsers = listIn('MATRIX_BROWSERS', 'chromium,firefox', ',') as readonly BrowserName[];

const outFolder = fileURLToPath(new URL('../../out/', import.meta.url));
const pageFolder = `${outFolder}determinism-page`;
const bitsFolder = `${outFolder}determinism-bits`;
const bits = drawnBits();
const rows: string[] = [];

const surroundings: readonly (readonly [title: string, Surroundings])[] = [
  ...nodeMajors.flatMap((nodeMajor) =>
    Object.entries(places).map(([name, place]) => [`Node ${nodeMajor}, ${name}`, { nodeMajor, place }] as const),
  ),
  ['no compilers (--jitless)', { v8Flags: ['--jitless'] }],
  ['baseline compiler only', { v8Flags: ['--no-opt'] }],
  ['another hash seed, small heap', { v8Flags: ['--hash-seed=7', '--max-semi-space-size=1'] }],
];

function note(scenario: string, engine: string, outcomeText: string): void {
  const { order, state, cost } = digestsIn(outcomeText);
  rows.push([scenario.padEnd(20), engine.padEnd(32), order, state, cost].join('  '));
}

beforeAll(async () => {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const common = { root, base: './', configFile: false, logLevel: 'warn' } as const;
  const outputs = { emptyOutDir: true, target: 'es2023' } as const;
  const library = { entry: 'bits.ts', formats: ['es' as const], fileName: 'bits' };
  await build({ ...common, build: { ...outputs, outDir: pageFolder } });
  await build({ ...common, build: { ...outputs, outDir: bitsFolder, lib: library } });
});

afterAll(() => {
  const heading = ['scenario'.padEnd(20), 'engine'.padEnd(32), 'order, state, cost'].join('  ');
  const table = [heading, ...rows].join('\n');
  mkdirSync(outFolder, { recursive: true });
  writeFileSync(`${outFolder}determinism.txt`, `${table}\n`);
  console.log(table);
});

test.each(surroundings)('the same bits are drawn under %s', (_title, where) => {
  const program = `import { drawnBits } from '${pathToFileURL(bitsFolder).href}/bits.js'; console.log(JSON.stringify(drawnBits()));`;
  expect(JSON.parse(nodeOutput(['--input-type=module', '--eval', program], where))).toEqual(bits);
});

describe.each(scenarios)('%s gives the same bytes', (scenario) => {
  const run = ['run', scenario, '--json', ...runArgs];
  let here = '';
  let planText = '';
  let libraryOutcome = '';

  beforeAll(() => {
    here = tidemark(run);
    note(scenario, `this Node, ${process.version}`, here);
    planText = tidemark(['run', scenario, '--print-plan', ...runArgs]);
    libraryOutcome = JSON.stringify(simulate(JSON.parse(planText)));
    note(scenario, 'library in this Node', libraryOutcome);
  });

  test('through the library', () => {
    expect(digestsIn(libraryOutcome)).toEqual(digestsIn(here));
  });

  test.each(surroundings)('under %s', (title, where) => {
    const stdout = tidemark(run, where);
    note(scenario, title, stdout);
    expect(digestsIn(stdout)).toEqual(digestsIn(here));
    expect(stdout).toBe(here);
  });

  test.each(browsers.flatMap((name) => [[name, 'nowhere'] as const, [name, 'Kathmandu'] as const]))(
    'in %s, %s',
    async (name, place) => {
      const {
        outcome,
        bits: bitsThere,
        userAgent,
      } = await simulateInBrowser(name, pageFolder, planText, places[place]);
      note(scenario, `${/(Chrome|Firefox)\/[\d.]+/.exec(userAgent)?.[0] ?? userAgent}, ${place}`, outcome);
      expect(bitsThere).toEqual(bits);
      expect(digestsIn(outcome)).toEqual(digestsIn(libraryOutcome));
      expect(outcome).toBe(libraryOutcome);
    },
  );
});
