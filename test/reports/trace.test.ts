import { expect, it } from 'vitest';
import { traceLine } from '../../reports/index.ts';

it('writes time, id and text so that grep, sort and diff work', () => {
  const event = {
    n: 7,
    atMicros: 72_345_678,
    id: 'step-done:container-1/0#12',
    text: 'commit 3 of task 2: flush-producers done',
  };
  expect(traceLine(event)).toBe('72.345678 step-done:container-1/0#12  commit 3 of task 2: flush-producers done');
});
