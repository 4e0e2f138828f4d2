// A series: commands run in turns, A B C, C B A, A B C …, so that a noisy minute hurts all of them; and what is read off it:
// medians, and medians of the ratios within one turn.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { median } from './measure.mjs';

const REPORT_CPU = new URL('report-cpu.mjs', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OUTPUT_BYTES_MAX = 1 << 28;

/** Figures of a series: by case and program, one a turn. */
export class Samples {
  #values = new Map();
  #hashes = new Map();

  /** A line of a program. Programs that name a hash for a case must name the same one. */
  add(line, turn) {
    // The slower reference programs run a shorter time of the same pipeline.
    const name = line.case.replace(/ T=\d+$/, '');
    const key = JSON.stringify([name, line.impl]);
    if (!this.#values.has(key)) this.#values.set(key, []);
    this.#values.get(key)[turn] = line.mops;
    if (line.hash === undefined) return;
    const hash = this.#hashes.get(line.case) ?? line.hash;
    this.#hashes.set(line.case, hash);
    if (hash !== line.hash)
      throw new Error(
        `${line.impl} has another order of events than the others in ${line.case}: ${line.hash}, ${hash}`,
      );
  }

  of(name, impl) {
    return this.#values.get(JSON.stringify([name, impl])) ?? [];
  }

  median(name, impl) {
    return median(this.of(name, impl).filter((value) => value !== undefined));
  }

  /** Median over the turns of one program's figure over the other's. */
  ratio(name, impl, [otherName, otherImpl]) {
    const other = this.of(otherName, otherImpl);
    return median(this.of(name, impl).map((value, turn) => value / other[turn]));
  }

  /** The fastest program of a family (`cpp-`) on a case; null when there is none. */
  best(name, family) {
    const programs = Array.from(this.#values.keys(), (key) => JSON.parse(key))
      .filter(([each, impl]) => each === name && impl.startsWith(family))
      .map(([, impl]) => impl);
    return programs.toSorted((a, b) => this.median(name, b) - this.median(name, a))[0] ?? null;
  }

  toJSON() {
    return Array.from(this.#values, ([key, values]) => {
      const [name, impl] = JSON.parse(key);
      return { case: name, impl, values };
    });
  }
}

/** Runs the commands so many turns; each prints lines of figures, or is of `tidemark` and only costs time. */
export function runSeries(commands, turns, { folder, onTurn }) {
  const samples = new Samples();
  for (let turn = 0; turn < turns; turn++) {
    for (const command of turn % 2 === 0 ? commands : commands.toReversed())
      for (const line of command.tidemark === undefined ? figuresOf(command) : costOf(command, folder))
        samples.add(line, turn);
    onTurn(turn + 1);
  }
  return samples;
}

function figuresOf(words) {
  return finished(words)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

/** Milliseconds by the processor and by the wall clock of one call of the command line; its output must not change. */
function costOf({ tidemark, name, family }, folder) {
  const report = join(folder, 'cpu.json');
  const words = tidemark === null ? ['-e', '0'] : [join(ROOT, 'dist/cli/main.js'), ...tidemark];
  const output = finished([process.execPath, '--import', REPORT_CPU, ...words], { BENCH_CPU: report });
  const { cpuMs, wallMs } = JSON.parse(readFileSync(report, 'utf8'));
  expectSame(family ?? name, output);
  return [
    { case: name, impl: 'cpu', mops: cpuMs },
    { case: name, impl: 'wall', mops: wallMs },
  ];
}

const outputs = new Map();

function expectSame(family, output) {
  if ((outputs.get(family) ?? output) !== output) throw new Error(`${family}: another output than before`);
  outputs.set(family, output);
}

function finished([program, ...words], env = {}) {
  const { status, signal, stdout, stderr, error } = spawnSync(program, words, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`${[program, ...words].join(' ')} ended with ${signal ?? `code ${status}`}: ${stderr}`);
  return stdout;
}
