/** The report of one run of a dataflow job for a terminal, in the order in which a run of a Samza job is told. */
import { fsum } from 'd3-array';
import type { JudgedRun } from '../models/flow-job/judged-run.ts';
import type { LatencySummary } from '../models/flow-job/latency-histogram.ts';
import { type FlowRunContext, type FlowRunDocument, flowRunDocument } from './flow-run-document.ts';
import { bytes, count, duration, moment, share } from './numbers.ts';
import { budgetSection } from './sections/budget.ts';
import { lawsSection } from './sections/laws.ts';
import { verdictSection } from './sections/verdict.ts';
import type { Style } from './style.ts';
import { type Column, labelled, paragraph, table } from './text.ts';

const RECOVERIES_SHOWN = 12;

/** The whole report, ending in a newline. */
export function flowRunReport(run: JudgedRun, context: FlowRunContext & { readonly style: Style }): string {
  const { style } = context;
  const told = flowRunDocument(run, context);
  const sections: readonly (readonly string[])[] = [
    banner(told, context),
    verdict(told, context),
    records(told, context),
    latency(told, context),
    recoveries(told, style),
    checkpoints(told, style),
    budgetSection(told, style),
    storage(told, style),
    lawsSection(told, style),
    told.notes.length === 0
      ? []
      : [style('strong', 'Notes'), ...told.notes.flatMap((note) => labelled('-', note, { labelWidth: 2 }))],
    context.twice === null ? [] : [twiceLine(context.twice, style)],
    footer(told, style),
  ];
  return (
    sections
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n') + '\n'
  );
}

type Section = readonly string[];

function banner(told: FlowRunDocument, { version, title, style }: FlowRunContext & { readonly style: Style }): Section {
  const parts = [
    `tidemark ${version}`,
    told.scenario,
    told.protocol,
    `seed ${told.seed}`,
    `${duration(Math.round(told.simulated_s * 1e6))} simulated`,
    `${count(told.events)} events`,
  ];
  return [...paragraph(parts.join(' · '), '').map((line) => style('dim', line)), ...paragraph(title, '')];
}

function verdict(told: FlowRunDocument, { plan, style }: FlowRunContext & { readonly style: Style }): Section {
  const promised = told.promise === 'none' ? 'promises nothing of outputs' : `promises outputs ${told.promise}`;
  return [
    ...verdictSection({ ...told, job_failed: false }, { expect: null }, style),
    ...paragraph(`${told.protocol} ${promised} behind ${plan.sink} sinks.`),
    ...(told.job_failed ? paragraph('The restart strategy gave the job up before the end.') : []),
  ];
}

function records(
  { records: of }: FlowRunDocument,
  { plan, style }: FlowRunContext & { readonly style: Style },
): Section {
  const isCounted = plan.hops === 0;
  const rows = [
    ['offered', count(of.offered), '', 'in the logs of the sources'],
    ['processed', count(of.processed), share(of.processed, of.offered), 'distinct, read at least once'],
    ['pending', count(of.pending), share(of.pending, of.offered), 'not yet read at the end'],
    ['read again', count(of.reread), share(of.reread, of.offered), 'readings beyond the first'],
    ['outputs', count(of.outputs), '', 'copies visible behind the sinks'],
    ...(isCounted
      ? [
          ['  repeated', count(of.duplicated), share(of.duplicated, of.outputs), 'beyond what each record owes'],
          ['  lost', count(of.lost), share(of.lost, of.outputs), 'outputs that never come'],
        ]
      : []),
  ];
  const columns: readonly Column[] = [
    { title: '', align: 'left' },
    { title: 'records', align: 'right' },
    { title: 'share', align: 'right' },
    { title: '', align: 'left' },
  ];
  return [style('strong', 'Records'), ...table(columns, rows, { style }).slice(1)];
}

const LATENCY_COLUMNS: readonly Column[] = [
  { title: 'from there to be read to visible', align: 'left' },
  ...['n', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'].map((title): Column => ({ title, align: 'right' })),
];

/** Over first copies; behind two-phase sinks also what the wait for the commit is of it. */
function latency(told: FlowRunDocument, { plan, style }: FlowRunContext & { readonly style: Style }): Section {
  if (told.output_latency.count === 0) return [];
  const isHeld = plan.sink === 'two-phase';
  const rows = [
    latencyRow('all sinks', told.output_latency),
    ...told.sink_latency.flatMap(({ name, latency: of, held }) => [
      latencyRow(name, of),
      ...(isHeld ? [latencyRow('  of it, held back for the commit', held)] : []),
    ]),
  ];
  return [style('strong', 'Output latency'), ...table(LATENCY_COLUMNS, rows, { style })];
}

function latencyRow(name: string, of: LatencySummary): readonly string[] {
  const times = [of.mean_us, of.p50_us, of.p90_us, of.p99_us, of.p999_us, of.max_us];
  return [name, count(of.count), ...times.map((micros) => duration(Math.round(micros)))];
}

function recoveries({ recoveries: all, crashes_without_effect: without }: FlowRunDocument, style: Style): Section {
  const none = without === 0 ? [] : [`  ${count(without)} crashes changed nothing: the job was down already.`];
  if (all.length === 0) return [style('strong', 'Recoveries') + '  none', ...none];
  const columns: readonly Column[] = [
    { title: 'what died', align: 'left' },
    ...['at', 'detect', 'restart', 'catch-up', 'read back', 'replayed'].map((title): Column => ({
      title,
      align: 'right',
    })),
    { title: 'restored from', align: 'left' },
  ];
  const rows = all
    .slice(0, RECOVERIES_SHOWN)
    .map((each) => [
      each.who,
      moment(each.at_us),
      each.detect_us === null ? '-' : duration(each.detect_us),
      each.restart_us === null ? 'not by the end' : duration(each.restart_us),
      each.catchup_us === null ? '-' : duration(each.catchup_us),
      bytes(each.restored_bytes),
      count(each.replayed_records),
      each.restored_from,
    ]);
  const more = all.length > RECOVERIES_SHOWN ? [`  and ${count(all.length - RECOVERIES_SHOWN)} more`] : [];
  return [style('strong', 'Recoveries'), ...table(columns, rows, { style }), ...more, ...none];
}

function checkpoints({ checkpoint_detail: detail, checkpoint_phases: phases }: FlowRunDocument, style: Style): Section {
  if (detail.started === 0) return [style('strong', 'Checkpoints') + '  none was started'];
  const said = [
    `${count(detail.started)} started`,
    `${count(detail.completed)} completed`,
    ...detail.reasons.map(({ reason, count: n }) => `${count(n)} failed (${reason})`),
    ...(detail.pending === 0 ? [] : [`${count(detail.pending)} under way at the end`]),
    ...detail.rejected_triggers.map(({ reason, count: n }) => `${count(n)} requests refused (${reason})`),
  ];
  const columns: readonly Column[] = [
    { title: 'phase', align: 'left' },
    { title: 'n', align: 'right' },
    { title: 'mean', align: 'right' },
    { title: 'max', align: 'right' },
    { title: '', align: 'left', wrapAt: 60 },
  ];
  const rows = phases.map(({ step, count: n, total_us: total, max_us: most }) => [
    step,
    count(n),
    n === 0 ? '-' : duration(Math.round(total / n)),
    n === 0 ? '-' : duration(most),
    MEANINGS[step] ?? '',
  ]);
  return [style('strong', 'Checkpoints'), ...paragraph(said.join(' · ')), ...table(columns, rows, { style })];
}

const MEANINGS: Readonly<Record<string, string>> = {
  alignment: 'first barrier to last, at the slowest task',
  synchronous: 'the task stands still, at the slowest task',
  asynchronous: 'from the hand-over to durable, at the slowest task',
  acknowledged: 'from the trigger to the last acknowledgement',
  'end to end': 'from the trigger to complete and known as such',
};

function storage(
  { storage: of, sent, checkpoint_detail: detail, recoveries: all }: FlowRunDocument,
  style: Style,
): Section {
  return [
    style('strong', 'Bytes'),
    ...labelled(
      'snapshots',
      `${bytes(of.uploaded_bytes)} written, ${bytes(detail.channel_state_bytes)} of it channel state; ${bytes(of.bytes_end)} kept at the end, ${bytes(of.bytes_max)} at most`,
    ),
    ...labelled('read back', `${bytes(fsum(all, ({ restored_bytes: each }) => each))} in recoveries`),
    ...labelled('sent', `${count(sent.controls)} barriers and markers, ${count(sent.messages)} messages`),
  ];
}

function twiceLine({ same, divergence }: NonNullable<FlowRunContext['twice']>, style: Style): string {
  return same
    ? `twice     ${style('good', 'the same')}: all three digests are equal`
    : `twice     ${style('bad', 'DIFFERENT')}: ${divergence?.join(', ') ?? ''}`;
}

function footer(
  { digests: { order, state, cost }, scenario_hash: hash, command }: FlowRunDocument,
  style: Style,
): Section {
  return [
    style('dim', `digests   order ${order} · state ${state} · cost ${cost}`),
    style('dim', `scenario  ${hash}`),
    `again     ${style('strong', command)}`,
  ];
}
