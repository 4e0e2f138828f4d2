// The three digests of an outcome, and how two outcomes differ in them.

export interface Digests {
  readonly order: string;
  readonly state: string;
  readonly cost: string;
}

/** Reads the digests from a JSON document of `tidemark run --json`, or from an outcome; all three must be there. */
export function digestsIn(outcomeText: string): Digests {
  const { digests } = JSON.parse(outcomeText) as { readonly digests?: Partial<Digests> };
  for (const name of ['order', 'state', 'cost'] as const) {
    if (typeof digests?.[name] !== 'string' || digests[name] === '')
      throw new Error(`no digests.${name} in the outcome`);
  }
  return digests as Digests;
}
