/**
 * The records in a Samza history: what a task processes between two other things it does is one event, which grows, and so is
 * what the output topic gets of it.
 */
import type { Container } from '../samza/container.ts';
import type { Job } from '../samza/job.ts';
import type { Draft, SamzaDrafts } from './history-samza-drafts.ts';

/** A run of records of one task: processed, or arrived in the output topic. */
interface Stretch {
  readonly draft: Draft | null;
  readonly what: string;
  /** It had all been processed before. */
  readonly again: boolean;
  first: number;
  last: number;
}

export class RecordStretches {
  readonly #job: Job;
  readonly #to: SamzaDrafts;
  /** Per task line, and per task for the output topic. */
  readonly #processing: Map<string, Stretch> = new Map();
  readonly #output: Map<number, { readonly stretch: Stretch; readonly source: Stretch | null }> = new Map();
  /** Newest first to be asked where outputs come from; a few suffice. */
  readonly #processed: Map<number, Stretch[]> = new Map();
  /** Per input partition: offsets below have been processed. */
  readonly #seen: Map<string, number> = new Map();

  constructor(job: Job, drafts: SamzaDrafts) {
    this.#job = job;
    this.#to = drafts;
  }

  /** The line of the task in this container. */
  lineOf(container: Container, task: number): string {
    return this.#to.taskLine(this.#job.world.actorName(container.actor), container.processor, task);
  }

  /** `text` of the action tells which task and how many records; called before it is applied. */
  processed(container: Container, text: string): void {
    const match = /of task (\d+) completes \((\d+)/.exec(text);
    if (match === null) return;
    const task = Number(match[1]);
    const count = Number(match[2]);
    const t = container.instance(task);
    const ssp = this.#job.tasks[task]!.ssps[t.opSsp] as number;
    const from = this.#job.plan.job.taskKind === 'sync' ? t.opFrom : (t.last[0] as number) + 1;
    const line = this.lineOf(container, task);
    const open = this.#processing.get(line);
    const what = this.#job.inputs[ssp]!.name;
    const seen = this.#seen.get(what) ?? 0;
    const again = from + count <= seen;
    this.#seen.set(what, Math.max(seen, from + count));
    if (
      open !== undefined &&
      this.#to.goesOn(open.draft) &&
      open.what === what &&
      open.again === again &&
      from === open.last + 1
    ) {
      open.last = from + count - 1;
    } else {
      const draft = this.#to.draft(line, 'process', '');
      const stretch: Stretch = { draft, what, again, first: from, last: from + count - 1 };
      this.#processing.set(line, stretch);
      this.#processed.set(task, [stretch, ...(this.#processed.get(task) ?? []).slice(0, 7)]);
    }
    this.#tell(this.#processing.get(line) as Stretch, `task ${task} processes${again ? ' again' : ''}`);
  }

  /** Outputs of the records `from` to `to` - 1 have come to the output topic. */
  outputs(ssp: number, from: number, to: number): void {
    const task = this.#job.inputs[ssp]!.task;
    const source = this.#processed.get(task)?.find(({ first, last }) => first < to && last >= from) ?? null;
    const open = this.#output.get(task);
    if (
      open !== undefined &&
      this.#to.goesOn(open.stretch.draft) &&
      open.source === source &&
      from <= open.stretch.last + 1
    ) {
      open.stretch.last = Math.max(open.stretch.last, to - 1);
      this.#tell(open.stretch, 'output topic gets outputs of');
      return;
    }
    const draft = this.#to.draft('output topic', 'visible', '', { task });
    const what = this.#job.inputs[ssp]!.name;
    const stretch: Stretch = { draft, what, again: false, first: from, last: to - 1 };
    this.#output.set(task, { stretch, source });
    this.#to.message(source?.draft, draft, { kind: 'record', label: `from ${from}` });
    this.#tell(stretch, 'output topic gets outputs of');
  }

  /** What follows is a new event, however many records come. */
  close(container: Container, task: number): void {
    this.#processing.delete(this.lineOf(container, task));
    this.#output.delete(task);
  }

  #tell({ draft, what, first, last }: Stretch, verb: string): void {
    const range = first === last ? String(first) : `${first}–${last}`;
    this.#to.extend(draft, `${verb} ${what} ${range}`, { ssp: what, first, last });
  }
}
