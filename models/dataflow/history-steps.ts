/**
 * One action of a dataflow world as events and messages. Length: one case per kind of action, and what they share.
 *
 * Elements of channels keep their identity while they wait, so they are their own keys; messages and effects of the network
 * are copied with it, so their text is. A snapshot is an event of its own, before or after the delivery that caused it,
 * whichever the counters in the part say.
 */
import type { SearchAction } from '../../sim/explorable.ts';
import { messageId } from './message-actions.ts';
import type { FlowWorld } from './flow-world.ts';
import type { HistoryAttempt } from './history-data.ts';
import type { HistoryWriter, MessageFacts } from './history-writer.ts';
import {
  type Element,
  type FlowControl,
  type FlowState,
  type InFlight,
  type Message,
  type Part,
  TO_COORDINATOR,
} from './state.ts';

export const coordinatorLine = (): number => 0;
/** Only jobs with a sink have an output. */
export const outputLine = (world: FlowWorld): number => world.topology.tasks.length + 1;
export const hasOutput = (world: FlowWorld): boolean => world.topology.tasks.some(({ role }) => role === 'sink');
export const storeLine = (world: FlowWorld): number => world.topology.tasks.length + (hasOutput(world) ? 2 : 1);
const taskLine = (task: number): number => (task === TO_COORDINATOR ? coordinatorLine() : task + 1);

/** States on both sides of one action. */
interface Change {
  readonly before: FlowState;
  readonly after: FlowState;
  readonly id: string;
}

export class StepRecorder {
  readonly attempts: HistoryAttempt[] = [];
  readonly #world: FlowWorld;
  readonly #to: HistoryWriter;

  constructor(world: FlowWorld, writer: HistoryWriter) {
    this.#world = world;
    this.#to = writer;
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
        return this.#crash(change);
      case 'detect':
        return this.#restart(change);
      case 'fail':
        return this.#fail(change);
      default:
        return this.#atCoordinator(change, action.kind);
    }
  }

  // ---- one per kind of action -----------------------------------------------------------------------------------

  #emit(change: Change): void {
    const { before, after } = change;
    const source = this.#world.sources.find(
      (task) => after.task(task).application.read > before.task(task).application.read,
    ) as number;
    const record = `${this.#world.name(source)}#${before.task(source).application.read}`;
    const main = this.#to.event(taskLine(source), 'emit', `${this.#world.name(source)} reads ${record} from its log`, {
      record,
    });
    this.#effects(change, source, main, main);
  }

  #timer(change: Change): void {
    const { before, id } = change;
    for (const [task, { name }] of this.#world.topology.tasks.entries()) {
      const timer = before.task(task).timers.find((each) => id === `timer:${name}#${each}`);
      if (timer === undefined) continue;
      const main = this.#to.event(taskLine(task), 'message', `timer ${timer} of ${name} fires`);
      this.#effects(change, task, main, this.#snapshots(change, task, main));
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
    const record = this.#recordName(done);
    const text = `${this.#world.name(task)} processes ${record}, which it had kept`;
    const main = this.#to.event(taskLine(task), 'process', text, { record });
    this.#effects(change, task, main, main);
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
      this.#effects(change, to, main, this.#snapshots(change, to, main));
      return;
    }
    const record = this.#recordName(element);
    const input = this.#world.place(after, to).inputs.indexOf(channel);
    const received = after.task(to).application.received[input];
    const parts = this.#newParts(change, to);
    const early = parts.filter((part) => part.application.received[input] !== received);
    const first = early.length > 0 ? this.#cut(early, to) : null;
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
    this.#effects(change, to, main, late.length > 0 ? this.#cut(late, to) : (first ?? main));
  }

  #land(change: Change): void {
    const effect = goneOf(change.before.network.inFlight, change.after.network.inFlight)[0]!;
    const { attempt, task, checkpoint } = effect;
    const who = this.#world.name(task);
    const stale = attempt !== change.after.store.attempt;
    const late = stale ? `, late, from attempt ${attempt}` : '';
    if (effect.kind === 'commit') {
      const { status, records } = change.after.output.transactions[effect.transaction]!;
      const names = records.map((index) => this.#recordAt(index)).join(' ') || 'nothing';
      const done = status === 'aborted' ? 'is refused: it was aborted' : `commits: ${names} visible`;
      const text = `transaction t${effect.transaction} of ${who} ${done}${late}`;
      const main = this.#to.event(outputLine(this.#world), status === 'aborted' ? 'aborted' : 'visible', text, {
        checkpoint,
      });
      this.#to.arrive(effectKey(effect), main);
      this.#effects(change, task, main, main);
      return;
    }
    const isPart = effect.kind === 'upload';
    const text = isPart
      ? `${who}'s part of checkpoint ${checkpoint} is durable`
      : `checkpoint ${checkpoint} is complete`;
    const stored = this.#to.event(storeLine(this.#world), isPart ? 'stored' : 'complete', text + late, { checkpoint });
    this.#to.arrive(effectKey(effect), stored);
    if (!isPart) this.#to.cutComplete(cutName(checkpoint), stored);
    if (stale || (isPart && !change.after.task(task).up)) return;
    const heard = this.#to.event(taskLine(task), 'heard', `${who} hears that ${text}`, { checkpoint, secondary: true });
    this.#to.direct({ from: stored, toLine: taskLine(task), kind: 'control', label: 'done', checkpoint }, heard);
    this.#effects(change, task, heard, heard);
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
    const stale = message.attempt !== change.after.store.attempt ? `, late, of attempt ${message.attempt}` : '';
    const copy = verb === 'duplicate' ? ', a copy' : '';
    const main = this.#to.event(taskLine(to), 'message', `${receiver} gets ${from}${copy}${stale}`, { checkpoint });
    if (verb === 'tell') this.#to.arrive(key, main);
    else this.#to.arriveTwice(key, main);
    this.#effects(change, to, main, to === TO_COORDINATOR ? main : this.#snapshots(change, to, main));
  }

  #crash(change: Change): void {
    const { before, after } = change;
    const task = this.#world.topology.tasks.findIndex((_, i) => before.task(i).up && !after.task(i).up);
    const who = this.#world.name(task);
    const main = this.#to.event(taskLine(task), 'crash', `${who} crashes`);
    this.#to.closeSpan(taskLine(task), 'blocked', main);
    this.#to.openSpan(taskLine(task), 'dead', `${who} is down`, main);
    this.#drop(change, main);
  }

  #restart(change: Change): void {
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
    const text = `restart, attempt ${attempt}: every task ${from}`;
    const main = this.#to.event(coordinatorLine(), 'restart', text, facts);
    this.attempts.push({ attempt, event: main, restored });
    if (read !== null) {
      this.#to.direct({ from: read, toLine: coordinatorLine(), kind: 'control', label: 'restore' }, main);
    }
    this.#to.closeSpan(coordinatorLine(), 'dead', main);
    this.#drop(change, main);
    for (let channel = 0; channel < this.#world.topology.channels.length; channel++) {
      const left = new Set<Element>(after.channel(channel).queue);
      for (const element of before.channel(channel).queue) if (!left.has(element)) this.#to.lose(element, main);
    }
    for (let task = 0; task < after.tasks; task++) {
      const line = taskLine(task);
      const event = this.#to.event(line, 'restart', `${this.#world.name(task)} starts ${from}`, {
        ...facts,
        secondary: true,
      });
      this.#to.direct({ from: main, toLine: line, kind: 'control', label: 'restart' }, event);
      this.#to.closeSpan(line, 'dead', event);
      this.#to.closeSpan(line, 'blocked', event);
      this.#aborts(change, task, event);
      this.#sendEffects(change, event, event, (sender) => sender === task);
      this.#restoredRecords(after, task, read ?? main);
    }
  }

  /** Channel state of the checkpoint is put back in front of the task; a log is read again from the task's position. */
  #restoredRecords(after: FlowState, task: number, read: number): void {
    for (const channel of this.#world.place(after, task).inputs) {
      for (const element of after.channel(channel).queue) {
        if (!this.#to.isOpen(element) && !this.#to.sendAgain(element)) this.#sendElement(element, channel, read);
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

  #fail(change: Change): void {
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
    const up = effect.attempt === after.store.attempt && after.task(task).up;
    const text = `upload of ${who}'s part of checkpoint ${checkpoint} fails`;
    const main = this.#to.event(up ? taskLine(task) : storeLine(this.#world), 'failed', text, { checkpoint });
    this.#to.lose(effectKey(effect), main);
    this.#effects(change, task, main, main);
  }

  /** Triggers, expiries, calm: what happens to the coordinator or to nobody. */
  #atCoordinator(change: Change, kind: string): void {
    const checkpoint = kind === 'trigger' ? change.before.store.nextId : Number(change.id.split('#').at(-1));
    const line = coordinatorLine();
    let main: number;
    if (kind === 'trigger')
      main = this.#to.event(line, 'message', `coordinator starts checkpoint ${checkpoint}`, { checkpoint });
    else if (kind === 'expire' || kind === 'timeout')
      main = this.#to.event(line, 'expired', `checkpoint ${checkpoint} expires`, { checkpoint });
    else
      main = this.#to.event(
        line,
        kind === 'calm' ? 'calm' : 'message',
        kind === 'calm' ? 'calm: no more faults' : change.id,
      );
    this.#effects(change, TO_COORDINATOR, main, main);
  }

  // ---- what they share ------------------------------------------------------------------------------------------

  /** Everything a handler sent, began, blocked or released. Controls and uploads leave from the snapshot, records do not. */
  #effects(change: Change, task: number, main: number, snapshot: number): void {
    const { before, after } = change;
    for (let channel = 0; channel < this.#world.topology.channels.length; channel++) {
      const known = new Set<Element>(before.channel(channel).queue);
      for (const element of after.channel(channel).queue) {
        if (known.has(element)) continue;
        // A barrier that is pulled forward is the same barrier under a new identity.
        const same = element.is === 'control' ? pulledForward(change, channel, element) : undefined;
        if (same !== undefined && this.#to.rename(same, element)) continue;
        this.#sendElement(element, channel, element.is === 'record' ? main : snapshot);
      }
    }
    this.#sendEffects(change, main, snapshot, () => true);
    if (task === TO_COORDINATOR) return;
    this.#blocking(change, task, snapshot);
    this.#visible(change, main);
  }

  #sendElement(element: Element, channel: number, from: number): void {
    const toLine = taskLine(this.#world.topology.channels[channel]!.to);
    const name = this.#world.channelNames[channel]!;
    if (element.is === 'record') {
      const record = this.#recordName(element);
      this.#to.send(element, { from, toLine, kind: 'record', label: record, record, channel: name, number: element.n });
      return;
    }
    const kind = element.name === 'barrier' ? 'barrier' : 'marker';
    const { checkpoint } = element;
    this.#to.send(element, { from, toLine, kind, label: controlName(element), checkpoint, channel: name });
  }

  #sendEffects({ before, after }: Change, main: number, snapshot: number, isSender: (task: number) => boolean): void {
    for (const message of goneOf(after.network.messages, before.network.messages)) {
      if (!isSender(message.from)) continue;
      const { checkpoint } = message;
      const facts: MessageFacts = {
        from: main,
        toLine: taskLine(message.to),
        kind: 'rpc',
        label: messageName(message),
        checkpoint,
      };
      this.#to.send(messageKey(message), facts);
    }
    for (const effect of goneOf(after.network.inFlight, before.network.inFlight)) {
      if (!isSender(effect.task)) continue;
      const { checkpoint } = effect;
      const isCommit = effect.kind === 'commit';
      this.#to.send(effectKey(effect), {
        from: snapshot,
        toLine: isCommit ? outputLine(this.#world) : storeLine(this.#world),
        kind: isCommit ? 'commit' : 'upload',
        label: isCommit ? `t${effect.transaction}` : `${effect.kind === 'upload' ? 'part' : 'complete'} ${checkpoint}`,
        checkpoint,
      });
    }
  }

  /** Messages and effects that died with their sender or with the old attempt. */
  #drop({ before, after }: Change, at: number): void {
    for (const message of goneOf(before.network.messages, after.network.messages))
      this.#to.lose(messageKey(message), at);
    for (const effect of goneOf(before.network.inFlight, after.network.inFlight)) this.#to.lose(effectKey(effect), at);
  }

  #blocking({ before, after }: Change, task: number, at: number): void {
    const was = before.task(task).blocked;
    const is = after.task(task).blocked;
    if (was.length > 0 && is.length === 0) this.#to.closeSpan(taskLine(task), 'blocked', at);
    if (was.length > 0 || is.length === 0) return;
    const names = is.map((channel) => this.#world.channelNames[channel]).join(' ');
    this.#to.openSpan(taskLine(task), 'blocked', `${this.#world.name(task)} holds back ${names}`, at);
  }

  /** Outputs of sinks that do not wait for a checkpoint. */
  #visible({ before, after, id }: Change, main: number): void {
    if (id.startsWith('commit:')) return;
    const line = outputLine(this.#world);
    after.output.visible.forEach((times, index) => {
      if (times === before.output.visible[index]) return;
      const record = this.#recordAt(index);
      const again = times > 1 ? `, ${times} times now` : '';
      const event = this.#to.event(line, 'visible', `${record} is visible${again}`, { record, secondary: true });
      this.#to.direct({ from: main, toLine: line, kind: 'commit', label: record, record }, event);
    });
  }

  #newParts({ before, after }: Change, task: number): Part[] {
    const parts = (state: FlowState): Part[] => [
      ...state.task(task).parts,
      ...state.network.inFlight.flatMap((effect) =>
        effect.kind === 'upload' && effect.task === task ? [effect.part] : [],
      ),
    ];
    const known = new Set(parts(before).map(partKey));
    return parts(after).filter((part) => !known.has(partKey(part)));
  }

  /** Events of the snapshots taken in this step; the last of them, or `main`. */
  #snapshots(change: Change, task: number, main: number): number {
    const parts = this.#newParts(change, task);
    return parts.length === 0 ? main : this.#cut(parts, task);
  }

  #cut(parts: readonly Part[], task: number): number {
    let event = 0;
    for (const { checkpoint } of parts) {
      const text = `${this.#world.name(task)} takes its part of checkpoint ${checkpoint}`;
      event = this.#to.event(taskLine(task), 'snapshot', text, { checkpoint });
      this.#to.cutPoint(cutName(checkpoint), checkpoint, { line: taskLine(task), event });
    }
    return event;
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

  #recordName(record: { readonly source: number; readonly seq: number }): string {
    return `${this.#world.name(record.source)}#${record.seq}`;
  }

  #recordAt(index: number): string {
    const { records } = this.#world.topology;
    return `${this.#world.name(this.#world.sources[Math.floor(index / records)]!)}#${index % records}`;
  }

  /** As it stands in the action's id. */
  #effectId(effect: InFlight): string {
    const what = effect.kind === 'commit' ? `t${effect.transaction}` : `c${effect.checkpoint}`;
    return `${effect.kind}:${this.#world.name(effect.task)}#${what}/a${effect.attempt}`;
  }
}

const cutName = (checkpoint: number): string => `checkpoint ${checkpoint}`;
const partKey = ({ checkpoint, attempt }: Part): string => `${checkpoint}/${attempt}`;
const controlName = ({ name, checkpoint }: { name: string; checkpoint: number }): string => `${name} ${checkpoint}`;
const messageName = ({ name, checkpoint }: Message): string => `${name} ${checkpoint}`;
const messageKey = (m: Message): string => `${m.from}>${m.to}/${m.attempt}/${m.name}/${m.checkpoint}/${m.data}`;
const effectKey = (e: InFlight): string =>
  `${e.kind}/${e.task}/${e.attempt}/${e.kind === 'commit' ? `t${e.transaction}` : e.checkpoint}`;

/** As it stands in a delivery's id. */
function elementId(element: Element): string {
  return element.is === 'record'
    ? `r${element.source}.${element.seq}.${element.n}`
    : `${element.name}-${element.checkpoint}`;
}

function pulledForward({ before, after }: Change, channel: number, to: FlowControl): Element | undefined {
  if (!to.priority) return undefined;
  const left = after.channel(channel).queue;
  return before.channel(channel).queue.find((each) => elementId(each) === elementId(to) && !left.includes(each));
}

/** Those of the first list that the second lacks; of equal ones, as many as it lacks. */
function goneOf<T extends Message | InFlight>(from: readonly T[], left: readonly T[]): T[] {
  const key = (each: T): string => ('kind' in each ? effectKey(each) : messageKey(each));
  const counts = new Map<string, number>();
  for (const each of left) counts.set(key(each), (counts.get(key(each)) ?? 0) + 1);
  return from.filter((each) => {
    const count = counts.get(key(each)) ?? 0;
    if (count > 0) counts.set(key(each), count - 1);
    return count === 0;
  });
}
