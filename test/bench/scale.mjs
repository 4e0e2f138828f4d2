// How a run grows with its tasks and with simulated time, through the public engine and the real `flink-aligned`. Prints one
// JSON line per measurement, each taken in a process of its own, so that memory is that of one run:
//   run        so many tasks, one checkpoint that completes: time, peak memory
//   idle-task  what one more task that has nothing to do takes, its share of the plan and of the outcome included
//   event      processor time per event with 10^2 and with 10^5 tasks, records being nearly all there is
//   time       what a run holds as simulated time goes on, with its checkpoints handed out and with all of them listed
//
// Run from the compiled program: `npm run build`, then `node test/bench/scale.mjs [TASKS] [MEASUREMENT ...]`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { FLOW_JOB_KINDS } from '../../dist/models/flow-job/actions.js';
import { FlowJob } from '../../dist/models/flow-job/job.js';
import { runFlowJob } from '../../dist/models/flow-job/run.js';
import { flinkAligned } from '../../dist/models/protocols/flink-aligned.js';
import { runTimed } from '../../dist/sim/timed.js';
import { World } from '../../dist/sim/world.js';
import { forwardGraph, forwardPlan } from './forward-pipelines.mjs';

const PER_PIPELINE = 3;
const MEBIBYTE = 2 ** 20;

const graphOf = (tasks) => forwardGraph(Math.round(tasks / PER_PIPELINE));

/** CPU seconds since a reading of `process.cpuUsage`. */
function cpuSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Bytes in use, with all garbage gone. */
function held() {
  for (let i = 0; i < 3; i++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const peakMebibytes = () => process.resourceUsage().maxRSS / 1024;

function print(measure, values) {
  const rounded = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  ]);
  process.stdout.write(`${JSON.stringify({ bench: 'scale', measure, ...Object.fromEntries(rounded) })}\n`);
}

/** Two records a second from each source for four seconds; the checkpoint falls into the third. */
function run(tasks) {
  const graph = graphOf(tasks);
  const plan = forwardPlan(graph, {
    horizonMicros: 4_000_000,
    load: { records: 1_000_000, intervalMicros: 500_000, arrivals: 'poisson' },
  });
  const checkpoints = { ...plan.checkpoints, intervalMicros: 3_000_000 };
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const outcome = runFlowJob({ ...plan, checkpoints }, flinkAligned);
  const completed = outcome.checkpoints.filter(({ status }) => status === 'completed').length;
  if (completed !== 1 || outcome.checkpoints.length !== 1)
    throw new Error(`${completed} of ${outcome.checkpoints.length} checkpoints completed`);
  print('run', {
    tasks: graph.tasks.length,
    checkpoints_completed: completed,
    events: outcome.events,
    records: outcome.records.processed,
    acknowledged_ms: outcome.checkpoints[0].acknowledged_us / 1_000,
    wall_s: (performance.now() - startedAt) / 1_000,
    cpu_s: cpuSince(before),
    peak_rss_mib: peakMebibytes(),
  });
}

/** Bytes that a job without any records holds at its end, plan and outcome included. */
function idleBytes(tasks) {
  const before = held();
  const load = { records: 0, intervalMicros: 1_000, arrivals: 'poisson' };
  const plan = forwardPlan(graphOf(tasks), { load });
  const withPlan = held() - before;
  let job = null;
  const outcome = runFlowJob(plan, flinkAligned, { onEnd: (at) => (job = at) });
  const all = held() - before;
  if (job.plan !== plan || outcome.records.offered !== 0) throw new Error('the job is not the idle one');
  return { all, withPlan };
}

function idleTask() {
  idleBytes(3_000);
  const [few, many] = [30_000, 300_000];
  const [one, other] = [idleBytes(few), idleBytes(many)];
  print('idle-task', {
    from_tasks: few,
    to_tasks: many,
    bytes_per_task: (other.all - one.all) / (many - few),
    of_which_plan: (other.withPlan - one.withPlan) / (many - few),
  });
}

const EVENTS = 6_000_000;
/** Behind so many events of each task its tables have grown to what they will be. */
const WARM_PER_TASK = 200;

/** Nanoseconds of processor time per event of a running job; the construction of the job is not counted. */
function nanosPerEvent(tasks) {
  const graph = graphOf(tasks);
  const plan = forwardPlan(graph, { horizonMicros: Number.MAX_SAFE_INTEGER });
  const world = new World(FLOW_JOB_KINDS);
  const job = new FlowJob(plan, flinkAligned, world);
  job.begin();
  const warm = Math.max(EVENTS / 2, WARM_PER_TASK * tasks);
  runTimed(world, job, plan.horizonMicros, { maxEvents: warm });
  const before = process.cpuUsage();
  runTimed(world, job, plan.horizonMicros, { maxEvents: warm + EVENTS });
  return (cpuSince(before) * 1e9) / (world.events - warm);
}

function event() {
  const few = 100;
  const many = 100_000;
  nanosPerEvent(few);
  // Interleaved, so that other work on the machine slows both.
  const pairs = Array.from({ length: 3 }, () => [nanosPerEvent(few), nanosPerEvent(many)]);
  const ratios = pairs.map(([one, other]) => other / one).sort((x, y) => x - y);
  const median = (at) => pairs.map((pair) => pair[at]).sort((x, y) => x - y)[1];
  print('event', { from_tasks: few, to_tasks: many, from_ns: median(0), to_ns: median(1), ratio: ratios[1] });
}

/** Seconds of simulated time. What is measured first is only that code becomes what it will be. */
const MARKS = [1_000, 2_000, 4_000, 8_000];

/** Takes what a run has to tell and forgets it. */
const TAKEN = { history: { checkpoint: () => {}, stored: () => {} } };

/** Bytes that a job of 30 tasks holds on its way, with a checkpoint each second. */
function heldOnTheWay(history) {
  const horizonMicros = (MARKS.at(-1) + 10) * 1_000_000;
  const plan = forwardPlan(graphOf(30), { horizonMicros, sink: 'two-phase' });
  const checkpoints = { ...plan.checkpoints, intervalMicros: 1_000_000 };
  const readings = [];
  const onProgress = (micros, events) => {
    if (micros >= MARKS[readings.length] * 1_000_000) readings.push({ events, bytes: held() });
  };
  runFlowJob({ ...plan, checkpoints }, flinkAligned, { onProgress, ...history });
  return readings;
}

function time() {
  for (const [measure, history] of [
    ['time', TAKEN],
    ['time, checkpoints listed', {}],
  ]) {
    const readings = heldOnTheWay(history);
    const [, first] = readings;
    const last = readings.at(-1);
    print(measure, {
      from_events: first.events,
      to_events: last.events,
      held_mib: readings.map(({ bytes }) => Number((bytes / MEBIBYTE).toFixed(3))),
      bytes_per_further_event: (last.bytes - first.bytes) / (last.events - first.events),
    });
  }
}

const measurements = { run, 'idle-task': idleTask, event, time };

if (process.argv[2] === '--one') {
  measurements[process.argv[3]](Number(process.argv[4]));
} else {
  const [tasks = '1000000', ...asked] = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : Object.keys(measurements)) {
    if (measurements[name] === undefined)
      throw new Error(`no measurement ${name}, but ${Object.keys(measurements).join(', ')}`);
    const options = ['--expose-gc', '--max-old-space-size=20000'];
    const self = fileURLToPath(import.meta.url);
    const { status } = spawnSync(process.execPath, [...options, self, '--one', name, tasks], { stdio: 'inherit' });
    if (status !== 0) process.exit(1);
  }
}
