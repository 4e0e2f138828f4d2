/**
 * A stretch of a Samza run as a history: one line per task, with the application master, the output topic, the blob store
 * and the checkpoint topic beside them. Records are many, so what a task processed between two other things it did is one
 * event with its offsets, and so is what reached the output topic of it; all else stands by itself.
 *
 * Length: one case per kind of action, and the state they share.
 */
import type { CheckpointRecord } from '../kafka/checkpoint-topic.ts';
import type { RunPlan } from '../plan.ts';
import { COMMIT_STEPS } from '../protocols/samza.ts';
import type { Container } from '../samza/container.ts';
import type { Job } from '../samza/job.ts';
import type { Commit } from '../samza/task-instance.ts';
import { type TraceEvent, simulate } from '../simulate.ts';
import type { History } from './history-data.ts';
import { type Draft, SamzaDrafts, type SamzaHistoryOptions } from './history-samza-drafts.ts';

export type { SamzaHistoryOptions } from './history-samza-drafts.ts';

/** Steps that take no time and decide nothing that the picture shows. */
const SILENT_STEPS: readonly string[] = [
  'check-previous',
  'acquire-semaphore',
  'create-id',
  'freeze-offsets',
  'flush-tables',
];

/** Runs the plan up to the end of the window and records the window. */
export function samzaHistory(plan: RunPlan, options: SamzaHistoryOptions): History {
  const { replay } = options;
  // A replay names all actions of the run, so it is taken to its end.
  const horizonMicros =
    replay === undefined ? Math.max(1, Math.min(plan.horizonMicros, options.toMicros)) : plan.horizonMicros;
  const drafts = new SamzaDrafts(options);
  let watch: SamzaWatch | undefined;
  simulate(
    { ...plan, horizonMicros },
    {
      onJob: (job) => {
        watch = new SamzaWatch(job, drafts);
        job.probe = watch.probe();
      },
      onEvent: (event) => watch?.onEvent(event),
      ...(replay === undefined ? {} : { replay }),
    },
  );
  return drafts.history(plan, options.title ?? `${plan.name}, ${plan.protocol}`);
}

/** A run of records of one task: processed, or arrived in the output topic. */
interface Stretch {
  readonly draft: Draft | null;
  readonly what: string;
  /** It had all been processed before. */
  readonly again: boolean;
  first: number;
  last: number;
}

class SamzaWatch {
  readonly #job: Job;
  readonly #to: SamzaDrafts;
  /** Per task line, and per task for the output topic. */
  readonly #processing: Map<string, Stretch> = new Map();
  readonly #output: Map<number, { readonly stretch: Stretch; readonly source: Stretch | null }> = new Map();
  /** Newest first to be asked where outputs come from; a few suffice. */
  readonly #processed: Map<number, Stretch[]> = new Map();
  /** Per input partition: offsets below have been processed. */
  readonly #seen: Map<string, number> = new Map();
  /** Per `task/commit`: its last event, when that was, and where its offsets were frozen. */
  readonly #commits: Map<string, { last: Draft | null; at: number; frozen: Draft | null; appended: Draft | null }> =
    new Map();
  readonly #deaths: Map<number, Draft | null> = new Map();
  readonly #sealed: Map<number, Draft | null> = new Map();
  #allocated: Draft | null = null;

  constructor(job: Job, drafts: SamzaDrafts) {
    this.#job = job;
    this.#to = drafts;
  }

  probe(): Job['probe'] {
    return {
      onFrozen: (commit) => this.#frozen(commit),
      onCheckpoint: (record) => this.#appended(record),
      onOutputs: (ssp, from, to) => this.#outputs(ssp, from, to),
      onDeath: (container) => this.#died(container),
      onRunning: (container) => this.#running(container),
    };
  }

  /** Called before the action is applied. */
  onEvent({ atMicros, id, text }: TraceEvent): void {
    this.#to.begin(atMicros);
    const [kind, who] = splitId(id);
    const container = this.#container(who);
    switch (kind) {
      case 'processed':
        return this.#process(container, text);
      case 'step-done':
        return this.#step(container, text);
      case 'started':
      case 'checkpoints-read':
        return this.#starts(container, kind);
      case 'restored':
      case 'trimmed':
        return this.#onTask(container, text, kind);
      case 'container-exited': {
        const told = this.#to.draft('application master', 'message', text);
        const died = this.#deaths.get(Number(/container (\d+)/.exec(text)?.[1]));
        this.#to.message(died, told, { kind: 'rpc', label: 'exit status' });
        return;
      }
      case 'allocate':
        this.#allocated = this.#to.draft('application master', 'message', text);
        return;
      case 'node-expired':
      case 'host-up':
      case 'am-restarted':
      case 'job-starts':
        this.#to.draft('application master', 'message', text);
        return;
      case 'fault':
        this.#to.draft('application master', 'failed', text, { secondary: true });
        return;
      case 'put-blobs':
      case 'put-index':
        this.#to.draft('blob store', 'stored', text);
        return;
      default:
        return;
    }
  }

  #container(actor: string): Container | undefined {
    if (!actor.startsWith('container-')) return undefined;
    for (const each of this.#job.cluster.live) if (this.#job.world.actorName(each.actor) === actor) return each;
    return undefined;
  }

  #line(container: Container, task: number): string {
    return this.#to.taskLine(this.#job.world.actorName(container.actor), container.processor, task);
  }

  #process(container: Container | undefined, text: string): void {
    const match = /of task (\d+) completes \((\d+)/.exec(text);
    if (container === undefined || match === null) return;
    const task = Number(match[1]);
    const count = Number(match[2]);
    const t = container.instance(task);
    const ssp = this.#job.tasks[task]!.ssps[t.opSsp] as number;
    const from = this.#job.plan.job.taskKind === 'sync' ? t.opFrom : (t.last[0] as number) + 1;
    const line = this.#line(container, task);
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

  #tell({ draft, what, first, last }: Stretch, verb: string): void {
    const range = first === last ? String(first) : `${first}–${last}`;
    this.#to.extend(draft, `${verb} ${what} ${range}`, { ssp: what, first, last });
  }

  #outputs(ssp: number, from: number, to: number): void {
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

  #step(container: Container | undefined, text: string): void {
    const match = /commit (\d+) of task (\d+): (\S+) done/.exec(text);
    if (container === undefined || match === null) return;
    const [, number, taskText, step] = match;
    const task = Number(taskText);
    const commit = this.#commit(task, Number(number));
    const took = this.#to.atMicros - commit.at;
    commit.at = this.#to.atMicros;
    if (SILENT_STEPS.includes(step!)) return;
    this.#close(container, task);
    const background = COMMIT_STEPS.find(({ name }) => name === step)?.stage === 'async';
    const kind = step === 'complete' ? 'complete' : 'step';
    const label = `task ${task}, ${commitName(Number(number))}: ${step}${step === 'complete' ? '' : ' done'}`;
    const draft = this.#to.draft(this.#line(container, task), kind, label, {
      took,
      background,
      checkpoint: Number(number),
    });
    if (step!.startsWith('append')) {
      this.#to.message(commit.appended, draft, { kind: 'control', label: 'acknowledged' });
    }
    commit.last = draft;
  }

  #commit(
    task: number,
    number: number,
  ): { last: Draft | null; at: number; frozen: Draft | null; appended: Draft | null } {
    const key = `${task}/${number}`;
    const known = this.#commits.get(key) ?? { last: null, at: this.#to.atMicros, frozen: null, appended: null };
    this.#commits.set(key, known);
    return known;
  }

  #frozen({ task: t, number, inputOffsets }: Commit): void {
    for (const container of this.#job.cluster.live) {
      if (!container.tasks.includes(t)) continue;
      this.#close(container, t.task);
      const label = `task ${t.task}, ${commitName(number)}: offsets frozen at ${offsetsText(inputOffsets)}`;
      const commit = this.#commit(t.task, number);
      commit.frozen = this.#to.draft(this.#line(container, t.task), 'snapshot', label, { checkpoint: number });
      commit.last = commit.frozen;
    }
  }

  #appended(record: CheckpointRecord): void {
    const { task, commit: number, version, inputOffsets, writer } = record;
    const commit = this.#commit(task, number);
    const orphan = [...this.#job.cluster.live].some(({ name }) => name === writer) ? '' : ', of a dead container';
    const label = `checkpoint v${version} of task ${task}, ${commitName(number)}: offsets ${offsetsText(inputOffsets)}${orphan}`;
    commit.appended = this.#to.draft('checkpoint topic', 'stored', label, { checkpoint: number, task });
    this.#to.message(commit.last, commit.appended, { kind: 'upload', label: commitName(number) });
  }

  #died(container: Container): void {
    let first: Draft | null = null;
    for (const { task } of container.tasks) {
      this.#close(container, task);
      const label = `${container.name} dies`;
      const draft = this.#to.draft(this.#line(container, task), 'crash', label, { secondary: first !== null });
      first ??= draft;
    }
    this.#deaths.set(container.processor, first);
  }

  #starts(container: Container | undefined, kind: 'started' | 'checkpoints-read'): void {
    if (container === undefined) return;
    const isUp = kind === 'started';
    // Each start has a seal commit of its own.
    if (isUp) for (const { task } of container.tasks) this.#forgetSeal(task);
    const read = isUp
      ? null
      : this.#to.draft('checkpoint topic', 'message', 'read from the beginning', { secondary: true });
    const label = isUp ? `${container.name}: process up` : `${container.name} has read the checkpoints`;
    for (const [i, { task }] of container.tasks.entries()) {
      const line = this.#line(container, task);
      const draft = this.#to.draft(line, isUp ? 'restart' : 'heard', label, { secondary: i > 0 });
      this.#to.message(isUp ? this.#allocated : read, draft, {
        kind: isUp ? 'rpc' : 'control',
        label: isUp ? 'launch' : 'checkpoints',
      });
    }
  }

  #onTask(container: Container | undefined, text: string, kind: 'restored' | 'trimmed'): void {
    const task = Number(/of task (\d+)/.exec(text)?.[1]);
    if (container === undefined || Number.isNaN(task)) return;
    const what = kind === 'restored' ? 'stores restored' : 'stores flushed after the restore';
    this.#to.draft(this.#line(container, task), 'heard', `task ${task}: ${what}`);
  }

  /** Keeps where the last seal commit was frozen: a start without another checkpoint goes back to it. */
  #forgetSeal(task: number): void {
    this.#sealed.set(task, this.#commits.get(`${task}/0`)?.frozen ?? null);
    this.#commits.delete(`${task}/0`);
  }

  /** What the start goes back to: where the offsets of each task's checkpoint were frozen. */
  #running(container: Container): void {
    for (const t of container.tasks) {
      const next = [...t.next].join(', ');
      const from = t.checkpoint === null ? 'no checkpoint' : commitName(t.checkpoint.commit);
      const label = `task ${t.task} goes on at offset ${next}, from ${from}`;
      this.#to.draft(this.#line(container, t.task), 'restart', label);
      const commit = t.checkpoint?.commit ?? null;
      const frozen = commit === 0 ? this.#sealed.get(t.task) : this.#commits.get(`${t.task}/${commit}`)?.frozen;
      if (container.incarnation > 0 && frozen)
        this.#to.cutPoint(`start ${container.incarnation} of c${container.processor}`, frozen);
    }
  }

  /** What follows is a new event, however many records come. */
  #close(container: Container, task: number): void {
    this.#processing.delete(this.#line(container, task));
    this.#output.delete(task);
  }
}

const offsetsText = (offsets: readonly number[]): string =>
  offsets.map((offset) => (offset < 0 ? 'none' : offset)).join(', ');

const commitName = (number: number): string => (number === 0 ? 'seal commit' : `commit ${number}`);

/** `step-done:container-1#12` → kind and actor. */
function splitId(id: string): readonly [kind: string, actor: string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1, id.lastIndexOf('#'))];
}
