// The reference workloads of the discrete-event engines we are compared with, through the public engine: PHOLD (B) and the
// barrier-aligned pipeline (D), with the generator their description names. Prints one JSON line per case, in the form the
// reference programs print, so that a driver can interleave them: {"bench", "impl", "case", "mops", "hash"}; mops is million
// events per second of CPU time, and the hash must be the reference programs'.
//
// Run from the compiled program: `npm run build`, then `node test/bench/peers.mjs [B] [D] [S] [--bare]`; `--bare`: on a plain
// engine (`bare-engine.mjs`).
import { roundPositive } from '../../dist/sim/portable-math.js';
import { runTimed } from '../../dist/sim/timed.js';
import { World } from '../../dist/sim/world.js';
import { BareWorld, runBare } from './bare-engine.mjs';
import { Sfc32 } from './sfc32.mjs';

// The engine's time is whole. The reference programs count in seconds with fractions: to keep their order of events a second
// has as many ticks as the longest time leaves room for below 2^53.
const PIPELINE_SECOND = 2 ** 46;
const isBare = process.argv.includes('--bare');
const Engine = isBare ? BareWorld : World;
const runEngine = isBare ? runBare : runTimed;

/** As often as the reference programs run it. */
const REPEATS = 7;

/** Events per microsecond of CPU time: the median of ten tenths, behind a million events of warm-up. */
function medianRate(world, model, perTenth) {
  let events = 1_000_000;
  runEngine(world, model, Number.MAX_SAFE_INTEGER, { maxEvents: events });
  const rates = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    const before = process.cpuUsage();
    events += perTenth;
    runEngine(world, model, Number.MAX_SAFE_INTEGER, { maxEvents: events });
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
    this.world = new Engine(['event']);
    this.state = new Int32Array(processes);
    this.hash = 0;
    for (let i = 0; i < processes; i++) this.world.addActor(`p${i}`);
    for (let i = 0; i < processes; i++) for (let p = 0; p < population; p++) this.world.post(0, i, this.delay());
  }

  delay() {
    return roundPositive((0.1 + this.random.exponential()) * this.second);
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

/** Lists of messages, each first in, first out: of what is under way on a channel, or of what waits at a task. */
class Lists {
  constructor(lists) {
    this.first = new Int32Array(lists).fill(-1);
    this.last = new Int32Array(lists).fill(-1);
  }

  /** Takes all out and returns the first of the chain; -1: there is none. */
  clear(list) {
    const first = this.first[list];
    this.first[list] = -1;
    this.last[list] = -1;
    return first;
  }
}

/** A message is a channel, a due time, a key (a barrier's is -1) and a number; here they lie by place. */
class Messages {
  constructor() {
    this.make(1024);
    this.used = 0;
    this.free = -1;
  }

  make(places) {
    const larger = (to, from) => {
      if (from !== undefined) to.set(from);
      return to;
    };
    this.due = larger(new Float64Array(places), this.due);
    this.channel = larger(new Int32Array(places), this.channel);
    this.key = larger(new Int32Array(places), this.key);
    this.number = larger(new Int32Array(places), this.number);
    this.next = larger(new Int32Array(places), this.next);
  }

  add(channel, due, key, number) {
    let at = this.free;
    if (at >= 0) this.free = this.next[at];
    else {
      at = this.used++;
      if (at === this.due.length) this.make(at * 2);
    }
    this.due[at] = due;
    this.channel[at] = channel;
    this.key[at] = key;
    this.number[at] = number;
    return at;
  }

  release(at) {
    this.next[at] = this.free;
    this.free = at;
  }

  /** Puts a message at the end of a list; true: it is the first. */
  append(lists, list, at) {
    this.next[at] = -1;
    const last = lists.last[list];
    lists.last[list] = at;
    if (last < 0) lists.first[list] = at;
    else this.next[last] = at;
    return last < 0;
  }

  /** Takes the first message out of a list. */
  shift(lists, list) {
    const at = lists.first[list];
    const next = this.next[at];
    lists.first[list] = next;
    if (next < 0) lists.last[list] = -1;
    return at;
  }
}

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
    this.world = new Engine(['tick', 'checkpoint', 'arrive']);
    for (let task = 0; task < 3 * P; task++) this.world.addActor(`t${task}`);
    this.messages = new Messages();
    this.channels = new Lists(2 * P * P);
    this.waiting = new Lists(3 * P);
    this.lastDue = new Float64Array(2 * P * P);
    this.to = Int32Array.from({ length: 2 * P * P }, (_, channel) =>
      channel < P * P ? P + (channel % P) : 2 * P + ((channel - P * P) % P),
    );
    this.blocked = new Uint8Array(2 * P * P);
    this.arrived = new Int32Array(3 * P);
    this.counts = new Int32Array(3 * P);
    this.sums = new Int32Array(3 * P);
    this.keyed = new Int32Array(3 * P * 1024);
    this.numbers = new Int32Array(P);
    this.checkpoints = 0;
    this.buffered = 0;
    this.hash = 0;
  }

  begin() {
    for (let i = 0; i < this.P; i++) this.world.post(TICK, i, this.gap());
    for (let t = 1; t <= this.seconds; t++) this.world.post(CHECKPOINT, 0, t * PIPELINE_SECOND);
  }

  gap() {
    return roundPositive((this.random.exponential() / this.rate) * PIPELINE_SECOND);
  }

  /** Only the first message of a channel is pending in the engine, as in a job of ours and in the fastest reference program. */
  send(channel, key, number) {
    const { now } = this.world;
    const last = this.lastDue[channel];
    let due = now + roundPositive((0.001 + this.random.exponential() * this.mean) * PIPELINE_SECOND);
    if (due < last) due = last;
    else this.lastDue[channel] = due;
    const { messages } = this;
    const at = messages.add(channel, due, key, number);
    if (messages.append(this.channels, channel, at)) this.world.post(ARRIVE, this.to[channel], due - now, channel);
  }

  apply(kind, actor, channel) {
    if (kind === ARRIVE) this.arrive(actor, channel);
    else if (kind === TICK) this.tick(actor);
    else for (let each = 0; each < this.P * this.P; each++) this.send(each, BARRIER, 0);
  }

  arrive(task, channel) {
    const { messages } = this;
    const at = messages.shift(this.channels, channel);
    const next = this.channels.first[channel];
    if (next >= 0) this.world.post(ARRIVE, task, messages.due[next] - this.world.now, channel);
    if (this.blocked[channel]) this.buffered++;
    this.handle(task, at);
  }

  tick(source) {
    const key = this.random.below(1024);
    this.send(source * this.P + (key % this.P), key, this.numbers[source]++);
    const delay = this.gap();
    if (this.world.now + delay < this.end) this.world.post(TICK, source, delay);
  }

  handle(task, at) {
    const { messages } = this;
    const channel = messages.channel[at];
    if (this.blocked[channel]) {
      messages.append(this.waiting, task, at);
      return;
    }
    const key = messages.key[at];
    const number = messages.number[at];
    messages.release(at);
    if (key === BARRIER) this.barrier(task, channel);
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
    let at = this.waiting.clear(task);
    while (at >= 0) {
      const next = this.messages.next[at];
      this.handle(task, at);
      at = next;
    }
  }
}

function pipeline(options) {
  const rates = [];
  let last;
  for (let run = 0; run < REPEATS; run++) {
    last = new Pipeline(options);
    last.begin();
    const before = process.cpuUsage();
    runEngine(last.world, last, Number.MAX_SAFE_INTEGER);
    const { user, system } = process.cpuUsage(before);
    rates.push(last.world.events / (user + system));
  }
  rates.sort((a, b) => a - b);
  const { parallelism, rate, mean, seconds } = options;
  print('D', `P=${parallelism} rate=${rate} mean=${mean} T=${seconds}`, rates[REPEATS >> 1], {
    events: last.world.events,
    checkpoints: last.checkpoints / parallelism,
    buffered: last.buffered,
    hash: (last.hash >>> 0).toString(16),
    order: last.world.order.hex(),
  });
}

function print(bench, name, mops, facts) {
  // Under another limit of inlining the program is another one.
  const ours = process.execArgv.length > 0 ? 'tidemark-inlined' : 'tidemark';
  const impl = isBare ? 'bare-heap' : ours;
  console.log(JSON.stringify({ bench, impl, case: name, mops: Number(mops.toFixed(4)), ...facts }));
}

const wanted = process.argv.slice(2).filter((word) => word !== '--bare');
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
