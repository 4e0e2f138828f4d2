/**
 * The report as one page that opens without a network: pictures inside, a table under each, tables that can be sorted with
 * a few lines of script, and nothing lost without it. Each cell carries the exact value of the JSON document beside its text.
 */
import { CHART_STYLE } from '../charts/chart-style.ts';
import { PAGE_STYLE } from '../page-style.ts';
import { element, escapeMarkup } from '../space-time/markup.ts';
import type { ReportData } from './report-data.ts';
import type { Block, ChartBlock, Section } from './section.ts';
import { sectionsOf } from './sections.ts';
import { SORT_SCRIPT } from './sort-script.ts';
import { cellText, isNumeric, type TableView } from './table-view.ts';

/** The whole page. Equal data give equal bytes. */
export function reportHtml(data: ReportData): string {
  const sections = sectionsOf(data);
  const heading = data.title === '' ? data.scenario : data.title;
  const links = sections.map(({ id, title }) => element('a', { href: `#${id}` }, escapeMarkup(title)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(`${data.scenario}: checkpoint report`)}</title>
<style>${PAGE_STYLE}
${CHART_STYLE}
${REPORT_STYLE}</style>
</head>
<body>
<main class="report">
<header>
<p class="quiet">${escapeMarkup(`${data.scenario} · ${data.engine} · seed ${data.seed}`)}</p>
<h1>${escapeMarkup(heading)}</h1>
${data.teaches === '' ? '' : `<p class="quiet">${escapeMarkup(data.teaches)}</p>\n`}<nav aria-label="Sections">${links.join(' ')}</nav>
</header>
${sections.map(sectionMarkup).join('\n')}
</main>
<script>${SORT_SCRIPT}</script>
</body>
</html>
`;
}

function sectionMarkup({ id, title, blocks }: Section): string {
  const heading = element('h2', { id: `${id}-title` }, escapeMarkup(title));
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    `\n${heading}\n${blocks.map(blockMarkup).join('\n')}\n`,
  );
}

function blockMarkup(block: Block): string {
  switch (block.kind) {
    case 'text':
      return element(
        'p',
        { class: block.tone === undefined ? 'said' : toneClass[block.tone] },
        escapeMarkup(block.text),
      );
    case 'code':
      return element('pre', { tabindex: '0' }, element('code', {}, escapeMarkup(block.text)));
    case 'list':
      return element(
        'ul',
        { class: 'said' },
        block.items.map((item) => element('li', {}, escapeMarkup(item))).join(''),
      );
    case 'figures':
      return element(
        'dl',
        { class: 'figures' },
        block.figures
          .map(({ name, value, note }) =>
            element(
              'div',
              {},
              element('dt', {}, escapeMarkup(name)) +
                element('dd', { class: 'value' }, escapeMarkup(value)) +
                element('dd', { class: 'note' }, escapeMarkup(note)),
            ),
          )
          .join(''),
      );
    case 'charts':
      return element('div', { class: 'charts' }, `\n${block.charts.map(chartMarkup).join('\n')}\n`);
    case 'table':
      return foldedTable(block.table, block.isOpen);
  }
}

const toneClass = { quiet: 'quiet', good: 'verdict good', bad: 'verdict' } as const;

function chartMarkup({ title, text, chart, table }: ChartBlock): string {
  return element(
    'figure',
    {},
    element('figcaption', {}, `${element('strong', {}, escapeMarkup(title))} ${escapeMarkup(text)}`) +
      chart.key +
      chart.svg +
      (table === null ? '' : `\n${foldedTable(table, false)}`),
  );
}

/** Wide tables scroll by themselves, also with the keyboard. */
function foldedTable(view: TableView, isOpen: boolean): string {
  const summary = element('summary', {}, escapeMarkup(view.caption));
  const scroll = { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': view.caption };
  const body = summary + element('div', scroll, tableMarkup(view));
  return element('details', isOpen ? { open: '' } : {}, body);
}

function tableMarkup({ path, caption, columns, rows, tone }: TableView): string {
  const head = columns.map(({ key, title, kind }) =>
    element(
      'th',
      { scope: 'col', 'data-key': key, class: isNumeric(kind) ? 'n' : undefined },
      element('button', { type: 'button' }, escapeMarkup(title)),
    ),
  );
  const body = rows.map((row, i) => {
    const cells = columns.map((column) => {
      const value = row[column.key] ?? null;
      const exact = value === null ? '' : String(value);
      return element(
        'td',
        { class: isNumeric(column.kind) ? 'n' : undefined, 'data-v': exact },
        escapeMarkup(cellText(row, column)),
      );
    });
    return element('tr', { class: tone[i] ?? undefined }, cells.join(''));
  });
  return element(
    'table',
    { 'data-path': path },
    `${element('caption', { class: 'unseen' }, escapeMarkup(caption))}<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>`,
  );
}

const REPORT_STYLE = `
.report{max-width:1240px}
.report header{border-bottom:1px solid var(--edge);padding-bottom:10px}
.report h2{margin:34px 0 10px;font-size:18px}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:14px}
.said{max-width:90ch}
ul.said{padding-left:20px}
ul.said li{margin:3px 0}
.verdict.good{background:var(--soft);border-left-color:var(--cut)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:10px;margin:14px 0}
.figures div{border:1px solid var(--edge);border-radius:6px;padding:10px 12px}
.figures dt{color:var(--dim);font-size:13px}
.figures dd{margin:0}
.figures .value{font-size:22px;font-weight:600;font-variant-numeric:tabular-nums}
.figures .note{color:var(--dim);font-size:12.5px;line-height:1.35}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:22px 28px;margin:14px 0}
figure{margin:0;min-width:0;max-width:620px}
figcaption{font-size:13.5px;color:var(--dim);margin-bottom:4px}
figcaption strong{display:block;color:var(--ink);font-size:15px}
details{margin:8px 0;min-width:0}
summary{cursor:pointer;font-size:13.5px;color:var(--dim)}
summary:hover{color:var(--ink)}
.scroll{max-height:440px;overflow:auto;margin-top:6px}
.report table{font-variant-numeric:tabular-nums}
.report .n{color:inherit}
.report th{position:sticky;top:0;background:var(--bg);white-space:nowrap}
.report td{padding-right:16px}
.report td.n{white-space:nowrap}
th button{all:unset;cursor:pointer;font-weight:600;padding:2px 0}
th button:focus-visible,summary:focus-visible,.scroll:focus-visible,pre:focus-visible{outline:2px solid var(--c1);outline-offset:2px}
th[aria-sort=ascending] button::after{content:' ▲'}
th[aria-sort=descending] button::after{content:' ▼'}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media print{.scroll{max-height:none}}
`.trim();
