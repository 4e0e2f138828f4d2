// The guard of the engine's speed: PHOLD through the public engine and through its slow twin (an object heap, a closure per
// event), in turns in this process. Fails when the engine is not as many times faster as it was, with a margin, or when the two
// apply other events. Nothing absolute: a slower machine slows both. The best turn counts, since noise only slows down.
//
// Run from the compiled program: `npm run build`, then `node test/bench/smoke.mjs`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { runTimed } from '../../dist/sim/timed.js';
import { World } from '../../dist/sim/world.js';
import { cpuMicros } from './measure.mjs';
import { Sfc32 } from './sfc32.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SECOND = 2 ** 40;
const TURNS = 9;
const EVENTS = 100_000;

/** `least`: seven tenths of the least ratio that was seen, on a busy machine. */
const sizes = [
  { processes: 1_024, perProcess: 1, least: 1.75 },
  { processes: 8_192, perProcess: 8, least: 6 },
];

const { ClosureEngine } = await twin();

class Phold {
  constructor({ processes }) {
    this.random = new Sfc32(12345);
    this.processes = processes;
    this.hash = 0;
  }

  serve(process) {
    this.hash = (Math.imul(this.hash, 31) + process) | 0;
  }

  delay() {
    return Math.round((0.1 + this.random.exponential()) * SECOND);
  }
}

class OnEngine extends Phold {
  constructor(size) {
    super(size);
    this.world = new World(['event']);
    for (let i = 0; i < size.processes; i++) this.world.addActor(`p${i}`);
    for (let i = 0; i < size.processes * size.perProcess; i++) this.world.post(0, i % size.processes, this.delay());
  }

  apply(_kind, process) {
    this.serve(process);
    this.world.post(0, this.random.below(this.processes), this.delay());
  }

  run(eventsMax) {
    runTimed(this.world, this, Number.MAX_SAFE_INTEGER, { maxEvents: eventsMax });
  }
}

class OnTwin extends Phold {
  constructor(size) {
    super(size);
    this.engine = new ClosureEngine();
    for (let i = 0; i < size.processes * size.perProcess; i++) this.send(i % size.processes);
  }

  send(to) {
    this.engine.after(this.delay(), () => {
      this.serve(to);
      this.send(this.random.below(this.processes));
    });
  }

  run(eventsMax) {
    this.engine.run(eventsMax);
  }
}

let isSlow = false;
for (const size of sizes) {
  const [fast, slow] = [new OnEngine(size), new OnTwin(size)];
  const best = [Infinity, Infinity];
  for (let turn = 0; turn < TURNS; turn++)
    for (const at of turn % 2 === 0 ? [0, 1] : [1, 0])
      best[at] = Math.min(
        best[at],
        cpuMicros(() => [fast, slow][at].run((turn + 1) * EVENTS)),
      );
  if (fast.hash !== slow.hash) fail(`the engine and its slow twin apply other events`);
  const ratio = best[1] / best[0];
  const what = `PHOLD, ${size.processes} × ${size.perProcess}: ${ratio.toFixed(2)} times as fast as the slow twin`;
  console.log(`${what}, at least ${size.least} are wanted`);
  isSlow ||= !(ratio >= size.least);
}
if (isSlow) fail('the engine has become slow: profile it (`node --cpu-prof test/bench/peers.mjs B`)');

/** The twin stands in TypeScript among the tests, which Node 20 does not load: it is compiled, alone, into out/. */
async function twin() {
  const outDir = `${ROOT}out/twin`;
  const words = ['--module', 'nodenext', '--target', 'es2023', '--rewriteRelativeImportExtensions', '--skipLibCheck'];
  const compiler = `${ROOT}node_modules/typescript/bin/tsc`;
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, '--ignoreConfig', ...words, '--types', '', '--outDir', outDir, 'test/sim/closure-engine.ts'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) fail(`the slow twin does not compile: ${stdout}`);
  return import(`${outDir}/closure-engine.js`);
}

function fail(why) {
  console.error(why);
  process.exit(1);
}
