import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { length, table, wrap } from '../../reports/index.ts';

describe('wrap', () => {
  it('keeps every word, in order, and no line over the width unless one word alone is longer', () => {
    const word = fc.stringMatching(/^[a-zµ·]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), fc.integer({ min: 5, max: 60 }), (words, width) => {
        const lines = wrap(words.join(' '), { width, first: '', rest: '' });
        expect(lines.join(' ')).toBe(words.join(' '));
        for (const line of lines) if (line.includes(' ')) expect(length(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('indents further lines with the second prefix', () => {
    expect(wrap('one two three', { width: 9, first: '- ', rest: '  ' })).toEqual(['- one two', '  three']);
  });
});

describe('table', () => {
  const columns = [
    { title: 'name', align: 'left' },
    { title: 'n', align: 'right' },
  ] as const;

  it('aligns words left and numbers right, counting characters and not UTF-16 units', () => {
    expect(
      table(columns, [
        ['µs·µs', '7'],
        ['a', '1,234'],
      ]),
    ).toEqual(['  name       n', '  µs·µs      7', '  a      1,234']);
  });

  it('wraps cells, honours line breaks in them, and cuts a word wider than its column', () => {
    const narrow = [
      { title: 'x', align: 'left', wrapAt: 4 },
      { title: 'y', align: 'left' },
    ] as const;
    expect(table(narrow, [['abcdef gh\ni', 'z']], { indent: '' })).toEqual(['x     y', 'abcd  z', 'ef', 'gh', 'i']);
  });

  it('applies a style after the widths are known', () => {
    const plainLines = table(columns, [['a', '1']]);
    const styled = table(columns, [['a', '1']], { style: (_tone, text) => `<${text}>` });
    expect(styled.map((line) => line.replaceAll(/[<>]/g, ''))).toEqual(plainLines);
  });
});
