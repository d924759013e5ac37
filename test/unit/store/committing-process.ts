/** A process that commits until it is killed, and says what it was told is committed. Started by kill.test.ts. */
import { writeSync } from "node:fs";
import { systemClock } from "../../../src/base/clock.ts";
import { openWriter } from "../../../src/store/open-writer.ts";
import { batch, connection, exchange, pending } from "./rows.ts";

const [path = "", captureId = ""] = process.argv.slice(2);
const writer = openWriter(path, {
  captureId,
  name: captureId,
  clock: systemClock,
  secretsKept: false,
});

/** Each poll is saved as pending and answered in the batch after. */
const size = 20;
for (let first = 1; ; first += size) {
  const begun = Array.from({ length: size }, (_, at) => pending(first + at));
  const ended = Array.from({ length: first === 1 ? 0 : size }, (_, at) =>
    exchange(first - size + at, { request: null }),
  );
  const seq = writer.commit(
    batch({ exchanges: [...ended, ...begun], connections: [connection(first)] }),
  );
  writeSync(1, `${seq} ${first + size - 1}\n`);
}
