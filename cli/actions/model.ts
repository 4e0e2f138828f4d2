/** What `tidemark model` does: one closed form explained or evaluated, or a file of them. */
import { jsonText } from '../../reports/json.ts';
import {
  modelBatchSummary,
  modelDocument,
  modelExplanation,
  modelReport,
  type ModelAnswer,
} from '../../reports/model.ts';
import { nearest } from '../../models/nearest-word.ts';
import { PERFORMANCE_MODELS, type PerformanceModel, evaluateModel } from '../../models/performance/index.ts';
import type { ModelArgs } from '../commands/model.ts';
import { exitCode, type ExitCode, UsageError } from '../exit.ts';
import { readFile } from '../files.ts';
import { terminalStyle, writeErr, writeOut } from '../output.ts';

/** Prints a number and what it means, an explanation, or one answer per element of the file. */
export async function model({ name, inputs, batch, json }: ModelArgs): Promise<ExitCode> {
  if (batch !== undefined) {
    if (name !== undefined || inputs !== undefined)
      throw new UsageError('--batch takes names and inputs from its file: leave out the name and --inputs');
    const answers = batchOf(batch);
    writeOut(jsonText(answers));
    writeErr(modelBatchSummary(answers));
    return answers.every(({ agrees }) => agrees !== false) ? exitCode.done : exitCode.violated;
  }
  const style = terminalStyle(process.stdout);
  if (name === undefined) throw new UsageError('which model? `tidemark list models` shows them all');
  const known = modelOf(name);
  if (inputs === undefined) {
    writeOut(json ? jsonText(modelDocument(known)) : modelExplanation(known, style));
    return exitCode.done;
  }
  const answer = answerTo(known, inputsOf(inputs), '--inputs');
  writeOut(json ? jsonText(answer) : modelReport(known, answer, style));
  return exitCode.done;
}

function modelOf(name: string): PerformanceModel {
  const known = PERFORMANCE_MODELS.get(name);
  if (known !== undefined) return known;
  const near = nearest(name, [...PERFORMANCE_MODELS.keys()]);
  throw new UsageError(
    `there is no model "${name}"${near === null ? '' : ` - did you mean "${near}"?`}\n   remedy: \`tidemark list models\` shows them all`,
  );
}

function answerTo(model: PerformanceModel, inputs: Readonly<Record<string, unknown>>, place: string): ModelAnswer {
  const result = evaluateModel(model, inputs);
  if ('problem' in result) {
    throw new UsageError(
      `${place}: ${result.problem}\n   remedy: \`tidemark model ${model.name}\` explains its inputs`,
    );
  }
  const { output, caution } = result;
  return { model: model.name, inputs: inputs as ModelAnswer['inputs'], output, units: model.unit, caution };
}

/** `a=1,b=[2,3]` as an object. */
function inputsOf(text: string): Readonly<Record<string, unknown>> {
  const inputs: Record<string, unknown> = {};
  for (const part of text.split(/,(?![^[]*\])/)) {
    const [, name, value] = /^\s*([a-z0-9_]+)\s*=\s*(.+?)\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`--inputs: "${part}" should be name=value or name=[value,value]`);
    if (Object.hasOwn(inputs, name)) throw new UsageError(`--inputs: ${name} is given twice`);
    inputs[name] = value.startsWith('[')
      ? value
          .replace(/^\[|\]$/g, '')
          .split(',')
          .map(numberOf)
      : numberOf(value);
  }
  return inputs;
}

/** A number; a text that is none stays a text, and is refused by name later. */
function numberOf(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

/** Outputs agree when they differ by no more than this share (models.md §0.8). */
const TOLERANCE = 1e-9;

function batchOf(path: string): readonly ModelAnswer[] {
  const content = readFile(path);
  const isText = typeof content === 'string' || content instanceof Uint8Array;
  if (!isText) throw new UsageError(`${path}: cannot be read: ${content.message}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(typeof content === 'string' ? content : new TextDecoder().decode(content));
  } catch (error) {
    throw new UsageError(`${path}: is no JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(parsed)) throw new UsageError(`${path}: should be a list of {"model", "inputs"}`);
  return parsed.map((each: unknown, i) => batchAnswer(each, `${path}, element ${i + 1} of ${parsed.length}`));
}

function batchAnswer(element: unknown, place: string): ModelAnswer {
  const { model, inputs, output } = (element ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof model !== 'string') throw new UsageError(`${place}: "model" should be the name of a model`);
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs))
    throw new UsageError(`${place}: "inputs" should be an object of named numbers`);
  if (!PERFORMANCE_MODELS.has(model)) throw new UsageError(`${place}: there is no model ${model}`);
  const answer = answerTo(modelOf(model), inputs as Readonly<Record<string, unknown>>, place);
  if (output === undefined) return answer;
  if (typeof output !== 'number') throw new UsageError(`${place}: "output" should be a number to compare with`);
  const error = output === 0 ? Math.abs(answer.output) : Math.abs(answer.output / output - 1);
  return { ...answer, expected: output, relative_error: error, agrees: error <= TOLERANCE };
}
