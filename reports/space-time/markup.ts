/** Markup as text: escaping, numbers with fixed digits, elements. The same value gives the same bytes everywhere. */

/** For text and for attribute values in double quotes. */
export function escapeMarkup(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are not allowed in XML
  const clean = text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/g, '\uFFFD');
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A coordinate: at most one decimal, no negative zero. */
export function coordinate(value: number): string {
  const text = value.toFixed(1).replace(/\.0$/, '');
  return text === '-0' ? '0' : text;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** `<name a="1">children</name>`; attributes without a value are left out, children are markup already. */
export function element(name: string, attributes: Attributes, children: string = ''): string {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    text += ` ${key}="${typeof value === 'number' ? coordinate(value) : escapeMarkup(value)}"`;
  }
  return children === '' ? `${text}/>` : `${text}>${children}</${name}>`;
}

/** At most so many characters, the last of them an ellipsis when some were cut. */
export function shortened(text: string, charactersMax: number): string {
  const characters = Array.from(text);
  return characters.length <= charactersMax
    ? text
    : `${characters
        .slice(0, charactersMax - 1)
        .join('')
        .trimEnd()}…`;
}
