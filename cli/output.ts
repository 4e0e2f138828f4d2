/**
 * The only writers to stdout and stderr. Writing is synchronous, so nothing is lost when the process ends, and a reader
 * that has gone (`| head`) is noticed at once.
 */
import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import type { Style, Tone } from '../reports/index.ts';
import { StdoutClosed } from './exit.ts';

/** Writes data to stdout; throws StdoutClosed when nobody reads it any more. */
export function writeOut(text: string): void {
  writeFully(1, text);
}

/** Writes a message to stderr; a closed stderr is no reason to fail. */
export function writeErr(text: string): void {
  try {
    writeFully(2, text);
  } catch (error) {
    if (!(error instanceof StdoutClosed)) throw error;
  }
}

const looks: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  good: ['bold', 'green'],
  bad: ['bold', 'red'],
  warn: ['bold', 'yellow'],
  dim: 'dim',
  strong: 'bold',
};

/** Colours for this stream; `styleText` looks at NO_COLOR, FORCE_COLOR and whether the stream is a terminal. */
export function terminalStyle(stream: NodeJS.WriteStream): Style {
  return (tone, text) => styleText(looks[tone], text, { stream });
}

/** A full pipe answers EAGAIN when somebody made it non-blocking; then we wait a millisecond and go on. */
export function writeFully(fd: number, text: string): void {
  const data = Buffer.from(text, 'utf8');
  let written = 0;
  while (written < data.length) {
    try {
      written += writeSync(fd, data, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw new StdoutClosed('nobody reads the output any more');
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
