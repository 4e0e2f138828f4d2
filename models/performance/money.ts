/** Money (models.md §6.5): a month of 30 days, gigabytes of 10^9 bytes; prices are inputs, none is built in. */
import { type PerformanceModel, aboveZero, atLeastZero, utilization } from './performance-model.ts';

const MONTH_S = 2_592_000;
const GIGABYTE = 1e9;
const HOUR_S = 3600;

interface CheckpointPrice {
  readonly blocking_cost_s: number;
  readonly bytes_per_checkpoint: number;
  readonly objects_per_checkpoint: number;
  readonly cores: number;
  readonly core_hour_price_usd: number;
  readonly put_price_usd: number;
  readonly transfer_price_usd_per_gb: number;
}

const checkpointPrice = {
  blocking_cost_s: atLeastZero('s', 'pause of the processing per checkpoint'),
  bytes_per_checkpoint: atLeastZero('bytes', 'written per checkpoint'),
  objects_per_checkpoint: atLeastZero('1', 'objects put per checkpoint'),
  cores: aboveZero('1', 'cores of the job'),
  core_hour_price_usd: atLeastZero('USD/h', 'price of a core for an hour'),
  put_price_usd: atLeastZero('USD', 'price of a put request'),
  transfer_price_usd_per_gb: atLeastZero('USD/GB', 'price of moving a gigabyte'),
};

function priceOfCheckpoint(from: CheckpointPrice): number {
  const core = from.core_hour_price_usd / HOUR_S;
  const moved = (from.bytes_per_checkpoint * from.transfer_price_usd_per_gb) / GIGABYTE;
  return from.objects_per_checkpoint * from.put_price_usd + moved + from.blocking_cost_s * from.cores * core;
}

interface MonthlyInputs extends CheckpointPrice {
  readonly checkpoint_period_s: number;
  readonly retained_bytes: number;
  readonly mtbf_s: number;
  readonly outage_s: number;
  readonly checkpoint_duration_s: number;
  readonly utilization: number;
  readonly get_price_usd: number;
  readonly objects_per_restore: number;
  readonly storage_price_usd_per_gb_month: number;
}

export const cloudMonthlyCost: PerformanceModel<MonthlyInputs> = {
  name: 'cloud_monthly_cost',
  unit: 'USD/30d',
  what: 'storage, checkpoints and failures of a month',
  assumes: 'a pause and an outage cost the cores that stand still, replay costs those that work again',
  valid: 'as good as its prices; at a period of 1 s and 10 objects the puts alone are 130 USD at 5 USD per million',
  source: 'derived',
  status: 'V',
  inputs: {
    checkpoint_period_s: aboveZero('s', 'from trigger to trigger'),
    ...checkpointPrice,
    retained_bytes: atLeastZero('bytes', 'kept in the store'),
    mtbf_s: aboveZero('s', 'mean time between failures'),
    outage_s: atLeastZero('s', 'detection, restart and restore'),
    checkpoint_duration_s: atLeastZero('s', 'from trigger to durable'),
    utilization,
    get_price_usd: atLeastZero('USD', 'price of a get request'),
    objects_per_restore: atLeastZero('1', 'objects read per restore'),
    storage_price_usd_per_gb_month: atLeastZero('USD/GB', 'price of a gigabyte for a month'),
  },
  evaluate(inputs) {
    const { checkpoint_period_s: T, mtbf_s: M, outage_s: D, checkpoint_duration_s: Cd, utilization: rho } = inputs;
    const core = inputs.core_hour_price_usd / HOUR_S;
    const lost = (D + rho * (T / 2 + Cd)) * inputs.cores * core;
    return (
      (inputs.retained_bytes / GIGABYTE) * inputs.storage_price_usd_per_gb_month +
      (MONTH_S / T) * priceOfCheckpoint(inputs) +
      (MONTH_S / M) * (inputs.objects_per_restore * inputs.get_price_usd + lost)
    );
  },
};

interface OptimalInputs extends CheckpointPrice {
  readonly mtbf_s: number;
  readonly utilization: number;
  readonly ingest_bytes_per_s: number;
  readonly storage_price_usd_per_gb_month: number;
}

export const costOptimalCheckpointPeriod: PerformanceModel<OptimalInputs> = {
  name: 'cost_optimal_checkpoint_period',
  unit: 's',
  what: 'checkpoint period with the least cost of checkpoints, replay and replay log',
  assumes: 'as cloud_monthly_cost, with the log that a checkpoint makes dispensable',
  valid: 'exact for these costs; retained snapshots are not among them',
  source: 'derived, checked by brute force',
  status: 'V',
  inputs: {
    ...checkpointPrice,
    mtbf_s: aboveZero('s', 'mean time between failures'),
    utilization,
    ingest_bytes_per_s: atLeastZero('bytes/s', 'input that must be kept for replay'),
    storage_price_usd_per_gb_month: atLeastZero('USD/GB', 'price of a gigabyte for a month'),
  },
  evaluate(inputs) {
    const core = inputs.core_hour_price_usd / HOUR_S;
    const held = inputs.storage_price_usd_per_gb_month / (GIGABYTE * MONTH_S);
    const perSecondOfPeriod =
      (inputs.utilization * inputs.cores * core) / (2 * inputs.mtbf_s) + (inputs.ingest_bytes_per_s * held) / 2;
    if (perSecondOfPeriod === 0)
      throw new RangeError('neither cores nor storage have a price: the longer the better, there is no best period');
    return Math.sqrt(priceOfCheckpoint(inputs) / perSecondOfPeriod);
  },
};
