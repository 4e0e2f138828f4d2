/** What a run of a fluid job costs in energy and in money: its accounts times prices; no price is built in. */
import type { FluidOutcome } from './outcome.ts';

export interface Powers {
  /** All the time. */
  readonly staticWatts: number;
  /** On top, while processing. */
  readonly computeWatts: number;
  /** On top, in pauses for checkpoints and while restarting and restoring. */
  readonly ioWatts: number;
  /** On top, in downtimes. */
  readonly downWatts: number;
}

/** Energy of the whole run, J. */
export function energyJoules({ budget, elapsedMicros }: FluidOutcome, powers: Powers): number {
  const computing = budget.useful_us + budget.replay_us;
  const moving = budget.paused_us + budget.detect_us + budget.restart_us + budget.restore_us;
  const wattMicros =
    powers.staticWatts * elapsedMicros +
    powers.computeWatts * computing +
    powers.ioWatts * moving +
    powers.downWatts * budget.down_us;
  return wattMicros / 1e6;
}

export interface Prices {
  readonly cores: number;
  readonly coreHourUsd: number;
  readonly putUsd: number;
  readonly getUsd: number;
  readonly transferUsdPerGb: number;
  readonly storageUsdPerGbMonth: number;
}

/** Money by cause; a gigabyte is 10^9 bytes, a month 30 days. */
export interface Money {
  /** Cores that stand still in pauses. */
  readonly pausesUsd: number;
  /** Cores that stand still in outages, or process again. */
  readonly failuresUsd: number;
  readonly requestsUsd: number;
  readonly transferUsd: number;
  /** Snapshots kept. */
  readonly snapshotsUsd: number;
  /** Input kept for replay. */
  readonly replayLogUsd: number;
  readonly totalUsd: number;
}

const MONTH_MICROS = 2_592_000_000_000;
const HOUR_MICROS = 3_600_000_000;
const GIGABYTE = 1e9;

/** Money of the whole run, with the snapshots of a fixed number kept. */
export function money({ budget, elapsedMicros, io, space }: FluidOutcome, prices: Prices): Money {
  const core = (prices.cores * prices.coreHourUsd) / HOUR_MICROS;
  const held = (prices.storageUsdPerGbMonth / GIGABYTE) * (elapsedMicros / MONTH_MICROS);
  const outage = budget.down_us + budget.detect_us + budget.restart_us + budget.restore_us;
  const parts = {
    pausesUsd: budget.paused_us * core,
    failuresUsd: (outage + budget.replay_us) * core,
    requestsUsd: io.puts * prices.putUsd + io.gets * prices.getUsd,
    transferUsd: (io.writtenBytes / GIGABYTE) * prices.transferUsdPerGb,
    snapshotsUsd: space.retainedMeanBytes * held,
    replayLogUsd: (space.replayLogMeanBytes ?? 0) * held,
  };
  return { ...parts, totalUsd: Object.values(parts).reduce((all, part) => all + part, 0) };
}
