// Prints "N passed, N failed" from vitest's JSON report and its exit code, and exits 1 unless all is well.
// The report's own totals are not enough: a file that cannot be imported, a hook that throws and an unhandled error all
// leave `numFailedTests` at 0. So failures are counted per assertion, then per file without a failed assertion, and an
// exit code other than 0 with nothing counted is one failure. Nothing passed is a failure too.
import { readFileSync } from 'node:fs';

const [reportPath = 'out/vitest.json', exitCode = '1'] = process.argv.slice(2);

/** @returns {{status: string, assertionResults: {status: string}[]}[]} */
function readFiles() {
  try {
    return JSON.parse(readFileSync(reportPath, 'utf8')).testResults ?? [];
  } catch (error) {
    console.error(`closing-line: no readable report at ${reportPath}: ${String(error)}`);
    return [];
  }
}

let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of readFiles()) {
  const statuses = file.assertionResults.map((assertion) => assertion.status);
  const failedHere = statuses.filter((status) => status === 'failed').length;
  passed += statuses.filter((status) => status === 'passed').length;
  skipped += statuses.length - failedHere - statuses.filter((status) => status === 'passed').length;
  failed += failedHere > 0 ? failedHere : file.status === 'failed' ? 1 : 0;
}
if (failed === 0 && (exitCode !== '0' || passed === 0)) failed = 1;
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
