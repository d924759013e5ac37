/** What is sent again: the real secrets, the right length, and nothing that could end a session unasked. */
import { expect, test } from "vitest";
import { openReplay } from "../../../src/open-replay.ts";
import { MemoryRecorder } from "../../support/memory-recorder.ts";

type Sent = Parameters<Parameters<typeof openReplay>[0]["send"]>[0];

function bench(path: string, head: string, body: string, notes: readonly never[] = []) {
  const capture = new MemoryRecorder();
  capture.commit({ number: 7, method: "PUT", path, notes });
  const request = { startLine: "", headers: [], trailers: [], rawHead: head, body: null };
  capture.details.set("cap1-7", { request });
  capture.bodies.set("cap1-7/request", { bytes: Buffer.from(body), contentType: "text/xml" });
  const sent: Sent[] = [];
  const desk = openReplay({
    reader: capture,
    recorder: capture,
    send: async (again) => {
      sent.push(again);
      return 100 + sent.length;
    },
  });
  return {
    desk,
    sent,
    texts: () => sent.map(({ bytes }) => Buffer.from(bytes).toString("latin1")),
  };
}

const head =
  "PUT /finesse/api/User/1 HTTP/1.1\r\nHost: fin1\r\nX-Token: ‹secret›-1\r\nContent-Length: 4\r\n\r\n";

test("a request goes out as it came, secrets and all, as often as asked", async () => {
  const { desk, texts } = bench("/finesse/api/User/1", head, "<a/>");
  expect(await desk.replay("cap1-7", { times: 2, force: false })).toEqual(["cap1-101", "cap1-102"]);
  const text = `${head.replace("‹secret›", "secret")}<a/>`;
  expect(texts()).toEqual([text, text]);
});

test("an edited body has its length put right; a head typed by hand its line ends", async () => {
  const { desk, texts } = bench("/finesse/api/User/1", head, "<a/>");
  const options = { times: 1, force: false };
  await desk.replay("cap1-7", { ...options, body: "<longer/>" });
  await desk.replay("cap1-7", { ...options, head: "GET /x HTTP/1.1\nHost: fin1\n", body: "" });
  expect(texts()[0]).toContain("Content-Length: 9\r\n\r\n<longer/>");
  expect(texts()[1]).toBe("GET /x HTTP/1.1\r\nHost: fin1\r\n\r\n");
});

test("http-bind is refused with the reason, unless forced", async () => {
  const poll = "POST /http-bind/ HTTP/1.1\r\nHost: fin1\r\n\r\n";
  const { desk, sent } = bench("/http-bind/", poll, "<body/>");
  await expect(desk.replay("cap1-7", { times: 1, force: false })).rejects.toMatchObject({
    code: "request-invalid",
    message: expect.stringContaining("session"),
    remedy: expect.stringContaining("force"),
  });
  expect(sent).toEqual([]);
  await desk.replay("cap1-7", { times: 1, force: true });
  expect(sent.length).toBe(1);
});

test("what is not known any more is not sent", async () => {
  const { desk, sent } = bench("/x", "GET /x HTTP/1.1\r\nX-Token: ‹unknown›\r\n\r\n", "");
  await expect(desk.replay("cap1-7", { times: 1, force: false })).rejects.toMatchObject({
    code: "request-invalid",
  });
  await expect(desk.replay("cap1-8", { times: 1, force: false })).rejects.toMatchObject({
    code: "not-found",
  });
  expect(sent).toEqual([]);
});
