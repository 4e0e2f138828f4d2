/**
 * A stretch of a Samza run as a history: one line per task, with the application master, the output topic, the blob store
 * and the checkpoint topic beside them. Records are many, so what a task processed between two other things it did is one
 * event with its offsets, and so is what reached the output topic of it; all else stands by itself.
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
import { RecordStretches } from './history-samza-records.ts';

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

class SamzaWatch {
  readonly #job: Job;
  readonly #to: SamzaDrafts;
  readonly #records: RecordStretches;
  /** Per `task/commit`: its last event, when that was, and where its offsets were frozen. */
  readonly #commits: Map<string, { last: Draft | null; at: number; frozen: Draft | null; appended: Draft | null }> =
    new Map();
  readonly #deaths: Map<number, Draft | null> = new Map();
  readonly #sealed: Map<number, Draft | null> = new Map();
  #allocated: Draft | null = null;

  constructor(job: Job, drafts: SamzaDrafts) {
    this.#job = job;
    this.#to = drafts;
    this.#records = new RecordStretches(job, drafts);
  }

  probe(): Job['probe'] {
    return {
      onFrozen: (commit) => this.#frozen(commit),
      onCheckpoint: (record) => this.#appended(record),
      onOutputs: (ssp, from, to) => this.#records.outputs(ssp, from, to),
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
        if (container !== undefined) this.#records.processed(container, text);
        return;
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

  #step(container: Container | undefined, text: string): void {
    const match = /commit (\d+) of task (\d+): (\S+) done/.exec(text);
    if (container === undefined || match === null) return;
    const [, number, taskText, step] = match;
    const task = Number(taskText);
    const commit = this.#commit(task, Number(number));
    const took = this.#to.atMicros - commit.at;
    commit.at = this.#to.atMicros;
    if (SILENT_STEPS.includes(step!)) return;
    this.#records.close(container, task);
    const background = COMMIT_STEPS.find(({ name }) => name === step)?.stage === 'async';
    const kind = step === 'complete' ? 'complete' : 'step';
    const label = `task ${task}, ${commitName(Number(number))}: ${step}${step === 'complete' ? '' : ' done'}`;
    const draft = this.#to.draft(this.#records.lineOf(container, task), kind, label, {
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
      this.#records.close(container, t.task);
      const label = `task ${t.task}, ${commitName(number)}: offsets frozen at ${offsetsText(inputOffsets)}`;
      const commit = this.#commit(t.task, number);
      commit.frozen = this.#to.draft(this.#records.lineOf(container, t.task), 'snapshot', label, {
        checkpoint: number,
      });
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
      this.#records.close(container, task);
      const label = `${container.name} dies`;
      const draft = this.#to.draft(this.#records.lineOf(container, task), 'crash', label, {
        secondary: first !== null,
      });
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
      const line = this.#records.lineOf(container, task);
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
    this.#to.draft(this.#records.lineOf(container, task), 'heard', `task ${task}: ${what}`);
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
      this.#to.draft(this.#records.lineOf(container, t.task), 'restart', label);
      const commit = t.checkpoint?.commit ?? null;
      const frozen = commit === 0 ? this.#sealed.get(t.task) : this.#commits.get(`${t.task}/${commit}`)?.frozen;
      if (container.incarnation > 0 && frozen)
        this.#to.cutPoint(`start ${container.incarnation} of c${container.processor}`, frozen);
    }
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
