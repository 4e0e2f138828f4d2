/** Overhead, latency, recovery and storage against the interval: closed forms as lines, simulated points with their bands. */
import type { CurveMeasure, IntervalCurve, WhatIf } from '../../../models/what-if/index.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { plural } from '../../numbers.ts';
import type { Block, ChartBlock, Section } from '../section.ts';
import { shown, tableView, type ValueKind } from '../table-view.ts';
import { bytesAxis, type AxisUnit, timeAxis } from '../units.ts';

const WORDS: Readonly<Record<CurveMeasure, { readonly title: string; readonly axis: string; readonly text: string }>> =
  {
    overhead: {
      title: 'Overhead',
      axis: 'time lost',
      text: 'Share of the time of a job with a backlog that is not useful work: pauses, outages and work done again.',
    },
    latency: {
      title: 'Latency',
      axis: 'mean latency',
      text: 'From the arrival of a record to its first output, on average over all records.',
    },
    recovery: {
      title: 'Recovery, mean',
      axis: 'recovery',
      text: 'From a failure to no backlog.',
    },
    recovery_p99: {
      title: 'Recovery, 99 of 100',
      axis: 'recovery, p99',
      text: 'From a failure to no backlog, of 99 in 100 recoveries. No closed form is known.',
    },
    storage: {
      title: 'Storage',
      axis: 'bytes kept',
      text: 'Input kept for replay, snapshots and changelog, over time.',
    },
  };

/** Null without a study. */
export function intervalsSection(study: WhatIf | null, whyNot: string | null): Section {
  const section = { id: 'intervals', title: 'What if the interval were another?' };
  if (study === null)
    return {
      ...section,
      blocks: [{ kind: 'text', text: `Not studied: ${whyNot ?? 'nothing is known'}.`, tone: 'quiet' }],
    };
  const charts = study.curves.flatMap((curve, i) => chartOf(curve, study, i));
  const figures = study.figures;
  const failures = study.curves[0]!.points.flatMap(({ n, failures_per_run: each }) => (n === 0 ? [] : [each]));
  const skipped = study.curves[0]!.points.filter(({ n }) => n === 0).length;
  const [least, most] = [Math.min(...failures), Math.max(...failures)];
  const intro: Block = {
    kind: 'text',
    text:
      `Simulated for ${study.scope === 'job' ? 'the job' : 'one container, which fails and restarts on its own'}: ` +
      `${plural(study.replications, 'replication')} at each interval, each of ${least === most ? plural(most, 'failure') : `${least} to ${plural(most, 'failure')}`}, ` +
      `with the same failures at all of them. A checkpoint stops processing for ${shown(figures.pause_s, 'seconds')} and takes ` +
      `${shown(figures.duration_s, 'seconds')}, an outage ${shown(figures.outage_s, 'seconds')}, one failure ` +
      `comes every ${shown(1 / figures.failuresPerSecond, 'seconds')}` +
      (figures.utilization === null ? '.' : `, and ${shown(figures.utilization, 'share')} of the capacity is used.`) +
      (skipped === 0
        ? ''
        : ` The ${plural(skipped, 'shortest interval', 'shortest intervals')} would take too many checkpoints to simulate: there is the closed form alone.`),
  };
  return { ...section, blocks: [intro, { kind: 'charts', charts }] };
}

function chartOf(curve: IntervalCurve, study: WhatIf, position: number): ChartBlock[] {
  const { measure, unit, model, leaves_out: gaps, points } = curve;
  const { title, axis, text } = WORDS[measure];
  const known = points.filter(({ mean }) => mean !== null);
  const kind: ValueKind = unit === 'share' ? 'share' : unit === 's' ? 'seconds' : 'bytes';
  const all = points.flatMap(({ mean, high, closed_form: form }) => [mean, high, form].filter((each) => each !== null));
  if (all.length === 0) return [];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const { size, unit: name } = axisOf(unit, most);
  // What hardly changes would be a flat line at the top of a scale from zero; what changes a hundredfold needs a logarithm.
  const scale = most > 20 * least && least > 0 ? 'log' : 'linear';
  const about = (interval_s: number, value: number): string =>
    `every ${shown(interval_s, 'seconds')}: ${shown(value, kind)}`;
  const chart = xyChart({
    title: `${title} against the checkpoint interval`,
    description: `${text} Between ${shown(points[0]!.interval_s, 'seconds')} and ${shown(points.at(-1)!.interval_s, 'seconds')} it lies between ${shown(least, kind)} and ${shown(most, kind)}.`,
    x: { label: 'checkpoint interval, s', scale: 'log' },
    y: { label: `${axis}, ${name}`, scale },
    series: [
      {
        name: 'closed form',
        colour: 2,
        shape: 'line',
        points: points.flatMap(({ interval_s: x, closed_form: y }) =>
          y === null ? [] : [{ x, y: y / size, title: `closed form, ${about(x, y)}` }],
        ),
      },
      {
        name: 'simulated mean',
        colour: 1,
        shape: 'point',
        points: known.map(({ interval_s: x, mean, low, high, n }) => ({
          x,
          y: mean! / size,
          ...(low === null || high === null ? {} : { low: low / size, high: high / size }),
          title: `simulated, ${about(x, mean!)}${low === null || high === null ? '' : `, ${shown(low, kind)} to ${shown(high, kind)}`}, ${plural(n, 'replication')}`,
        })),
      },
    ],
    markers: [
      { x: study.configured_s, name: 'configured' },
      ...(study.closed_form_s === null || measure !== 'overhead'
        ? []
        : [{ x: study.closed_form_s, name: 'least overhead' }]),
    ],
  });
  const formed =
    model === null
      ? ''
      : ` Closed form: ${model}${gaps.length === 0 ? '' : `, which leaves out that ${gaps.join(', ')}`}.`;
  const table = tableView(
    `what_if.curves.${position}.points`,
    `${title} at each interval: mean and 95 % interval${model === null ? '' : ', and the closed form'}`,
    points,
    [
      { key: 'interval_s', title: 'Interval', kind: 'seconds' },
      { key: 'mean', title: 'Simulated mean', kind },
      { key: 'low', title: '95 % from', kind },
      { key: 'high', title: 'to', kind },
      { key: 'n', title: 'Replications', kind: 'count' },
      { key: 'failures_per_run', title: 'Failures in each', kind: 'count' },
      { key: 'closed_form', title: 'Closed form', kind },
    ],
  );
  return [{ title, text: text + formed, chart, table }];
}

function axisOf(unit: IntervalCurve['unit'], most: number): AxisUnit {
  switch (unit) {
    case 'share':
      return { unit: '%', size: 0.01 };
    case 's': {
      const axis = timeAxis(most * 1e6);
      return { ...axis, size: axis.size / 1e6 };
    }
    case 'bytes':
      return bytesAxis(most);
  }
}
