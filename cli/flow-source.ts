/** From what the user typed to a dataflow job under one protocol. */
import { CONTENDERS, promiseOf, unfitFor } from '../models/comparison/index.ts';
import type { OutputPromise } from '../models/flow-job/judged-run.ts';
import type { FlowJobScenario } from '../scenarios/flow-plan.ts';
import { renderInputErrors } from '../scenarios/input-error.ts';
import { loadFlowJob } from '../scenarios/load-flow.ts';
import { UsageError } from './exit.ts';
import { readFile } from './files.ts';
import { didYouMean } from './protocol-source.ts';

export interface LoadedFlow extends Pick<FlowJobScenario, 'name' | 'title' | 'teaches' | 'plan'> {
  readonly protocol: string;
  /** What the protocol promises for outputs behind the sinks of the plan. */
  readonly promise: OutputPromise;
}

export interface FlowChoice {
  readonly set: readonly string[];
  readonly seed: string | undefined;
  /** The first of the scenario's that makes checkpoints, unless given. */
  readonly protocol: string | undefined;
  readonly horizonSeconds: number | undefined;
}

/** The job at this path; throws UsageError with every mistake found in it. */
export async function loadFlow(path: string, choice: FlowChoice): Promise<LoadedFlow> {
  const { set, seed, protocol, horizonSeconds } = choice;
  const short = [
    ...(seed === undefined ? [] : [`seed=${JSON.stringify(seed)}`]),
    ...(horizonSeconds === undefined ? [] : [`horizon_s=${horizonSeconds}`]),
  ];
  const loaded = loadFlowJob({ path, text: readFile(path) }, [...set, ...short]);
  if (loaded.kind === 'errors') throw new UsageError(asTyped(renderInputErrors(loaded.errors), choice));
  const { name, title, teaches, plan, controlBytes, protocols } = loaded.scenario;
  const known = CONTENDERS.filter((each) => each.kind === 'dataflow' && each.checkpoints);
  const names = known.map((each) => each.name);
  const wanted = protocol ?? protocols.find((each) => names.includes(each));
  if (wanted === undefined)
    throw new UsageError(`${path}: none of its protocols makes checkpoints\n   remedy: --protocol ${names[0]}`);
  const contender = known.find((each) => each.name === wanted);
  if (contender === undefined) {
    const near = await didYouMean(wanted, names);
    throw new UsageError(`--protocol: there is no "${wanted}"${near}\n   remedy: one of ${names.join(', ')}`);
  }
  const unfit = unfitFor(contender, { plan, controlBytes, samza: null });
  if (unfit !== null) throw new UsageError(`--protocol: ${wanted} ${unfit}; ${name} is no job for it`);
  return { name, title, teaches, plan, protocol: wanted, promise: promiseOf(contender, plan) as OutputPromise };
}

/** Messages about a value that came from a short option name that option. */
function asTyped(text: string, { seed, horizonSeconds }: FlowChoice): string {
  return text
    .replaceAll(`--set seed=${JSON.stringify(seed)}`, `--seed ${seed}`)
    .replaceAll(`--set horizon_s=${horizonSeconds}`, `--horizon-s ${horizonSeconds}`);
}
