import { describe, expect, test } from "vitest";
import type { AnswerTemplate } from "../../../src/domain/fault-rule.ts";
import { answerFor } from "../../../src/faults/answers/answer-for.ts";
import { headerIn } from "../../../src/faults/http-head.ts";
import { findInvalidXmlChars } from "../../../src/xml/invalid-characters.ts";
import { readXml } from "../../../src/xml/read-xml.ts";
import { described } from "./some-rule.ts";

function answered(
  template: AnswerTemplate,
  recorded: Parameters<typeof answerFor>[2] = () => null,
) {
  const bytes = answerFor(template, described(), recorded) ?? new Uint8Array();
  const whole = new TextDecoder().decode(bytes);
  const end = whole.indexOf("\r\n\r\n") + 4;
  return { head: whole.slice(0, end), body: whole.slice(end), status: Number(whole.slice(9, 12)) };
}

describe("templates", () => {
  test.each([
    [{ kind: "empty", form: "finesse" }, 200, 57],
    [{ kind: "empty", form: "openfire" }, 200, 51],
    [{ kind: "terminate", condition: null }, 200, 68],
    [{ kind: "terminate", condition: "item-not-found" }, 200, 95],
    [{ kind: "invalid-sid" }, 404, null],
    [{ kind: "out-of-service" }, 503, null],
    [{ kind: "oversized", bytes: 5000 }, 200, 5000],
  ] as const)("%j", (template, status, length) => {
    const answer = answered(template);
    expect(answer.status).toBe(status);
    if (length !== null) expect(answer.body).toHaveLength(length);
    expect(headerIn(answer.head, "content-length")).toBe(`${answer.body.length}`);
  });

  test("an invalid character is one", () => {
    expect(findInvalidXmlChars(answered({ kind: "invalid-character" }).body)).toHaveLength(1);
  });

  test("the others are XML", () => {
    for (const kind of ["conflict", "out-of-service"] as const)
      expect(readXml(answered({ kind }).body).kind).toBe("document");
    const { body } = answered({ kind: "system-info", status: "OUT_OF_SERVICE" });
    expect(body).toContain("<status>OUT_OF_SERVICE</status>");
    expect(readXml(body).kind).toBe("document");
  });

  test("custom: {sid} and {rid} are those of the request", () => {
    const custom = {
      kind: "custom",
      status: 418,
      reason: "Teapot",
      headers: [["A", "b"]],
      body: "{sid} {rid}",
    } as const;
    const { head, body } = answered(custom);
    expect(head).toBe("HTTP/1.1 418 Teapot\r\nA: b\r\nContent-Length: 10\r\n\r\n");
    expect(body).toBe("f382a015 7");
  });

  test("recorded: sid and ack become those of the request, its way of travel is left out", () => {
    const recorded = {
      status: 200,
      reason: "OK",
      headers: [
        ["Content-Type", "text/xml"],
        ["Transfer-Encoding", "chunked"],
      ] as const,
      body: new TextEncoder().encode(
        `<body xmlns='x' ack='3' sid="old" authid="old"><a sid="old"/></body>`,
      ),
      sid: "old",
      rid: 3,
    };
    const { head, body } = answered({ kind: "recorded", exchange: "c-1" }, () => recorded);
    expect(body).toBe(
      `<body xmlns='x' ack='7' sid="f382a015" authid="f382a015"><a sid="old"/></body>`,
    );
    expect(head).not.toContain("chunked");
  });
});
