/** Closed forms for a terminal: what one is, what it gives, and how a file of them compares. */
import type { ModelStatus, PerformanceModel } from '../models/performance/index.ts';
import type { Style } from './style.ts';
import { labelled, table } from './text.ts';

/** A closed form evaluated. With an output to compare with, how far off it is. */
export interface ModelAnswer {
  readonly model: string;
  readonly inputs: Readonly<Record<string, number | readonly number[]>>;
  readonly output: number;
  readonly units: string;
  readonly caution: string | null;
  readonly expected?: number;
  readonly relative_error?: number;
  readonly agrees?: boolean;
}

const STATUS: Readonly<Record<ModelStatus, string>> = {
  V: 'derived here and checked numerically',
  S: 'as read in the source',
  A: 'from an abstract or a secondary source',
  U: 'unverified',
};

/** What there is to know of a model, as data. */
export function modelDocument(model: PerformanceModel): Readonly<Record<string, unknown>> {
  const { name, unit, what, assumes, valid, source, status } = model;
  const inputs = Object.entries(model.inputs).map(([input, { unit, what, list }]) => ({ input, unit, what, list }));
  return { model: name, unit, what, assumes, valid, source, status, inputs };
}

/** What the model is, assumes and needs, for a terminal. */
export function modelExplanation(model: PerformanceModel, style: Style): string {
  const inputs = Object.entries(model.inputs).map(([name, { unit, what, list }]) => [
    name,
    unit === '1' ? '' : unit,
    list ? `${what} (a list)` : what,
  ]);
  return lines([
    style('strong', model.name),
    ...about(model),
    '',
    ...table(
      [
        { title: 'input', align: 'left' },
        { title: 'unit', align: 'left' },
        { title: 'what it is', align: 'left', wrapAt: 50 },
      ],
      inputs,
      { style },
    ),
    '',
    `evaluate it: tidemark model ${model.name} --inputs ${Object.entries(model.inputs)
      .map(([name, { list }]) => `${name}=${list ? '[…,…]' : '…'}`)
      .join(',')}`,
  ]);
}

/** The number, what it means, and where it holds. */
export function modelReport(model: PerformanceModel, answer: ModelAnswer, style: Style): string {
  return lines([
    style('strong', inUnit(answer.output, model.unit)),
    ...about(model),
    ...(answer.caution === null ? [] : labelled('caution', answer.caution)),
  ]);
}

function about({ what, assumes, valid, source, status }: PerformanceModel): string[] {
  return [
    ...labelled('is', what),
    ...labelled('assumes', assumes),
    ...labelled('valid', valid),
    ...labelled('source', `${source} (${STATUS[status]})`),
  ];
}

/** How answers compare with the outputs that stood beside their inputs; empty when none did. */
export function modelBatchSummary(answers: readonly ModelAnswer[]): string {
  const compared = answers.filter(({ agrees }) => agrees !== undefined);
  if (compared.length === 0) return '';
  const worst = Math.max(...compared.map(({ relative_error: error }) => error ?? 0));
  const agreeing = compared.filter(({ agrees }) => agrees === true).length;
  const first = compared.find(({ agrees }) => agrees === false);
  return lines([
    `${agreeing} of ${compared.length} outputs agree within 1e-9; the largest relative difference is ${worst.toPrecision(2)}`,
    ...(first === undefined
      ? []
      : [`the first that does not is ${first.model}: ${first.output}, not ${first.expected}`]),
  ]);
}

function inUnit(value: number, unit: string): string {
  const text = String(Number(value.toPrecision(12)));
  return unit === '1' ? text : `${text} ${unit}`;
}

function lines(all: readonly string[]): string {
  return all.join('\n') + '\n';
}
