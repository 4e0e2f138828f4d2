/** Trace lines, written in blocks: a system call per event would cost more than the event. */
import { closeSync, openSync } from 'node:fs';
import type { TraceEvent } from '../../models/simulate.ts';
import { traceLine } from '../../reports/trace.ts';
import { writeFully } from '../output.ts';
import type { TraceTarget } from './job.ts';

/** Characters gathered before they are written. */
const BLOCK_LENGTH = 65_536;

/** Takes events in order; `end` writes the rest and closes the file. */
export interface TraceWriter {
  readonly add: (event: TraceEvent) => void;
  readonly end: () => void;
}

/** Opens the target. Throws StdoutClosed as soon as nobody reads the lines any more: no use in simulating on. */
export function traceWriter(target: TraceTarget): TraceWriter {
  const fd = target.kind === 'file' ? openSync(target.path, 'w') : 1;
  let block = '';
  return {
    add: (event) => {
      block += traceLine(event) + '\n';
      if (block.length < BLOCK_LENGTH) return;
      writeFully(fd, block);
      block = '';
    },
    end: () => {
      writeFully(fd, block);
      block = '';
      if (target.kind === 'file') closeSync(fd);
    },
  };
}
