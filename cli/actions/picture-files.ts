/**
 * The files in which a history is shown: a page and traces for other tools. All are created before the work, so that an
 * unwritable place is known in time, and get their names only when all of them are written.
 */
import type { History } from '../../models/dataflow/history-data.ts';
import type { PictureArgs } from '../commands/pictures.ts';
import { createPending, dropPending, keepPending, type PendingFile, refuseSameFile, writePending } from '../files.ts';
import { packageVersion } from '../home.ts';
import { writeErr } from '../output.ts';

/** What the page says besides the history. */
export interface PictureContext {
  /** The command that gives the history again. */
  readonly command: string;
  /** Where it comes from, after the version: seed, scenario. */
  readonly provenance?: string;
  /** The part that is drawn, unless it is chosen by what broke; traces for Perfetto are always whole. */
  readonly window?: EventWindow;
}

/** First and last event, by number. */
export interface EventWindow {
  readonly from: number;
  readonly to: number;
}

/** The files asked for. */
export interface PictureFiles {
  /** At least one is. */
  readonly wanted: boolean;
  readonly write: (history: History, context: PictureContext) => Promise<void>;
  readonly drop: () => void;
}

const FORMATS = ['html', 'perfetto', 'shiviz', 'mermaid'] as const;

/** Creates them; throws UsageError when two options name one file (`others` are those of the same command). */
export function pictureFiles(
  args: PictureArgs,
  others: Readonly<Record<string, string | undefined>> = {},
): PictureFiles {
  refuseSameFile({ ...others, ...Object.fromEntries(FORMATS.map((format) => [format, args[format]])) });
  const pending = new Map<(typeof FORMATS)[number], PendingFile>();
  const drop = (): void => pending.forEach(dropPending);
  try {
    for (const format of FORMATS) {
      const path = args[format];
      if (path !== undefined) pending.set(format, createPending(path));
    }
  } catch (error) {
    drop();
    throw error;
  }
  return {
    wanted: pending.size > 0,
    async write(history, context) {
      const texts = await Promise.all([...pending.keys()].map(async (format) => textOf(format, history, context)));
      [...pending.values()].forEach((file, i) => writePending(file, texts[i]!));
      for (const file of pending.values()) {
        keepPending(file);
        writeErr(`wrote ${file.path}\n`);
      }
    },
    drop,
  };
}

/** Each format is loaded when it is asked for. */
async function textOf(
  format: (typeof FORMATS)[number],
  history: History,
  { command, provenance, window = {} }: Omit<PictureContext, 'window'> & { readonly window?: Partial<EventWindow> },
): Promise<string> {
  switch (format) {
    case 'html': {
      const version = `tidemark ${packageVersion()}`;
      const { spaceTimeHtml } = await import('../../reports/space-time/page.ts');
      return spaceTimeHtml(history, {
        command,
        provenance: [version, provenance ?? []].flat().join(', '),
        ...window,
      });
    }
    case 'perfetto':
      return (await import('../../reports/export/chrome-trace.ts')).chromeTrace(history);
    case 'shiviz':
      return (await import('../../reports/export/shiviz.ts')).shivizLog(history, window);
    case 'mermaid':
      return (await import('../../reports/export/mermaid.ts')).mermaidSequence(history, window);
  }
}
