/** The event engine itself, before any checkpoint: queues with records as events (models.md §8), barriers that wait (§5.5). */
import { type Model, Moments, randomStreams, type RandomStream, runTimed, World } from '../../sim/index.ts';
import { type Experiment, type Lab, REPLICATIONS } from './experiment.ts';
import { micros } from './jobs.ts';

const ARRIVE = 0;
const DEPART = 1;

/** One server, first come first served, Poisson arrivals; times in s of those served after a tenth of the run. */
class Queue implements Model {
  readonly waiting: Moments = new Moments();
  readonly sojourn: Moments = new Moments();
  readonly #world: World = new World(['arrive', 'depart']);
  readonly #source: number = this.#world.addActor('source');
  readonly #server: number = this.#world.addActor('server');
  readonly #queue: number[] = [];
  #head: number = 0;
  readonly #arrivals: RandomStream;
  readonly #meanGap: number;
  readonly #service: () => number;
  readonly #warmUp: number;

  constructor({ arrivals, meanGap, service, length }: QueuePlan) {
    this.#arrivals = arrivals;
    this.#meanGap = meanGap;
    this.#service = service;
    this.#warmUp = length / 10;
    this.#world.post(ARRIVE, this.#source, this.#gap());
    runTimed(this.#world, this, length);
  }

  apply(kind: number): void {
    const now = this.#world.now;
    if (kind === ARRIVE) {
      this.#world.post(ARRIVE, this.#source, this.#gap());
      this.#queue.push(now);
      if (this.#queue.length - this.#head === 1) this.#serve();
      return;
    }
    if (now > this.#warmUp) this.sojourn.add((now - this.#queue[this.#head]!) / 1e6);
    this.#head++;
    if (this.#head < this.#queue.length) this.#serve();
  }

  #serve(): void {
    const now = this.#world.now;
    if (now > this.#warmUp) this.waiting.add((now - this.#queue[this.#head]!) / 1e6);
    this.#world.post(DEPART, this.#server, this.#service());
  }

  #gap(): number {
    return Math.round(this.#arrivals.exponential(this.#meanGap));
  }
}

interface QueuePlan {
  readonly arrivals: RandomStream;
  readonly meanGap: number;
  readonly service: () => number;
  readonly length: number;
}

const queues: Experiment = {
  name: 'queues',
  section: '8',
  run: (lab) =>
    [0.5, 0.8].flatMap((load) => {
      const service_rate_per_s = 100;
      const arrival_rate_per_s = load * service_rate_per_s;
      const mean = 1e6 / service_rate_per_s;
      const length = micros(lab.size(250_000, 20_000) / arrival_rate_per_s);
      const run = (replication: number, isExponential: boolean): Queue => {
        const open = randomStreams(lab.seed, replication);
        const services = open('service');
        const service = isExponential ? () => Math.round(services.exponential(mean)) : () => mean;
        return new Queue({ arrivals: open('arrivals'), meanGap: mean / load, service, length });
      };
      const inputs = { arrival_rate_per_s, service_rate_per_s };
      const replications = Array.from({ length: REPLICATIONS }, (_, replication) => replication);
      return [
        lab.row({
          what: `mean time in the system, s; exponential service, load ${load}`,
          model: 'mm1_mean_sojourn_time',
          inputs,
          samples: replications.map((replication) => run(replication, true).sojourn.mean),
        }),
        lab.row({
          what: `mean waiting time, s; constant service, load ${load}`,
          model: 'md1_mean_waiting_time',
          inputs,
          samples: replications.map((replication) => run(replication, false).waiting.mean),
        }),
      ];
    }),
};

/** The barriers of one checkpoint land on one task: from the first to the last, s. */
class Alignment implements Model {
  readonly #world: World = new World(['barrier']);
  #first: number = -1;
  #last: number = -1;

  constructor(delaysMicros: readonly number[]) {
    delaysMicros.forEach((delay, channel) => {
      this.#world.post(0, this.#world.addActor(`channel-${channel}`), delay);
    });
    runTimed(this.#world, this, Number.MAX_SAFE_INTEGER);
  }

  apply(): void {
    if (this.#first < 0) this.#first = this.#world.now;
    this.#last = this.#world.now;
  }

  get spread_s(): number {
    return (this.#last - this.#first) / 1e6;
  }
}

function meanPerReplication(lab: Lab, rounds: number, each: (stream: RandomStream) => number): number[] {
  return Array.from({ length: REPLICATIONS }, (_, replication) => {
    const stream = randomStreams(lab.seed, replication)('delays');
    const moments = new Moments();
    for (let round = 0; round < rounds; round++) moments.add(each(stream));
    return moments.mean;
  });
}

const alignment: Experiment = {
  name: 'alignment',
  section: '5.5',
  run: (lab) => [
    ...[2, 8, 64].flatMap((channels) => {
      const delay_s = 0.05;
      const rounds = lab.size(60_000 / channels, 50);
      const spread = (draw: (stream: RandomStream) => number) => (stream: RandomStream) =>
        new Alignment(Array.from({ length: channels }, () => micros(draw(stream)))).spread_s;
      return [
        lab.row({
          what: `first to last barrier, s; ${channels} channels, exponential delays`,
          model: 'expected_barrier_spread_iid_exponential',
          inputs: { channels, mean_delay_s: delay_s },
          samples: meanPerReplication(
            lab,
            rounds,
            spread((stream) => stream.exponential(delay_s)),
          ),
        }),
        lab.row({
          what: `first to last barrier, s; ${channels} channels, uniform delays`,
          model: 'expected_barrier_spread_iid_uniform',
          inputs: { channels, max_delay_s: delay_s },
          samples: meanPerReplication(
            lab,
            rounds,
            spread((stream) => stream.double() * delay_s),
          ),
        }),
      ];
    }),
    lab.row({
      what: 'checkpoints with a slow task; 100 tasks, each slow in 0.005',
      model: 'probability_any_task_slow',
      inputs: { tasks: 100, probability_one_task_slow: 0.005 },
      samples: meanPerReplication(lab, lab.size(10_000, 500), (stream) => {
        let slow = 0;
        for (let task = 0; task < 100; task++) if (stream.double() < 0.005) slow = 1;
        return slow;
      }),
    }),
  ],
};

export const QUEUES: readonly Experiment[] = [alignment, queues];
