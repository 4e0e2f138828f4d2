// The rings that all channels of a job share, against plain lists.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { BEHIND, DUE, N, SEQ, SOURCE } from '../../../models/flow-job/channel-layout.ts';
import { Channels } from '../../../models/flow-job/channels.ts';

const CHANNELS = 3;

/** What a channel is asked to do; `at` picks an element by its share of the queue. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('push', 'push', 'push', 'pop', 'remove', 'clear'),
    channel: fc.nat({ max: CHANNELS - 1 }),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  }),
  { maxLength: 400 },
);

test('rings hold what lists would hold, however they grow and are cleared', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const channels = new Channels(CHANNELS);
      const model: number[][] = Array.from({ length: CHANNELS }, () => []);
      list.forEach(({ kind, channel, at }, i) => {
        const queue = model[channel]!;
        if (kind === 'push') {
          const slot = channels.push(channel);
          channels.words[slot + SOURCE] = 0;
          channels.words[slot + SEQ] = i;
          channels.times[(slot >> 1) + DUE] = i / 2;
          queue.push(i);
        } else if (kind === 'clear') {
          channels.clear(channel);
          queue.length = 0;
        } else if (queue.length > 0) {
          const place = kind === 'pop' ? 0 : Math.floor(at * queue.length);
          if (place === 0) channels.pop(channel);
          else channels.removeAt(channel, place);
          queue.splice(place, 1);
        }
      });
      for (let channel = 0; channel < CHANNELS; channel++) {
        const slots = Array.from({ length: channels.count(channel) }, (_, at) => channels.slot(channel, at));
        expect(slots.map((slot) => channels.words[slot + SEQ])).toEqual(model[channel]);
        expect(slots.map((slot) => 2 * channels.times[(slot >> 1) + DUE]!)).toEqual(model[channel]);
      }
    }),
    { seed: 6 },
  );
});

test('a log is read again from any place that has not been forgotten', () => {
  const channels = new Channels(1);
  for (let n = 0; n < 10; n++) {
    const slot = channels.push(0);
    channels.words[slot + N] = n;
  }
  for (let n = 0; n < 7; n++) {
    channels.pop(0);
    // As `RecordPath.deliver` does it.
    channels.ints[BEHIND]!++;
  }
  channels.forget(0, 4);
  channels.rewind(0, 5);
  const rest = Array.from({ length: channels.count(0) }, (_, at) => channels.words[channels.slot(0, at) + N]);
  expect(rest).toEqual([5, 6, 7, 8, 9]);
  expect(channels.words[channels.slot(0, -1) + N]).toBe(4);
});

test('what arrives earlier on a channel without order goes before what was sent earlier', () => {
  const channels = new Channels(1);
  for (const due of [5, 9, 7, 5, 1]) {
    const slot = channels.push(0);
    channels.times[(slot >> 1) + DUE] = due;
    channels.words[slot + SEQ] = due;
    channels.sortTail(0);
  }
  const order = Array.from({ length: 5 }, (_, at) => channels.words[channels.slot(0, at) + SEQ]);
  expect(order).toEqual([1, 5, 5, 7, 9]);
});
