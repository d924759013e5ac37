import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BoshBody } from "../../../src/bosh/bosh-body.ts";
import { readHotBody } from "../../../src/bosh/hot-body.ts";
import { readAnyBody, readBoshBody } from "../../../src/bosh/read-bosh-body.ts";
import { fastest } from "../../support/fastest.ts";

const namespace = "http://jabber.org/protocol/httpbind";

function bodyOf(text: string): BoshBody {
  const read = readBoshBody(text);
  if (read.kind !== "body") throw new Error(read.reason);
  return read;
}

describe("readBoshBody", () => {
  test("reads a session creation request", () => {
    const body = bodyOf(
      `<body xmlns="${namespace}" xml:lang="en-US" xmlns:xmpp="urn:xmpp:xbosh" hold="1" ver="1.9" to="fin1.ucce.local" wait="30" xmpp:version="1.0" from="47483648@fin1.ucce.local" rid="2861121871"/>`,
    );
    expect(body).toMatchObject({
      sid: null,
      rid: 2861121871,
      wait: 30,
      hold: 1,
      to: "fin1.ucce.local",
      from: "47483648@fin1.ucce.local",
      restart: false,
      fingerprint: "jabberwerx",
    });
  });

  test("reads what the server grants", () => {
    const body = bodyOf(
      `<body xmlns="${namespace}" xmlns:stream="http://etherx.jabber.org/streams" authid="f382a015" sid="f382a015" secure="true" requests="2" inactivity="60" polling="5" wait="30" hold="1" ack="2861121871" maxpause="300" ver="1.6"><stream:features/></body>`,
    );
    expect(body).toMatchObject({
      sid: "f382a015",
      requests: 2,
      inactivity: 60,
      polling: 5,
      maxpause: 300,
      ack: 2861121871,
      children: 1,
      empty: false,
      fingerprint: "unknown",
    });
  });

  test.each([
    [`<body xmlns="${namespace}" sid="f382a015" rid="2861121877"/>`, 83, "jabberwerx"],
    [`<body rid='1631916958' xmlns='${namespace}' sid='f382a015'/>`, 83, "strophe"],
    [`<body xmlns='${namespace}'></body>`, 57, "unknown"],
    [`<body xmlns="${namespace}"/>`, 51, "unknown"],
    [`<body xmlns='${namespace}' ack='3210987654'></body>`, 74, "unknown"],
  ] as const)("takes the short way for %s", (text, length, fingerprint) => {
    expect(text).toHaveLength(length);
    expect(readHotBody(text)).not.toBeNull();
    expect(bodyOf(text)).toMatchObject({ empty: true, children: 0, fingerprint });
  });

  test("counts stanzas, and calls white space empty", () => {
    expect(bodyOf(`<body xmlns='${namespace}'><iq/><message/> </body>`)).toMatchObject({
      children: 2,
      empty: false,
    });
    expect(bodyOf(`<body xmlns='${namespace}'>\n</body>`).empty).toBe(true);
    expect(bodyOf(`<body xmlns='${namespace}'>text</body>`).empty).toBe(false);
  });

  test("reads restart, pause, terminate and its condition", () => {
    const xbosh = "xmlns:xmpp='urn:xmpp:xbosh'";
    expect(bodyOf(`<body xmlns='${namespace}' ${xbosh} xmpp:restart='true'/>`).restart).toBe(true);
    expect(bodyOf(`<body xmlns='${namespace}' pause='60'/>`).pause).toBe(60);
    expect(
      bodyOf(`<body xmlns="${namespace}" type="terminate" condition="item-not-found"/>`),
    ).toMatchObject({ type: "terminate", condition: "item-not-found" });
  });

  test.each(["-1", "1e3", "9007199254740992", " 5", ""])("reads no number in rid=%j", (rid) => {
    expect(bodyOf(`<body xmlns='${namespace}' rid='${rid}'/>`).rid).toBeNull();
  });

  test.each([
    ["<html><body/></html>", "the root is <html>, not a BOSH body"],
    ["<body xmlns='urn:other'/>", "the root is <body>, not a BOSH body"],
    ["HTTP/1.1 404", "text data outside of root node."],
    ["", "document must contain a root element."],
  ])("refuses %j", (text, reason) => {
    expect(readBoshBody(text)).toMatchObject({ kind: "unparseable", reason });
  });

  const value = fc.oneof(
    fc.constantFrom(
      namespace,
      "f382a015",
      "2861121877",
      "terminate",
      "a b",
      "&amp;",
      "<",
      "x;y",
      "'",
    ),
    fc.string({ maxLength: 6 }),
  );
  const name = fc.constantFrom(
    "xmlns",
    "sid",
    "rid",
    "ack",
    "type",
    "condition",
    "pause",
    "x",
    "to",
    "ver",
  );
  const space = fc.constantFrom(" ", " ", " ", " ", "  ", "\n", "");
  const attribute = fc
    .tuple(space, name, fc.constantFrom("'", '"'), value)
    .map(([gap, key, quote, text]) => `${gap}${key}=${quote}${text}${quote}`);
  const likely = fc
    .tuple(fc.boolean(), fc.subarray(["sid", "rid", "ack", "type", "to", "condition"]), value)
    .map(([double, keys, text]) => {
      const quote = double ? '"' : "'";
      const all = [
        `xmlns=${quote}${namespace}${quote}`,
        ...keys.map((key) => `${key}=${quote}${text}${quote}`),
      ];
      return ` ${all.join(" ")}`;
    });
  const message = fc
    .tuple(
      fc.oneof(
        likely,
        fc.array(attribute, { maxLength: 5 }).map((all) => all.join("")),
      ),
      fc.constantFrom("/>", "></body>", " />", "> </body>", ">", "></body>x"),
    )
    .map(([attributes, end]) => `<body${attributes}${end}`);

  test("the short way says what the full reader says, or nothing", () => {
    let short = 0;
    fc.assert(
      fc.property(message, (text) => {
        const hot = readHotBody(text);
        if (hot === null) return;
        short += 1;
        expect(hot).toEqual(readAnyBody(text));
      }),
      { numRuns: 5000 },
    );
    expect(short).toBeGreaterThan(200);
  });

  test("is total", () => {
    fc.assert(
      fc.property(fc.oneof(message, fc.string({ unit: "binary" })), (text) => {
        expect(["body", "unparseable"]).toContain(readBoshBody(text).kind);
      }),
    );
  });

  test("reads polls and empty answers in microseconds", () => {
    const poll = `<body xmlns="${namespace}" sid="f382a015" rid="2861121877"/>`;
    for (let i = 0; i < 5000; i += 1) readBoshBody(poll);
    // Measured 0.7 µs.
    expect(fastest(20, 1000, () => readBoshBody(poll))).toBeLessThan(10);
  });
});
