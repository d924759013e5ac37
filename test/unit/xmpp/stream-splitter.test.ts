/** An XMPP stream cut anywhere gives the same parts; what is none ends it, whatever it is. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type StreamPart, StreamSplitter } from "../../../src/xmpp/stream-splitter.ts";
import { cpuTime } from "../../support/cpu-time.ts";

const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='a>b' version="1.0">`;

function split(text: string, cuts: readonly number[] = [], limits = {}): StreamPart[] {
  const splitter = new StreamSplitter(limits);
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...places].flatMap((from, index) => splitter.push(text.slice(from, places[index])));
}

const elements = [
  "<presence/>",
  "<message to='a'><body>1 &lt; 2 <![CDATA[</message>]]></body></message>",
  `<iq id="x>y" type='get'><query a='"' b="'"/><!-- </iq> --></iq>`,
  "<a><?php <b> ?><a><a/></a></a>",
];

test("header, elements and end come whole, white space between them is nothing", () => {
  const text = `${header} ${elements.join("\n ")}</stream:stream>`;
  const texts = split(text).map((part) => ("text" in part ? part.text : part.kind));
  expect(texts).toEqual([header.slice(header.indexOf("<stream")), ...elements, "end"]);
});

test("however the bytes are cut", () => {
  const element = fc.constantFrom(...elements);
  fc.assert(
    fc.property(fc.array(element), fc.array(fc.nat()), (list, cuts) => {
      const text = `${header}${list.join(" ")}</stream:stream>`;
      expect(split(text, cuts)).toEqual(split(text));
      expect(split(text, cuts)).toHaveLength(list.length + 2);
    }),
  );
});

test("any text at all, in any pieces, gives the same parts and at most one end", () => {
  const pieces = fc.constantFrom("<", ">", "/", "<a", "</a>", "'", '"', "<!--", "-->", "]]>", "x");
  const text = fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(fc.nat()), fc.boolean(), (parts, cuts, hasHeader) => {
      const whole = (hasHeader ? header : "") + parts.join("");
      const once = split(whole);
      expect(split(whole, cuts)).toEqual(once);
      const ends = once.filter(({ kind }) => kind === "end" || kind === "broken");
      expect(ends.length).toBeLessThanOrEqual(1);
    }),
  );
});

test.each([
  ["text outside", `${header}hello<a/>`, "text outside of an element"],
  ["text before", "HTTP/1.1 400 Bad Request\r\n<a>", "text outside of an element"],
  ["a DTD", `<!DOCTYPE a [<!ENTITY b "c">]>${header}`, "a DTD"],
  ["an end too many", "</stream:stream>", "an end without a beginning"],
  ["an empty stream", "<stream:stream/>", "an empty stream"],
  ["depth", `${header}${"<a>".repeat(20)}`, "nested too deep"],
  ["length", `${header}<a>${"x".repeat(2000)}`, "an element of over 1000 characters"],
])("%s breaks it, and nothing follows", (_what, text, reason) => {
  const parts = split(`${text}<b/>`, [], { length: 1000, depth: 10 });
  expect(parts.at(-1)).toEqual({ kind: "broken", reason });
});

test("a long stream of short stanzas stays within the bound", () => {
  const splitter = new StreamSplitter({ length: 1000 });
  splitter.push(header);
  for (let at = 0; at < 1000; at++) expect(splitter.push("<presence/>")).toHaveLength(1);
});

test("after a restart a header is expected again", () => {
  const splitter = new StreamSplitter();
  expect(splitter.push(`${header}<a`).map(({ kind }) => kind)).toEqual(["header"]);
  splitter.restart();
  expect(splitter.push(header).map(({ kind }) => kind)).toEqual(["header"]);
});

test("a long element that comes in small pieces is read in linear time", () => {
  const time = (length: number): number =>
    cpuTime(() => {
      const splitter = new StreamSplitter();
      splitter.push(header);
      for (let at = 0; at < length; at += 50) splitter.push(at === 0 ? "<a b='" : "x".repeat(50));
    });
  time(20_000);
  // Quadratic would be sixty-four times as long.
  expect(time(1_600_000)).toBeLessThan(Math.max(20, time(200_000)) * 24);
});
