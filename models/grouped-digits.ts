/** Whole numbers in the sentences of verdicts look like those in reports. */

/** The digits of a whole number in groups of three from the right: `1,234,567`. */
export function grouped(digits: string): string {
  let text = '';
  for (let end = digits.length; end > 0; end -= 3) {
    const group = digits.slice(Math.max(0, end - 3), end);
    text = text === '' ? group : `${group},${text}`;
  }
  return text;
}
