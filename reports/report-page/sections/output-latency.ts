/** How late outputs are, sink by sink, and what a transactional sink adds. */
import type { OutputLatencyRow } from '../report-data.ts';
import type { Section } from '../section.ts';
import { tableView } from '../table-view.ts';

/** The section of a dataflow job whose sinks have shown anything. */
export function outputLatencySection(rows: readonly OutputLatencyRow[]): Section {
  const caption = "From a record's being there to be read to its output's being visible; first copies";
  const table = tableView('run.output_latency', caption, rows, [
    { key: 'where', title: 'Sink', kind: 'text' },
    { key: 'count', title: 'Outputs', kind: 'count' },
    { key: 'mean_us', title: 'Mean', kind: 'micros' },
    { key: 'p50_us', title: 'p50', kind: 'micros' },
    { key: 'p90_us', title: 'p90', kind: 'micros' },
    { key: 'p99_us', title: 'p99', kind: 'micros' },
    { key: 'p999_us', title: 'p99.9', kind: 'micros' },
    { key: 'max_us', title: 'Max', kind: 'micros' },
  ]);
  return { id: 'output-latency', title: 'Output latency', blocks: [{ kind: 'table', isOpen: true, table }] };
}
