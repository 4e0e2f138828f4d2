/**
 * A counterexample for the terminal and as data: the law, the contradiction in sentences, the job it happens in, and the
 * path, one line per action.
 */
import type { FlowCounterexample } from '../models/dataflow/counterexample.ts';
import type { History } from '../models/dataflow/history-data.ts';
import { planInWords } from './check-plan.ts';
import { plural } from './numbers.ts';
import { historyStory } from './space-time/page.ts';
import type { Style } from './style.ts';
import { labelled, paragraph, REPORT_WIDTH, wrap } from './text.ts';

/** The broken law in one line, then its story. */
export function breachLines({ law, statement, history }: FlowCounterexample, style: Style): readonly string[] {
  const [first = '', ...rest] = wrap(`VIOLATED  ${law}  ${statement}`, { width: REPORT_WIDTH, first: '', rest: '  ' });
  return [
    first.replace(/^VIOLATED/, (word) => style('bad', word)),
    ...rest,
    ...historyStory(history).flatMap((sentence) => paragraph(sentence)),
    ...(history.violation?.atEnd === true
      ? ['  It shows at the end of the path, where nothing is left to happen.']
      : []),
  ];
}

/** The job, and the path in the words of its history; `about` says where the path comes from. */
export function pathLines(counterexample: FlowCounterexample, about: string, style: Style): readonly string[] {
  const { plan, path, history } = counterexample;
  return [
    ...labelled('Job', planInWords(plan), { indent: '', labelWidth: 6 }).map((line) =>
      line.replace(/^Job/, (word) => style('strong', word)),
    ),
    `${style('strong', 'Path')}  ${plural(path.length, 'action')}${about === '' ? '' : ` (${about})`}`,
    ...historyLines(path, history, style),
  ];
}

/** The actions with what each did. */
export function historyLines(path: readonly string[], history: History, style: Style): readonly string[] {
  const texts = stepTexts(history);
  const width = Math.max(0, ...path.map((id) => id.length));
  return path.map((id, i) => {
    const text = texts.get(i + 1) ?? '';
    return `  ${String(i + 1).padStart(String(path.length).length)}  ${id.padEnd(width)}  ${style('dim', text)}`.trimEnd();
  });
}

/** Step to what happened in it. */
function stepTexts({ events }: History): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  for (const event of events) if (!event.secondary && !texts.has(event.step)) texts.set(event.step, event.label);
  return texts;
}

/** A counterexample as data; `steps` is the length of `path`. */
export interface CounterexampleDocument {
  readonly law: string;
  readonly statement: string;
  readonly facts: FlowCounterexample['facts'];
  readonly story: readonly string[];
  readonly steps: number;
  readonly path: readonly string[];
  readonly job: string;
  readonly plan: FlowCounterexample['plan'];
  /** Fingerprint of the state the path leads to. */
  readonly state: string;
}

/** The counterexample without its history, which the path gives again. */
export function counterexampleDocument(counterexample: FlowCounterexample): CounterexampleDocument {
  const { law, statement, facts, path, plan, state, history } = counterexample;
  const story = historyStory(history);
  return { law, statement, facts, story, steps: path.length, path, job: planInWords(plan), plan, state };
}
