/** What comes out of a file is diagnosed like a live capture, and a round trip changes no verdict. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { importFile } from "../../../src/capture-folder.ts";
import { type ExportFormat, exportCapture } from "../../../src/export-capture.ts";
import type { ExchangeCopy } from "../../../src/interchange/exchange-copy.ts";
import { noTiming } from "../../../src/interchange/exchange-copy.ts";
import { bytes, captureOf, copy, message, startWall, temporaryFolder } from "./copies.ts";

const xmlns = "http://jabber.org/protocol/httpbind";
const head =
  "POST /http-bind/ HTTP/1.1\nHost: fin1.demo.test:7443\nContent-Type: text/xml\nCookie: finesse_ag_extension=10005\n\n";

/** A poll that went out at `second` and was answered after `heldMs`; null = it waits. */
const poll = (
  number: number,
  second: number,
  said: string,
  answer: { status: number; text: string; heldMs: number } | null,
): ExchangeCopy =>
  copy(number, {
    atWall: startWall + second * 1000,
    url: "https://fin1.demo.test:7443/http-bind/",
    port: 7443,
    connection: number % 2 === 0 ? "a" : "b",
    request: message(head, bytes(said)),
    response:
      answer === null
        ? null
        : message(`HTTP/1.1 ${answer.status} X\nContent-Type: text/xml\n\n`, bytes(answer.text)),
    outcome:
      answer === null
        ? { kind: "pending" }
        : { kind: "responded", status: answer.status, reason: "X" },
    pendingMs: answer === null ? 55_000 : null,
    wire: { request: said.length, response: answer === null ? -1 : answer.text.length },
    timing: {
      ...noTiming,
      requestEnd: 0.5,
      requestSent: 1,
      ...(answer === null
        ? {}
        : {
            responseFirst: 1 + answer.heldMs,
            responseEnd: 1.5 + answer.heldMs,
            delivered: 2 + answer.heldMs,
          }),
    },
  });

const empty = { status: 200, text: `<body xmlns='${xmlns}'></body>`, heldMs: 30_000 };
const ask = (rid: number): string => `<body xmlns="${xmlns}" sid="f382a015" rid="${rid}"/>`;

/** Healthy for two minutes; then a poll is never answered. */
function story(): ExchangeCopy[] {
  return [
    poll(
      1,
      0,
      `<body xmlns="${xmlns}" hold="1" ver="1.9" to="fin1.demo.test" wait="30" from="47483648@fin1.demo.test" rid="1000"/>`,
      {
        status: 200,
        text: `<body xmlns="${xmlns}" authid="f382a015" sid="f382a015" requests="2" inactivity="60" polling="5" wait="30" hold="1" ack="1000" maxpause="300" ver="1.6"/>`,
        heldMs: 5,
      },
    ),
    ...[1, 2, 3, 4].map((turn) => poll(turn + 1, turn * 30.1 - 29, ask(1000 + turn), empty)),
    poll(6, 122, ask(1005), null),
  ];
}

test("a poll that is never answered is found, and the same after every format", async () => {
  using folder = temporaryFolder();
  await using capture = await captureOf(story());
  const causes = capture.folded.findings.map(({ cause, side, agent }) => ({ cause, side, agent }));
  expect(causes.length).toBeGreaterThan(0);
  expect(await capture.reader.storedFindings("c0ffee")).toHaveLength(causes.length);
  for (const format of ["har", "saz", "boshscope"] satisfies ExportFormat[]) {
    const out = join(folder.path, `a.${format}`);
    const order = { source: capture.path, out, format, captureId: null, query: "" } as const;
    await exportCapture({ ...order, redact: null, password: null }, () => undefined);
    const imported = await importFile(out, {
      folder: folder.path,
      password: null,
      keys: null,
      keepSecrets: false,
      bodyLimit: 1_000_000,
      onProgress: () => undefined,
    });
    const again = imported.findings.map(({ cause, side, agent }) => ({ cause, side, agent }));
    expect({ format, again }).toEqual({ format, again: causes });
  }
});

test("a healthy session has nothing to find", async () => {
  await using capture = await captureOf(story().slice(0, 5));
  expect(capture.folded.findings.filter(({ severity }) => severity === "disconnect")).toEqual([]);
});
