/**
 * How rows are named. An exchange's text id is `captureId-number`; its key in the file is one integer, capture before number,
 * so that rows append at the end of their table, oldest first, and need no second index.
 */

/** Numbers per capture. 2^32 leaves 2^21 captures within the integers that JavaScript keeps exactly. */
export const keySpan = 2 ** 32;

export const keyOf = (capture: number, number: number): number => capture * keySpan + number;
export const numberOf = (key: number): number => key % keySpan;
export const captureOf = (key: number): number => Math.floor(key / keySpan);

export interface ExchangeId {
  readonly captureId: string;
  readonly number: number;
}

/** null = not an id that this program made. */
export function parseExchangeId(id: string): ExchangeId | null {
  const dash = id.lastIndexOf("-");
  const digits = id.slice(dash + 1);
  if (dash < 1 || !/^\d{1,10}$/.test(digits)) return null;
  const number = Number(digits);
  return number < keySpan ? { captureId: id.slice(0, dash), number } : null;
}
