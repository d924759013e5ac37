/** Puts exchanges that come nearly in order into the order of time, within a window: archives number sessions as they began, nearly. */
import type { ExchangeCopy } from "../exchange-copy.ts";

const windowExchanges = 500;
const windowBytes = 32 * 1024 * 1024;

export async function* byTime(copies: AsyncIterable<ExchangeCopy>): AsyncGenerator<ExchangeCopy> {
  const held: ExchangeCopy[] = [];
  let bytes = 0;
  for await (const copy of copies) {
    // From the end: most come in order.
    let at = held.length;
    while (at > 0 && (held[at - 1]?.atWall ?? 0) > copy.atWall) at--;
    held.splice(at, 0, copy);
    bytes += sizeOf(copy);
    while (held.length > windowExchanges || (bytes > windowBytes && held.length > 1)) {
      const first = held.shift();
      if (first === undefined) break;
      bytes -= sizeOf(first);
      yield first;
    }
  }
  yield* held;
}

const sizeOf = ({ request, response, frames }: ExchangeCopy): number =>
  (request?.body?.length ?? 0) +
  (response?.body?.length ?? 0) +
  frames.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
