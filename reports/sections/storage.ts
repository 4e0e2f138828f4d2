/** What was stored and moved: written in all, kept at the end, kept at most. */
import type { Outcome } from '../../models/outcome.ts';
import { bytes } from '../numbers.ts';
import type { Style } from '../style.ts';
import { table, type Column } from '../text.ts';

const columns: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'written', align: 'right' },
  { title: 'at the end', align: 'right' },
  { title: 'at most', align: 'right' },
];

/** One row per place; places that were never used are left out. */
export function storageSection({ storage }: Outcome, style: Style): readonly string[] {
  const rows = [
    {
      place: 'changelog',
      written: storage.changelog_bytes_written,
      end: storage.changelog_bytes_end,
      most: storage.changelog_bytes_max,
    },
    { place: 'checkpoint topic', written: storage.checkpoint_topic_bytes_written, end: null, most: null },
    { place: 'local disks', written: null, end: storage.local_disk_bytes_end, most: storage.local_disk_bytes_max },
    {
      place: 'blob store',
      written: storage.blob_bytes_uploaded,
      end: storage.blob_bytes_end,
      most: storage.blob_bytes_max,
    },
  ].filter((row) => (row.written ?? 0) + (row.end ?? 0) + (row.most ?? 0) > 0);
  if (rows.length === 0 && storage.restore_bytes_read === 0) return [];
  return [
    style('strong', 'Storage'),
    ...table(
      columns,
      rows.map((row) => [row.place, size(row.written), size(row.end), size(row.most)]),
      { style },
    ),
    `  read back in recoveries: ${bytes(storage.restore_bytes_read)}`,
  ];
}

function size(value: number | null): string {
  return value === null ? '' : bytes(value);
}
