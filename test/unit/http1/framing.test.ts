import { describe, expect, test } from "vitest";
import { FieldFacts } from "../../../src/http1/field-facts.ts";
import { requestFraming, responseFraming } from "../../../src/http1/framing.ts";

const facts = (over: Partial<FieldFacts> = {}): FieldFacts => Object.assign(new FieldFacts(), over);
const post = { isHead: false, isConnect: false, minor: 1 };

describe("requests", () => {
  test.each([
    ["no field", facts(), "none"],
    ["length 0", facts({ length: 0 }), "none"],
    ["length 5", facts({ length: 5 }), "length"],
    ["chunked", facts({ codings: "chunked" }), "chunked"],
    ["gzip, chunked", facts({ codings: "gzip,  chunked" }), "chunked"],
    ["an empty member", facts({ codings: "chunked," }), "chunked"],
    ["gzip", facts({ codings: "gzip" }), "unreadable"],
    ["identity", facts({ codings: "identity" }), "unreadable"],
    ["nothing named", facts({ codings: "" }), "unreadable"],
    ["chunked with a parameter", facts({ codings: "chunked;q=1" }), "unreadable"],
    ["both", facts({ codings: "chunked", length: 0 }), "unreadable"],
    ["a bad length", facts({ length: 5, lengthProblem: "bad" }), "unreadable"],
    ["a loose colon", facts({ length: 5, looseColon: true }), "unreadable"],
  ])("%s", (_name, fields, kind) => {
    expect(requestFraming(post, fields).kind).toBe(kind);
  });

  test("a CONNECT has no body", () => {
    const connect = { ...post, isConnect: true };
    expect(requestFraming(connect, facts({ length: 5 })).kind).toBe("none");
  });
});

describe("responses", () => {
  test.each([
    ["no field", 200, facts(), "until-end"],
    ["length 0", 200, facts({ length: 0 }), "none"],
    ["length 5", 404, facts({ length: 5 }), "length"],
    ["chunked", 200, facts({ codings: "chunked" }), "chunked"],
    ["gzip", 200, facts({ codings: "gzip" }), "until-end"],
    ["both", 200, facts({ codings: "gzip", length: 5 }), "unreadable"],
    ["a loose colon", 200, facts({ length: 5, looseColon: true }), "length"],
    ["204", 204, facts({ length: 5 }), "none"],
    ["304", 304, facts({ codings: "chunked", length: 5 }), "none"],
    ["205", 205, facts({ length: 5 }), "length"],
    ["000", 0, facts(), "until-end"],
  ])("%s", (_name, status, fields, kind) => {
    expect(responseFraming({ status, minor: 1 }, fields, post).kind).toBe(kind);
  });

  test("to HEAD there is no body, whatever the fields", () => {
    const head = { ...post, isHead: true };
    const broken = facts({ lengthProblem: "bad", codings: "x" });
    expect(responseFraming({ status: 200, minor: 1 }, broken, head).kind).toBe("none");
  });

  test("an HTTP/1.0 answer has no transfer codings", () => {
    const chunked = facts({ codings: "chunked" });
    expect(responseFraming({ status: 200, minor: 0 }, chunked, post).kind).toBe("unreadable");
  });
});
