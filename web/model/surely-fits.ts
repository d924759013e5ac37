/**
 * Whether a text fits into so many px for sure, by the widest glyphs of the usual system fonts at the list's 12 px, bold. Each cell that
 * clips is a node the browser walks through in every frame; with it in every cell, that took half of the frame.
 */
export function surelyFits(text: string, px: number): boolean {
  if (text.length * narrow > px) return false;
  let width = 0;
  for (const char of text) width += widthOf(char);
  return width <= px;
}

const narrow = 8.5;

function widthOf(char: string): number {
  if (char > "~") return 17;
  if (/[MW@%mw]/.test(char)) return 13.5;
  return /[A-Z&#<>+=~^]/.test(char) ? 10.8 : narrow;
}
