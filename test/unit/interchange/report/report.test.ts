/** The report in both languages and forms; whatever was captured stays text. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { toCollect } from "../../../../src/interchange/report/collect.ts";
import { escaped } from "../../../../src/interchange/report/markup.ts";
import { reportHtml, reportPolicy } from "../../../../src/interchange/report/report-html.ts";
import { plain, reportMarkdown } from "../../../../src/interchange/report/report-markdown.ts";
import { wordsOf } from "../../../../src/interchange/report/words.ts";
import { readXml } from "../../../../src/xml/read-xml.ts";
import { someReport } from "./some-report.ts";

const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;\u202e\u0008</style>](javascript:alert(3)) | \`x\``;

/** Names of all elements in a page, as a browser would read them. */
const elementsOf = (page: string): Set<string> =>
  new Set([...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name?.toLowerCase() ?? ""));

test("one file: no script, nothing loaded, only its own style applies", () => {
  const page = reportHtml(someReport("en"));
  expect(page).toContain(`content="${reportPolicy.replaceAll("'", "&#39;")}"`);
  expect(reportPolicy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='$/);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|@import|url\(/i);
  expect([...page.matchAll(/(?:href|src)=/g)]).toEqual([]);
});

test("the verdict, its evidence with times, holds and gaps, and what to collect", () => {
  const page = reportHtml(someReport("en"));
  for (const text of [
    "the desktop&#39;s tab stopped asking fin1.ucce.local for 85.8 s",
    "confidence 93 %",
    "2026-03-05 08:14:38.200",
    "POST fin1.ucce.local:7443/http-bind/",
    "404 Invalid SID.",
    "85.8 s",
    "not kept any more",
    "file get activelog /desktop recurs compress",
    "5D:1E:7A",
    "HTTP/2 was not offered",
    "f382…",
  ])
    expect(page).toContain(text);
  expect(page).not.toContain("f382a015");
  expect(page).not.toContain("5550100");
});

test("the lane: a bar for each request, the pause with its length, the trigger with its cause", () => {
  const page = reportHtml(someReport("en"));
  const svg = page.slice(page.indexOf("<svg"), page.indexOf("</svg>") + 6);
  expect(readXml(svg).kind).not.toBe("unparseable");
  expect(svg.match(/class="(good|bad|pending)/g)).toHaveLength(7);
  expect(svg).toContain("nothing asked 85.8 s");
  expect(svg).toContain(">F4</text>");
  expect(svg.match(/class="flag"/g)).toHaveLength(2);
});

test("Spanish says the same in Spanish, with the commands unchanged", () => {
  const page = reportHtml(someReport("es"));
  expect(page).toContain('<html lang="es">');
  expect(page).toContain("Qué recopilar a continuación");
  expect(page).toContain("confianza 93 %");
  expect(page).toContain("file get activelog /desktop recurs compress");
  expect(reportMarkdown(someReport("es"))).toContain("## Veredictos");
});

test("both dictionaries have the same entries, none of them empty", () => {
  const shapeOf = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
      : typeof value === "string" && value !== "";
  expect(shapeOf(wordsOf("es"))).toEqual(shapeOf(wordsOf("en")));
  expect(JSON.stringify(shapeOf(wordsOf("en")))).not.toContain("false");
});

test("hostile text in every captured field stays text in HTML", () => {
  const calm = reportHtml(someReport("en"));
  const page = reportHtml(someReport("en", hostile));
  expect(elementsOf(page)).toEqual(elementsOf(calm));
  expect(page).not.toContain("\u202e");
  expect(page).not.toContain("\u0008");
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});

test("hostile text stays text in Markdown", () => {
  const text = reportMarkdown(someReport("en", `${hostile}\n\n# heading\n| a | b |`));
  expect(text).not.toMatch(/<script|<img/);
  expect(text).not.toMatch(/[^\\]\]\(javascript/);
  expect(text).not.toMatch(/^# heading/m);
  const widths = text
    .split("\n")
    .filter((line) => /^\| 2026-03-05.*http-bind/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).length);
  // Eight columns, and what stands before the first and after the last bar.
  expect(widths).toEqual([10, 10, 7]);
});

test("escaped text holds no markup, and reads as it was but for what cannot be shown", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const safe = escaped(text);
      expect(safe).not.toMatch(/[<>"']/);
      expect(safe.replaceAll(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
    }),
  );
});

test("text in Markdown is one line, and nothing in it means anything", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const safe = plain(text);
      expect(safe).not.toMatch(/[\n\r\u202e]/);
      expect(safe).not.toMatch(/[<>]|(^|[^\\])(\\\\)*[[\]`*|]/);
    }),
  );
});

test("each thing to collect comes once, whatever the causes", () => {
  const all = toCollect(["F11", "F12", "F13", "F1"], "en").map(({ what }) => what);
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(8);
});
