/**
 * One action of a dataflow world as events and messages: one case per kind of action. A snapshot is an event of its own,
 * before or after the delivery that caused it, whichever the counters in the part say.
 */
import type { SearchAction } from '../../sim/explorable.ts';
import { attemptOf } from './attempts.ts';
import type { FlowWorld } from './flow-world.ts';
import {
  type Change,
  controlName,
  cutName,
  effectKey,
  elementId,
  goneOf,
  messageKey,
  messageName,
} from './history-change.ts';
import type { HistoryAttempt } from './history-data.ts';
import { EffectRecorder } from './history-effects.ts';
import { FailureRecorder } from './history-failures.ts';
import { coordinatorLine, outputLine, storeLine, taskLine } from './history-lines.ts';
import type { HistoryWriter } from './history-writer.ts';
import { messageId } from './message-actions.ts';
import { savepointOf } from './savepoint-records.ts';
import { type Element, type FlowState, type Message, type Part, TO_COORDINATOR } from './state.ts';

export class StepRecorder {
  readonly #world: FlowWorld;
  readonly #to: HistoryWriter;
  readonly #effects: EffectRecorder;
  readonly #failures: FailureRecorder;

  constructor(world: FlowWorld, writer: HistoryWriter) {
    this.#world = world;
    this.#to = writer;
    this.#effects = new EffectRecorder(world, writer);
    this.#failures = new FailureRecorder(world, writer, this.#effects);
  }

  get attempts(): readonly HistoryAttempt[] {
    return this.#failures.attempts;
  }

  record(before: FlowState, after: FlowState, action: SearchAction): void {
    this.#to.step++;
    const change: Change = { before, after, id: action.id };
    switch (action.kind) {
      case 'emit':
        return this.#emit(change);
      case 'timer':
        return this.#timer(change);
      case 'work':
        return this.#work(change);
      case 'deliver':
      case 'control':
        return this.#deliver(change);
      case 'upload':
      case 'store':
      case 'commit':
        return this.#land(change);
      case 'tell':
      case 'duplicate':
      case 'lose':
        return this.#tell(change, action.kind);
      case 'crash':
        return this.#failures.crash(change);
      case 'detect':
      case 'rescale':
        return this.#failures.restart(change);
      case 'fail':
        return this.#failures.fail(change);
      case 'savepoint':
      case 'restart':
        if (after.store.attempt > before.store.attempt) return this.#failures.restart(change);
        return this.#atCoordinator(change, action.kind);
      default:
        return this.#atCoordinator(change, action.kind);
    }
  }

  #emit(change: Change): void {
    const { before, after } = change;
    const source = this.#world.sources.find(
      (task) => after.task(task).application.read > before.task(task).application.read,
    ) as number;
    const [split, at] = after
      .task(source)
      .application.splits.find(([split, read]) =>
        before.task(source).application.splits.some((each) => each[0] === split && each[1] < read),
      ) ?? [null, 0];
    const record =
      split === null
        ? `${this.#world.name(source)}#${before.task(source).application.read}`
        : `${this.#world.name(this.#world.sources[split]!)}#${at - 1}`;
    const main = this.#to.event(taskLine(source), 'emit', `${this.#world.name(source)} reads ${record} from its log`, {
      record,
    });
    this.#effects.follow(change, source, main, main);
  }

  #timer(change: Change): void {
    const { before, id } = change;
    for (const [task, { name }] of this.#world.topology.tasks.entries()) {
      const timer = before.task(task).timers.find((each) => id === `timer:${name}#${each}`);
      if (timer === undefined) continue;
      const main = this.#to.event(taskLine(task), 'message', `timer ${timer} of ${name} fires`);
      this.#effects.follow(change, task, main, this.#effects.snapshots(change, task, main));
      return;
    }
  }

  /** An operator that keeps records until their timer or request comes processes one of them. */
  #work(change: Change): void {
    const { before, after } = change;
    const waiting = (state: FlowState, task: number): number => state.task(task).application.waiting.length;
    const task = this.#world.topology.tasks.findIndex((_, i) => waiting(after, i) < waiting(before, i));
    const left = after.task(task).application.waiting.map((each) => JSON.stringify(each));
    const done = before.task(task).application.waiting.find((each) => {
      const at = left.indexOf(JSON.stringify(each));
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    })!;
    const record = this.#effects.recordName(done);
    const text = `${this.#world.name(task)} processes ${record}, which it had kept`;
    const main = this.#to.event(taskLine(task), 'process', text, { record });
    this.#effects.follow(change, task, main, main);
  }

  #deliver(change: Change): void {
    const { before, after } = change;
    const { channel, element } = this.#delivered(change);
    const { to } = this.#world.topology.channels[channel]!;
    const name = this.#world.channelNames[channel]!;
    const line = taskLine(to);
    if (element.is === 'control') {
      const main = this.#to.event(line, 'control', `${this.#world.name(to)} gets ${controlName(element)} on ${name}`, {
        checkpoint: element.checkpoint,
      });
      this.#to.arrive(element, main);
      this.#effects.follow(change, to, main, this.#effects.snapshots(change, to, main));
      return;
    }
    const record = this.#effects.recordName(element);
    const input = this.#world.place(after, to).inputs.indexOf(channel);
    const received = after.task(to).application.received[input];
    const parts = this.#effects.newParts(change, to);
    const early = parts.filter((part) => part.application.received[input] !== received);
    const first = early.length > 0 ? this.#effects.cut(early, to) : null;
    const kept = after.task(to).application.waiting.length > before.task(to).application.waiting.length;
    const isRepeated =
      this.#world.protocol.needs.deduplicated === true &&
      element.is === 'record' &&
      before.task(to).application.got[input]!.includes(element.n);
    const verb = isRepeated ? 'drops, as a repetition,' : kept ? 'takes in' : 'processes';
    const text = `${this.#world.name(to)} ${verb} ${record} from ${name}`;
    const main = this.#to.event(line, 'receive', text, { record });
    this.#to.arrive(element, main);
    const late = parts.filter((part) => !early.includes(part));
    this.#effects.follow(change, to, main, late.length > 0 ? this.#effects.cut(late, to) : (first ?? main));
  }

  #land(change: Change): void {
    const effect = goneOf(change.before.network.inFlight, change.after.network.inFlight)[0]!;
    const { attempt, task, checkpoint } = effect;
    const who = this.#world.name(task);
    const stale = attempt !== attemptOf(change.after, task);
    const late = stale ? `, late, from attempt ${attempt}` : '';
    if (effect.kind === 'commit') {
      const { status, records } = change.after.output.transactions[effect.transaction]!;
      const names = records.map((index) => this.#effects.recordAt(index)).join(' ') || 'nothing';
      const done = status === 'aborted' ? 'is refused: it was aborted' : `commits: ${names} visible`;
      const text = `transaction t${effect.transaction} of ${who} ${done}${late}`;
      const main = this.#to.event(outputLine(this.#world), status === 'aborted' ? 'aborted' : 'visible', text, {
        checkpoint,
      });
      this.#to.arrive(effectKey(effect), main);
      this.#effects.follow(change, task, main, main);
      return;
    }
    const isPart = effect.kind === 'upload';
    const what = `${savepointOf(change.after, checkpoint) === undefined ? 'checkpoint' : 'savepoint'} ${checkpoint}`;
    const text = isPart
      ? `${who}'s part of ${what} is durable${this.#channelState(effect.part)}`
      : `${what} is complete`;
    const stored = this.#to.event(storeLine(this.#world), isPart ? 'stored' : 'complete', text + late, { checkpoint });
    this.#to.arrive(effectKey(effect), stored);
    if (!isPart) this.#to.cutComplete(cutName(checkpoint), stored);
    if (stale || (isPart && !change.after.task(task).up)) return;
    const heard = this.#to.event(taskLine(task), 'heard', `${who} hears that ${text}`, { checkpoint, secondary: true });
    this.#to.direct({ from: stored, toLine: taskLine(task), kind: 'control', label: 'done', checkpoint }, heard);
    this.#effects.follow(change, task, heard, heard);
  }

  #tell(change: Change, verb: 'tell' | 'duplicate' | 'lose'): void {
    const { messages } = change.before.network;
    const message = messages.find((each) => messageId(this.#world, verb, each) === change.id) as Message;
    const { checkpoint, to } = message;
    const receiver = this.#world.name(to);
    const from = `${messageName(message)} from ${this.#world.name(message.from)}`;
    const key = messageKey(message);
    if (verb === 'lose') {
      const lost = this.#to.event(taskLine(to), 'lost', `${from} to ${receiver} is lost`, { checkpoint });
      this.#to.lose(key, lost);
      return;
    }
    const running = attemptOf(change.after, message.from === TO_COORDINATOR ? to : message.from);
    const stale = message.attempt !== running ? `, late, of attempt ${message.attempt}` : '';
    const copy = verb === 'duplicate' ? ', a copy' : '';
    const main = this.#to.event(taskLine(to), 'message', `${receiver} gets ${from}${copy}${stale}`, { checkpoint });
    if (verb === 'tell') this.#to.arrive(key, main);
    else this.#to.arriveTwice(key, main);
    this.#effects.follow(change, to, main, to === TO_COORDINATOR ? main : this.#effects.snapshots(change, to, main));
  }

  /** Triggers, expiries, calm: what happens to the coordinator or to nobody. */
  #atCoordinator(change: Change, kind: string): void {
    const begins = change.after.store.nextId > change.before.store.nextId;
    const checkpoint = begins ? change.before.store.nextId : Number(change.id.split('#').at(-1));
    const line = coordinatorLine();
    let main: number;
    if (kind === 'trigger')
      main = this.#to.event(line, 'message', `coordinator starts checkpoint ${checkpoint}`, { checkpoint });
    else if (kind === 'savepoint')
      main = this.#to.event(line, 'message', savepointText(change.id, checkpoint), { checkpoint });
    else if (kind === 'expire' || kind === 'timeout')
      main = this.#to.event(line, 'expired', `checkpoint ${checkpoint} expires`, { checkpoint });
    else
      main = this.#to.event(
        line,
        kind === 'calm' ? 'calm' : 'message',
        kind === 'calm' ? 'calm: no more faults' : outsideText(change.id),
      );
    this.#effects.follow(change, TO_COORDINATOR, main, main);
  }

  /** The records in flight that a part holds, if it holds any. */
  #channelState({ channels }: Part): string {
    const records = channels.flatMap((each) => each.records.map((record) => this.#effects.recordName(record)));
    return records.length === 0 ? '' : `, with ${records.join(' ')} in flight`;
  }

  /** The element that left the channel of the action's id, under the name it has there. */
  #delivered({ before, after, id }: Change): { channel: number; element: Element } {
    const channel = this.#world.channelNames.findIndex((name) => id.startsWith(`deliver:${name}#`));
    const name = id.slice(`deliver:${this.#world.channelNames[channel]}#`.length);
    const left = new Set<Element>(after.channel(channel).queue);
    const element = before.channel(channel).queue.find((each) => !left.has(each) && elementId(each) === name);
    if (element === undefined) throw new Error(`${id} took nothing out of its channel`);
    return { channel, element };
  }
}

function savepointText(id: string, checkpoint: number): string {
  return `the user asks for savepoint ${checkpoint}${id.startsWith('savepoint:stop') ? ', and for the job to stop' : ''}`;
}

/** What the enumerator, the broker and the store of checkpoints do, by the ids of their actions. */
function outsideText(id: string): string {
  const [what = '', rest = ''] = id.split(':');
  const [who = '', number = ''] = rest.split('#');
  if (what === 'assign') return `the enumerator hands split ${number} to ${who}`;
  if (what === 'enumerated') return `the enumerator's part of checkpoint ${number} is taken`;
  if (what === 'abort') return `the broker aborts transaction ${number}, which has waited too long`;
  const store = `the completion of checkpoint ${number.replace(/^c|\/.*$/g, '')}`;
  if (what === 'written-store') return `${store} is written, and nobody is told`;
  if (what === 'unwritten-store') return `${store} is not written, and nobody is told`;
  return id;
}
