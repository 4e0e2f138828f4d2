/**
 * Progress on stderr for a command that takes longer than a second: one line that is rewritten on a terminal, a new line
 * every ten seconds elsewhere. The wall clock appears here and nowhere else.
 */
import { count, duration } from '../reports/numbers.ts';
import { writeErr } from './output.ts';

/** How far a job has come. */
export type ProgressReport = TimeReport | CountReport;

/** Simulated time and events. */
export interface TimeReport {
  readonly simulatedMicros: number;
  readonly events: number;
}

/** Things done, of how many if that is known: `states`, `runs`. */
export interface CountReport {
  readonly done: number;
  readonly total: number | null;
  readonly unit: string;
}

/** A running progress display; `stop` clears the line, and can be called twice. */
export interface Progress {
  readonly update: (report: ProgressReport) => void;
  readonly stop: () => void;
}

/** Starts the display; nothing is shown during the first second. */
export function startProgress(what: string, horizonMicros: number | null): Progress {
  const isTerminal = process.stderr.isTTY;
  const startedAt = performance.now();
  let latest: ProgressReport | null = null;
  let shownAt = Number.NEGATIVE_INFINITY;
  let shown = false;
  const tick = (): void => {
    const now = performance.now();
    if (now - startedAt < 1_000 || now - shownAt < (isTerminal ? 0 : 10_000)) return;
    shownAt = now;
    shown = true;
    const line = progressLine(what, { latest, horizonMicros, elapsedMicros: (now - startedAt) * 1_000 });
    writeErr(isTerminal ? `\r\u001B[K${line}` : `${line}\n`);
  };
  const timer = setInterval(tick, 250);
  return {
    update: (report) => {
      latest = report;
    },
    stop: () => {
      clearInterval(timer);
      if (shown && isTerminal) writeErr('\r\u001B[K');
      shown = false;
    },
  };
}

interface ProgressState {
  readonly latest: ProgressReport | null;
  readonly horizonMicros: number | null;
  readonly elapsedMicros: number;
}

/** `page-views: 12 d 3 h of 55 d (22.1 %), 1,234,567 events, 4.2 s, about 15 s left`. */
export function progressLine(what: string, { latest, horizonMicros, elapsedMicros }: ProgressState): string {
  const elapsed = duration(Math.round(elapsedMicros / 100_000) * 100_000);
  if (latest !== null && 'done' in latest)
    return `${what}: ${countText(latest)}, ${elapsed}${timeLeft(latest.done, latest.total ?? 0, elapsedMicros)}`;
  if (latest === null || horizonMicros === null) return `${what}: ${elapsed}`;
  const done = horizonMicros === 0 ? 1 : latest.simulatedMicros / horizonMicros;
  return (
    `${what}: ${duration(latest.simulatedMicros)} of ${duration(horizonMicros)} (${(100 * done).toFixed(1)} %), ` +
    `${count(latest.events)} events, ${elapsed}${timeLeft(latest.simulatedMicros, horizonMicros, elapsedMicros)}`
  );
}

function countText({ done, total, unit }: CountReport): string {
  return total === null
    ? `${count(done)} ${unit}`
    : `${count(done)} of ${count(total)} ${unit} (${((100 * done) / total).toFixed(1)} %)`;
}

/** A guess, as soon as there is something to guess from. */
function timeLeft(done: number, total: number, elapsedMicros: number): string {
  if (!(done > 0.02 * total) || total === 0) return '';
  const left = Math.round((elapsedMicros * (total - done)) / done / 1e6) * 1e6;
  return left === 0 ? '' : `, about ${duration(left)} left`;
}
