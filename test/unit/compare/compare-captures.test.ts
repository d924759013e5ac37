/** Two captures as files, by the command: the sick one stands out, and an exchange of one is laid beside one of the other. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCompare } from "../../../src/cli/compare.ts";
import type { CaptureComparison, ExchangeComparison } from "../../../src/domain/comparison.ts";
import { foldCopies } from "../../../src/fold-copies.ts";
import type { ExchangeCopy } from "../../../src/interchange/exchange-copy.ts";
import { bytes, copy, message, silent } from "../interchange/copies.ts";

const folder = mkdtempSync(join(tmpdir(), "boshscope-compare-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const httpBind = "http://jabber.org/protocol/httpbind";

/** The n-th poll of a session; `lateMs`: how much longer than 30 s it was held. */
function poll(number: number, rid: number, server: string, failed = false): ExchangeCopy {
  const request = `<body xmlns="${httpBind}" sid="f382a015" rid="${rid}"/>`;
  const answer = `<body xmlns='${httpBind}'></body>`;
  const head = "POST /http-bind/ HTTP/1.1\nHost: fin1.demo.test:7443\nContent-Type: text/xml\n\n";
  const made = copy(number, {
    url: "https://fin1.demo.test:7443/http-bind/",
    port: 7443,
    connection: "one",
    request: message(head, bytes(request)),
    response: message(
      `HTTP/1.1 200 OK\nServer: ${server}\nContent-Type: text/xml\n\n`,
      bytes(answer),
    ),
    wire: { request: request.length, response: answer.length },
  });
  if (!failed) return made;
  return {
    ...made,
    response: message("HTTP/1.1 404 Invalid SID.\nContent-Type: text/html\n\n", bytes("<html/>")),
    outcome: { kind: "responded", status: 404, reason: "Invalid SID." },
    wire: { request: request.length, response: 7 },
  };
}

async function captureFile(name: string, copies: readonly ExchangeCopy[]): Promise<string> {
  const path = join(folder, `${name}.boshscope`);
  await foldCopies(
    (async function* () {
      yield* copies;
    })(),
    {
      path,
      captureId: name,
      name,
      keepSecrets: false,
      bodyLimit: 1_000_000,
      onProgress: () => undefined,
    },
  );
  return path;
}

const compare = async <T>(...argv: readonly string[]): Promise<T> =>
  JSON.parse(
    await runCompare([...argv, "--json"], { env: {}, log: silent, isTerminal: true }),
  ) as T;

test("healthy against sick, and one exchange against another", async () => {
  const healthy = await captureFile("c0000001", [
    poll(1, 100, "Jetty(9)"),
    poll(2, 101, "Jetty(9)"),
    poll(3, 102, "Jetty(9)"),
  ]);
  const sick = await captureFile("c0000002", [
    poll(1, 100, "nginx"),
    poll(2, 104, "nginx"),
    poll(3, 105, "nginx", true),
    poll(4, 106, "nginx", true),
    poll(5, 107, "nginx", true),
  ]);
  const captures = await compare<CaptureComparison>(healthy, sick);
  expect([captures.left.exchanges, captures.right.exchanges]).toEqual([3, 5]);
  const standing = captures.figures.filter((figure) => figure.sick === "right");
  expect(standing.map(({ name }) => name)).toEqual(["failures", "ridsMissing", "ridsOutOfWindow"]);
  expect(captures.outcomes).toEqual([
    { name: "200", left: 3, right: 2 },
    { name: "404", left: 0, right: 3 },
  ]);
  expect(captures.kinds.find(({ kind }) => kind === "poll")?.responseHeaders).toEqual([
    { name: "server", left: "Jetty(9)", right: "nginx" },
  ]);
  const exchanges = await compare<ExchangeComparison>(`${healthy}#2`, `${sick}#3`);
  expect(exchanges.facts).toContainEqual({ name: "result", left: "200", right: "404" });
  expect(exchanges.requestXml).toEqual([{ name: "body/@rid", left: "101", right: "105" }]);
  const text = await runCompare([healthy, sick], { env: {}, log: silent, isTerminal: true });
  expect(text).toMatch(/ridsMissing +0 +3 {2}> stands out/);
});

test("what does not go together is refused", async () => {
  const one = await captureFile("c0000003", [poll(1, 100, "x")]);
  const refused = (...argv: string[]) =>
    expect(runCompare(argv, { env: {}, log: silent, isTerminal: true })).rejects;
  await refused(one).toMatchObject({ code: "config-invalid" });
  await refused(`${one}#1`, one).toMatchObject({ code: "config-invalid" });
  await refused(`${one}#1`, `${one}#99`).toMatchObject({ code: "not-found" });
  await refused(one, join(folder, "nowhere.har")).toMatchObject({ code: "file-unreadable" });
});
