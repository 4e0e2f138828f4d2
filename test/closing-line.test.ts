// The last line of the CI script counts what vitest's own totals leave out. Each case is a report as vitest writes it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../.ci/closing-line.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tidemark-closing-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

type FileReport = readonly [fileStatus: string, ...assertionStatuses: string[]];

function closingLine(
  files: readonly FileReport[],
  testExitCode: number,
): { last: string | undefined; code: number | null } {
  const report = join(folder, 'report.json');
  const testResults = files.map(([status, ...statuses]) => {
    return { status, assertionResults: statuses.map((assertion) => ({ status: assertion })) };
  });
  writeFileSync(report, JSON.stringify({ testResults }));
  const run = spawnSync(process.execPath, [script, report, String(testExitCode)], { encoding: 'utf8' });
  return { last: run.stdout.trimEnd().split('\n').at(-1), code: run.status };
}

const cases: readonly (readonly [title: string, FileReport[], exitCode: number, last: string, code: number])[] = [
  ['all pass', [['passed', 'passed', 'passed']], 0, '2 passed, 0 failed', 0],
  ['skipped tests are not counted', [['passed', 'passed', 'skipped', 'todo']], 0, '1 passed, 0 failed', 0],
  ['one assertion fails', [['failed', 'passed', 'failed']], 1, '1 passed, 1 failed', 1],
  ['a file cannot be imported', [['passed', 'passed', 'passed'], ['failed']], 1, '2 passed, 1 failed', 1],
  ['a hook throws and its tests are skipped', [['failed', 'skipped']], 1, '0 passed, 1 failed', 1],
  ['an unhandled error after a passing test', [['passed', 'passed']], 1, '1 passed, 1 failed', 1],
  ['no test files', [], 1, '0 passed, 1 failed', 1],
  ['nothing passed, and yet code 0', [['passed', 'skipped']], 0, '0 passed, 1 failed', 1],
];
test.each(cases)('%s', (_title, files, exitCode, last, code) => {
  expect(closingLine(files, exitCode)).toEqual({ last, code });
});

test('a missing report is a failure', () => {
  const run = spawnSync(process.execPath, [script, join(folder, 'nowhere.json'), '0'], { encoding: 'utf8' });
  expect(run.stdout).toBe('0 passed, 1 failed\n');
  expect(run.status).toBe(1);
});
