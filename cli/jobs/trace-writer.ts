/** Trace lines, written in blocks: a system call per event would cost more than the event. */
import { closeSync, openSync } from 'node:fs';
import type { TraceEvent } from '../../models/simulate.ts';
import { traceLine } from '../../reports/index.ts';
import { writeFully, writeOut } from '../output.ts';
import type { TraceTarget } from './job.ts';

/** Characters gathered before they are written. */
const BLOCK_LENGTH = 65_536;

/** Takes events in order; `end` writes the rest and closes the file. */
export interface TraceWriter {
  readonly add: (event: TraceEvent) => void;
  readonly end: () => void;
}

/** Opens the target. */
export function traceWriter(target: TraceTarget): TraceWriter {
  const fd = target.kind === 'file' ? openSync(target.path, 'w') : null;
  const write = fd === null ? writeOut : (text: string): void => writeFully(fd, text);
  let block = '';
  return {
    add: (event) => {
      block += traceLine(event) + '\n';
      if (block.length < BLOCK_LENGTH) return;
      write(block);
      block = '';
    },
    end: () => {
      write(block);
      block = '';
      if (fd !== null) closeSync(fd);
    },
  };
}
