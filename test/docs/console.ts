// Quoted terminal sessions in Markdown: a ```console block holds commands after "$ " and below each the lines it printed,
// where a line "..." stands for any lines and a line that ends in "..." for any end of that line. The quotes are run and compared, so that a page cannot say what is not so.
// DOCS=update rewrites quoted lines that differ from the real ones in nothing but their numbers.
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './pages.ts';

/** One command of a page and what the page says it prints. */
export interface Quote {
  /** Line of the command in the page, from 1. */
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
}

const FENCE = /^```/;
const ELISION = '...';

/** The commands quoted in a page, in order. */
export function quotesIn(markdown: string): Quote[] {
  const quotes: { line: number; command: string; expected: string[] }[] = [];
  let inside = false;
  for (const [i, line] of markdown.split('\n').entries()) {
    if (FENCE.test(line)) inside = !inside && line === '```console';
    else if (inside && line.startsWith('$ ')) quotes.push({ line: i + 1, command: line.slice(2), expected: [] });
    else if (inside) quotes.at(-1)?.expected.push(line.trimEnd());
  }
  return quotes;
}

/** The quoted lines between elisions; the first must begin the output and the last must end it. */
function segmentsOf(expected: readonly string[]): string[][] {
  const segments: string[][] = [[]];
  for (const line of expected) {
    if (line === ELISION) segments.push([]);
    else segments.at(-1)?.push(line);
  }
  return segments;
}

function linesOf(output: string): string[] {
  const text = output.trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => line.trimEnd());
}

/** Whether a quoted line is true of a printed one. */
function agrees(quoted: string, printed: string | undefined): boolean {
  if (!quoted.endsWith(ELISION)) return quoted === printed;
  return printed?.startsWith(quoted.slice(0, -ELISION.length)) === true;
}

/** The first quoted line that the output does not have in its place, or null when the quote is true. */
export function mismatch(expected: readonly string[], output: string): string | null {
  const lines = linesOf(output);
  const segments = segmentsOf(expected);
  let at = 0;
  for (const [s, segment] of segments.entries()) {
    const isFirst = s === 0;
    const isLast = s === segments.length - 1;
    const starts = isFirst ? [0] : isLast ? [lines.length - segment.length] : lines.keys();
    let best = 0;
    let found = -1;
    for (const start of starts) {
      if (start < at) continue;
      const agreeing = segment.findIndex((line, i) => !agrees(line, lines[start + i]));
      if (agreeing < 0) {
        found = start;
        break;
      }
      best = Math.max(best, agreeing);
    }
    if (found < 0) return segment[best] ?? 'the output is shorter';
    at = found + segment.length;
    if (isLast && at < lines.length) return `and then: ${lines[at]}`;
  }
  return null;
}

/** What is left of a line when its numbers are taken out. */
function shapeOf(line: string): string {
  return line
    .replaceAll(/\b[0-9a-f]{16}\b/g, '#')
    .replaceAll(/[\d,.]+/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The quoted lines with the numbers of the output; a line whose like is not in the output stays as it is. */
export function refreshed(expected: readonly string[], output: string): string[] {
  const lines = linesOf(output);
  let at = 0;
  return expected.map((line) => {
    const shape = shapeOf(line);
    const like = lines.findIndex((each, i) => i >= at && shapeOf(each) === shape);
    if (line.endsWith(ELISION) || like < 0) return line;
    at = like + 1;
    return lines[like] as string;
  });
}

/** Writes the refreshed lines of a page's quotes into the page. */
export function updatePage(path: string, outputs: ReadonlyMap<string, string>): void {
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const { line, command, expected } of quotesIn(lines.join('\n'))) {
    lines.splice(line, expected.length, ...refreshed(expected, outputs.get(command) ?? ''));
  }
  writeFileSync(path, lines.join('\n'));
}

/** A folder as a reader's checkout is, as far as the quoted commands can see, with `tidemark` on the PATH. */
export class Session {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'tidemark-docs-'));

  constructor() {
    cpSync(join(root, 'docs', 'guide'), join(this.#folder, 'docs', 'guide'), { recursive: true });
    const entry = join(root, 'dist', 'cli', 'main.js');
    writeFileSync(join(this.#folder, 'tidemark'), `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`);
    chmodSync(join(this.#folder, 'tidemark'), 0o755);
  }

  /** What the command prints on stdout. */
  run(command: string): Promise<string> {
    const PATH = this.#folder + delimiter + (process.env['PATH'] ?? '');
    const shell = spawn('sh', ['-c', command], { cwd: this.#folder, env: { ...process.env, PATH, NO_COLOR: '1' } });
    shell.stdout.setEncoding('utf8');
    let output = '';
    shell.stdout.on('data', (text: string) => (output += text));
    shell.stderr.resume();
    return new Promise((resolve, reject) => {
      shell.on('error', reject);
      shell.on('close', () => resolve(output));
    });
  }

  end(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
