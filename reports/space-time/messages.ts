/**
 * One message as an arrow. Ends outside the window leave through its edge; a lost message breaks off half way with a cross,
 * one that was under way at the end fades out.
 */
import type { History, HistoryMessage, HistoryMessageKind } from '../../models/dataflow/history-data.ts';
import { type Layout, ROW } from './layout.ts';
import { coordinate, element, escapeMarkup } from './markup.ts';
import { messageText } from './message-text.ts';

export const MESSAGE_COLOUR: Readonly<Record<HistoryMessageKind, string>> = {
  record: '--record',
  barrier: '--barrier',
  marker: '--marker',
  control: '--rpc',
  rpc: '--rpc',
  upload: '--upload',
  commit: '--commit',
};

interface End {
  readonly x: number;
  readonly y: number;
  readonly as: 'arrow' | 'edge' | 'lost' | 'open';
}

/** The arrow, and its label for a layer above all arrows. */
export interface DrawnMessage {
  readonly arrow: string;
  readonly tag: string;
}

export function drawMessage(history: History, layout: Layout, message: HistoryMessage, guilty: boolean): DrawnMessage {
  const fromEvent = history.events[message.from - 1]!;
  const x1 = layout.columns[fromEvent.line]!;
  const x2 = layout.columns[message.toLine]!;
  const fromY = layout.y.get(message.from);
  const start = fromY === undefined ? { x: x1 + (x2 - x1) * 0.4, y: layout.top - 12 } : { x: x1, y: fromY };
  const end = endOf(layout, message, { x1, x2, fromY: start.y });
  const colour = `var(${MESSAGE_COLOUR[message.kind]})`;
  const isThin = message.kind === 'rpc' || message.kind === 'upload' || message.kind === 'control';
  const isFaint = end.as === 'open' || message.kind === 'rpc' || message.kind === 'control';
  const style = `m${isThin ? ' thin' : ''}${isFaint ? ' faint' : ''}${guilty ? ' guilty' : ''}`;
  const title = element('title', {}, escapeMarkup(messageText(message)));
  const tag = tagOf(message, guilty);
  if (x1 === x2 && end.as === 'arrow') return { arrow: loop(start, end, { style, colour, title }), tag: '' };
  const { path, tip } = straight(start, end);
  const parts = [element('path', { class: style, d: path, stroke: colour }, title)];
  if (tip !== '') parts.push(element('polygon', { class: `tip${guilty ? ' guilty' : ''}`, points: tip, fill: colour }));
  if (end.as === 'lost') parts.push(cross(end.x, end.y));
  const hasTag = tag !== '' && end.as !== 'edge';
  return { arrow: parts.join(''), tag: hasTag ? tagText(tag, start, end, { colour, guilty }) : '' };
}

/** Records by name, barriers and markers by number; what coordinates is told beside its row. */
function tagOf({ kind, label, checkpoint }: HistoryMessage, guilty: boolean): string {
  if (guilty || kind === 'record') return label;
  return kind === 'barrier' || kind === 'marker' ? String(checkpoint) : '';
}

function endOf(
  layout: Layout,
  { to, lost }: HistoryMessage,
  { x1, x2, fromY }: { readonly x1: number; readonly x2: number; readonly fromY: number },
): End {
  const toY = to === null ? undefined : layout.y.get(to);
  if (toY !== undefined) return { x: x2, y: toY, as: 'arrow' };
  // Between two rails, wherever it was going.
  const half = x1 + Math.sign(x2 - x1) * layout.columnWidth * 0.5 + (x1 === x2 ? 14 : 0);
  if (to !== null) return { x: half, y: layout.bottom + 10, as: 'edge' };
  if (lost === null) return { x: half, y: Math.min(fromY + ROW, layout.bottom + 10), as: 'open' };
  const lostY = layout.y.get(lost);
  if (lostY === undefined) return { x: half, y: layout.bottom + 10, as: 'edge' };
  return { x: half, y: Math.max(fromY + 8, Math.min(lostY - 8, fromY + 2 * ROW)), as: 'lost' };
}

function straight(start: { x: number; y: number }, end: End): { path: string; tip: string } {
  const dx = end.x - start.x;
  const dy = end.y - start.y;
  const size = Math.max(1, Math.sqrt(dx * dx + dy * dy));
  const back = end.as === 'arrow' ? 6 : 0;
  const [ux, uy] = [dx / size, dy / size];
  const [tx, ty] = [end.x - ux * back, end.y - uy * back];
  const c = coordinate;
  const stop = end.as === 'arrow' ? [tx - ux * 6, ty - uy * 6] : [tx, ty];
  const path = `M${c(start.x)} ${c(start.y)}L${c(stop[0]!)} ${c(stop[1]!)}`;
  if (end.as !== 'arrow') return { path, tip: '' };
  const [bx, by] = [tx - ux * 8, ty - uy * 8];
  return {
    path,
    tip: `${c(tx)},${c(ty)} ${c(bx - uy * 3.5)},${c(by + ux * 3.5)} ${c(bx + uy * 3.5)},${c(by - ux * 3.5)}`,
  };
}

/** To oneself: an arc beside the rail. */
function loop(
  start: { x: number; y: number },
  end: End,
  look: { readonly style: string; readonly colour: string; readonly title: string },
): string {
  const c = coordinate;
  const bulge = start.x + 18;
  const d = `M${c(start.x)} ${c(start.y)}C${c(bulge)} ${c(start.y + 4)} ${c(bulge)} ${c(end.y - 4)} ${c(end.x + 5)} ${c(end.y)}`;
  return element('path', { class: look.style, d, stroke: look.colour }, look.title);
}

function cross(x: number, y: number): string {
  const c = coordinate;
  const d = `M${c(x - 4)} ${c(y - 4)}l8 8m0 -8l-8 8`;
  return element('path', { d, fill: 'none', stroke: 'var(--bad)', 'stroke-width': '2' });
}

/** Beside the arrow's end, on the far side of where it comes from. */
function tagText(
  tag: string,
  start: { readonly x: number },
  end: End,
  look: { readonly colour: string; readonly guilty: boolean },
): string {
  const rightward = end.x >= start.x;
  const gap = end.as === 'arrow' ? 9 : 7;
  return element(
    'text',
    {
      class: `tag${look.guilty ? ' guilty' : ''}`,
      x: end.x + (rightward ? gap : -gap),
      y: end.y - 4,
      'text-anchor': rightward ? 'start' : 'end',
      style: `fill:${look.colour}`,
    },
    escapeMarkup(tag),
  );
}
