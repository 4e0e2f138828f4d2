// The doubles behind a run, bit by bit. A run rounds its times to microseconds, so the digests of two outcomes can agree by
// luck where the engines' logarithms differ in the last bit (seen here: page-views with Math.log planted in the exponential
// draw gives the same three digests in Node, Chromium and Firefox). Here nothing is rounded.
import { RollingDigest, portableExp, portableLog, portablePow, randomStreams, studentT95 } from '../../sim/index.ts';

const drawCount = 200_000;

/** A digest of many doubles from each function that a run takes doubles from; equal in every engine. */
export function drawnBits(): Readonly<Record<string, string>> {
  const open = randomStreams('bits');
  const [x, y, waits] = [open('x'), open('y'), open('waits')];
  const sources: Readonly<Record<string, (i: number) => number>> = {
    next: () => x.next(),
    double: () => x.double(),
    exponential: () => waits.exponential(1e6),
    log: () => portableLog(x.double() * 1e6),
    exp: () => portableExp((x.double() - y.double()) * 40),
    pow: () => portablePow(x.double() * 100, (y.double() - 0.5) * 6),
    studentT95: (i) => studentT95(i + 1),
  };
  const digestOf = (draw: (i: number) => number): string => {
    const digest = new RollingDigest();
    for (let i = 0; i < drawCount; i++) digest.add(draw(i));
    return digest.hex();
  };
  return Object.fromEntries(Object.entries(sources).map(([name, draw]) => [name, digestOf(draw)]));
}
