/** What a message is, in two or three words; kinds that the label says already are not said again. */
import type { HistoryMessage } from '../../models/dataflow/history-data.ts';

/** `record s0#0`, `barrier 1`, `ack 1`, `upload part 1`. */
export function messageText({ kind, label }: Pick<HistoryMessage, 'kind' | 'label'>): string {
  switch (kind) {
    case 'barrier':
    case 'marker':
    case 'rpc':
    case 'control':
      return label;
    case 'record':
    case 'upload':
    case 'commit':
      return `${kind} ${label}`;
  }
}
