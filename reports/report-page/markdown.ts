/** The report as Markdown: the same sections, every table in full, no pictures. */
import type { ReportData } from './report-data.ts';
import type { Block, Section } from './section.ts';
import { sectionsOf } from './sections.ts';
import { cellText, isNumeric, type TableView } from './table-view.ts';

/** The whole document, ending in a newline. */
export function reportMarkdown(data: ReportData): string {
  const heading = data.title === '' ? data.scenario : data.title;
  const parts = [
    `# ${escaped(heading)}`,
    escaped(`${data.scenario} · ${data.engine} · seed ${data.seed}`),
    ...(data.teaches === '' ? [] : [escaped(data.teaches)]),
    ...sectionsOf(data).map(sectionText),
  ];
  return `${parts.join('\n\n')}\n`;
}

function sectionText({ title, blocks }: Section): string {
  return [`## ${escaped(title)}`, ...blocks.map(blockText)].join('\n\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.tone === 'bad' || block.tone === 'good' ? `**${escaped(block.text)}**` : escaped(block.text);
    case 'code':
      return `\`\`\`sh\n${block.text}\n\`\`\``;
    case 'list':
      return block.items.map((item) => `- ${escaped(item)}`).join('\n');
    case 'figures':
      return block.figures
        .map(({ name, value, note }) => `- **${escaped(name)}:** ${escaped(`${value} (${note})`)}`)
        .join('\n');
    case 'charts':
      return block.charts
        .flatMap(({ title, text, table }) =>
          table === null ? [] : [`### ${escaped(title)}\n\n${escaped(text)}\n\n${tableText(table)}`],
        )
        .join('\n\n');
    case 'table':
      return tableText(block.table);
  }
}

function tableText({ caption, columns, rows }: TableView): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `${escaped(caption)}:`,
    '',
    line(columns.map(({ title }) => escaped(title))),
    line(columns.map(({ kind }) => (isNumeric(kind) ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map((column) => escaped(cellText(row, column))))),
  ].join('\n');
}

/** Characters that mean something in Markdown, and line breaks, which would end a row. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|]/g, (character) => `\\${character}`);
}
