/** Crashes, restarts and effects that fail: what they drop, and what is sent once more. */
import { attemptOf } from './attempts.ts';
import type { FlowWorld } from './flow-world.ts';
import { type Change, effectKey } from './history-change.ts';
import type { HistoryAttempt } from './history-data.ts';
import type { EffectRecorder } from './history-effects.ts';
import { coordinatorLine, outputLine, storeLine, taskLine } from './history-lines.ts';
import type { HistoryWriter } from './history-writer.ts';
import { channelsBetween } from './restart.ts';
import type { Element, FlowState, InFlight } from './state.ts';

export class FailureRecorder {
  readonly attempts: HistoryAttempt[] = [];
  readonly #world: FlowWorld;
  readonly #to: HistoryWriter;
  readonly #effects: EffectRecorder;

  constructor(world: FlowWorld, writer: HistoryWriter, effects: EffectRecorder) {
    this.#world = world;
    this.#to = writer;
    this.#effects = effects;
  }

  /** What lies in a channel outlives the tasks. */
  get #areLogs(): boolean {
    return this.#world.protocol.needs.durableChannels === true;
  }

  crash(change: Change): void {
    const { before, after } = change;
    const task = this.#world.topology.tasks.findIndex((_, i) => before.task(i).up && !after.task(i).up);
    const who = this.#world.name(task);
    const main = this.#to.event(taskLine(task), 'crash', `${who} crashes`);
    this.#to.closeSpan(taskLine(task), 'blocked', main);
    this.#to.openSpan(taskLine(task), 'dead', `${who} is down`, main);
    this.#effects.drop(change, main);
  }

  restart(change: Change): void {
    const { before, after } = change;
    const { attempt } = after.store;
    const { restored } = after.coordinator;
    const facts = restored === 0 ? {} : { checkpoint: restored };
    const from = restored === 0 ? 'from the beginning' : `from checkpoint ${restored}`;
    const read =
      restored === 0
        ? null
        : this.#to.event(storeLine(this.#world), 'message', `checkpoint ${restored} is read`, {
            checkpoint: restored,
            secondary: true,
          });
    const { parallelism } = after.store;
    const scaled = parallelism === before.store.parallelism ? '' : ` with ${parallelism} keyed subtasks`;
    const tasks = this.#world.topology.tasks.flatMap((_, task) => (attemptOf(after, task) === attempt ? [task] : []));
    const isWhole = tasks.length === after.tasks;
    const who = isWhole ? 'every task' : tasks.map((task) => this.#world.name(task)).join(', ');
    const text = `restart, attempt ${attempt}: ${who} ${from}${scaled}${isWhole ? '' : '; the others go on'}`;
    const main = this.#to.event(coordinatorLine(), 'restart', text, facts);
    this.attempts.push({ attempt, event: main, restored });
    if (read !== null) {
      this.#to.direct({ from: read, toLine: coordinatorLine(), kind: 'control', label: 'restore' }, main);
    }
    this.#to.closeSpan(coordinatorLine(), 'dead', main);
    this.#effects.drop(change, main);
    const cleared = channelsBetween(this.#world, tasks);
    for (const channel of cleared) {
      // A record that the checkpoint holds comes back from the store, even if it is the same one that was lost.
      const left = new Set<Element>(this.#areLogs ? after.channel(channel).queue : []);
      for (const element of before.channel(channel).queue) if (!left.has(element)) this.#to.lose(element, main);
    }
    for (const task of tasks) {
      const line = taskLine(task);
      const event = this.#to.event(line, 'restart', `${this.#world.name(task)} starts ${from}`, {
        ...facts,
        secondary: true,
      });
      this.#to.direct({ from: main, toLine: line, kind: 'control', label: 'restart' }, event);
      this.#to.closeSpan(line, 'dead', event);
      this.#to.closeSpan(line, 'blocked', event);
      this.#aborts(change, task, event);
      this.#effects.sendEffects(change, event, event, (sender) => sender === task);
      this.#restoredRecords(after, task, { channels: cleared, read: read ?? main });
    }
  }

  /** Channel state of the checkpoint is put back in front of the task; a log is read again from the task's position. */
  #restoredRecords(
    after: FlowState,
    task: number,
    { channels, read }: { readonly channels: readonly number[]; readonly read: number },
  ): void {
    for (const channel of this.#world.place(after, task).inputs.filter((each) => channels.includes(each))) {
      for (const element of after.channel(channel).queue) {
        const isInLog = this.#areLogs && (this.#to.isOpen(element) || this.#to.sendAgain(element));
        if (!isInLog) this.#effects.sendElement(element, channel, read);
      }
    }
  }

  #aborts({ before, after }: Change, task: number, restart: number): void {
    const gone = after.output.transactions.flatMap((transaction, id) => {
      const was = before.output.transactions[id]?.status;
      return transaction.task === task && transaction.status === 'aborted' && was !== 'aborted' ? [`t${id}`] : [];
    });
    if (gone.length === 0) return;
    const line = outputLine(this.#world);
    const event = this.#to.event(line, 'aborted', `aborted: ${gone.join(' ')} of ${this.#world.name(task)}`, {
      secondary: true,
    });
    this.#to.direct({ from: restart, toLine: line, kind: 'commit', label: 'abort' }, event);
  }

  fail(change: Change): void {
    const { before, after } = change;
    const isUpload = change.id.startsWith('fail-upload:');
    const effect = before.network.inFlight.find((each) => change.id === `fail-${this.#effectId(each)}`) as InFlight;
    const { task, checkpoint } = effect;
    const who = this.#world.name(task);
    const remains = after.network.inFlight.length === before.network.inFlight.length;
    if (!isUpload) {
      const what = `commit of transaction t${(effect as { transaction: number }).transaction} of ${who} fails`;
      const main = this.#to.event(
        outputLine(this.#world),
        'failed',
        `${what}${remains ? ', to be tried again' : ' and is dropped'}`,
      );
      if (!remains) this.#to.lose(effectKey(effect), main);
      return;
    }
    const up = effect.attempt === attemptOf(after, task) && after.task(task).up;
    const text = `upload of ${who}'s part of checkpoint ${checkpoint} fails`;
    const main = this.#to.event(up ? taskLine(task) : storeLine(this.#world), 'failed', text, { checkpoint });
    this.#to.lose(effectKey(effect), main);
    this.#effects.follow(change, task, main, main);
  }

  /** As it stands in the action's id. */
  #effectId(effect: InFlight): string {
    const what = effect.kind === 'commit' ? `t${effect.transaction}` : `c${effect.checkpoint}`;
    return `${effect.kind}:${this.#world.name(effect.task)}#${what}/a${effect.attempt}`;
  }
}
