/**
 * What an experiment is: numbers of a simulation beside those of closed forms, under the assumptions of the closed form. Each
 * number is judged by one band that is fixed before it is seen: three standard errors over the replications, plus the bias
 * that the model itself admits (models.md §11.7: 3 (T + TRT) / M where failures overlap).
 */
import { evaluateModel, type InputValue, PERFORMANCE_MODELS } from '../../models/performance/index.ts';
import { type FluidOutcome, type FluidPlan, simulateFluid } from '../../models/fluid-job/index.ts';
import { Moments } from '../../sim/index.ts';

/** A group of numbers that come from the same runs. */
export interface Experiment {
  /** A slug; the seed of its runs is 'validation/' and this. */
  readonly name: string;
  /** Of models.md. */
  readonly section: string;
  readonly run: (lab: Lab) => readonly Row[];
  /** What to know about its differences: a sentence or two for the page. */
  readonly finding?: string;
}

/** One number of the simulation beside one of a model. */
export interface Row {
  readonly experiment: string;
  readonly what: string;
  readonly model: string;
  readonly expected: number;
  readonly simulated: number;
  /** Of the simulated mean; 0 where nothing is random. */
  readonly standardError: number;
  /** Largest difference that still is agreement. */
  readonly band: number;
  /** Where the band comes from. */
  readonly bandIs: string;
  readonly failures: number;
  readonly replications: number;
}

/** What a row claims. */
export interface Claim {
  readonly what: string;
  readonly model: string;
  readonly inputs: Readonly<Record<string, InputValue>>;
  /** What the model's number becomes, where the simulation measures something that follows from it. */
  readonly of?: (modelled: number) => number;
  /** One number per replication. */
  readonly samples: readonly number[];
  /** Relative bias that the model admits; none if it is exact. */
  readonly bias?: number;
  /** Relative difference allowed for rounding or for the grid of a search; for numbers without chance. */
  readonly tolerance?: number;
  readonly failures?: number;
}

export const REPLICATIONS = 20;

/** Whether the simulation and the model agree. */
export function agrees(row: Pick<Row, 'expected' | 'simulated' | 'band'>): boolean {
  return Math.abs(row.simulated - row.expected) <= row.band;
}

/** How small an error of the model a row would notice whichever its sign, relative to the model's number. */
export function noticedError(row: Row): number {
  return (row.band + Math.abs(row.simulated - row.expected)) / Math.abs(row.expected);
}

/** Where an experiment runs: how much of it, and from which random numbers. */
export class Lab {
  readonly experiment: string;
  /** 1 for the campaign, less for the tests. */
  readonly scale: number;

  constructor(experiment: string, scale: number) {
    this.experiment = experiment;
    this.scale = scale;
  }

  /** So many failures or events per replication, or fewer in a light run; never fewer than `least`. */
  size(full: number, least: number = 100): number {
    return Math.max(least, Math.round(full * this.scale));
  }

  get seed(): string {
    return `validation/${this.experiment}`;
  }

  /** The plan under so many replications of the failures. */
  runs(plan: FluidPlan, replications: number = REPLICATIONS): FluidOutcome[] {
    return Array.from({ length: replications }, (_, replication) => simulateFluid(plan, this.seed, replication));
  }

  row({ what, model, inputs, of = (x) => x, samples, bias = 0, tolerance = 0, failures = 0 }: Claim): Row {
    const expected = of(modelled(model, inputs));
    const moments = new Moments();
    for (const sample of samples) moments.add(sample);
    const standardError = samples.length < 2 ? 0 : Math.sqrt(moments.variance / samples.length);
    const parts = [
      standardError > 0 ? '3 SE' : '',
      bias > 0 ? `${percent(bias)} model bias` : '',
      tolerance > 0 ? `${percent(tolerance)} resolution` : '',
    ];
    return {
      experiment: this.experiment,
      what,
      model,
      expected,
      simulated: moments.mean,
      standardError,
      band: 3 * standardError + (bias + tolerance) * Math.abs(expected),
      bandIs: parts.filter((part) => part !== '').join(' + '),
      failures,
      replications: samples.length,
    };
  }
}

/** The number of a closed form; an experiment with inputs it refuses is a mistake of ours. */
export function modelled(name: string, inputs: Readonly<Record<string, InputValue>>): number {
  const model = PERFORMANCE_MODELS.get(name);
  if (model === undefined) throw new Error(`no model ${name}`);
  const evaluation = evaluateModel(model, inputs);
  if ('problem' in evaluation) throw new Error(evaluation.problem);
  return evaluation.output;
}

export function failuresOf(outcomes: readonly FluidOutcome[]): number {
  return outcomes.reduce((all, { failures }) => all + failures.count, 0);
}

/** A share in percent, in two digits. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
