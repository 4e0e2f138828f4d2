/**
 * A history as one page that opens without a network: what broke and why in sentences, the picture, every event as a
 * table, and the command that gives it again. The table says all that the picture does, for those who cannot see it.
 */
import type { History } from '../../models/dataflow/history-data.ts';
import { plural } from '../numbers.ts';
import { PAGE_STYLE } from '../page-style.ts';
import { factText, violationStory } from '../story.ts';
import { flowStory } from './flow-stories.ts';
import { foldCommits } from './fold.ts';
import { layoutOf } from './layout.ts';
import { element, escapeMarkup } from './markup.ts';
import { PLACE_ID, type SpaceTimeOptions, place, placeToLookAt, spaceTimeSvg } from './svg.ts';

export interface SpaceTimePage extends SpaceTimeOptions {
  /** The command that gives this history again, whole; null: there is none. */
  readonly command: string | null;
  /** Provenance for the last line: version, seed, scenario. */
  readonly provenance?: string;
}

/** Pixels from the top of the picture that a reader sees without scrolling. */
const FAR = 600;

/** The whole page; commits are folded unless events are chosen by number. Equal histories and options give equal bytes. */
export function spaceTimeHtml(whole: History, page: SpaceTimePage): string {
  const history = page.from === undefined && page.to === undefined ? foldCommits(whole) : whole;
  const { command, provenance = '' } = page;
  const parts = [
    element('h1', {}, escapeMarkup(history.title)),
    ...verdict(history),
    ...notes(history, page),
    element(
      'div',
      { class: 'picture', tabindex: '0', role: 'group', 'aria-label': 'Space-time diagram, can be scrolled' },
      spaceTimeSvg(history, { ...page, heading: 'none' }),
    ),
    ...(command === null ? [] : ['<h2>Again</h2>', element('pre', {}, element('code', {}, escapeMarkup(command)))]),
    ...table(history),
    provenance === '' ? '' : element('footer', {}, escapeMarkup(provenance)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(history.title)}</title>
<style>${PAGE_STYLE}
${STORY_STYLE}</style>
</head>
<body>
<main>
${parts.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`;
}

/** Plain sentences about the violation, whatever kind of run it comes from. */
export function historyStory(history: History): readonly string[] {
  const { violation } = history;
  if (violation === null) return [];
  if (!history.timed) {
    const told = flowStory(history);
    if (told.length > 0) return told;
    return [
      Object.entries(violation.facts)
        .map(([name, value]) => `${name}: ${factText(name, value)}`)
        .join(', '),
    ];
  }
  const atMicros = violation.event === null ? 0 : (history.events[violation.event - 1]?.atMicros ?? 0);
  return [
    violationStory({ ...violation, atMicros })
      .map((line) => line.trim())
      .join(' '),
  ];
}

/** What is not shown, and the way to what matters in a long picture. */
function notes(history: History, page: SpaceTimePage): string[] {
  const layout = layoutOf(history, page);
  const here = placeToLookAt(history);
  const y = here === null ? undefined : layout.y.get(here);
  const what = history.violation?.event === here ? 'what broke the law' : 'the crash';
  const link = element('a', { href: `#${PLACE_ID}` }, `Go to ${what}`);
  return [
    ...(layout.notes.length === 0 ? [] : [element('p', { class: 'quiet' }, escapeMarkup(layout.notes.join(' ')))]),
    ...(y === undefined || y < FAR ? [] : [element('p', {}, link)]),
  ];
}

function verdict(history: History): string[] {
  const { violation } = history;
  if (violation === null) {
    const text = history.timed
      ? 'A window of the run; the verdict is in its report.'
      : 'No law is broken on this path.';
    return [element('p', { class: 'quiet' }, text)];
  }
  const where = violation.atEnd ? ' It shows at the end of the path, where nothing is left to happen.' : '';
  return [
    element(
      'p',
      { class: 'verdict' },
      `<strong>VIOLATED ${escapeMarkup(violation.law)}</strong> ${escapeMarkup(`${violation.statement}.${where}`)}`,
    ),
    element(
      'ol',
      { class: 'story' },
      historyStory(history)
        .map((sentence) => element('li', {}, escapeMarkup(sentence)))
        .join(''),
    ),
  ];
}

function table(history: History): string[] {
  const at = history.timed ? 'Time, s' : 'Step';
  const head = ['', at, 'Where', 'What'].map((title, i) =>
    element('th', { scope: 'col' }, i === 0 ? '<abbr title="Number of the event">No.</abbr>' : title),
  );
  const guilty = new Set(history.violation?.events);
  const rows = history.events.map((event) => {
    const cells = [
      element('td', { class: 'n' }, String(event.n)),
      element('td', { class: 'n' }, place(history, event)),
      element('td', {}, escapeMarkup(history.lines[event.line]!.name)),
      element('td', {}, escapeMarkup(event.label)),
    ];
    const isBad = event.kind === 'crash' || event.n === history.violation?.event;
    const style = isBad ? 'bad' : guilty.has(event.n) ? 'guilty' : event.kind === 'snapshot' ? 'cut' : undefined;
    return element('tr', { class: style }, cells.join(''));
  });
  const caption = `${plural(history.events.length, 'event')}, in order; ${plural(history.messages.length, 'message')} between them.`;
  return [
    '<h2>Events</h2>',
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        {},
        `${element('caption', {}, caption)}<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>`,
      ),
    ),
  ];
}

const STORY_STYLE = `
.story{max-width:80ch;padding-left:24px}
.story li{margin:4px 0}
:target .ring,:target>*{outline:2px solid var(--bad);outline-offset:6px}
.picture{overflow-x:auto;border:1px solid var(--edge);border-radius:6px}
.picture svg{display:block}
tr.guilty td{color:var(--bad)}
tr.cut td{color:var(--cut)}
`.trim();
