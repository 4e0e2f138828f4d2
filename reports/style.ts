/**
 * Colour as a function that the caller passes in: reports say what a piece of text is, the command line decides how that
 * looks on this terminal. Widths are always computed before a tone is applied.
 */

/** What a piece of text is, not what colour it has. */
export type Tone = 'good' | 'bad' | 'warn' | 'dim' | 'strong';

/** Gives a text its look; must not change the visible characters. */
export type Style = (tone: Tone, text: string) => string;

/** No look at all: for files, pipes, tests and `NO_COLOR`. */
export const plain: Style = (_tone, text) => text;
