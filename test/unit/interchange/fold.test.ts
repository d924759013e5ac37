/** What is folded is what was given: the ground under the round-trip test, which compares two captures that were both folded. */
import { expect, test } from "vitest";
import { captureOf } from "./copies.ts";
import { allShapes, shapeNames } from "./shapes.ts";

test("a folded capture says of each exchange what its copy said", async () => {
  const copies = allShapes();
  await using capture = await captureOf(copies);
  const details = await capture.details();
  for (const [index, shape] of shapeNames.entries()) {
    const copy = copies[index];
    const detail = details[index];
    if (copy === undefined || detail === undefined) throw new Error(`${shape} is missing`);
    const { outcome, timing, comment, mark, url, kind, method, host, port, client } = detail;
    expect({
      shape,
      outcome,
      timing,
      comment,
      mark,
      url,
      kind,
      method,
      host,
      port,
      client,
    }).toEqual({
      shape,
      outcome: copy.outcome,
      timing: {
        ...copy.timing,
        // CONNECT's answer is ours; the tunnel's time is its end.
        ...(kind === "tunnel" ? { requestSent: 0 } : {}),
        ...(kind === "websocket" ? { delivered: null } : {}),
      },
      comment: copy.comment,
      mark: copy.mark,
      url: copy.url,
      kind: copy.kind,
      method: copy.method,
      host: copy.host,
      port: copy.port,
      client: copy.client,
    });
    expect(detail.request?.rawHead ?? null).toEqual(copy.request?.head ?? null);
    expect(detail.response?.rawHead ?? null).toEqual(copy.response?.head ?? null);
    const body = await capture.reader.body(detail.id, "response");
    expect(Buffer.from(body?.bytes ?? [])).toEqual(Buffer.from(copy.response?.body ?? []));
    expect(detail.framesTotal).toBe(copy.frames.length);
    expect(detail.notes).toContain("imported");
  }
});

test("what waits is counted as waiting, and stays so", async () => {
  await using capture = await captureOf(allShapes());
  expect(capture.folded).toMatchObject({ exchanges: shapeNames.length, pending: 1, failed: 3 });
});
