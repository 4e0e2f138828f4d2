/** The mark of one event at a place. */
import type { Mark } from './look.ts';
import { coordinate, element } from './markup.ts';

export function mark({ shape, colour, size }: Mark, x: number, y: number): string {
  const fill = `var(${colour})`;
  const open = { fill: 'var(--bg)', stroke: fill, 'stroke-width': '1.8' };
  const polygon = (points: readonly (readonly [number, number])[]): string =>
    points.map(([dx, dy]) => `${coordinate(x + dx)},${coordinate(y + dy)}`).join(' ');
  switch (shape) {
    case 'dot':
      return element('circle', { cx: x, cy: y, r: size, fill });
    case 'ring':
      return element('circle', { cx: x, cy: y, r: size, ...open });
    case 'double':
      return (
        element('circle', { cx: x, cy: y, r: size, ...open }) + element('circle', { cx: x, cy: y, r: size / 2, fill })
      );
    case 'diamond':
      return element('polygon', {
        points: polygon([
          [0, -size],
          [size, 0],
          [0, size],
          [-size, 0],
        ]),
        fill,
      });
    case 'square':
      return element('rect', { x: x - size, y: y - size, width: size * 2, height: size * 2, fill });
    case 'triangle':
      return element('polygon', {
        points: polygon([
          [-size, -size * 0.8],
          [size, -size * 0.8],
          [0, size],
        ]),
        fill,
      });
    case 'cross': {
      const d = `M${coordinate(x - size)} ${coordinate(y - size)}l${coordinate(2 * size)} ${coordinate(2 * size)}m0 ${coordinate(-2 * size)}l${coordinate(-2 * size)} ${coordinate(2 * size)}`;
      return element('path', { d, fill: 'none', stroke: fill, 'stroke-width': size > 5 ? '3' : '2' });
    }
  }
}
