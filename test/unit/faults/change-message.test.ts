import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeMessage } from "../../../src/faults/change-message.ts";
import { headersIn } from "../../../src/faults/http-head.ts";
import type { MessageChange } from "../../../src/faults/step.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array | null) => new TextDecoder().decode(body ?? new Uint8Array());
const alter = (some: Partial<Extract<MessageChange, { kind: "alter" }>>): MessageChange => ({
  kind: "alter",
  setHeaders: [],
  removeHeaders: [],
  replace: [],
  setPaths: [],
  ...some,
});
const head =
  "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\nX-One: 1\r\n\r\n";
const update =
  "&lt;Update&gt;\n  &lt;data&gt;&lt;user&gt;&lt;state&gt;READY&lt;/state&gt;&lt;/user&gt;&lt;/data&gt;\n&lt;/Update&gt;";
const news = `<body xmlns='x'><message id="1"><notification>${update}</notification></message></body>`;

describe("changeMessage", () => {
  test("text changes, chunking goes, the length fits in bytes", () => {
    const changed = changeMessage(
      { head, body: bytes("<a>hello</a>") },
      alter({ replace: [{ text: "hello", by: "¡olé!" }] }),
    );
    expect(changed.head).toBe(
      "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nX-One: 1\r\nContent-Length: 14\r\n\r\n",
    );
    expect(text(changed.body)).toBe("<a>¡olé!</a>");
  });

  test("text inside folded XML changes too", () => {
    const change = alter({ replace: [{ text: "<state>READY", by: "<state>NOT_READY" }] });
    const { body } = changeMessage({ head, body: bytes(news) }, change);
    expect(text(body)).toBe(news.replace("&gt;READY", "&gt;NOT_READY"));
  });

  test("an element inside a notification changes; all else stays byte for byte", () => {
    const change = alter({ setPaths: [{ path: "Update/data/user/state", text: "A<B" }] });
    const { body } = changeMessage({ head, body: bytes(news) }, change);
    expect(text(body)).toBe(news.replace("&gt;READY", "&gt;A&amp;lt;B"));
  });

  test("an element of a plain answer changes, also an empty one", () => {
    const change = alter({ setPaths: [{ path: "SystemInfo/status", text: "OUT_OF_SERVICE" }] });
    const { body } = changeMessage(
      { head, body: bytes('<SystemInfo><status a="1"/><x/></SystemInfo>') },
      change,
    );
    expect(text(body)).toBe('<SystemInfo><status a="1">OUT_OF_SERVICE</status><x/></SystemInfo>');
  });

  test("headers of a message that passes behind its head", () => {
    const change = alter({
      setHeaders: [
        ["x-one", "2"],
        ["X-Two", "3"],
      ],
      removeHeaders: ["content-type"],
    });
    expect(changeMessage({ head, body: null }, change)).toEqual({
      head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-One: 2\r\nX-Two: 3\r\n\r\n",
      body: null,
    });
  });

  test("a wrong length can be sent on purpose", () => {
    const change = alter({ setHeaders: [["Content-Length", "9"]] });
    expect(changeMessage({ head, body: bytes("abc") }, change).head).toContain(
      "Content-Length: 9\r\n",
    );
  });

  test("a request without a body gets no length", () => {
    const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    expect(
      changeMessage({ head: get, body: new Uint8Array() }, alter({ setHeaders: [["A", "b"]] }))
        .head,
    ).toBe("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n");
  });

  test("stanzas: twice, taken out, put behind", () => {
    const body = bytes("<body xmlns='x'><a/><b>1</b></body>");
    const after = (change: MessageChange) => text(changeMessage({ head, body }, change).body);
    expect(after({ kind: "repeat-stanzas" })).toBe(
      "<body xmlns='x'><a/><a/><b>1</b><b>1</b></body>",
    );
    expect(after({ kind: "take-stanzas" })).toBe("<body xmlns='x'></body>");
    expect(after({ kind: "append-stanzas", xml: "<c/>" })).toBe(
      "<body xmlns='x'><a/><b>1</b><c/></body>",
    );
  });

  test("whatever the body and the change: the head's length is the body's", () => {
    const words = fc.array(
      fc.record({ text: fc.string({ minLength: 1, maxLength: 5 }), by: fc.string() }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), words, (source, replace) => {
        const changed = changeMessage({ head, body: bytes(source) }, alter({ replace }));
        const lengths = headersIn(changed.head).filter(({ name }) => name === "Content-Length");
        expect(lengths.map(({ value }) => Number(value))).toEqual([changed.body?.length]);
      }),
    );
  });
});
