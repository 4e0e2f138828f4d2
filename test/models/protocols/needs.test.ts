// A protocol on a job that lacks what it needs is convicted, by the law its theory names; one that does not need it is not.
import { describe, expect, test } from 'vitest';
import { ringTopology } from '../../../models/dataflow/topology.ts';
import { chandyLamport, flinkAligned, laiYang } from '../../../models/protocols/index.ts';
import { convictions, exhaust } from './instances.ts';

const RING = ringTopology();
const LOOSE_RING = ringTopology({ fifo: false });

describe('channels that do not keep the order', () => {
  const inPeace = { calm: false };
  const loose = exhaust(chandyLamport, LOOSE_RING, inPeace);

  test('break the snapshots of Chandy and Lamport: messages from after the cut are in them, others are lost', () => {
    expect(convictions(loose)).toEqual(expect.arrayContaining(['C2', 'C3']));
  });

  test('a marker that passes one record is enough', () => {
    const { path } = loose.violations.find(({ law }) => law === 'C3')!;
    const markers = path.filter((id) => id.includes('#marker-'));
    const records = path.filter((id) => /^deliver:.*#r/.test(id));
    expect(markers.length).toBeGreaterThan(0);
    expect(records.length).toBeLessThan(3);
  });

  test('leave those of Lai and Yang whole', () => {
    const result = exhaust(laiYang, LOOSE_RING, { crashes: 1 });
    expect(convictions(result)).toEqual([]);
    expect(result.emptied).toBe(true);
  });
});

describe('a cycle', () => {
  test('holds up aligned barriers for ever: no checkpoint completes, which is L1 and nothing else', () => {
    const result = exhaust(flinkAligned, RING);
    expect(result.emptied).toBe(true);
    expect(convictions(result)).toEqual(['L1']);
  });

  test('is no matter for markers and for epochs', () => {
    for (const protocol of [chandyLamport, laiYang]) expect(convictions(exhaust(protocol, RING))).toEqual([]);
  });
});
