import fc from "fast-check";
import { expect, it } from "vitest";
import { cpuTime } from "../../support/cpu-time.ts";
import { readLog, sampleText } from "./read-log.ts";

const samples = [
  "openfire_debug.composed.log",
  "openfire_stock_variants.composed.log",
  "desktop_webservices.composed.log",
  "clientlog.composed.log",
].map(sampleText);

/** Text that looks like logs gone wrong: pieces of real lines, cut anywhere, with rubbish between. */
const piece = fc.oneof(
  fc
    .constantFrom(...samples)
    .chain((text) =>
      fc
        .tuple(fc.nat(text.length), fc.nat(300))
        .map(([from, length]) => text.slice(from, from + length)),
    ),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.constantFrom("\r", "\n", "\r\n", "\n\n", "<ClientLog><logData>", "&#10;", "%CCBU_", ": : "),
);
const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(""));

it("reads any text without failing, and counts every line once", () => {
  fc.assert(
    fc.property(text, (whole) => {
      const { facts, report } = readLog("a.log", [whole]);
      expect(facts).toHaveLength(report.facts + report.other);
      const lines = whole.split(/\r\n|\r|\n/);
      expect(report.lines).toBe(lines.at(-1) === "" ? lines.length - 1 : lines.length);
      for (const { line } of facts) expect(line).toBeLessThanOrEqual(report.lines);
    }),
  );
});

it("says the same however the text is cut", () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(4000), { maxLength: 12 }), (whole, cuts) => {
      const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)), whole.length];
      const sorted = at.toSorted((a, b) => a - b);
      const chunks = sorted.slice(1).map((end, index) => whole.slice(sorted[index], end));
      expect(readLog("a.log", chunks)).toEqual(readLog("a.log", [whole]));
    }),
  );
});

it("keeps unknown lines up to a bound, with secrets replaced, and counts all", () => {
  const lines = Array.from({ length: 80 }, (_, index) => `what is this ${index} password`);
  const { facts, report } = readLog("x.txt", [lines.join("\n")], (line) =>
    line.replace("password", "‹secret›"),
  );
  expect(facts).toEqual([]);
  expect(report).toMatchObject({ source: null, unknown: 80, lines: 80 });
  expect(report.unknownKept).toHaveLength(50);
  expect(report.unknownKept[0]).toEqual({ line: 1, text: "what is this 0 ‹secret›" });
});

it("takes a message with the lines that continue it", () => {
  const head =
    "0000001061: 10.1.1.1:: Jan 11 2019 17:59:04.633 -0600: %CCBU_w-12-6-MESSAGE_TO_CTI_SERVER: %[cti_message=CTISetAgentStateReq]";
  const next = "Jan 11 2019 17:59:05.000 -0600: %CCBU_w-6-UNSUBSCRIBED: %[user=7]: Unsubscribed";
  const { facts, report } = readLog("w.log", [
    `${head}\n  [state=LOGOUT (1), reason code: 255,\n   agentid: 1001003]: going\n${next}\n`,
  ]);
  expect(facts.map(({ kind, line, agent }) => ({ kind, line, agent }))).toEqual([
    { kind: "logout-request", line: 1, agent: "1001003" },
    { kind: "unsubscribe", line: 4, agent: "7" },
  ]);
  expect(facts[0]?.values).toMatchObject({ reason: 255, state: "LOGOUT" });
  expect(report).toMatchObject({ continued: 2, facts: 2, unknown: 0 });
});

it("asks for no logout where another state is set", () => {
  const line =
    "Jan 11 2019 17:59:04.633 -0600: %CCBU_w-12-6-MESSAGE_TO_CTI_SERVER: %[cti_message=CTISetAgentStateReq][state=READY (3)]: going";
  expect(readLog("w.log", [line]).facts[0]?.kind).toBe("other");
});

it("reads an uploaded ClientLog, which is one line of XML", () => {
  const [first, second] = sampleText("clientlog.composed.log").split("\n");
  const xml = `<ClientLog>\n<logData>`;
  const upload = `<ClientLog><logData>Mozilla/5.0 (X11)&#10;${first}&#10;${second}</logData></ClientLog>`;
  expect(readLog("u.xml", [upload]).facts.map(({ kind }) => kind)).toEqual(["drift", "drift"]);
  expect(readLog("u.xml", [`${xml}\n${first}`]).facts).toHaveLength(1);
});

it("finds a line behind what a console or grep puts before it", () => {
  const [client] = sampleText("clientlog.composed.log").split("\n");
  const [openfire] = sampleText("openfire_debug.composed.log").split("\n");
  const { facts } = readLog("c.txt", [`cslogger.js:88 ${client}\ndebug.log:${openfire}\n`]);
  expect(facts.map(({ source }) => source)).toEqual(["client", "openfire"]);
});

it("needs time in proportion to the text, also for lines made to be slow", () => {
  const nasty = [
    (n: number) => `2017.06.17 00:14:34 Session ${"a ".repeat(n)}`,
    (n: number) => `Jan 11 2019 17:59:04.633 -0600: %CCBU_${"-6-A".repeat(n)}`,
    (n: number) => `Jan 11 2019 17:59:04.633 -0600: %CCBU_a-6-PRESENCE_${"[jid=".repeat(n)}`,
    (n: number) => `2019-01-11T12:24:14.586 -05:00: : ${"a: ".repeat(n)}`,
    (n: number) => `<ClientLog>${"&#10;".repeat(n)}`,
    (n: number) => "a\n".repeat(n),
    (n: number) => `${samples[0]}${"  at x.y\n".repeat(n)}`,
  ];
  for (const make of nasty) {
    const [small, large] = [make(20_000), make(160_000)].map((line) => fastest(line));
    // Eight times the text: a quadratic reader takes 64 times as long; collecting garbage on a busy machine has been seen to make it 28.
    expect((large ?? 0) / Math.max(small ?? 0, 2)).toBeLessThan(40);
  }
});

function fastest(line: string): number {
  return Math.min(...[1, 2, 3].map(() => cpuTime(() => readLog("n.log", [line]))));
}
