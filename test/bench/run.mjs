// All benchmarks: figures, and ratios to the reference programs where they are at hand, measured in turns. Prints a compact
// table, writes out/bench.json, and with --write puts the table into docs/performance.md.
//
//   npm run bench -- [--peers FOLDER] [--rounds 5] [--only hold,phold] [--write]
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { groupsOf } from './groups.mjs';
import { peerPrograms } from './peer-programs.mjs';
import { runSeries } from './series.mjs';

const ROUNDS_LEAST = 5;
const DOCUMENT = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const OUT = fileURLToPath(new URL('../../out/', import.meta.url));
const [BEGIN, END] = ['<!-- bench: begin -->', '<!-- bench: end -->'];

const { values: given } = parseArgs({
  options: {
    peers: { type: 'string', default: process.env['PEERS'] },
    rounds: { type: 'string', default: String(ROUNDS_LEAST) },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(given.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) refuse(`--rounds ${given.rounds} must be a whole number from 1`);
if (given.write && (given.only !== undefined || rounds < ROUNDS_LEAST))
  refuse(`--write needs all groups and at least ${ROUNDS_LEAST} rounds`);

const names = groupsOf({ A: [], B: [], D: [] }).map(({ name }) => name);
const wanted = given.only?.split(',') ?? names;
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) refuse(`--only ${unknown}: there are ${names.join(', ')}`);
if (given.write && document() === null) refuse(`docs/performance.md has no ${BEGIN} … ${END}`);

// Ctrl-C ends the program that is being measured, and that ends the series: the folder is taken away.
process.on('SIGINT', () => {});
const folder = mkdtempSync(join(os.tmpdir(), 'tidemark-bench-'));
try {
  measure();
} finally {
  rmSync(folder, { recursive: true });
}

function measure() {
  const { peers, missing } = peerPrograms(given.peers, folder);
  for (const sentence of missing) console.error(sentence);
  const rows = [];
  const series = {};
  for (const { name, commands, rows: rowsOf } of groupsOf(peers).filter((group) => wanted.includes(group.name))) {
    const onTurn = (turn) => console.error(`${name}: round ${turn} of ${rounds}`);
    series[name] = runSeries(commands, rounds, { folder, onTurn });
    rows.push(...rowsOf(series[name]));
  }
  const machine = {
    cores: os.availableParallelism(),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
  };
  const date = new Date().toISOString().slice(0, 10);
  const table = tableOf(rows);
  const heading = `${date}, ${machine.cores} cores (${machine.cpu}), Node ${machine.node}, medians of ${rounds} rounds`;
  console.log(`${heading}\n\n${table}`);
  mkdirSync(OUT, { recursive: true });
  writeFileSync(
    join(OUT, 'bench.json'),
    `${JSON.stringify({ date, machine, rounds, missing, rows, series }, null, 1)}\n`,
  );
  if (given.write) writeDocument(`${heading}:\n\n${table}`);
}

function tableOf(rows) {
  const head = { what: 'what', figure: 'figure', ratio: 'beside', goal: 'goal' };
  const columns = Object.keys(head);
  // What was said in the row above is not said again.
  const shown = rows.map((row, i) => (i > 0 && row.what === rows[i - 1].what ? { ...row, what: '', figure: '' } : row));
  const width = (column) => Math.max(...[head, ...shown].map((row) => row[column].length));
  const line = (row) => `| ${columns.map((column) => row[column].padEnd(width(column))).join(' | ')} |`;
  const rule = `| ${columns.map((column) => '-'.repeat(width(column))).join(' | ')} |`;
  return [line(head), rule, ...shown.map(line)].join('\n');
}

function writeDocument(text) {
  const { before, after } = document();
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n\n${text}\n\n${END}${after}`);
}

/** What stands before and behind the figures; null when their place is not marked. */
function document() {
  const [before, rest] = readFileSync(DOCUMENT, 'utf8').split(BEGIN);
  const after = rest?.split(END)[1];
  return after === undefined ? null : { before, after };
}

function refuse(why) {
  console.error(why);
  process.exit(2);
}
