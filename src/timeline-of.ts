/** Sessions and agents of a stored capture. They are not stored: what they are made of is, so they are followed anew. */
import { createHmac, randomBytes } from "node:crypto";
import { Recording } from "./capture/recording.ts";
import { TimelineBook } from "./capture/timelines/timeline-book.ts";
import type { CaptureEvent } from "./domain/capture-event.ts";
import type { CaptureInfo, CaptureReader, Timeline } from "./domain/recording.ts";
import { silenceSteps } from "./fold-copies.ts";
import { readCopies, selectedIds } from "./interchange/copies.ts";
import { headText } from "./interchange/head.ts";
import { EventOrder } from "./interchange/replay/in-order.ts";
import { createRedactor } from "./redact/redactor.ts";

/** `onRead`: exchanges so far. */
export async function timelineOf(
  reader: CaptureReader,
  { id, endedAt }: CaptureInfo,
  options: { readonly nowWall: number; readonly onRead: (exchanges: number) => void },
): Promise<Timeline> {
  const nowWall = endedAt === null ? options.nowWall : Date.parse(endedAt);
  const follower = new Follower(id);
  const order = new EventOrder();
  const ids = await selectedIds(reader, { captureId: id, query: "", nowWall });
  let read = 0;
  for await (const copy of readCopies(reader, ids, nowWall)) {
    follower.follow(order.add(copy, copy.number).events);
    options.onRead(++read);
  }
  follower.follow(order.rest());
  return follower.timelines.all();
}

class Follower {
  readonly timelines = new TimelineBook();
  readonly #recording: Recording;
  #ticked = 0;

  constructor(captureId: string) {
    const key = randomBytes(32);
    const hash = (bytes: Uint8Array | string): string =>
      createHmac("sha256", key).update(bytes).digest("hex").slice(0, 32);
    this.#recording = new Recording({
      // Nothing is written: the rows are there already.
      writer: { captureId, seq: 0, commit: () => 0, amend: () => 0 },
      redactor: createRedactor({ hash, keepSecrets: true }),
      hash,
      keepSecrets: true,
      headText,
    });
  }

  follow(events: Iterable<CaptureEvent>): void {
    for (const event of events) {
      for (const step of silenceSteps(this.#ticked, event.at)) this.#tick(step);
      if (this.#ticked === 0) this.#ticked = event.at;
      this.#recording.observe(event);
    }
    this.#tick(this.#ticked);
  }

  #tick(now: number): void {
    this.#ticked = now;
    this.#recording.save(now);
    this.#recording.tick(now);
    const changed = this.#recording.takeTimeline();
    if (changed !== null) this.timelines.take(changed);
  }
}
