/**
 * Reading the user's files with a bound, and writing results under a temporary name that is renamed at the end, so that
 * a failed or interrupted command never leaves half a file.
 */
import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FileContent } from '../scenarios/source-text.ts';
import { UsageError } from './exit.ts';
import { writeFully } from './output.ts';

/** No file that is read needs more; a larger one is a mistake (a core dump, a disk image) and is not even opened. */
export const FILE_BYTES_MAX: number = 256 * 1024 * 1024;

/** A file's bytes, or as data why there are none. Never throws, and never reads a directory, a device or too much. */
export function readFile(path: string): FileContent {
  try {
    const fd = openSync(path, 'r');
    try {
      const stat = fstatSync(fd);
      if (stat.isDirectory()) return { code: 'EISDIR', message: 'it is a directory' };
      if (!stat.isFile() && !stat.isFIFO()) return { message: 'it is a device, not a file' };
      if (stat.size > FILE_BYTES_MAX) {
        return {
          code: 'ERR_FS_FILE_TOO_LARGE',
          message: `it has ${stat.size} bytes, at most ${FILE_BYTES_MAX} are read`,
        };
      }
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === undefined ? { message } : { code, message };
  }
}

/** A file being written: its content goes to the temporary name until `keepPending` or `dropPending`. */
export interface PendingFile {
  readonly path: string;
  readonly temporaryPath: string;
}

/** Names the temporary file beside the target and creates it, so that an unwritable place is known before the run. */
export function createPending(path: string): PendingFile {
  if (path === '') throw new UsageError('the name of a file to write is empty');
  const file = { path, temporaryPath: `${path}.${process.pid}.tmp` };
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new UsageError(`${path}: cannot be written: it is a directory`);
    }
    closeSync(openSync(file.temporaryPath, 'w'));
    return file;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path}: cannot be written: ${whyNot(error)}`);
  }
}

/** Gives the finished file its name. */
export function keepPending({ path, temporaryPath }: PendingFile): void {
  renameSync(temporaryPath, path);
}

/** Removes the temporary file, if it is still there. */
export function dropPending({ temporaryPath }: PendingFile): void {
  rmSync(temporaryPath, { force: true });
}

/** Throws UsageError when two options name one file. */
export function refuseSameFile(options: Readonly<Record<string, string | undefined>>): void {
  const taken = new Map<string, string>();
  for (const [option, path] of Object.entries(options)) {
    if (path === undefined || path === '') continue;
    const other = taken.get(resolve(path));
    if (other !== undefined) throw new UsageError(`--${other} and --${option} cannot both write ${path}`);
    taken.set(resolve(path), option);
  }
}

/** Writes the whole content into the temporary file, which keeps its name. */
export function writePending({ temporaryPath }: PendingFile, content: string | Uint8Array): void {
  const fd = openSync(temporaryPath, 'w');
  try {
    writeFully(fd, content);
  } finally {
    closeSync(fd);
  }
}

/** Writes the whole text into the temporary file and gives it its name. */
export function fillPending(file: PendingFile, text: string): void {
  writePending(file, text);
  keepPending(file);
}

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code ?? '') {
    case 'ENOENT':
      return 'its folder does not exist';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'permission denied';
    case 'ENOTDIR':
      return 'it lies below something that is not a folder';
    case 'ENOSPC':
      return 'no space left on the device';
    default:
      return message;
  }
}
