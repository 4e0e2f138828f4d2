/** Recoveries as a timeline: detect, restart, restore, catch up; what each read and did again. */
import { count, duration, plural } from '../../numbers.ts';
import { recoveryChart, type RecoveryStage } from '../recovery-chart.ts';
import { recoveryMicros, type ReportRecovery } from '../report-data.ts';
import type { Section } from '../section.ts';
import { tableView } from '../table-view.ts';

/** More bars than these are not drawn; the table has all. */
const DRAWN = 30;

const STAGES: readonly RecoveryStage<'detect_us' | 'restart_us' | 'restore_us' | 'catchup_us'>[] = [
  { key: 'detect_us', name: 'detect', colour: 5 },
  { key: 'restart_us', name: 'restart', colour: 2 },
  { key: 'restore_us', name: 'restore', colour: 4 },
  { key: 'catchup_us', name: 'catch up', colour: 6 },
];

/** The longest first in the picture, all in order in the table. */
export function recoveriesSection(recoveries: readonly ReportRecovery[]): Section {
  const section = { id: 'recoveries', title: 'Recoveries' };
  if (recoveries.length === 0)
    return { ...section, blocks: [{ kind: 'text', text: 'None: nothing died.', tone: 'quiet' }] };
  const drawn = recoveries
    .toSorted((a, b) => recoveryMicros(b) - recoveryMicros(a) || a.at_us - b.at_us)
    .slice(0, DRAWN);
  const unfinished = recoveries.filter(({ finished }) => !finished).length;
  const chart = recoveryChart(drawn, STAGES, {
    title: 'Recovery timeline',
    description: `The stages of ${plural(drawn.length, 'recovery', 'recoveries')}, from the death on.`,
    after: 'the death',
    labelOf: ({ at_us: at, who }) => `${duration(at)}, ${who}`,
    aboutOf: ({ who, cause }) => `${who}, ${cause}`,
  });
  return {
    ...section,
    blocks: [
      {
        kind: 'text',
        text:
          count(recoveries.length) +
          (unfinished === 0
            ? ', all of them finished.'
            : `; ${count(unfinished)} not finished: the end of the run or another death came first.`) +
          (recoveries.length > DRAWN ? ` The ${count(DRAWN)} longest are drawn.` : ''),
      },
      {
        kind: 'charts',
        charts: [
          {
            title: 'From death to caught up',
            text: 'The longest first. Catching up ends when the inputs are read up to the head that was found at the start.',
            chart,
            table: tableView(
              'run.recoveries',
              plural(recoveries.length, 'recovery', 'recoveries'),
              recoveries,
              [
                { key: 'at_us', title: 'Died at', kind: 'moment' },
                { key: 'who', title: 'What', kind: 'text' },
                { key: 'from_host', title: 'From host', kind: 'count' },
                { key: 'to_host', title: 'To host', kind: 'count' },
                { key: 'detect_us', title: 'Detect', kind: 'micros' },
                { key: 'restart_us', title: 'Restart', kind: 'micros' },
                { key: 'restore_us', title: 'Restore', kind: 'micros' },
                { key: 'catchup_us', title: 'Catch up', kind: 'micros' },
                { key: 'restored_from', title: 'State from', kind: 'text' },
                { key: 'restored_bytes', title: 'Restored', kind: 'bytes' },
                { key: 'replayed_records', title: 'Replayed records', kind: 'count' },
                { key: 'skipped_records', title: 'Skipped records', kind: 'count' },
                { key: 'finished', title: 'Finished', kind: 'yes' },
                { key: 'cause', title: 'Cause', kind: 'text' },
              ],
              ({ finished }) => !finished,
            ),
          },
        ],
      },
    ],
  };
}
