/**
 * The only writers to stdout and stderr. Writing is synchronous, so nothing is lost when the process ends; a reader that
 * has gone (`| head`) is no error.
 */
import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import type { Style, Tone } from '../reports/style.ts';
import { StdoutClosed } from './exit.ts';

/** Writes data to stdout. When nobody reads it any more that is their choice, and the exit code stays what it is. */
export function writeOut(text: string): void {
  writeUnlessClosed(1, text);
}

/** Writes a message to stderr. */
export function writeErr(text: string): void {
  writeUnlessClosed(2, text);
}

function writeUnlessClosed(fd: number, text: string): void {
  try {
    writeFully(fd, text);
  } catch (error) {
    if (!(error instanceof StdoutClosed)) throw error;
  }
}

type Format = Extract<Parameters<typeof styleText>[0], string>;

const looks: Readonly<Record<Tone, readonly Format[]>> = {
  good: ['bold', 'green'],
  bad: ['bold', 'red'],
  warn: ['bold', 'yellow'],
  dim: ['dim'],
  strong: ['bold'],
};

/**
 * Colours for this stream; `styleText` looks at NO_COLOR, FORCE_COLOR and whether the stream is a terminal. One format at
 * a time, because Node 20 forgets to look when it is given a list.
 */
export function terminalStyle(stream: NodeJS.WriteStream): Style {
  return (tone, text) => looks[tone].reduce((styled, format) => styleText(format, styled, { stream }), text);
}

/**
 * Writes all of the text; throws StdoutClosed when the other end of the pipe is closed. A full pipe answers EAGAIN when
 * somebody made it non-blocking; then we wait a millisecond and go on.
 */
export function writeFully(fd: number, content: string | Uint8Array): void {
  const data = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
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
