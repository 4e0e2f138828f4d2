/**
 * Two runs of one plan that differ: the first event at which they part, both versions side by side. Equal plans must
 * give equal bytes, so this is always a fault of Tidemark and says so.
 */
import type { TraceEvent } from '../models/simulate.ts';
import { count, seconds } from './numbers.ts';
import type { Style } from './style.ts';
import { paragraph, table, type Column } from './text.ts';

/** Where two runs of the same plan part. */
export type Divergence =
  /** Event number `n` is not the same; null where that run had already ended. */
  | {
      readonly kind: 'event';
      readonly n: number;
      readonly first: TraceEvent | null;
      readonly second: TraceEvent | null;
    }
  /** The same events, and yet another state or cost after event `n` at the latest. */
  | { readonly kind: 'state'; readonly n: number; readonly digests: readonly string[] }
  /** They differed once, but not when run again. */
  | { readonly kind: 'unsteady'; readonly afterEvents: number };

const columns: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'first run', align: 'left', wrapAt: 42 },
  { title: 'second run', align: 'left', wrapAt: 42 },
];

/** What a second run of the same plan showed: that it was the same, or the place where the two part. */
export function divergenceLines(divergence: Divergence | null, style: Style): readonly string[] {
  if (divergence === null) return [`${style('good', 'SAME')}  a second run gave the same digests`];
  return [
    style('bad', 'DIFFERENT') + '  two runs of the same plan are not the same: a fault of Tidemark, please report it',
    ...place(divergence, style),
  ];
}

function place(divergence: Divergence, style: Style): readonly string[] {
  switch (divergence.kind) {
    case 'event': {
      const { n, first, second } = divergence;
      const rows = [
        ['time', at(first), at(second)],
        ['action', first?.id ?? '', second?.id ?? ''],
        ['text', first?.text ?? '(the run had ended)', second?.text ?? '(the run had ended)'],
      ];
      return [`  They part at event ${count(n)}:`, ...table(columns, rows, { style })];
    }
    case 'state':
      return paragraph(
        `Every event is the same, but the ${divergence.digests.join(' and ')} ` +
          `${divergence.digests.length === 1 ? 'digest differs' : 'digests differ'} by event ${count(divergence.n)}.`,
      );
    case 'unsteady':
      return paragraph(
        `They parted after event ${count(divergence.afterEvents)}, but when both were run again to find the event, they were the same.`,
      );
  }
}

function at(event: TraceEvent | null): string {
  return event === null ? '' : `${seconds(event.atMicros)} s`;
}
