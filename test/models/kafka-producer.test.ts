// The one producer of a container: linger, one request on the wire per partition, and a flush that waits for everybody.
import { describe, expect, test } from 'vitest';
import { SmallBroker, ackMicros, latencyMicros, recordsOf } from './small-broker.ts';

const linger = 10_000;
const roundTrip = latencyMicros + ackMicros;

describe('records', () => {
  test('wait for linger.ms and go out in one request', () => {
    const broker = new SmallBroker();
    const log = broker.changelog();
    const lane = broker.producer.addLane(log);
    broker.producer.sendEntry(lane, 1, 1, 0);
    broker.run(linger - 1);
    broker.producer.sendEntry(lane, 2, 1, 0);
    broker.run(latencyMicros);
    expect(log.size).toBe(0);
    broker.run(1);
    expect(recordsOf(log)).toEqual(['0:1=1', '1:2=1']);
    expect(broker.producer.drained).toBe(false);
    broker.run(ackMicros);
    expect(broker.producer.drained).toBe(true);
  });

  test('sent while a request is on the wire wait for its acknowledgement, even past linger.ms', () => {
    const broker = new SmallBroker({ lingerMicros: 1000 });
    const log = broker.changelog();
    const lane = broker.producer.addLane(log);
    broker.producer.sendEntry(lane, 1, 1, 0);
    broker.run(1000);
    broker.producer.sendEntry(lane, 2, 1, 0);
    // The first request is at the broker after 2 ms and acknowledged after 3; the second may start then.
    broker.run(roundTrip + latencyMicros - 1);
    expect(log.size).toBe(1);
    broker.run(1);
    expect(log.size).toBe(2);
  });

  test('of different partitions travel side by side', () => {
    const broker = new SmallBroker();
    const logs = [broker.changelog(), broker.changelog()];
    for (const log of logs) broker.producer.sendEntry(broker.producer.addLane(log), 1, 1, 0);
    broker.run(linger + latencyMicros);
    expect(logs.map((log) => log.size)).toEqual([1, 1]);
  });

  test('of one partition keep their order, whatever is flushed when', () => {
    const broker = new SmallBroker({ lingerMicros: 3000 });
    const log = broker.changelog();
    const lane = broker.producer.addLane(log);
    for (let i = 0; i < 200; i++) {
      broker.producer.sendEntry(lane, i % 8, i, 0);
      if (i % 7 === 3) broker.producer.flush(i);
      broker.run(i % 5 === 0 ? 1700 : 90);
    }
    broker.run(1e6);
    expect(Array.from(log.count.subarray(0, log.size))).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(broker.flushed.map(({ token }) => token)).toEqual(
      Array.from({ length: 200 }, (_, i) => i).filter((i) => i % 7 === 3),
    );
  });

  test('that are outputs merge into runs of offsets', () => {
    const broker = new SmallBroker();
    const lane = broker.producer.addLane(broker.output());
    for (const [ssp, from] of [
      [0, 5],
      [0, 6],
      [1, 3],
      [0, 7],
      [0, 9],
    ] as const) {
      broker.producer.sendOutputs(lane, ssp, from, from + 1);
    }
    broker.run(1e6);
    expect(broker.visible).toEqual(['0:5-7', '1:3-4', '0:7-8', '0:9-10']);
  });
});

describe('a flush', () => {
  test('sends at once and ends with the last acknowledgement of what was sent before it, by anybody', () => {
    const broker = new SmallBroker();
    const logs = [broker.changelog(), broker.changelog()];
    const lanes = logs.map((log) => broker.producer.addLane(log));
    broker.producer.sendEntry(lanes[0]!, 1, 1, 0);
    broker.producer.sendEntry(lanes[1]!, 2, 1, 0);
    broker.producer.flush(7);
    broker.producer.sendEntry(lanes[1]!, 3, 1, 0); // after the flush: not waited for
    broker.run(roundTrip - 1);
    expect(broker.flushed).toEqual([]);
    broker.run(1);
    expect(broker.flushed).toEqual([{ token: 7, at: roundTrip }]);
    expect(logs.map((log) => log.size)).toEqual([1, 1]);
  });

  test('waits for the slowest partition', () => {
    const broker = new SmallBroker();
    const logs = [broker.changelog(), broker.changelog(), broker.changelog()];
    for (const log of logs) broker.producer.sendEntry(broker.producer.addLane(log), 1, 1, 0);
    logs[1]!.stall();
    broker.producer.flush(7);
    broker.run(50_000);
    expect(broker.flushed).toEqual([]);
    logs[1]!.unstall();
    broker.run(50_000);
    expect(broker.flushed).toEqual([{ token: 7, at: 50_000 + ackMicros }]);
  });

  test('waits for the request on the wire and for the one behind it', () => {
    const broker = new SmallBroker({ lingerMicros: 1000 });
    const lane = broker.producer.addLane(broker.changelog());
    broker.producer.sendEntry(lane, 1, 1, 0);
    broker.run(1500);
    broker.producer.sendEntry(lane, 2, 1, 0);
    broker.producer.flush(7);
    broker.run(1e6);
    expect(broker.flushed).toEqual([{ token: 7, at: 1000 + 2 * roundTrip }]);
  });

  test('of nothing ends at once', () => {
    const broker = new SmallBroker();
    broker.producer.addLane(broker.changelog());
    broker.producer.flush(3);
    expect(broker.flushed).toEqual([{ token: 3, at: 0 }]);
  });

  test('ends for each who asked, in the order of asking', () => {
    const broker = new SmallBroker();
    const lane = broker.producer.addLane(broker.changelog());
    broker.producer.sendEntry(lane, 1, 1, 0);
    broker.producer.flush(1);
    broker.producer.sendEntry(lane, 2, 1, 0);
    broker.producer.flush(2);
    broker.producer.flush(3);
    broker.run(1e6);
    expect(broker.flushed).toEqual([
      { token: 1, at: roundTrip },
      { token: 2, at: 2 * roundTrip },
      { token: 3, at: 2 * roundTrip },
    ]);
  });
});

describe('trouble:', () => {
  test('a stalled leader takes nothing, and everything in order when it is back', () => {
    const broker = new SmallBroker({ lingerMicros: 0 });
    const log = broker.changelog();
    const lane = broker.producer.addLane(log);
    log.stall();
    log.stall(); // two stalls overlap: the log is back when both are over
    for (let i = 0; i < 3; i++) {
      broker.producer.sendEntry(lane, i, 1, 0);
      broker.run(5000);
    }
    expect(log.size).toBe(0);
    expect(log.unstall()).toBe(0);
    broker.run(5000);
    expect(log.size).toBe(0);
    expect(log.unstall()).toBe(1);
    broker.run(1e6);
    expect(recordsOf(log)).toEqual(['0:0=1', '1:1=1', '2:2=1']);
  });

  test('a host that is cut off sends nothing, and goes on when the way is back', () => {
    const broker = new SmallBroker();
    const log = broker.changelog();
    const lane = broker.producer.addLane(log);
    broker.producer.cut(true);
    broker.producer.sendEntry(lane, 1, 1, 0);
    broker.producer.flush(9);
    broker.run(1e6);
    expect([log.size, broker.flushed.length]).toEqual([0, 0]);
    broker.producer.cut(false);
    broker.run(roundTrip);
    expect(log.size).toBe(1);
    expect(broker.flushed).toEqual([{ token: 9, at: 1e6 + roundTrip }]);
  });

  test('a request that fails for good makes the producer fail, and its flush never ends', () => {
    const broker = new SmallBroker();
    const log = broker.changelog();
    const lane = broker.producer.addLane(log);
    log.failing = 1;
    broker.producer.sendEntry(lane, 1, 1, 0);
    broker.producer.flush(1);
    broker.run(1e6);
    expect(broker.producer.failed).toBe(true);
    expect([log.size, log.failing, broker.flushed.length]).toEqual([0, 0, 0]);
  });

  test('with task.drop.producer.errors it loses the request, says how much, and goes on', () => {
    const broker = new SmallBroker({ dropErrors: true });
    const log = broker.changelog();
    const lane = broker.producer.addLane(log);
    log.failing = 1;
    broker.producer.sendEntry(lane, 1, 1, 0);
    broker.producer.sendEntry(lane, 2, 1, 0);
    broker.producer.flush(1);
    broker.producer.sendEntry(lane, 3, 1, 0);
    broker.run(1e6);
    expect(broker.producer.failed).toBe(false);
    expect(broker.producer.dropped).toBe(2);
    expect(recordsOf(log)).toEqual(['0:3=1']);
    expect(broker.flushed).toEqual([{ token: 1, at: roundTrip }]);
  });

  test('what was on the wire lands after its sender died; what waited is gone; nobody is acknowledged', () => {
    const broker = new SmallBroker({ lingerMicros: 1000 });
    const log = broker.changelog();
    const lane = broker.producer.addLane(log);
    broker.producer.sendEntry(lane, 1, 1, 0);
    broker.run(1500);
    broker.producer.sendEntry(lane, 2, 1, 0);
    broker.producer.flush(1);
    const dead = broker.producer;
    const heir = broker.restart();
    heir.addLane(log);
    broker.run(1e6);
    expect(recordsOf(log)).toEqual(['0:1=1']);
    expect([heir.drained, dead.drained]).toEqual([true, false]);
    expect(broker.flushed).toEqual([]);
    heir.flush(2);
    expect(broker.flushed.map(({ token }) => token)).toEqual([2]);
  });

  test('a lost leader takes the newest outputs back, to the record', () => {
    const broker = new SmallBroker({ lingerMicros: 0 });
    const log = broker.output(true);
    const lane = broker.producer.addLane(log);
    for (const from of [0, 4, 10]) {
      broker.producer.sendOutputs(lane, 0, from, from + 3);
      broker.run(1e5);
    }
    expect(log.head).toBe(9);
    expect(log.loseNewest(5)).toBe(5);
    expect(broker.vanished).toEqual(['0:10-13', '0:5-7']);
    expect(log.head).toBe(4);
    expect(log.loseNewest(100)).toBe(4);
    expect(broker.vanished.slice(2)).toEqual(['0:4-5', '0:0-3']);
  });
});
