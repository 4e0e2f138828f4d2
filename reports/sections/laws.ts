/** The laws that were checked and how often, so that a law that never had anything to check is not taken for one that held. */
import type { LawReport, Outcome } from '../../models/outcome.ts';
import { count } from '../numbers.ts';
import type { Style } from '../style.ts';
import { table, type Column } from '../text.ts';

const columns: readonly Column[] = [
  { title: 'law', align: 'left' },
  { title: 'checked', align: 'right' },
  { title: 'broken', align: 'right' },
  { title: 'statement', align: 'left', wrapAt: 75 },
];

/** One row per law. */
export function lawsSection({ laws }: Pick<Outcome, 'laws'>, style: Style): readonly string[] {
  if (laws.length === 0) return [];
  return [style('strong', 'Laws'), ...table(columns, laws.map(row), { style })];
}

function row({ law, checked, violations, statement }: LawReport): readonly string[] {
  return [law, checked === 0 ? 'never' : count(checked), count(violations), statement];
}
