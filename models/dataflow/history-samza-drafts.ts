/**
 * Events of a Samza window before they have numbers: lines are found while the run goes, tasks that have no part in the
 * story are left out when it is over, and then what is left is numbered.
 */
import type { Violation } from '../outcome.ts';
import type { RunPlan } from '../plan.ts';
import type {
  History,
  HistoryEvent,
  HistoryEventKind,
  HistoryLine,
  HistoryMessage,
  HistoryMessageKind,
  HistoryViolation,
} from './history-data.ts';
import { HistoryWriter } from './history-writer.ts';

export interface SamzaHistoryOptions {
  readonly fromMicros: number;
  readonly toMicros: number;
  /** Events kept, around the first death if there are more; 300 unless given. */
  readonly eventsMax?: number;
  /** Tasks shown; unless given, 12 at most, and first those of containers that died in the window. */
  readonly tasks?: readonly number[];
  /** A violation of the whole run, to be marked. It is not looked for here: the run ends with the window. */
  readonly violation?: Violation | null;
  readonly title?: string;
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
}

interface DraftMessage {
  readonly from: Draft;
  readonly to: Draft;
  readonly kind: HistoryMessageKind;
  readonly label: string;
}

interface TaskLine extends HistoryLine {
  readonly task: number;
  readonly order: number;
}

const EVENTS_MAX = 300;
const TASKS_MAX = 12;
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
    facts: { took?: number; background?: boolean; secondary?: boolean; checkpoint?: number } = {},
  ): Draft | null {
    if (!this.#isInside()) return null;
    const { took = 0, background = false, secondary = false, checkpoint = null } = facts;
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

  relabel(draft: Draft | null, label: string): void {
    if (draft === null) return;
    draft.label = label;
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
    const notes: string[] = [];
    const chosen = this.#choose(notes);
    const { keys, lines } = this.#lines(chosen);
    const writer = new HistoryWriter();
    const numbers = new Map<Draft, number>();
    let step = -1;
    for (const draft of chosen) {
      if (draft.step !== step) writer.step++;
      ({ step } = draft);
      // Kept apart, so that equal moments on one line are still one after another.
      numbers.set(draft, writer.event(keys.indexOf(draft.line), draft.kind, draft.label, factsOf(draft)));
    }
    const messages: HistoryMessage[] = this.#messages.flatMap(({ from, to, kind, label }) => {
      const [start, end] = [numbers.get(from), numbers.get(to)];
      if (start === undefined || end === undefined) return [];
      const toLine = keys.indexOf(to.line);
      return [
        {
          from: start,
          to: end,
          toLine,
          kind,
          label,
          checkpoint: to.checkpoint,
          record: null,
          channel: null,
          number: null,
          lost: null,
        },
      ];
    });
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
      violation: this.#violation(writer.events),
      notes,
    };
  }

  /** Tasks of the story, then events of the window around the first death. */
  #choose(notes: string[]): Draft[] {
    const { tasks, eventsMax = EVENTS_MAX } = this.#options;
    const kept =
      tasks === undefined
        ? this.#storyLines()
        : new Set([...this.#tasks].filter(([, { task }]) => tasks.includes(task)).map(([key]) => key));
    const left = this.#tasks.size - kept.size;
    if (left > 0) notes.push(`${left} of ${this.#tasks.size} tasks are left out.`);
    const drafts = this.#drafts.filter(({ line }) => kept.has(line) || !this.#tasks.has(line));
    if (drafts.length <= eventsMax) return drafts;
    const middle = Math.max(
      0,
      drafts.findIndex(({ kind }) => kind === 'crash'),
    );
    const from = Math.max(0, Math.min(middle - Math.floor(eventsMax / 2), drafts.length - eventsMax));
    notes.push(
      `${drafts.length - eventsMax} of ${drafts.length} events of the window are left out: ${from} before, ${drafts.length - eventsMax - from} after.`,
    );
    return drafts.slice(from, from + eventsMax);
  }

  #storyLines(): Set<string> {
    const all = [...this.#tasks].toSorted(([, x], [, y]) => x.order - y.order).map(([key]) => key);
    if (all.length <= TASKS_MAX) return new Set(all);
    const struck = new Set(this.#drafts.filter(({ kind }) => kind === 'crash').map(({ line }) => line));
    return new Set(
      [...all.filter((key) => struck.has(key)), ...all.filter((key) => !struck.has(key))].slice(0, TASKS_MAX),
    );
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

  #violation(events: readonly HistoryEvent[]): HistoryViolation | null {
    const { violation, toMicros } = this.#options;
    if (violation === undefined || violation === null) return null;
    const { law, statement, facts, atMicros } = violation;
    const event =
      atMicros > toMicros ? undefined : events.findLast((each) => (each.atMicros ?? 0) <= atMicros && !each.secondary);
    return { law, statement, facts, event: event?.n ?? null, atEnd: false, messages: [], records: [] };
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
