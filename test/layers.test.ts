// The layers hold for every file of the project, and the checker that says so is shown to see each kind of breach.
import { describe, expect, test } from 'vitest';
import { layerBreaches } from './layers.ts';
import { sourcesIn } from './sources.ts';

describe('the project', () => {
  test('imports run one way: cli -> scenarios | reports -> models -> sim, and the core is portable', () => {
    const sources = sourcesIn('sim', 'models', 'scenarios', 'reports', 'cli');
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.flatMap(({ path, text }) => layerBreaches(path, text))).toEqual([]);
  });
});

describe('the checker sees', () => {
  const planted: readonly (readonly [title: string, path: string, text: string, sentence: string])[] = [
    ['sim importing models', 'sim/a.ts', `import { b } from '../models/b.ts';`, 'sim/ may not import models/'],
    ['a type-only import', 'sim/a.ts', `import type { B } from '../models/b.ts';`, 'sim/ may not import models/'],
    ['an import type', 'sim/a.ts', `let b: import('../models/b.ts').B;`, 'sim/ may not import models/'],
    ['a re-export', 'sim/a.ts', `export * from '../models/b.ts';`, 'sim/ may not import models/'],
    ['a named re-export', 'sim/a.ts', `export { b } from '../cli/b.ts';`, 'sim/ may not import cli/'],
    ['a dynamic import', 'models/x/a.ts', `await import('../../reports/b.ts');`, 'models/ may not import reports/'],
    ['a computed import', 'models/a.ts', `await import(name);`, 'a computed import cannot be checked'],
    ['models importing scenarios', 'models/a.ts', `import '../scenarios/b.ts';`, 'models/ may not import scenarios/'],
    ['scenarios importing reports', 'scenarios/a.ts', `import '../reports/b.ts';`, 'may not import reports/'],
    ['reports importing scenarios', 'reports/a.ts', `import '../scenarios/b.ts';`, 'may not import scenarios/'],
    ['scenarios importing cli', 'scenarios/a.ts', `import '../cli/b.ts';`, 'scenarios/ may not import cli/'],
    [
      'cli importing a front door',
      'cli/x/a.ts',
      `await import('../../reports/index.ts');`,
      'not the front door of reports/',
    ],
    ['cli importing test', 'cli/a.ts', `import '../test/b.ts';`, 'cli/ may not import test/b.ts'],
    ['a path that dodges its own folder', 'sim/a.ts', `import '../sim/../models/b.ts';`, 'may not import models/'],
    ['the package by its own name', 'scenarios/a.ts', `import 'tidemark';`, 'by relative path'],
    ["Node's modules in scenarios", 'scenarios/a.ts', `import 'node:fs';`, "only cli/ may import Node's modules"],
    ["Node's modules in reports", 'reports/a.ts', `import { join } from 'node:path';`, "only cli/ may import Node's"],
    ['random numbers outside sim', 'models/a.ts', `import seedrandom from 'seedrandom';`, 'seedrandom belongs to sim/'],
    ['the process', 'reports/a.ts', `const a = process.env;`, 'process is not there in every engine'],
    ['a timer', 'models/a.ts', `setTimeout(() => 1, 2);`, 'setTimeout is not there in every engine'],
    ['the date', 'models/a.ts', `const a = Date.now();`, 'Date brings in state from outside'],
    ['a clock', 'sim/a.ts', `const a = performance.now();`, 'performance.now reads a clock'],
    ['the global object', 'sim/a.ts', `const a = globalThis['Date'];`, 'globalThis brings in state'],
    ['Math.random', 'sim/a.ts', `const a = Math.random();`, 'Math.random is not seeded'],
    ['an unportable function', 'models/a.ts', `const a = Math.log(2);`, 'Math.log is not bit-identical'],
    ['an unportable function by key', 'models/a.ts', `const a = Math['exp'](2);`, 'Math.exp is not bit-identical'],
    ['Math taken apart', 'models/a.ts', `const { pow } = Math;`, 'write Math.name in full'],
    ['Math by a computed key', 'models/a.ts', `const a = Math[b](2);`, 'write Math.name in full'],
    ['a power', 'sim/a.ts', `const a = b ** 0.5;`, '** is not bit-identical'],
    ['a power of another number', 'sim/a.ts', `const a = 10 ** 5;`, '** is not bit-identical'],
    ['a fractional negative power of two', 'sim/a.ts', `const a = 2 ** -0.5;`, '** is not bit-identical'],
    ['a fractional power of two', 'sim/a.ts', `const a = 2 ** 0.5;`, '** is not bit-identical'],
    ['a power in place', 'sim/a.ts', `a **= 2;`, '**= is not bit-identical'],
    ['a comparison by locale', 'reports/a.ts', `a.localeCompare(b);`, 'localeCompare depends on the locale'],
    ['a number by locale', 'reports/a.ts', `a.toLocaleString();`, 'toLocaleString depends on the locale'],
    ['Intl', 'scenarios/a.ts', `new Intl.NumberFormat();`, 'Intl depends on the locale'],
    ['a source it cannot read', 'sim/a.ts', `const = 1;`, 'cannot be parsed'],
  ];
  test.each(planted)('%s', (_title, path, text, sentence) => {
    const breaches = layerBreaches(path, text);
    expect(breaches).toHaveLength(1);
    expect(breaches[0]).toContain(sentence);
    expect(breaches[0]).toMatch(text.startsWith('const =') ? /^sim\/a\.ts: / : /^[\w/]+\.ts:1: /);
  });

  test('the line of a breach', () => {
    expect(layerBreaches('sim/a.ts', `// Date\n\nconst a = 'Date';\nnew Date();`)).toEqual([
      'sim/a.ts:4: Date brings in state from outside the simulation',
    ]);
  });
});

describe('the checker lets pass', () => {
  const allowed: readonly (readonly [title: string, path: string, text: string])[] = [
    ['models importing sim', 'models/a/b.ts', `import { a } from '../../sim/index.ts';`],
    [
      'cli importing every layer',
      'cli/a.ts',
      `import '../reports/b.ts'; import '../scenarios/b.ts'; import 'node:fs';`,
    ],
    ["cli reading the package's version", 'cli/a.ts', `import p from '../package.json' with { type: 'json' };`],
    ['portable arithmetic', 'sim/a.ts', `const a = Math.floor(Math.sqrt(2)) * Math.PI;`],
    ['a whole power of two', 'sim/a.ts', `const a = 2 ** 53 + 2 ** -32;`],
    ['a power of a big integer', 'sim/a.ts', `const a = 10n ** BigInt(places);`],
    ['names in comments and strings', 'sim/a.ts', `// Math.random, import 'node:fs'\nconst a = "Date.now()";`],
    ['names that are only keys', 'models/a.ts', `const a = { Date: 1, process: 2 }; a.Date; a.process;`],
    ['a local name that is a global elsewhere', 'models/a.ts', `function f(window: number): number { return window; }`],
    ['a local name from a pattern', 'models/a.ts', `const { fetch: [process = 1] } = a; process();`],
    ['a model called performance', 'models/index.ts', `export * as performance from './performance/index.ts';`],
    ['cli reading the clock', 'cli/a.ts', `const a = Date.now() + performance.now() + Math.random();`],
  ];
  test.each(allowed)('%s', (_title, path, text) => {
    expect(layerBreaches(path, text)).toEqual([]);
  });
});
