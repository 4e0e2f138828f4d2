/**
 * A replay file of a dataflow: protocol, job, faults and action ids, which together are a counterexample that can be
 * mailed and kept as a regression test. Its kind tells it from the replay file of a timed run.
 */
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { FlowCounterexample } from '../models/dataflow/counterexample.ts';
import type { FlowPlan } from '../models/dataflow/plans.ts';
import { jsonText } from '../reports/json.ts';
import { UsageError } from './exit.ts';
import { fillPending, type PendingFile } from './files.ts';
import { packageVersion } from './home.ts';
import { writeErr } from './output.ts';
import type { ProtocolSpec } from './protocol-source.ts';

/** What the file holds. */
export interface FlowReplayFile {
  /** Version of Tidemark that wrote it. */
  readonly tidemark: string;
  readonly kind: 'dataflow';
  readonly law: string | null;
  /** Fingerprint of the state the actions lead to. */
  readonly state: string;
  /** A protocol file is named relative to the replay file. */
  readonly protocol: ProtocolSpec;
  readonly topology: FlowPlan['topology'];
  readonly environment: FlowPlan['environment'];
  readonly actions: readonly string[];
}

/** `tidemark-c2-7c41.replay.json`: the law and four digits of where the path leads. */
export function defaultReplayName({ law, state }: FlowCounterexample): string {
  return `tidemark-${law.toLowerCase()}-${state.slice(0, 4)}.replay.json`;
}

/** Writes the counterexample and says so on stderr. */
export function saveFlowReplay(file: PendingFile, spec: ProtocolSpec, counterexample: FlowCounterexample): void {
  const { law, state, plan, path } = counterexample;
  const document: FlowReplayFile = {
    tidemark: packageVersion(),
    kind: 'dataflow',
    law,
    state,
    protocol: spec.kind === 'file' ? { kind: 'file', path: relativeTo(file.path, spec.path) } : spec,
    topology: plan.topology,
    environment: plan.environment,
    actions: path,
  };
  fillPending(file, jsonText(document));
  writeErr(`saved ${file.path}: ${path.length} actions that break ${law}\n`);
}

function relativeTo(replay: string, protocol: string): string {
  const path = relative(dirname(resolve(replay)), resolve(protocol)).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** The protocol as this process must look for it. */
export function specInFile({ protocol }: FlowReplayFile, replayPath: string): ProtocolSpec {
  if (protocol.kind !== 'file' || isAbsolute(protocol.path)) return protocol;
  return { kind: 'file', path: relative('.', resolve(dirname(replayPath), protocol.path)) };
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The file's first mistake; throws UsageError with it, and gives the document back when there is none. */
export function asFlowReplay(path: string, document: Readonly<Record<string, unknown>>): FlowReplayFile {
  const problem = problemOf(document);
  if (problem === null) return document as unknown as FlowReplayFile;
  throw new UsageError(
    `${path}: is not a replay file: ${problem}\n   remedy: give a file written by \`tidemark check --save\` or \`tidemark explore --save\``,
  );
}

function problemOf({
  tidemark,
  law,
  state,
  protocol,
  topology,
  environment,
  actions,
}: Readonly<Record<string, unknown>>): string | null {
  if (!isText(tidemark)) return '"tidemark" should be the version that wrote it';
  if (law !== null && !isText(law)) return '"law" should be a law or null';
  if (!isText(state)) return '"state" should be a fingerprint';
  if (!isObject(protocol) || !['catalogue', 'mutant', 'base', 'file'].includes(String(protocol['kind'])))
    return '"protocol" should have a kind: catalogue, mutant, base or file';
  if (!isText(protocol[protocol['kind'] === 'file' ? 'path' : 'name']))
    return '"protocol" should have a name or a path';
  if (!Array.isArray(actions) || !actions.every(isText)) return '"actions" should be a list of action ids';
  return topologyProblem(topology) ?? environmentProblem(environment);
}

function topologyProblem(topology: unknown): string | null {
  if (!isObject(topology)) return '"topology" should be a job';
  const { name, tasks, channels, records, capacity, sink, hops } = topology;
  if (!isText(name)) return '"topology.name" should be a text';
  if (!Array.isArray(tasks) || !tasks.every((task) => isObject(task) && isText(task['name']) && isText(task['role'])))
    return '"topology.tasks" should be a list of tasks with name and role';
  const isTask = (value: unknown): boolean => isWhole(value) && Number(value) < tasks.length;
  if (
    !Array.isArray(channels) ||
    !channels.every((each) => isObject(each) && isTask(each['from']) && isTask(each['to']))
  )
    return '"topology.channels" should be a list of channels from task to task';
  if (![records, capacity, hops].every(isWhole)) return '"topology.records", capacity and hops should be whole numbers';
  return ['plain', 'idempotent', 'two-phase'].includes(String(sink))
    ? null
    : '"topology.sink" should be plain, idempotent or two-phase';
}

function environmentProblem(environment: unknown): string | null {
  if (!isObject(environment)) return '"environment" should be what may go wrong';
  const numbers = ['checkpoints', 'maxConcurrent', 'crashes', 'coordinatorCrashes', 'lostNotifications'];
  const wrong = [...numbers, 'duplicatedMessages', 'failedUploads', 'failedCommits', 'timeouts'].find(
    (name) => !isWhole(environment[name]),
  );
  if (wrong !== undefined) return `"environment.${wrong}" should be a whole number`;
  const flag = ['zombies', 'calm'].find((name) => typeof environment[name] !== 'boolean');
  return flag === undefined ? null : `"environment.${flag}" should be true or false`;
}
