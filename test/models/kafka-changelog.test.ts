// A changelog partition: what compaction keeps, where offsets lead, what a lost leader takes, and that a trim is nothing
// but further records.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SmallBroker, recordsOf } from './small-broker.ts';

const second = 1_000_000;

describe('compaction', () => {
  test('keeps the last record of each key below the boundary, and everything at or above it', () => {
    const broker = new SmallBroker();
    const log = broker.changelog();
    broker.append(log, [1, 1], [2, 1], [1, 2], [3, 1], [2, 2], [1, 3]);
    log.compactBelow(4, 0);
    expect(recordsOf(log)).toEqual(['2:1=2', '1:2=1', '3:3=1', '4:2=2', '5:1=3'].toSorted());
    log.compactBelow(6, 0);
    expect(recordsOf(log)).toEqual(['3:3=1', '4:2=2', '5:1=3']);
    expect(log.newest).toBe(5);
    expect(log.head).toBe(6);
  });

  test('never changes the last value of a key, and never touches what is younger than the boundary', () => {
    const entries = fc.array(fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 99 })), { maxLength: 60 });
    fc.assert(
      fc.property(entries, fc.array(fc.nat(60), { maxLength: 4 }), (written, boundaries) => {
        const broker = new SmallBroker();
        const log = broker.changelog();
        if (written.length > 0) broker.append(log, ...written);
        const before = recordsOf(log);
        for (const boundary of boundaries) log.compactBelow(boundary, 0);
        // The twin: a record stays if it is at or above every boundary, or the last of its key below the highest.
        const highest = Math.max(0, ...boundaries);
        const kept = before.filter((_, offset) => {
          const [key] = written[offset]!;
          return (
            offset >= highest || !written.some(([other], later) => other === key && later > offset && later < highest)
          );
        });
        expect(recordsOf(log)).toEqual(kept);
        const values = new Map(written);
        const contents = log.contents(log.newest);
        for (let key = 0; key < 8; key++) expect(contents.count[key]).toBe(values.get(key) ?? 0);
      }),
    );
  });

  test('begins when a closed segment is older than min.compaction.lag, not before', () => {
    const broker = new SmallBroker();
    const log = broker.changelog({ segmentBytes: 300, minCompactionLagMicros: 60 * second });
    broker.append(log, [1, 1], [1, 2]);
    broker.run(10 * second);
    broker.append(log, [1, 3]); // closes the first segment, of three records
    broker.append(log, [1, 4]); // stays in the active one
    broker.run(60 * second - 1);
    expect(recordsOf(log)).toHaveLength(4);
    broker.run(1);
    expect(recordsOf(log)).toEqual(['2:1=3', '3:1=4']);
    broker.run(1e9);
    expect(recordsOf(log)).toEqual(['2:1=3', '3:1=4']);
  });

  test('closes a segment by age as well, and an empty one not at all', () => {
    const broker = new SmallBroker();
    const log = broker.changelog({ segmentMicros: 100 * second, minCompactionLagMicros: 10 * second });
    broker.append(log, [1, 1], [1, 2]);
    broker.run(110 * second - 1);
    expect(log.size).toBe(2);
    broker.run(1);
    expect(recordsOf(log)).toEqual(['1:1=2']);
    const events = broker.world.events;
    broker.run(1000 * second);
    expect(broker.world.events - events).toBe(10);
  });

  test('planned for a log that was created anew since does nothing', () => {
    const broker = new SmallBroker();
    const log = broker.changelog({ segmentBytes: 200, minCompactionLagMicros: 10 * second });
    broker.append(log, [1, 1], [1, 2]);
    log.recreate();
    expect([log.newest, log.head, log.size]).toEqual([-1, 0, 0]);
    broker.append(log, [2, 1]);
    broker.append(log, [2, 2]);
    broker.run(5 * second);
    broker.append(log, [2, 3]);
    broker.run(5 * second - 1);
    expect(recordsOf(log)).toEqual(['0:2=1', '1:2=2', '2:2=3']);
  });
});

test('an offset leads to the first record at or above it, over the holes of compaction', () => {
  const broker = new SmallBroker();
  const log = broker.changelog();
  broker.append(log, [1, 1], [1, 2], [2, 1], [1, 3], [3, 1]);
  log.compactBelow(4, 0); // leaves offsets 2, 3, 4
  const byScan = (offset: number): number => {
    const found = recordsOf(log).findIndex((record) => Number(record.split(':')[0]) >= offset);
    return found < 0 ? log.size : found;
  };
  for (let offset = -1; offset < 8; offset++) expect(log.indexAt(offset)).toBe(byScan(offset));
  expect(log.indexAt(0)).toBe(0);
  expect(log.indexAt(5)).toBe(3);
});

test('the contents up to an offset are those of a full replay up to it, inclusively', () => {
  const broker = new SmallBroker();
  const log = broker.changelog();
  broker.append(log, [1, 1], [2, 5], [1, 2], [2, 0]);
  expect(Array.from(log.contents(-1).count)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(log.contents(0).count[1]).toBe(1);
  expect([log.contents(2).count[1], log.contents(2).count[2]]).toEqual([2, 5]);
  expect(log.contents(3).count[2]).toBe(0);
  expect(log.contents(2).mix[2]).toBe(50);
});

describe('a leader that is lost', () => {
  test('takes its newest records, and the next ones get their offsets', () => {
    const broker = new SmallBroker();
    const log = broker.changelog();
    broker.append(log, [1, 1], [1, 2], [1, 3]);
    expect(log.loseNewest(2)).toBe(2);
    expect(recordsOf(log)).toEqual(['0:1=1']);
    broker.append(log, [2, 9]);
    expect(recordsOf(log)).toEqual(['0:1=1', '1:2=9']);
    expect(log.loseNewest(5)).toBe(2);
    expect(log.newest).toBe(-1);
    expect(log.loseNewest(1)).toBe(0);
  });

  test('leaves no boundary behind that would compact its successors too early', () => {
    const broker = new SmallBroker();
    const log = broker.changelog({ segmentBytes: 200, minCompactionLagMicros: 10 * second });
    broker.append(log, [1, 1], [1, 2]);
    log.loseNewest(2);
    broker.run(9 * second);
    broker.append(log, [1, 3]);
    broker.run(2 * second);
    broker.append(log, [1, 4]);
    expect(recordsOf(log)).toEqual(['0:1=3', '1:1=4']);
  });
});

test('the meter knows the retained bytes at any time', () => {
  const broker = new SmallBroker();
  const log = broker.changelog();
  let bytes = 0;
  log.meter((delta) => (bytes += delta));
  broker.append(log, [1, 1], [1, 2], [2, 1]);
  expect(bytes).toBe(300);
  log.compactBelow(2, 0);
  expect(bytes).toBe(200);
  log.loseNewest(1);
  expect(bytes).toBe(100);
  log.recreate();
  expect(bytes).toBe(0);
  expect(log.bytesWritten).toBe(300);
});
