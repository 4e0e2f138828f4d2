/** What follows from an action, whichever it was: messages and effects on their way, snapshots, inputs held back, outputs. */
import type { FlowWorld } from './flow-world.ts';
import {
  type Change,
  controlName,
  cutName,
  effectKey,
  goneOf,
  messageKey,
  messageName,
  partKey,
  pulledForward,
} from './history-change.ts';
import { outputLine, storeLine, taskLine } from './history-lines.ts';
import type { HistoryWriter, MessageFacts } from './history-writer.ts';
import { type Element, type FlowState, type Part, TO_COORDINATOR } from './state.ts';

export class EffectRecorder {
  readonly #world: FlowWorld;
  readonly #to: HistoryWriter;

  constructor(world: FlowWorld, writer: HistoryWriter) {
    this.#world = world;
    this.#to = writer;
  }

  /** Everything a handler sent, began, blocked or released. Controls and uploads leave from the snapshot, records do not. */
  follow(change: Change, task: number, main: number, snapshot: number): void {
    const { before, after } = change;
    for (let channel = 0; channel < this.#world.topology.channels.length; channel++) {
      const known = new Set<Element>(before.channel(channel).queue);
      for (const element of after.channel(channel).queue) {
        if (known.has(element)) continue;
        // A barrier that is pulled forward is the same barrier under a new identity.
        const same = element.is === 'control' ? pulledForward(change, channel, element) : undefined;
        if (same !== undefined && this.#to.rename(same, element)) continue;
        this.sendElement(element, channel, element.is === 'record' ? main : snapshot);
      }
    }
    this.sendEffects(change, main, snapshot, () => true);
    if (task === TO_COORDINATOR) return;
    this.#blocking(change, task, snapshot);
    this.#visible(change, main);
  }

  sendElement(element: Element, channel: number, from: number): void {
    const toLine = taskLine(this.#world.topology.channels[channel]!.to);
    const name = this.#world.channelNames[channel]!;
    if (element.is === 'record') {
      const record = this.recordName(element);
      this.#to.send(element, { from, toLine, kind: 'record', label: record, record, channel: name, number: element.n });
      return;
    }
    const kind = element.name === 'barrier' ? 'barrier' : 'marker';
    const { checkpoint } = element;
    this.#to.send(element, { from, toLine, kind, label: controlName(element), checkpoint, channel: name });
  }

  sendEffects({ before, after }: Change, main: number, snapshot: number, isSender: (task: number) => boolean): void {
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
  drop({ before, after }: Change, at: number): void {
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
      const record = this.recordAt(index);
      const again = times > 1 ? `, ${times} times now` : '';
      const event = this.#to.event(line, 'visible', `${record} is visible${again}`, { record, secondary: true });
      this.#to.direct({ from: main, toLine: line, kind: 'commit', label: record, record }, event);
    });
  }

  newParts({ before, after }: Change, task: number): Part[] {
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
  snapshots(change: Change, task: number, main: number): number {
    const parts = this.newParts(change, task);
    return parts.length === 0 ? main : this.cut(parts, task);
  }

  cut(parts: readonly Part[], task: number): number {
    let event = 0;
    for (const { checkpoint } of parts) {
      const text = `${this.#world.name(task)} takes its part of checkpoint ${checkpoint}`;
      event = this.#to.event(taskLine(task), 'snapshot', text, { checkpoint });
      this.#to.cutPoint(cutName(checkpoint), checkpoint, { line: taskLine(task), event });
    }
    return event;
  }

  recordName(record: { readonly source: number; readonly seq: number }): string {
    return `${this.#world.name(record.source)}#${record.seq}`;
  }

  recordAt(index: number): string {
    const { records } = this.#world.topology;
    return `${this.#world.name(this.#world.sources[Math.floor(index / records)]!)}#${index % records}`;
  }
}
