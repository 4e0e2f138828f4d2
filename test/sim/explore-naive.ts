// The slow twin of the search: whole states cloned and written as text, a set of texts, paths carried along. Nothing is
// hashed and nothing is shared, so nothing can collide and no fork can leak.
import type { Explorable, SearchAction } from '../../sim/explorable.ts';

export interface NaiveResult {
  readonly states: number;
  readonly transitions: number;
  readonly durableProjections: number;
  readonly endStates: number;
  /** Shortest counterexample per law. */
  readonly lengths: Readonly<Record<string, number>>;
}

export interface NaiveTexts<State> {
  readonly clone: (state: State) => State;
  readonly text: (state: State) => string;
  readonly durable: (state: State) => string;
}

export function exploreNaively<State>(
  model: Explorable<State>,
  texts: NaiveTexts<State>,
  maxStates = 1e6,
): NaiveResult {
  const root = model.initial();
  const seen = new Set([texts.text(root)]);
  const durable = new Set([texts.durable(root)]);
  const lengths: Record<string, number> = {};
  const note = (law: string, length: number): void => {
    lengths[law] = Math.min(lengths[law] ?? Infinity, length);
  };
  let [transitions, endStates] = [0, 0];
  let level: { state: State; path: readonly SearchAction[] }[] = [{ state: root, path: [] }];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const { state, path } of level) {
      const actions = model.enabled(state);
      if (actions.length === 0) {
        endStates++;
        for (const { law } of model.atEnd(state)) note(law, path.length);
      }
      for (const action of actions) {
        const child = texts.clone(state);
        transitions++;
        for (const { law } of model.apply(child, action)) note(law, path.length + 1);
        const text = texts.text(child);
        if (seen.has(text) || seen.size >= maxStates) continue;
        seen.add(text);
        durable.add(texts.durable(child));
        next.push({ state: child, path: [...path, action] });
      }
    }
    level = next;
  }
  return { states: seen.size, transitions, durableProjections: durable.size, endStates, lengths };
}

/** JSON with keys in order: the text that two values share when they are the same data. */
export function canonicalText(value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    const items = value as Int32Array;
    return `<${items[Symbol.toStringTag]}:${Array.from(items, canonicalText).join()}>`;
  }
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonicalText(part)}`).join()}}`;
  }
  // JSON has no infinities and one zero.
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
