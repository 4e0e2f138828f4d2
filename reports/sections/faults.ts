/** Faults: planned, struck, bit. A fault that changed nothing is told with its reason, so that a green run is not a lucky one. */
import type { FaultEffect, Outcome } from '../../models/outcome.ts';
import { count } from '../numbers.ts';
import type { Style } from '../style.ts';
import { labelled, table, type Column } from '../text.ts';

const columns: readonly Column[] = [
  { title: 'fault', align: 'left', wrapAt: 60 },
  { title: 'planned', align: 'right' },
  { title: 'struck', align: 'right' },
  { title: 'bit', align: 'right' },
];

/** One row per kind of fault, then why some were without effect. */
export function faultsSection({ faults }: Outcome, style: Style): readonly string[] {
  if (faults.length === 0) return [style('strong', 'Faults') + '  none planned'];
  const rows = faults.map(({ fault, planned, injected, bit }) => [fault, count(planned), count(injected), count(bit)]);
  return [style('strong', 'Faults'), ...table(columns, rows, { style }), ...faults.flatMap(idleLines)];
}

function idleLines({ fault, without_effect }: FaultEffect): readonly string[] {
  return without_effect.flatMap(({ reason, count: n }) =>
    labelled('no effect', `${fault}, ${count(n)} time${n === 1 ? '' : 's'}: ${reason}`),
  );
}
