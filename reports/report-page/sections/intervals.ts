/** Overhead, latency, recovery and storage against the interval: closed forms as lines, simulated points with their bands. */
import type { CurveMeasure, FlowWhatIf, IntervalCurve, WhatIf } from '../../../models/what-if/index.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { count, plural } from '../../numbers.ts';
import type { ChartBlock, Section } from '../section.ts';
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
    replayed: {
      title: 'Replayed work',
      axis: 'records',
      text: 'Records that a failure makes the sources read again.',
    },
    storage: {
      title: 'Storage',
      axis: 'bytes kept',
      text: 'Input kept for replay, snapshots and changelog, over time.',
    },
  };

/** What is measured otherwise where a job is simulated record by record. */
const FLOW_TEXT: Partial<Readonly<Record<CurveMeasure, string>>> = {
  overhead: 'Share of the time of all tasks that is blocked, snapshot, restart or replay.',
  latency: 'From a record being there to be read to its being visible behind the sinks, on average over first copies.',
  recovery: 'From a failure until every source has read what came meanwhile.',
  storage: 'The snapshot store, and the input since the trigger of the newest completed checkpoint, over time.',
};

/** Null without a study. */
export function intervalsSection(study: WhatIf | FlowWhatIf | null, whyNot: string | null): Section {
  const section = { id: 'intervals', title: 'What if the interval were another?' };
  if (study === null)
    return {
      ...section,
      blocks: [{ kind: 'text', text: `Not studied: ${whyNot ?? 'nothing is known'}.`, tone: 'quiet' }],
    };
  const charts = study.curves.flatMap((curve, i) => chartOf(curve, study, i));
  const text = study.scope === 'dataflow' ? flowIntro(study) : fluidIntro(study);
  return {
    ...section,
    blocks: [
      { kind: 'text', text },
      { kind: 'charts', charts },
    ],
  };
}

function fluidIntro({ curves, figures, replications, scope }: WhatIf): string {
  const failures = curves[0]!.points.flatMap(({ n, failures_per_run: each }) => (n === 0 ? [] : [each]));
  const skipped = curves[0]!.points.filter(({ n }) => n === 0).length;
  const [least, most] = [Math.min(...failures), Math.max(...failures)];
  return (
    `Simulated for ${scope === 'job' ? 'the job' : 'one container, which fails and restarts on its own'}: ` +
    `${plural(replications, 'replication')} at each interval, each of ${least === most ? plural(most, 'failure') : `${least} to ${plural(most, 'failure')}`}, ` +
    `with the same failures at all of them. A checkpoint stops processing for ${shown(figures.pause_s, 'seconds')} and takes ` +
    `${shown(figures.duration_s, 'seconds')}, an outage ${shown(figures.outage_s, 'seconds')}, one failure ` +
    `comes every ${shown(1 / figures.failuresPerSecond, 'seconds')}` +
    (figures.utilization === null ? '.' : `, and ${shown(figures.utilization, 'share')} of the capacity is used.`) +
    (skipped === 0
      ? ''
      : ` The ${plural(skipped, 'shortest interval', 'shortest intervals')} would take too many checkpoints to simulate: there is the closed form alone.`)
  );
}

function flowIntro({ curves, figures, replications, simulated_s, warm_up_s, failures, ...study }: FlowWhatIf): string {
  const struck = {
    moved:
      'the crashes of the scenario are moved: the first comes at another part of the interval in each replication, and at the same part of all intervals',
    drawn: 'the crashes are drawn at random, as in the scenario',
    none: 'nothing fails in this scenario, so there is no recovery to show: see it with --set faults.mtbf_s=25',
  }[failures];
  return (
    `Simulated record by record: ${plural(replications, 'replication')} of ${shown(simulated_s, 'seconds')} at each of ` +
    `${plural(curves[0]!.points.length, 'interval')}, with the same arrivals and delays at all of them; the first ${shown(warm_up_s, 'seconds')} do not count, and ${struck}.` +
    (figures === null
      ? ' No checkpoint completed in the run above, so there are no closed forms.'
      : ` Closed forms know that a checkpoint stops a task for ${shown(figures.pause_s, 'seconds')} in the mean and takes ` +
        `${shown(figures.duration_s, 'seconds')}, that the busiest task works ${shown(figures.utilization, 'share')} of its time` +
        (failures === 'none' ? '' : `, and that an outage is ${shown(figures.outage_s, 'seconds')}`) +
        (curves[0]!.model !== null ? '.' : '; so near to its limit none holds but that of storage.')) +
    (study.cut_off === 0
      ? ''
      : ` The end of a run, or the next failure, came before ${count(study.cut_off)} of ${plural(study.struck, 'failure')} had been caught up with: recovery is of the others, and longer than it looks.`)
  );
}

function chartOf(curve: IntervalCurve, study: WhatIf | FlowWhatIf, position: number): ChartBlock[] {
  const { measure, unit, model, leaves_out: gaps, points } = curve;
  const { title, axis } = WORDS[measure];
  const text = (study.scope === 'dataflow' ? FLOW_TEXT[measure] : undefined) ?? WORDS[measure].text;
  const known = points.filter(({ mean }) => mean !== null);
  const kind = KINDS[unit];
  const all = points.flatMap(({ mean, high, closed_form: form }) => [mean, high, form].filter((each) => each !== null));
  if (all.length === 0) return [];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const { size, unit: name } = axisOf(unit, most);
  // What hardly changes would be a flat line at the top of a scale from zero; what changes a hundredfold needs a logarithm.
  const hasZero = points.some(({ low }) => low !== null && low <= 0);
  const scale = most > 20 * least && least > 0 && !hasZero ? 'log' : 'linear';
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
      { key: 'failures_per_run', title: 'Failures in each', kind: study.scope === 'dataflow' ? 'number' : 'count' },
      { key: 'closed_form', title: 'Closed form', kind },
    ],
  );
  return [{ title, text: text + formed, chart, table }];
}

const KINDS: Readonly<Record<IntervalCurve['unit'], ValueKind>> = {
  share: 'share',
  s: 'seconds',
  bytes: 'bytes',
  records: 'number',
};

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
    case 'records':
      return { unit: 'mean', size: 1 };
  }
}
