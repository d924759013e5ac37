import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseForm, queryOf } from "../../../../web/model/form.ts";

describe("form fields", () => {
  test("any names and values come back as they were encoded", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 }), (pairs) => {
        const well = pairs.filter(([name, value]) => name.isWellFormed() && value.isWellFormed());
        fc.pre(well.length > 0);
        const encoded = new URLSearchParams(well.map(([name, value]) => [name, value])).toString();
        const fields = parseForm(encoded);
        expect(fields.map(({ name, value }) => [name, value])).toEqual(well);
      }),
    );
  });

  test("is total, and leaves broken percent signs as they were sent", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseForm(text)));
    expect(parseForm("a=100%&b=%zz&c=%ff")).toMatchObject([
      { name: "a", value: "100%" },
      { name: "b", value: "%zz" },
      { name: "c", value: "%ff" },
    ]);
  });

  test("unpacks what Shindig's makeRequest packs", () => {
    const headers = encodeURIComponent(
      "Authorization=‹secret 7f3a›&Content-Type=application%2Fxml",
    );
    expect(parseForm(`httpMethod=GET&headers=${headers}`)[1]?.inner).toEqual([
      { name: "Authorization", value: "‹secret 7f3a›", inner: [] },
      { name: "Content-Type", value: "application/xml", inner: [] },
    ]);
  });

  test("the query of a URL ends at its fragment", () => {
    expect(queryOf("https://fin1/SystemInfo?timestamponly&nocache=1#x?y")).toBe(
      "timestamponly&nocache=1",
    );
    expect(queryOf("https://fin1/")).toBe("");
    expect(parseForm("timestamponly&nocache=1")[0]).toEqual({
      name: "timestamponly",
      value: "",
      inner: [],
    });
  });
});
