/**
 * Events of a Samza window before they have numbers: lines are found while the run goes, tasks that have no part in the
 * story are left out when it is over, and then what is left is numbered.
 */
import type { Violation } from '../outcome.ts';
import type { RunPlan } from '../plan.ts';
import type { History, HistoryEventKind, HistoryLine, HistoryMessage, HistoryMessageKind } from './history-data.ts';
import { chosenDrafts } from './history-samza-choice.ts';
import { guiltOf, isGuiltyMessage, violationOf } from './history-samza-guilty.ts';
import { HistoryWriter } from './history-writer.ts';

export interface SamzaHistoryOptions {
  readonly fromMicros: number;
  readonly toMicros: number;
  /** Events kept, around the focus if there are more; 500 unless given. */
  readonly eventsMax?: number;
  /** What has to be seen if there are more events than that; unless given, the first death. */
  readonly focus?: readonly [fromMicros: number, toMicros: number];
  /** Tasks shown; unless given, 20 at most: the one that broke a law, those of containers that died in the window, others. */
  readonly tasks?: readonly number[];
  /** A violation of the whole run, to be marked. It is not looked for here: the run ends with the window. */
  readonly violation?: Violation | null;
  /** Apply exactly these actions of the whole run, instead of letting time choose. */
  readonly replay?: readonly string[];
  readonly title?: string;
  /** Why this window, in a sentence. */
  readonly note?: string;
}

export interface Draft {
  readonly line: string;
  readonly kind: HistoryEventKind;
  label: string;
  readonly step: number;
  readonly atMicros: number;
  untilMicros: number;
  readonly took: number;
  readonly background: boolean;
  readonly secondary: boolean;
  readonly checkpoint: number | null;
  /** The task it is about, on whatever line it stands; null: none, or several. */
  readonly task: number | null;
  /** Records of an input that it processed or put out, the last included. */
  records: { readonly ssp: string; readonly first: number; readonly last: number } | null;
}

interface DraftMessage {
  readonly from: Draft;
  readonly to: Draft;
  readonly kind: HistoryMessageKind;
  readonly label: string;
}

export interface TaskLine extends HistoryLine {
  readonly task: number;
  readonly order: number;
}

const FIRST: readonly string[] = ['application master'];
const LAST: readonly string[] = ['output topic', 'blob store', 'checkpoint topic'];

export class SamzaDrafts {
  atMicros: number = 0;
  readonly #options: SamzaHistoryOptions;
  readonly #drafts: Draft[] = [];
  readonly #messages: DraftMessage[] = [];
  readonly #cuts: { readonly name: string; readonly draft: Draft }[] = [];
  readonly #tasks: Map<string, TaskLine> = new Map();
  #step: number = 0;

  constructor(options: SamzaHistoryOptions) {
    this.#options = options;
  }

  /** The next action, at this time. */
  begin(atMicros: number): void {
    this.atMicros = atMicros;
    this.#step++;
  }

  /** Key of the line of a task in a container; a second container that runs the task meanwhile has a line of its own. */
  taskLine(actor: string, processor: number, task: number): string {
    const key = `${actor}/${task}`;
    if (!this.#tasks.has(key)) {
      const twin = actor.split('-').slice(2).join('-');
      this.#tasks.set(key, {
        name: twin === '' ? `task ${task}` : `task ${task} (${twin})`,
        role: 'task',
        group: twin === '' ? `container ${processor}` : `container ${processor} (${twin})`,
        task,
        order: processor * 1e6 + task + twin.length * 1e4,
      });
    }
    return key;
  }

  /** Null outside the window; what is null is left out wherever it is used. */
  draft(
    line: string,
    kind: HistoryEventKind,
    label: string,
    facts: { took?: number; background?: boolean; secondary?: boolean; checkpoint?: number; task?: number } = {},
  ): Draft | null {
    if (!this.#isInside()) return null;
    const { took = 0, background = false, secondary = false, checkpoint = null } = facts;
    const task = facts.task ?? this.#tasks.get(line)?.task ?? null;
    const { atMicros } = this;
    const draft: Draft = {
      line,
      kind,
      label,
      step: this.#step,
      atMicros,
      untilMicros: atMicros,
      took,
      background,
      secondary,
      checkpoint,
      task,
      records: null,
    };
    this.#drafts.push(draft);
    return draft;
  }

  /** A stretch that began before the window ends where the window begins. */
  goesOn(draft: Draft | null): boolean {
    return draft !== null || !this.#isInside();
  }

  #isInside(): boolean {
    return this.atMicros >= this.#options.fromMicros && this.atMicros <= this.#options.toMicros;
  }

  /** The stretch goes on up to now and these records. */
  extend(draft: Draft | null, label: string, records: NonNullable<Draft['records']>): void {
    if (draft === null || !this.#isInside()) return;
    draft.label = label;
    draft.records = records;
    draft.untilMicros = this.atMicros;
  }

  message(
    from: Draft | null | undefined,
    to: Draft | null,
    facts: { readonly kind: HistoryMessageKind; readonly label: string },
  ): void {
    if (from && to) this.#messages.push({ from, to, ...facts });
  }

  cutPoint(name: string, draft: Draft): void {
    this.#cuts.push({ name, draft });
  }

  history(plan: RunPlan, title: string): History {
    const { note = '' } = this.#options;
    const notes: string[] = note === '' ? [] : [note];
    const chosen = chosenDrafts(this.#drafts, this.#tasks, this.#options);
    notes.push(...chosen.notes);
    const { keys, lines } = this.#lines(chosen.drafts);
    const writer = new HistoryWriter();
    const numbers = new Map<Draft, number>();
    let step = -1;
    for (const draft of chosen.drafts) {
      if (draft.step !== step) writer.step++;
      ({ step } = draft);
      // Kept apart, so that equal moments on one line are still one after another.
      numbers.set(draft, writer.event(keys.indexOf(draft.line), draft.kind, draft.label, factsOf(draft)));
    }
    const { violation = null } = this.#options;
    const guilt = violation === null ? null : guiltOf(violation, chosen.drafts);
    const guilty: number[] = [];
    const messages: HistoryMessage[] = [];
    for (const { from, to, kind, label } of this.#messages) {
      const [start, end] = [numbers.get(from), numbers.get(to)];
      if (start === undefined || end === undefined) continue;
      if (guilt !== null && isGuiltyMessage(guilt, { from, to, kind })) guilty.push(messages.length);
      const toLine = keys.indexOf(to.line);
      const { checkpoint } = to;
      const none = { record: null, channel: null, number: null, lost: null } as const;
      messages.push({ from: start, to: end, toLine, kind, label, checkpoint, ...none });
    }
    for (const { name, draft } of this.#cuts) {
      const event = numbers.get(draft);
      if (event !== undefined) writer.cutPoint(name, null, { line: keys.indexOf(draft.line), event });
    }
    deadSpans(writer);
    notes.push(
      'Not shown: arrivals of records, acknowledgements of producers, and the commit steps that take no time.',
    );
    return {
      title,
      protocol: plan.protocol,
      timed: true,
      lines,
      events: writer.events,
      messages,
      cuts: writer.cuts(),
      spans: writer.spans,
      attempts: [],
      violation:
        violation === null || guilt === null ? null : violationOf(violation, guilt, { numbers, messages: guilty }),
      notes,
    };
  }

  #lines(drafts: readonly Draft[]): { keys: string[]; lines: HistoryLine[] } {
    const used = new Set(drafts.map(({ line }) => line));
    const tasks = [...this.#tasks].toSorted(([, x], [, y]) => x.order - y.order).filter(([key]) => used.has(key));
    const keys = [
      ...FIRST.filter((key) => used.has(key)),
      ...tasks.map(([key]) => key),
      ...LAST.filter((key) => used.has(key)),
    ];
    const lines = keys.map((key): HistoryLine => {
      const line = this.#tasks.get(key);
      if (line !== undefined) return { name: line.name, role: 'task', group: line.group };
      const role =
        key === 'application master'
          ? 'coordinator'
          : key === 'output topic'
            ? 'output'
            : key === 'blob store'
              ? 'store'
              : 'log';
      return { name: key, role, group: key };
    });
    return { keys, lines };
  }
}

function factsOf(draft: Draft): Parameters<HistoryWriter['event']>[3] {
  const { atMicros, untilMicros, took, background, secondary, checkpoint } = draft;
  return {
    atMicros,
    startMicros: atMicros - took,
    endMicros: untilMicros,
    background,
    secondary,
    ...(checkpoint === null ? {} : { checkpoint }),
  };
}

/** A line is dead from a crash to the next start of its container. */
function deadSpans(writer: HistoryWriter): void {
  for (const { kind, line, n } of writer.events) {
    if (kind === 'crash') writer.openSpan(line, 'dead', 'down', n);
    else if (kind === 'restart') writer.closeSpan(line, 'dead', n);
  }
}
