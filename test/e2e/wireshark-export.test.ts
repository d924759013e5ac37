/** Wireshark opens what is exported for it: every packet well-formed, every exchange there. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExchangeCopy } from "../../src/interchange/exchange-copy.ts";
import { exportBytes, prepareExport } from "../../src/interchange/export-copies.ts";
import { createRedactor } from "../../src/redact/redactor.ts";
import { capinfos, fieldsOf, tshark } from "../support/wireshark.ts";
import {
  bytes,
  type Capture,
  captureOf,
  copy,
  message,
  startWall,
  temporaryFolder,
} from "../unit/interchange/copies.ts";
import { allShapes } from "../unit/interchange/shapes.ts";

async function exported(
  capture: Capture,
  folder: string,
  redact: { readonly hosts: boolean } | null = null,
): Promise<string> {
  const prepared = await prepareExport(capture.reader, {
    captureId: null,
    query: "",
    redact,
    newRedactor: () => createRedactor({ hash: () => "00", keepSecrets: false }),
    nowWall: startWall + 60_000,
    onProgress: () => undefined,
  });
  const parts: Buffer[] = [];
  const options = { format: "pcapng", version: "1", password: null, random: randomBytes } as const;
  for await (const part of exportBytes(prepared, options)) parts.push(part);
  const path = join(folder, "capture.pcapng");
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

const checked = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"];
const ports = [7443, 8445, 443].flatMap((port) => ["-d", `tcp.port==${port},http`]);
const options = [...checked, ...ports];

/** A reset is a warning by its nature; all else of that weight is our mistake. */
function expectSound(path: string): void {
  // A body that is not what its Content-Type says is not ours to mend.
  const malformed = '_ws.malformed && !(_ws.expert.message contains "body subdissector failed")';
  expect(fieldsOf(path, malformed, ["frame.number"], options)).toEqual([]);
  const wrong = "tcp.checksum.status == 0 || ip.checksum.status == 0";
  expect(fieldsOf(path, wrong, ["frame.number"], options)).toEqual([]);
  const grave = "_ws.expert.severity >= 6291456 && !tcp.connection.rst";
  expect(fieldsOf(path, grave, ["frame.number", "_ws.expert.message"], options)).toEqual([]);
  expect(capinfos(path)).toMatch(/Strict time order: +True/);
}

test("every shape of exchange is a conversation that Wireshark reads", async () => {
  using folder = temporaryFolder();
  await using capture = await captureOf(allShapes());
  const path = await exported(capture, folder.path);
  expectSound(path);
  const details = (await capture.details()).filter(({ kind }) => kind !== "tunnel");
  const requests = fieldsOf(path, "http.request", ["http.request.method", "http.host"], options);
  expect(requests.map(([method]) => method)).toEqual(details.map(({ method }) => method));
  const answers = fieldsOf(
    path,
    "http.response.code >= 200 || http.response.code == 101",
    ["http.response.code"],
    options,
  );
  const whole = details.filter(({ outcome }) => outcome.kind === "responded");
  expect(answers.map(([code]) => Number(code))).toEqual(
    whole.map(({ outcome }) => (outcome.kind === "responded" ? outcome.status : 0)),
  );
  const bodies = fieldsOf(
    path,
    'http.request.uri contains "http-bind"',
    ["http.file_data"],
    options,
  );
  expect(bodies.join()).toContain("rid='7'");
  const resets = fieldsOf(path, "tcp.flags.reset == 1", ["frame.interface_name"], options);
  expect(resets).toEqual([["server"], ["server"]]);
  const left = fieldsOf(path, "tcp.flags.fin == 1", ["frame.interface_name"], options);
  expect(left).toEqual([["browser"]]);
  const said = fieldsOf(path, 'frame.comment contains "No answer"', ["frame.comment"], options);
  expect(said.join()).toContain("17.0 s after it was sent");
  expect(fieldsOf(path, "websocket", ["frame.number"], options)).toHaveLength(4);
});

const large = (number: number, change: Partial<ExchangeCopy>): ExchangeCopy =>
  copy(number, {
    response: message(
      "HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 300000\n\n",
      bytes("x".repeat(300_000)),
    ),
    ...change,
  });

test("long answers, both kinds of addresses, names without one, and redaction", async () => {
  using folder = temporaryFolder();
  const ipv6 = { address: "2001:db8::5", port: 51_000, process: null };
  await using capture = await captureOf([
    large(1, {}),
    large(2, { client: ipv6, serverAddress: "2001:db8::7" }),
    large(3, { client: ipv6 }),
    large(4, { client: { address: "", port: 0, process: null }, serverAddress: null }),
  ]);
  const path = await exported(capture, folder.path, { hosts: false });
  expectSound(path);
  const lengths = fieldsOf(path, "http.response", ["http.content_length"], options);
  expect(lengths.flat()).toEqual(["300000", "300000", "300000", "300000"]);
  const servers = fieldsOf(path, "http.request", ["ip.dst", "ipv6.dst"], options);
  expect(servers.map((pair) => pair.join(""))).toEqual([
    "10.1.0.7",
    "2001:db8::7",
    "::ffff:10.1.0.7",
    "198.18.0.2",
  ]);
  const text = tshark(path, ["-N", "nN", "-Y", "http.request", "-V"]);
  expect(text).toContain("fin1.demo.test");
  expect(text).not.toContain("1001003");
});
