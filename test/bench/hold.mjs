// The hold model (workload A of the reference programs) through the public engine: the first event is taken and put back an
// exponential time later, with a constant number pending. The hash of the order must be the reference programs'.
//
// Run from the compiled program: `npm run build`, then `node test/bench/hold.mjs [100 10000 1000000]`.
import { runTimed } from '../../dist/sim/timed.js';
import { World } from '../../dist/sim/world.js';
import { cpuMicros, median, print } from './measure.mjs';
import { Sfc32 } from './sfc32.mjs';

const STEPS = 1_000_000;
const CHUNKS = 7;
// Factor by which the reference programs join the hashes of chunks.
const JOIN = 1_000_003;

class Hold {
  constructor(pending) {
    // The engine's time is whole. The last event is due about 8 million / pending seconds from the first: a second has as many
    // ticks as that leaves room for below 2^53.
    this.second = 2 ** (52 - Math.ceil(Math.log2(((CHUNKS + 1) * STEPS) / pending + 100)));
    this.random = new Sfc32(12345);
    this.world = new World(['hold']);
    this.world.addActor('set');
    this.hash = 0;
    for (let i = 0; i < pending; i++) this.world.post(0, 0, this.delay(), i);
  }

  delay() {
    return Math.round(this.random.exponential() * this.second);
  }

  apply(_kind, _actor, payload) {
    this.hash = (Math.imul(this.hash, 31) + payload) | 0;
    this.world.post(0, 0, this.delay(), payload);
  }
}

function hold(pending) {
  const model = new Hold(pending);
  const rates = [];
  let hash = 0;
  for (let chunk = 0; chunk <= CHUNKS; chunk++) {
    model.hash = 0;
    const micros = cpuMicros(() => {
      runTimed(model.world, model, Number.MAX_SAFE_INTEGER, { maxEvents: (chunk + 1) * STEPS });
    });
    hash = (Math.imul(hash, JOIN) + model.hash) | 0;
    // The first warms up.
    if (chunk > 0) rates.push(STEPS / micros);
  }
  const facts = { hash: (hash >>> 0).toString(16), order: model.world.order.hex() };
  print('A', { name: `N=${pending} rng`, mops: median(rates) }, facts);
}

const wanted = process.argv.slice(2).map(Number);
for (const pending of wanted.length === 0 ? [100, 10_000, 1_000_000] : wanted) hold(pending);
