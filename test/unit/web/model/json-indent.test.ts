import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indentJson } from "../../../../web/model/json-indent.ts";

describe("indented JSON", () => {
  test("means the same as before, however it was laid out", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, "\t"), (value, space) => {
        const read = indentJson(JSON.stringify(value, null, space));
        expect(read.kind).toBe("indented");
        if (read.kind === "indented")
          expect(JSON.parse(read.text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("keeps every digit and every escape", () => {
    const source =
      '{"id":12345678901234567890,"rate":1.10,"text":"a\\u00e9\\"}, {","none":{},"list":[1,2]}';
    expect(indentJson(source)).toEqual({
      kind: "indented",
      text: '{\n  "id": 12345678901234567890,\n  "rate": 1.10,\n  "text": "a\\u00e9\\"}, {",\n  "none": {},\n  "list": [\n    1,\n    2\n  ]\n}',
    });
  });

  test("is total: what is no JSON says why", () => {
    fc.assert(fc.property(fc.string(), (text) => void indentJson(text)));
    expect(indentJson('{"a":1,}')).toMatchObject({ kind: "unparseable", at: 7 });
  });
});
