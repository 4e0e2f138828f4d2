// Pictures are judged as text: well formed, self-contained, complete, nothing on top of anything, the same every time. How
// they look was looked at, in Chromium, light and dark, at 1280 and 390 px.
import { describe, expect, test } from 'vitest';
import type { History } from '../../../models/dataflow/history.ts';
import { runMutants } from '../../../models/mutants/index.ts';
import { MUTANTS } from '../../../models/mutants/catalogue.ts';
import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import { historyOf } from '../../../models/dataflow/history.ts';
import { historyStory, spaceTimeHtml } from '../../../reports/space-time/page.ts';
import { spaceTimeSvg } from '../../../reports/space-time/svg.ts';
import { histories } from './histories.ts';

const made = new Map<string, History>();
function historyNamed(name: keyof typeof histories): History {
  const known = made.get(name) ?? histories[name]();
  made.set(name, known);
  return known;
}
const NAMES = Object.keys(histories) as (keyof typeof histories)[];

/** Tags that do not close in order, and attributes that are not quoted; empty for well-formed markup. */
function markupProblems(markup: string): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  const rest = markup.replaceAll(/<style>[^<]*<\/style>/g, '');
  for (const [tag, closing, name, attributes, self] of rest.matchAll(
    /<(\/?)([\w-]+)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/g,
  )) {
    if (closing === '/') {
      if (open.pop() !== name) problems.push(`${tag} closes something else`);
    } else if (self !== '/') open.push(name!);
    if (/(?:NaN|undefined|Infinity)/.test(attributes!)) problems.push(tag);
  }
  if (/<(?![/\w])/.test(rest) || /&(?!amp;|lt;|gt;|quot;)/.test(rest)) problems.push('something is not escaped');
  return [...problems, ...open.map((name) => `${name} is not closed`)];
}

/** Texts with their place, as far as they stand upright. */
function texts(svg: string): { x: number; y: number; end: boolean; text: string; style: string | undefined }[] {
  return [...svg.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)].flatMap(([, attributes, text]) => {
    const at = (name: string): string | undefined => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes!)?.[1];
    if (at('transform') !== undefined) return [];
    return [
      { x: Number(at('x')), y: Number(at('y')), end: at('text-anchor') === 'end', text: text!, style: at('class') },
    ];
  });
}

describe('a space-time diagram', () => {
  test.each(NAMES)('is well formed, self-contained, and the same each time: %s', (name) => {
    const history = historyNamed(name);
    const svg = spaceTimeSvg(history);
    expect(markupProblems(svg)).toEqual([]);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="tm-st" role="img" aria-label="[^"]+"/);
    expect(svg).toContain('<title>');
    expect(svg).toContain('<desc>');
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|<script|<image|href=/);
    expect(spaceTimeSvg(structuredClone(history))).toBe(svg);
    for (const [attribute] of svg.matchAll(/ (?:[xyrd]|[xy][12]|c[xy]|points|width|height)="[^"]*"/g)) {
      expect(attribute).not.toMatch(/\d\.\d\d/);
    }
  });

  test.each(NAMES)('no words beside a row touch those of another, or leave the picture: %s', (name) => {
    const svg = spaceTimeSvg(historyNamed(name));
    const width = Number(/viewBox="0 0 (\d+) /.exec(svg)![1]);
    const all = texts(svg);
    for (const { x, end, text } of all) {
      const size = Array.from(text.replaceAll(/&\w+;/g, '.')).length * 7;
      if (!end) expect(x + size * 0.9, text).toBeLessThanOrEqual(width);
    }
    const rows = all.filter(({ style }) => style === undefined || style === 'bad').map(({ y }) => y);
    expect(rows.length).toBeGreaterThan(2);
    const gaps = rows.toSorted((a, b) => a - b).map((y, i, sorted) => (i === 0 ? 99 : y - sorted[i - 1]!));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(13);
  });

  test('draws every event and every message of a short history, and its cut', () => {
    const history = historyNamed('join');
    const svg = spaceTimeSvg(history);
    for (const { label } of history.messages) expect(svg).toContain(label.replaceAll('>', '&gt;'));
    expect(svg.split('<g><title>')).toHaveLength(history.events.length + 1);
    expect(svg.match(/class="cut"/g)!.length).toBeGreaterThanOrEqual(history.cuts.length);
  });

  test('marks crashes, dead spans, lost messages, guilty records', () => {
    const crash = spaceTimeSvg(historyNamed('crash'));
    expect(crash).toContain('class="dead"');
    expect(crash).toContain('s1 crashes');
    const orphan = spaceTimeSvg(historyNamed('orphan'));
    expect(orphan).toContain('class="m guilty"');
    expect(orphan).toMatch(/class="tag guilty"[^>]*>s0#0</);
    expect(orphan).toContain('VIOLATED  C2');
    expect(spaceTimeSvg(historyNamed('join'))).not.toContain('guilty"');
    expect(spaceTimeSvg(historyNamed('join'), { highlight: ['s0#0'] })).toContain('class="m guilty"');
  });

  test('a long history is cut to a window, and says which', () => {
    const history = historyNamed('wide');
    expect(spaceTimeSvg(history)).toMatch(/Shown are events 1 to 1\d\d of 343; left out: 2\d\d events after\./);
    const svg = spaceTimeSvg(history, { from: 100, to: 140 });
    expect(svg).toMatch(
      /Shown are events (?:100|99|98) to 14\d of 343; left out: \d+ events before, \d+ events after\./,
    );
    expect(markupProblems(svg)).toEqual([]);
    for (const window of [{ from: 343 }, { to: 1 }, { from: -5, to: 9_999 }, { from: 50, to: 20 }]) {
      expect(markupProblems(spaceTimeSvg(history, window))).toEqual([]);
    }
  });

  test('names cannot break out of it', () => {
    const history = historyNamed('crash');
    const hostile = {
      ...history,
      title: '<script>alert("1")</script> & \u0007',
      lines: history.lines.map((line) => ({ ...line, name: '"><b>' })),
      events: history.events.map((event) => ({ ...event, label: ']]><!-- \'"&' })),
    };
    expect(markupProblems(spaceTimeSvg(hostile))).toEqual([]);
    expect(spaceTimeHtml(hostile, { command: '</pre><script>' })).not.toContain('<script>');
  });
});

describe('the page around it', () => {
  test('tells the story, lists every event, and ends with the command', () => {
    const history = historyNamed('orphan');
    const page = spaceTimeHtml(history, { command: "tidemark replay 'c2 & co.json'", provenance: 'tidemark 0.1.0' });
    expect(markupProblems(page.replace(/^[\s\S]*?<body>/, '<body>').replace('</html>\n', ''))).toEqual([]);
    expect(page.match(/<tr/g)).toHaveLength(history.events.length + 1);
    expect(page).toContain("tidemark replay 'c2 &amp; co.json'");
    expect(page.replaceAll(/www\.w3\.org/g, '')).not.toMatch(/src=|href=|<script/);
    expect(historyStory(history)).toEqual([
      'join has s0#0 in its part of checkpoint 1: it processed it (step 5), before it took the part (step 9).',
      's0 sent s0#0 (step 3), after its own part (step 2), which says that it had sent nothing on s0>join.',
      'So after a restore s0 sends s0#0 again, and join counts it twice: contradiction with exactly-once.',
      'Cause: the barrier on s0>join arrived (step 4), and join went on to process what came behind it.',
    ]);
  });

  test('says where a restored checkpoint cuts the way of a record that is visible twice', () => {
    expect(historyStory(historyNamed('twice'))).toEqual([
      's1#0 is visible 2 times to a committed reader of the output; 1 would be right.',
      'It became visible at steps 24, 45.',
      'Attempt 1 began at step 23, from checkpoint 1.',
      'Checkpoint 1 cuts its way in two: s1 met s1#0 (step 8) after its part (step 2), join met s1#0 (step 9) before its part (step 12).',
      'The sink promises that each effect is visible once at most: contradiction.',
    ]);
  });

  test('says of a window of a Samza run only that it is one', () => {
    expect(spaceTimeHtml(historyNamed('samza'), { command: null })).toContain('the verdict is in its report');
  });
});

describe('the path that kills a mutant', () => {
  const results = runMutants({ maxStates: 400, runs: 60 }).filter(({ path, law }) => path.length > 0 && law !== 'X1');

  test('there are many of them', () => {
    expect(results.length).toBeGreaterThan(20);
  });

  test.each(results.map((result) => [result.name, result] as const))(
    '%s has a history and a story',
    (name, { law, path }) => {
      const { base, protocol, topology, environment } = MUTANTS.find((each) => each.name === name)!;
      const history = historyOf(new FlowWorld(protocol, topology, environment, lawsFor(base, topology)), path, { law });
      expect(history.violation?.law).toBe(law);
      const story = historyStory(history);
      expect(story.length).toBeGreaterThan(0);
      // A story, not a list of facts.
      expect(story[0]).toMatch(/^[A-Za-z].*[.]$/);
      expect(story.join(' ')).not.toMatch(/undefined|NaN|null|\[object/);
      expect(markupProblems(spaceTimeSvg(history))).toEqual([]);
    },
  );
});
