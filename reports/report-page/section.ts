/** A report as a list of sections of a few kinds of blocks, before it becomes a page or Markdown. */
import type { Chart } from '../charts/frame.ts';
import type { TableView } from './table-view.ts';

export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: 'quiet' | 'good' | 'bad' }
  /** A command, to be pasted. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** A few numbers that say most. */
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  /** Side by side where there is room; each with the table of what it shows. */
  | { readonly kind: 'charts'; readonly charts: readonly ChartBlock[] }
  /** Folded until asked for, unless it is short. */
  | { readonly kind: 'table'; readonly table: TableView; readonly isOpen: boolean };

export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

export interface ChartBlock {
  readonly title: string;
  /** What it shows, and what to make of it. */
  readonly text: string;
  readonly chart: Chart;
  /** Null where the chart before has the same. */
  readonly table: TableView | null;
}

export interface Section {
  /** For links within the page. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}
