/**
 * Writes a history event by event. Messages are opened when they are sent and closed under the same key when they arrive,
 * first sent first; what nobody closes was under way at the end.
 */
import type {
  HistoryCut,
  HistoryEvent,
  HistoryEventKind,
  HistoryMessage,
  HistoryMessageKind,
  HistorySpan,
} from './history-data.ts';

/** What is said of an event; the rest has the usual value. */
export interface EventFacts {
  readonly checkpoint?: number;
  readonly record?: string;
  readonly secondary?: boolean;
  readonly atMicros?: number;
  readonly startMicros?: number;
  readonly endMicros?: number;
  readonly background?: boolean;
}

/** What is said of a message when it is sent. */
export interface MessageFacts {
  readonly from: number;
  readonly toLine: number;
  readonly kind: HistoryMessageKind;
  readonly label: string;
  readonly checkpoint?: number;
  readonly record?: string;
  readonly channel?: string;
  readonly number?: number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class HistoryWriter {
  readonly events: Writable<HistoryEvent>[] = [];
  readonly messages: Writable<HistoryMessage>[] = [];
  readonly spans: Writable<HistorySpan>[] = [];
  step: number = 0;
  readonly #sent: Map<unknown, number> = new Map();
  readonly #open: Map<unknown, number[]> = new Map();
  readonly #cuts: Map<
    string,
    { name: string; checkpoint: number | null; points: Map<number, number>; complete: number | null }
  > = new Map();

  /** Adds an event to a line and returns its number. */
  event(line: number, kind: HistoryEventKind, label: string, facts: EventFacts = {}): number {
    const n = this.events.length + 1;
    this.events.push({
      n,
      step: this.step,
      line,
      kind,
      label,
      secondary: facts.secondary ?? false,
      checkpoint: facts.checkpoint ?? null,
      record: facts.record ?? null,
      atMicros: facts.atMicros ?? null,
      startMicros: facts.startMicros ?? facts.atMicros ?? null,
      endMicros: facts.endMicros ?? facts.atMicros ?? null,
      background: facts.background ?? false,
    });
    return n;
  }

  /** A message leaves; `key` finds it again when it arrives, whatever kind of value that is. */
  send(key: unknown, facts: MessageFacts): void {
    const list = this.#open.get(key);
    if (list === undefined) this.#open.set(key, [this.messages.length]);
    else list.push(this.messages.length);
    this.#sent.set(key, this.messages.length);
    this.messages.push({
      checkpoint: null,
      record: null,
      channel: null,
      number: null,
      ...facts,
      to: null,
      lost: null,
    });
  }

  isOpen(key: unknown): boolean {
    return this.#open.has(key);
  }

  /** What was sent under this key lies in a log, and is read from there once more; false: nothing was. */
  sendAgain(key: unknown): boolean {
    const index = this.#sent.get(key);
    if (index === undefined) return false;
    const { to: _to, lost: _lost, ...facts } = this.messages[index]!;
    this.#open.set(key, [...(this.#open.get(key) ?? []), this.messages.length]);
    this.messages.push({ ...facts, to: null, lost: null });
    return true;
  }

  /** The oldest open message under the key has arrived at this event. */
  arrive(key: unknown, event: number): void {
    const message = this.#take(key);
    if (message !== undefined) message.to = event;
  }

  /** The oldest open message under the key is gone for good. */
  lose(key: unknown, event: number): void {
    const message = this.#take(key);
    if (message !== undefined) message.lost = event;
  }

  /** An open message goes on under another key; false: there is none under the old one. */
  rename(from: unknown, to: unknown): boolean {
    const list = this.#open.get(from);
    if (list === undefined) return false;
    this.#open.delete(from);
    this.#open.set(to, list);
    return true;
  }

  /** A second copy of the oldest open message arrives; the first goes on. */
  arriveTwice(key: unknown, event: number): void {
    const index = this.#open.get(key)?.[0];
    if (index === undefined) return;
    const message = this.messages[index]!;
    this.messages.push({ ...message, label: `${message.label} (copy)`, to: event });
  }

  /** Sent and received at once. */
  direct(facts: MessageFacts, to: number): void {
    this.messages.push({
      checkpoint: null,
      record: null,
      channel: null,
      number: null,
      ...facts,
      to,
      lost: null,
    });
  }

  cutPoint(name: string, checkpoint: number | null, point: { readonly line: number; readonly event: number }): void {
    const cut = this.#cuts.get(name) ?? { name, checkpoint, points: new Map<number, number>(), complete: null };
    cut.points.set(point.line, point.event);
    this.#cuts.set(name, cut);
  }

  cutComplete(name: string, event: number): void {
    const cut = this.#cuts.get(name);
    if (cut !== undefined) cut.complete ??= event;
  }

  cuts(): HistoryCut[] {
    return [...this.#cuts.values()].map(({ points, ...cut }) => ({
      ...cut,
      points: [...points].map(([line, event]) => ({ line, event })).toSorted((x, y) => x.line - y.line),
    }));
  }

  openSpan(line: number, kind: HistorySpan['kind'], label: string, from: number): void {
    this.spans.push({ line, kind, label, from, to: null });
  }

  closeSpan(line: number, kind: HistorySpan['kind'], to: number): void {
    const span = this.spans.findLast((each) => each.line === line && each.kind === kind && each.to === null);
    if (span !== undefined) span.to = to;
  }

  #take(key: unknown): Writable<HistoryMessage> | undefined {
    const list = this.#open.get(key);
    const index = list?.shift();
    if (list?.length === 0) this.#open.delete(key);
    return index === undefined ? undefined : this.messages[index];
  }
}
