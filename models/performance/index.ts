/** All closed forms by name, and their evaluation with inputs from outside. */
import * as barriers from './barriers.ts';
import * as completion from './completion.ts';
import * as latency from './latency.ts';
import * as money from './money.ts';
import * as multiLevel from './multi-level.ts';
import type { InputSpec, InputValue, PerformanceModel } from './performance-model.ts';
import * as queueing from './queueing.ts';
import * as recovery from './recovery.ts';
import * as space from './space.ts';
import * as streamUtilizations from './stream-utilization.ts';
import * as tuning from './tuning.ts';

export type { InputSpec, InputValue, ModelStatus, PerformanceModel } from './performance-model.ts';

/** A group of models, in teaching order. */
export interface ModelGroup {
  readonly title: string;
  readonly models: readonly PerformanceModel[];
}

// What a model takes is checked before it is called, so a model of any inputs may stand for one of named values.
const group = (title: string, module: object): ModelGroup => ({
  title,
  models: Object.values(module) as PerformanceModel[],
});

export const MODEL_GROUPS: readonly ModelGroup[] = [
  group('bounded work under failures', completion),
  group('utilization of a stream', streamUtilizations),
  group('two levels of checkpoints', multiLevel),
  group('recovery', recovery),
  group('latency', latency),
  group('barriers and messages', barriers),
  group('space', space),
  group('not knowing', tuning),
  group('money', money),
  group('queues', queueing),
];

/** Every model by its name. */
export const PERFORMANCE_MODELS: ReadonlyMap<string, PerformanceModel> = new Map(
  MODEL_GROUPS.flatMap(({ models }) => models).map((model) => [model.name, model]),
);

/** What a model makes of inputs: its number, or a sentence saying which input is wrong and what it should be. */
export type Evaluation = { readonly output: number; readonly caution: string | null } | { readonly problem: string };

/** Checks the inputs against the model and evaluates it; never throws. */
export function evaluateModel(model: PerformanceModel, inputs: Readonly<Record<string, unknown>>): Evaluation {
  const names = Object.keys(model.inputs);
  const unknown = Object.keys(inputs).find((name) => !names.includes(name));
  if (unknown !== undefined) return { problem: `${model.name} has no input ${unknown}: it takes ${names.join(', ')}` };
  const missing = names.filter((name) => !Object.hasOwn(inputs, name));
  if (missing.length > 0) return { problem: `${model.name} also needs ${missing.map(described(model)).join(', ')}` };
  for (const name of names) {
    const problem = inputProblem(inputs[name], model.inputs[name]!);
    if (problem !== null) return { problem: `${name} of ${model.name} ${problem}` };
  }
  const checked = inputs as Readonly<Record<string, InputValue>>;
  try {
    const output = model.evaluate(checked);
    if (!Number.isFinite(output)) {
      return { problem: `${model.name} has no finite value for these inputs: some are too large or too small for it` };
    }
    return { output, caution: model.caution?.(checked) ?? null };
  } catch (error) {
    if (error instanceof RangeError) return { problem: `${model.name}: ${error.message}` };
    throw error;
  }
}

const described =
  ({ inputs }: PerformanceModel) =>
  (name: string): string =>
    `${name} (${inputs[name]!.what})`;

function inputProblem(value: unknown, spec: InputSpec): string | null {
  if (!spec.list) return numberProblem(value, spec);
  if (!Array.isArray(value) || value.length === 0) return 'should be a list of at least one number';
  for (const each of value) {
    const problem = numberProblem(each, spec);
    if (problem !== null) return `has a number that ${problem}`;
  }
  return null;
}

function numberProblem(value: unknown, { unit, min, max, openMin, openMax, whole }: InputSpec): string | null {
  const isInside =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (openMin ? value > min : value >= min) &&
    (openMax ? value < max : value <= max) &&
    (!whole || Number.isInteger(value));
  if (isInside) return null;
  const kind = whole ? 'a whole number' : 'a number';
  const from = openMin ? `above ${min}` : `of at least ${min}`;
  const to = max === Infinity ? '' : openMax ? ` and below ${max}` : ` and at most ${max}`;
  const of = unit === '1' ? '' : ` (${unit})`;
  return `should be ${kind} ${from}${to}${of}, and is ${typeof value === 'number' ? value : JSON.stringify(value)}`;
}
