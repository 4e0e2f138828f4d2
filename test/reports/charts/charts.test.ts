// Charts as markup: what is drawn, what is left out, and that nothing lies outside the picture.
import { describe, expect, it } from 'vitest';
import { barChart } from '../../../reports/charts/bar-chart.ts';
import { xyChart, type XyChart } from '../../../reports/charts/xy-chart.ts';

const chart: XyChart = {
  title: 'A <title>',
  description: 'What it shows.',
  x: { label: 'interval, s', scale: 'log' },
  y: { label: 'lost, %', scale: 'linear' },
  series: [
    { name: 'form', colour: 2, shape: 'line', points: [1, 10, 100].map((x) => ({ x, y: x, title: `form ${x}` })) },
    {
      name: 'runs',
      colour: 1,
      shape: 'point',
      points: [1, 10, 100].map((x) => ({ x, y: x, low: x / 2, high: x * 2, title: `run ${x}` })),
    },
  ],
  markers: [{ x: 10, name: 'here' }],
};

const count = (text: string, part: RegExp): number => text.match(part)?.length ?? 0;

describe('a chart of series', () => {
  it('draws a line, a band and a mark for each point, and says what each point is', () => {
    const { svg, key } = xyChart(chart);
    expect(count(svg, /class="line c2"/g)).toBe(1);
    expect(count(svg, /class="band c1"/g)).toBe(1);
    expect(count(svg, /class="dot c1"/g)).toBe(3);
    expect(count(svg, /<title>/g)).toBe(6);
    expect(svg).toContain('aria-label="A &lt;title&gt;. What it shows."');
    expect(svg).toContain('>here</text>');
    expect(Array.from(key.matchAll(/<\/svg>(.*?)<\/li>/g), ([, name]) => name)).toEqual([
      'form',
      'runs',
      '95 % interval',
    ]);
  });

  it('leaves out what a logarithmic axis cannot show, and refuses to be empty', () => {
    const series = chart.series.map((each) => ({
      ...each,
      points: each.points.map((point) => ({ ...point, x: point.x - 1 })),
    }));
    expect(count(xyChart({ ...chart, series }).svg, /class="dot c1"/g)).toBe(2);
    expect(() => xyChart({ ...chart, series: [] })).toThrow('nothing to show');
  });

  it('has no number that is none, and no point outside the picture', () => {
    const { svg } = xyChart(chart);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const [, x, y] of svg.matchAll(/cx="([\d.-]+)" cy="([\d.-]+)"/g)) {
      expect(Number(x) >= 0 && Number(x) <= 440).toBe(true);
      expect(Number(y) >= 0 && Number(y) <= 252).toBe(true);
    }
  });

  it('lets the names of two markers point away from each other, and none leave the picture', () => {
    const placed = (markers: readonly { readonly x: number; readonly name: string }[]) =>
      Array.from(
        xyChart({ ...chart, markers }).svg.matchAll(/class="mark" x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)">(\w+)/g),
        ([, x, anchor, name]) => [name, anchor, Number(x)] as const,
      );
    const two = placed([
      { x: 20, name: 'later' },
      { x: 8, name: 'sooner' },
    ]);
    expect(two.map(([name, anchor]) => [name, anchor])).toEqual([
      ['sooner', 'end'],
      ['later', 'start'],
    ]);
    expect(two[0]![2]).toBeLessThan(two[1]![2]);
    expect(
      placed([
        { x: 1, name: 'first' },
        { x: 2, name: 'second' },
      ]).map(([, anchor]) => anchor),
    ).toEqual(['start', 'start']);
    expect(placed([{ x: 100, name: 'last' }])[0]![1]).toBe('end');
  });

  it('leaves out a marker beyond its values', () => {
    expect(xyChart({ ...chart, markers: [{ x: 5000, name: 'far' }] }).svg).not.toContain('far');
  });
});

describe('a chart of bars', () => {
  const bars = {
    title: 'Time',
    description: 'Of each task.',
    label: 'time, s',
    series: [
      { name: 'work', colour: 7 as const },
      { name: 'rest', colour: 8 as const },
      { name: 'never', colour: 5 as const },
    ],
    bars: [
      {
        label: 'task 0',
        parts: [
          { series: 0, value: 3, title: 'work 3' },
          { series: 1, value: 7, title: 'rest 7' },
          { series: 2, value: 0, title: '' },
        ],
      },
      {
        label: 'a task with a name that is far too long to stand there',
        parts: [{ series: 1, value: 10, title: 'rest 10' }],
      },
    ],
  };

  it('puts the parts of a bar end to end, in proportion', () => {
    const { svg } = barChart(bars);
    const boxes = Array.from(
      svg.matchAll(/class="area c\d" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g),
      ([, x, width]) => [Number(x), Number(width)] as const,
    );
    expect(boxes).toHaveLength(3);
    expect(boxes[1]![0]).toBeCloseTo(boxes[0]![0] + boxes[0]![1], 0);
    expect(boxes[1]![1] / boxes[0]![1]).toBeCloseTo(7 / 3, 1);
    expect(boxes[2]![1]).toBeCloseTo(boxes[0]![1] + boxes[1]![1], 0);
  });

  it('shortens a long name and leaves an unused series out of the key', () => {
    const { svg, key } = barChart(bars);
    expect(svg).toContain('a task with a name th…');
    expect(key).not.toContain('never');
  });
});
