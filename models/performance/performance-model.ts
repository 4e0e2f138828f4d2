/**
 * What a closed form is: a number from named numbers, with what it assumes, where it holds, where it comes from, and how
 * far that has been checked. Times are seconds, sizes bytes, rates per second; the unit stands in an input's name.
 */

/** What an input may be. Bounds belong to it unless they are said to be open. */
export interface InputSpec {
  readonly what: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly openMin: boolean;
  readonly openMax: boolean;
  readonly whole: boolean;
  /** A list of such numbers. */
  readonly list: boolean;
}

/**
 * How far a model is to be trusted (models.md). V: derived and checked numerically. S: the statement was read in the named
 * source. A: only an abstract or a secondary source. U: unverified.
 */
export type ModelStatus = 'V' | 'S' | 'A' | 'U';

export type InputValue = number | readonly number[];

export interface PerformanceModel<Inputs = Readonly<Record<string, InputValue>>> {
  /** As in the appendix of models.md. */
  readonly name: string;
  readonly unit: string;
  /** What the number is. */
  readonly what: string;
  readonly assumes: string;
  /** Where it holds, and how well. */
  readonly valid: string;
  readonly source: string;
  readonly status: ModelStatus;
  readonly inputs: { readonly [Name in keyof Inputs]: InputSpec };
  readonly evaluate: (inputs: Inputs) => number;
  /** A sentence when these inputs lie where the form is known to mislead; null otherwise. */
  readonly caution?: (inputs: Inputs) => string | null;
}

const spec = (unit: string, what: string, bounds: Partial<InputSpec> = {}): InputSpec => ({
  what,
  unit,
  min: 0,
  max: Infinity,
  openMin: false,
  openMax: true,
  whole: false,
  list: false,
  ...bounds,
});

/** A quantity of the unit that is not negative. */
export const atLeastZero = (unit: string, what: string): InputSpec => spec(unit, what);
/** A quantity of the unit above zero. */
export const aboveZero = (unit: string, what: string): InputSpec => spec(unit, what, { openMin: true });
/** A whole number from 1 on. */
export const count = (what: string): InputSpec => spec('1', what, { min: 1, whole: true });
/** A share of something, both ends included. */
export const share = (what: string): InputSpec => spec('1', what, { max: 1, openMax: false });
/** A share that is not all of it. */
export const shareBelowOne = (what: string): InputSpec => spec('1', what, { max: 1 });
/** A share that is neither nothing nor all of it. */
export const shareInside = (what: string): InputSpec => spec('1', what, { max: 1, openMin: true });
/** A share above nothing. */
export const shareAboveZero = (what: string): InputSpec => spec('1', what, { max: 1, openMin: true, openMax: false });
/** A list of such quantities, at least one. */
export const listOf = (each: InputSpec): InputSpec => ({ ...each, list: true });

/** Load over capacity of a job that keeps up. */
export const utilization: InputSpec = shareInside('input rate over capacity');
