/** Verdict first: one word, what broke and why, the laws that were checked, and the few numbers that say most. */
import { fsum } from 'd3-array';
import { bytes, count, duration, plural } from '../../numbers.ts';
import { recoveryMicros, type ReportData, type ReportVerdict, type RunPart } from '../report-data.ts';
import type { Block, Figure, Section } from '../section.ts';
import { shown, significant, tableView } from '../table-view.ts';

/** What a reader sees first. */
export function verdictSection(data: ReportData): Section {
  const { run } = data;
  const figures: Block = {
    kind: 'figures',
    figures: [...(run === null ? [] : runFigures(run)), ...whatIfFigures(data)],
  };
  if (run === null) return { id: 'verdict', title: 'At a glance', blocks: [figures] };
  const { verdict } = run;
  return {
    id: 'verdict',
    title: 'Verdict',
    blocks: [...headline(verdict), figures, ...lawsBlocks(verdict), ...faultsBlocks(run)],
  };
}

function lawsBlocks({ laws }: ReportVerdict): Block[] {
  if (laws.length === 0) return [];
  const caption = `${plural(laws.length, 'law')}, and how often each was checked`;
  const table = tableView(
    'run.verdict.laws',
    caption,
    laws,
    [
      { key: 'law', title: 'Law', kind: 'text' },
      { key: 'checked', title: 'Checked', kind: 'count' },
      { key: 'violations', title: 'Broken', kind: 'count' },
      { key: 'statement', title: 'Statement', kind: 'text' },
    ],
    ({ violations }) => violations > 0,
  );
  return [{ kind: 'table', isOpen: false, table }];
}

function headline(verdict: ReportVerdict): Block[] {
  const { kind, law, statement, bound, story, expected } = verdict;
  const silent = verdict.laws.filter(({ checked }) => checked === 0).map((each) => each.law);
  const words =
    kind === 'holds' && verdict.laws.length === 0
      ? `HOLDS: ${statement ?? 'no law was checked'}, ${bound}.`
      : kind === 'holds'
        ? `HOLDS: no law was broken in ${plural(
            fsum(verdict.laws, (each) => each.checked),
            'check',
          )}, ${bound}.`
        : kind === 'unknown'
          ? `UNKNOWN: ${bound}.`
          : `VIOLATED${law === null ? '' : ` ${law}`}: ${statement}.`;
  return [
    { kind: 'text', text: words, tone: kind === 'holds' ? 'good' : 'bad' },
    ...story.map((text) => ({ kind: 'text', text }) as const),
    ...(silent.length === 0
      ? []
      : [{ kind: 'text', text: `Never checked in this run: ${silent.join(', ')}.`, tone: 'quiet' } as const]),
    ...(expected === null || expected.met
      ? []
      : [
          {
            kind: 'text',
            text: `The scenario expects: ${expected.kind}${expected.law === null ? '' : ` ${expected.law}`}. This run is not as expected.`,
            tone: 'bad',
          } as const,
        ]),
  ];
}

function runFigures({ cost, checkpoints, recoveries, storage, simulated_s }: RunPart): Figure[] {
  const lost = cost.filter(({ term }) => term !== 'useful' && term !== 'idle');
  const completed = checkpoints.counts.find(({ status }) => status === 'completed')?.count ?? 0;
  const longest = recoveries.filter(({ finished }) => finished).map(recoveryMicros);
  const most = Math.max(...longest);
  return [
    {
      name: 'Time not spent on work',
      value: shown(
        fsum(lost, ({ share }) => share),
        'share',
      ),
      note: 'snapshots, waiting, restarts and replay, of all task time',
    },
    {
      name: 'Checkpoints',
      value: `${count(completed)} of ${count(checkpoints.total)}`,
      note: `completed, in ${duration(Math.round(simulated_s * 1e6))}`,
    },
    {
      name: 'Longest recovery',
      value: longest.length === 0 ? 'none' : duration(most),
      note:
        longest.length === 0
          ? 'nothing died, or nothing came back'
          : `of ${plural(recoveries.length, 'recovery', 'recoveries')}, to caught up`,
    },
    {
      name: 'Written',
      value: bytes(fsum(storage, ({ written_bytes: written }) => written ?? 0)),
      note: 'for checkpoints, whether they completed or not',
    },
  ];
}

function whatIfFigures({ what_if: study }: ReportData): Figure[] {
  if (study === null) return [];
  const { configured_s, closed_form_s } = study;
  const overhead = study.curves.find(({ measure }) => measure === 'overhead')!;
  const nearest = overhead.points.reduce((best, point) =>
    Math.abs(point.interval_s - configured_s) < Math.abs(best.interval_s - configured_s) ? point : best,
  );
  return [
    {
      name: 'Interval',
      value: shown(configured_s, 'seconds'),
      note:
        closed_form_s === null
          ? 'as configured; no closed form knows a better one'
          : `as configured; least overhead at ${shown(closed_form_s, 'seconds')}`,
    },
    {
      name: 'Overhead there',
      value: shown(nearest.mean ?? nearest.closed_form, 'share'),
      note: `${study.scope === 'dataflow' ? 'of all task time' : `of a saturated ${study.scope}`}, at ${significant(nearest.interval_s)} s, ${nearest.mean === null ? 'by closed form' : plural(nearest.n, 'replication')}`,
    },
  ];
}

function faultsBlocks({ faults }: RunPart): Block[] {
  if (faults.length === 0) return [{ kind: 'text', text: 'No fault was planned.', tone: 'quiet' }];
  const table = tableView('run.faults', 'Faults: planned, struck, and changed anything', faults, [
    { key: 'fault', title: 'Fault', kind: 'text' },
    { key: 'planned', title: 'Planned', kind: 'count' },
    { key: 'injected', title: 'Struck', kind: 'count' },
    { key: 'bit', title: 'Changed anything', kind: 'count' },
  ]);
  return [{ kind: 'table', isOpen: false, table }];
}
