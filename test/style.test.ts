// House style that a machine can check. A file that is long says near its top why it is.
import { expect, test } from 'vitest';
import { sourcesIn } from './sources.ts';

const linesMax = 300;
const headLines = 12;

function saysWhyItIsLong(text: string): boolean {
  const lines = text.split('\n');
  const lineCount = text.endsWith('\n') ? lines.length - 1 : lines.length;
  return lineCount <= linesMax || lines.slice(0, headLines).some((line) => line.includes('Length:'));
}

test(`a source file past ${linesMax} lines says why in its first ${headLines} lines ("Length: ...")`, () => {
  const sources = sourcesIn('sim', 'models', 'scenarios', 'reports', 'cli', 'test');
  expect(sources.filter(({ text }) => !saysWhyItIsLong(text)).map(({ path }) => path)).toEqual([]);
});

test('a long file without a reason is seen, and a reason far below the top does not count', () => {
  const body = 'const a = 1;\n';
  expect(saysWhyItIsLong(body.repeat(linesMax))).toBe(true);
  expect(saysWhyItIsLong(body.repeat(linesMax + 1))).toBe(false);
  expect(saysWhyItIsLong('// Length: one table.\n' + body.repeat(linesMax))).toBe(true);
  expect(saysWhyItIsLong(body.repeat(linesMax) + '// Length: too late.\n')).toBe(false);
});
