/** Standard queues, to check the event engine before any checkpoint is taken (models.md §8). */
import { type PerformanceModel, aboveZero } from './performance-model.ts';

function stable(arrivals: number, service: number): void {
  if (arrivals < service) return;
  throw new RangeError(
    `arrival_rate_per_s ${arrivals} is not below service_rate_per_s ${service}: the queue only grows`,
  );
}

interface Rates {
  readonly arrival_rate_per_s: number;
  readonly service_rate_per_s: number;
}

const rates = {
  arrival_rate_per_s: aboveZero('1/s', 'arrivals per second'),
  service_rate_per_s: aboveZero('1/s', 'what one server completes per second'),
};

export const mm1MeanSojournTime: PerformanceModel<Rates> = {
  name: 'mm1_mean_sojourn_time',
  unit: 's',
  what: 'from arrival to departure, waiting and service',
  assumes: 'Poisson arrivals, exponential service, one server, first come first served',
  valid: 'exact; a simulation needs a run length that grows like 1/(1 - rho)^2',
  source: 'standard',
  status: 'S',
  inputs: rates,
  evaluate({ arrival_rate_per_s: arrivals, service_rate_per_s: service }) {
    stable(arrivals, service);
    return 1 / (service - arrivals);
  },
};

export const md1MeanWaitingTime: PerformanceModel<Rates> = {
  name: 'md1_mean_waiting_time',
  unit: 's',
  what: 'from arrival to the beginning of service',
  assumes: 'Poisson arrivals, constant service, one server, first come first served',
  valid: 'exact; a simulation needs a run length that grows like 1/(1 - rho)^2',
  source: 'standard',
  status: 'S',
  inputs: rates,
  evaluate({ arrival_rate_per_s: arrivals, service_rate_per_s: service }) {
    stable(arrivals, service);
    const rho = arrivals / service;
    return rho / (2 * service * (1 - rho));
  },
};
