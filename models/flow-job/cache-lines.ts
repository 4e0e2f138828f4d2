/**
 * Memory for tables whose records are one or two cache lines long: two views of one buffer, which begins where a line begins.
 * JavaScript does not say where its memory lies; what is large is given out 16 bytes behind a page by the C library of most
 * machines, and there 48 bytes are left free. Elsewhere records lie across lines, which costs time and nothing else.
 */

const LEFT_FREE = 48;

/** The same memory as integers and as reals. */
export interface Views {
  readonly ints: Int32Array;
  readonly reals: Float64Array;
}

/** Zeros, an even number of integers. */
export function viewsOf(integers: number): Views {
  const buffer = new ArrayBuffer(LEFT_FREE + integers * 4);
  return { ints: new Int32Array(buffer, LEFT_FREE), reals: new Float64Array(buffer, LEFT_FREE) };
}
