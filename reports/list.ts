/** Lists for a terminal: a heading, a table, and a line on what to do next. */
import type { Style } from './style.ts';
import { paragraph, table, type Column } from './text.ts';

/** One list as data: a table, or terms with a line of explanation each where the terms are too long for a column. */
export type Listing =
  | {
      readonly kind: 'table';
      readonly heading: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly string[])[];
      readonly next: string;
    }
  | { readonly kind: 'terms'; readonly groups: readonly TermGroup[]; readonly next: string };

/** Terms under one heading. */
export interface TermGroup {
  readonly heading: string;
  readonly terms: readonly { readonly term: string; readonly meaning: string }[];
}

/** The whole list, ending in a newline. */
export function listReport(listing: Listing, style: Style): string {
  return [...body(listing, style), '', ...paragraph(listing.next, '')].join('\n') + '\n';
}

function body(listing: Listing, style: Style): readonly string[] {
  switch (listing.kind) {
    case 'table':
      return [style('strong', listing.heading), ...table(listing.columns, listing.rows, { style })];
    case 'terms':
      return listing.groups.flatMap(({ heading, terms }, i) => [
        ...(i === 0 ? [] : ['']),
        style('strong', heading),
        ...terms.flatMap(({ term, meaning }) => [`  ${term}`, ...paragraph(meaning, '      ')]),
      ]);
  }
}
