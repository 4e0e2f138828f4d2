// The reference workloads of the discrete-event engines we are compared with, through the public engine: PHOLD (B) and the
// barrier-aligned pipeline (D), with the generator their description names. Prints one JSON line per case, in the form the
// reference programs print, so that a driver can interleave them: {"bench", "impl", "case", "mops", "hash"}; mops is million
// events per second of CPU time, and the hash must be the reference programs'.
//
// Run from the compiled program: `npm run build`, then `node test/bench/peers.mjs [B] [D] [S]`.
import { runTimed } from '../../dist/sim/timed.js';
import { World } from '../../dist/sim/world.js';
import { Sfc32 } from './sfc32.mjs';

// The engine's time is whole. The reference programs count in seconds with fractions: to keep their order of events a second
// has as many ticks as the longest time leaves room for below 2^53.
const PIPELINE_SECOND = 2 ** 46;

/** Events per microsecond of CPU time: the median of ten tenths, behind a million events of warm-up. */
function medianRate(world, model, perTenth) {
  let events = 1_000_000;
  runTimed(world, model, Number.MAX_SAFE_INTEGER, { maxEvents: events });
  const rates = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    const before = process.cpuUsage();
    events += perTenth;
    runTimed(world, model, Number.MAX_SAFE_INTEGER, { maxEvents: events });
    const { user, system } = process.cpuUsage(before);
    rates.push(perTenth / (user + system));
  }
  rates.sort((a, b) => a - b);
  return (rates[4] + rates[5]) / 2;
}

/** L processes with so many events each; an event sends one to a process drawn at random, 0.1 s + exp later. */
class Phold {
  constructor(processes, population, second) {
    this.processes = processes;
    this.second = second;
    this.random = new Sfc32(12345);
    this.world = new World(['event']);
    this.state = new Int32Array(processes);
    this.hash = 0;
    for (let i = 0; i < processes; i++) this.world.addActor(`p${i}`);
    for (let i = 0; i < processes; i++) for (let p = 0; p < population; p++) this.world.post(0, i, this.delay());
  }

  delay() {
    return Math.round((0.1 + this.random.exponential()) * this.second);
  }

  apply(_kind, actor) {
    this.state[actor]++;
    this.hash = (Math.imul(this.hash, 31) + actor) | 0;
    this.world.post(0, this.random.below(this.processes), this.delay());
  }
}

function phold(processes, population, second) {
  const model = new Phold(processes, population, second);
  const mops = medianRate(model.world, model, 500_000);
  const hash = (model.hash >>> 0).toString(16);
  print('B', `L=${processes} pop=${population}`, mops, { hash, order: model.world.order.hex() });
}

const TICK = 0;
const CHECKPOINT = 1;
const ARRIVE = 2;
const BARRIER = -1;
/** An action says its channel and key in one number: a barrier's key is -1. */
const KEYS = 2048;

/** P sources, maps and sinks; channels between all neighbours; a barrier on all of them every second. */
class Pipeline {
  constructor({ parallelism, rate, mean, seconds }) {
    const P = parallelism;
    this.P = P;
    this.rate = rate;
    this.mean = mean;
    this.end = seconds * PIPELINE_SECOND;
    this.seconds = seconds;
    this.random = new Sfc32(12345);
    this.world = new World(['tick', 'checkpoint', 'arrive']);
    for (let task = 0; task < 3 * P; task++) this.world.addActor(`t${task}`);
    this.channels = 2 * P * P;
    this.lastDue = new Float64Array(this.channels);
    this.blocked = new Uint8Array(this.channels);
    this.arrived = new Int32Array(3 * P);
    this.counts = new Int32Array(3 * P);
    this.sums = new Int32Array(3 * P);
    this.keyed = new Int32Array(3 * P * 1024);
    this.numbers = new Int32Array(P);
    this.buffers = Array.from({ length: 3 * P }, () => []);
    this.checkpoints = 0;
    this.buffered = 0;
    this.hash = 0;
  }

  begin() {
    for (let i = 0; i < this.P; i++) this.world.post(TICK, i, this.gap());
    for (let t = 1; t <= this.seconds; t++) this.world.post(CHECKPOINT, 0, t * PIPELINE_SECOND);
  }

  gap() {
    return Math.round((this.random.exponential() / this.rate) * PIPELINE_SECOND);
  }

  receiverOf(channel) {
    const { P } = this;
    return channel < P * P ? P + (channel % P) : 2 * P + ((channel - P * P) % P);
  }

  send(channel, key, number) {
    const delay = Math.round((0.001 + this.random.exponential() * this.mean) * PIPELINE_SECOND);
    const due = Math.max(this.world.now + delay, this.lastDue[channel]);
    this.lastDue[channel] = due;
    this.world.post(ARRIVE, this.receiverOf(channel), due - this.world.now, channel * KEYS + key + 1, number);
  }

  apply(kind, actor, a, b) {
    if (kind === ARRIVE) this.arrive(actor, (a / KEYS) | 0, (a % KEYS) - 1, b);
    else if (kind === TICK) this.tick(actor);
    else for (let channel = 0; channel < this.P * this.P; channel++) this.send(channel, BARRIER, 0);
  }

  tick(source) {
    const key = this.random.below(1024);
    this.send(source * this.P + (key % this.P), key, this.numbers[source]++);
    const delay = this.gap();
    if (this.world.now + delay < this.end) this.world.post(TICK, source, delay);
  }

  arrive(task, channel, key, number) {
    if (this.blocked[channel]) this.buffered++;
    this.handle(task, channel, key, number);
  }

  handle(task, channel, key, number) {
    if (this.blocked[channel]) {
      this.buffers[task].push(channel, key, number);
    } else if (key === BARRIER) this.barrier(task, channel);
    else this.data(task, key, number);
  }

  data(task, key, number) {
    const { P } = this;
    this.counts[task]++;
    if (task < 2 * P) {
      this.keyed[task * 1024 + key]++;
      this.send(P * P + (task - P) * P + ((key >> 3) % P), key, number);
    } else this.sums[task] = (Math.imul(this.sums[task], 31) + key + number) | 0;
  }

  barrier(task, channel) {
    const { P } = this;
    this.blocked[channel] = 1;
    if (++this.arrived[task] < P) return;
    for (const part of [task, this.counts[task], this.sums[task]]) this.hash = (Math.imul(this.hash, 31) + part) | 0;
    this.arrived[task] = 0;
    const first = task < 2 * P ? task - P : P * P + task - 2 * P;
    for (let input = first; input < first + P * P; input += P) this.blocked[input] = 0;
    if (task < 2 * P) for (let k = 0; k < P; k++) this.send(P * P + (task - P) * P + k, BARRIER, 0);
    else this.checkpoints++;
    const waiting = this.buffers[task];
    this.buffers[task] = [];
    for (let i = 0; i < waiting.length; i += 3) this.handle(task, waiting[i], waiting[i + 1], waiting[i + 2]);
  }
}

function pipeline(options) {
  const rates = [];
  let last;
  for (let run = 0; run < 3; run++) {
    last = new Pipeline(options);
    last.begin();
    const before = process.cpuUsage();
    runTimed(last.world, last, Number.MAX_SAFE_INTEGER);
    const { user, system } = process.cpuUsage(before);
    rates.push(last.world.events / (user + system));
  }
  rates.sort((a, b) => a - b);
  const { parallelism, rate, mean, seconds } = options;
  print('D', `P=${parallelism} rate=${rate} mean=${mean} T=${seconds}`, rates[1], {
    events: last.world.events,
    checkpoints: last.checkpoints / parallelism,
    buffered: last.buffered,
    hash: (last.hash >>> 0).toString(16),
    order: last.world.order.hex(),
  });
}

function print(bench, name, mops, facts) {
  console.log(JSON.stringify({ bench, impl: 'tidemark', case: name, mops: Number(mops.toFixed(4)), ...facts }));
}

const wanted = process.argv.slice(2);
const isWanted = (bench) => wanted.length === 0 || wanted.includes(bench);
if (isWanted('B')) {
  phold(1024, 1, 2 ** 40);
  phold(65_536, 16, 2 ** 48);
}
if (isWanted('D')) {
  pipeline({ parallelism: 8, rate: 1000, mean: 0.005, seconds: 100 });
  pipeline({ parallelism: 8, rate: 1000, mean: 0.5, seconds: 100 });
}
// Not among the reference cases: what an event costs as processes become many.
if (wanted.includes('S')) {
  phold(100, 1, 2 ** 34);
  phold(100_000, 1, 2 ** 46);
  phold(1_000_000, 1, 2 ** 48);
}
