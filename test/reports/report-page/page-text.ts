// Reads a page as a browser would, as far as the tests need it: its tables with their exact values, and its tags.

/** A table of the page: where its rows stand in the JSON document, its keys, and its exact values. */
export interface PageTable {
  readonly path: string;
  readonly keys: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function tablesOf(html: string): readonly PageTable[] {
  return Array.from(html.matchAll(/<table data-path="([^"]*)">(.*?)<\/table>/gs), ([, path = '', body = '']) => ({
    path,
    keys: Array.from(body.matchAll(/data-key="([^"]*)"/g), ([, key = '']) => key),
    rows: Array.from(body.matchAll(/<tr[^>]*>(<td.*?)<\/tr>/gs), ([, row = '']) =>
      Array.from(row.matchAll(/<td[^>]*?(?: data-v="([^"]*)")?(?:\/>|>)/g), ([, value = '']) => unescaped(value)),
    ),
  }));
}

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** What stands at a dotted path of a document. */
export function at(document: unknown, path: string): unknown {
  return path.split('.').reduce((value, key) => (value as Record<string, unknown>)[key], document);
}

const VOID = new Set(['meta', 'link', 'br', 'hr', 'img', 'input']);

/** The first tag that is not closed, or closes what is not open; null: all match. */
export function unbalanced(html: string): string | null {
  const open: string[] = [];
  const text = html.replaceAll(/<(script|style)>.*?<\/\1>/gs, '');
  for (const [tag, slash = '', name = '', self = ''] of text.matchAll(
    /<(\/?)([a-z][a-z\d]*)(?:\s+[\w-]+="[^"]*")*\s*(\/?)>/gi,
  )) {
    if (VOID.has(name) || self === '/') continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return tag;
  }
  return open.at(-1) ?? null;
}
