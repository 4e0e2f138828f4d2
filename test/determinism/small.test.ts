// The part of the determinism matrix that every test run can afford: one Node, three places of the world, and the library.
import { describe, expect, test } from 'vitest';
import { simulate } from '../../models/index.ts';
import { places, tidemark } from './cli.ts';
import { digestsIn } from './digests.ts';

const run = ['run', 'page-views', '--json'] as const;
const atHome = tidemark(run);

describe('the same scenario and seed give the same bytes', () => {
  test('on a second run', () => {
    expect(tidemark(run)).toBe(atHome);
  });

  test.each(['Kathmandu', 'Cairo'] as const)('in the time zone and locale of %s', (place) => {
    expect(tidemark(run, { place: places[place] })).toBe(atHome);
  });

  test('as text for a reader, too', () => {
    const text = ['run', 'page-views'];
    expect(tidemark(text, { place: places.Cairo })).toBe(tidemark(text));
  });

  test('on a terminal with other habits', () => {
    const habits = {
      ...places.nowhere,
      FORCE_COLOR: '3',
      COLUMNS: '40',
      TERM: 'xterm-256color',
      TIDEMARK_LOG: 'debug',
    };
    expect(tidemark(run, { place: habits })).toBe(atHome);
  });

  test('through the library, from the plan that the command line prints', () => {
    const outcome = simulate(JSON.parse(tidemark(['run', 'page-views', '--print-plan'])));
    expect(digestsIn(JSON.stringify(outcome))).toEqual(digestsIn(atHome));
  });
});

test('another seed gives another order, so that equal digests mean something', () => {
  const other = digestsIn(tidemark([...run, '--set', 'seed=another']));
  expect(other.order).not.toBe(digestsIn(atHome).order);
});

test('an outcome without all three digests is not comparable', () => {
  expect(() => digestsIn('{"digests":{"order":"a","state":"b"}}')).toThrow('no digests.cost');
  expect(() => digestsIn('{}')).toThrow('no digests.order');
});
