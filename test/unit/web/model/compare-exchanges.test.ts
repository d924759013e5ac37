import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareHeaders, compareXml, differs } from "../../../../web/model/compare-exchanges.ts";
import { readXml } from "../../../../web/model/xml-tree.ts";

describe("headers", () => {
  test("stand beside each other by name in either case, the n-th beside the n-th", () => {
    const left = [
      { name: "Set-Cookie", value: "a=1" },
      { name: "Set-Cookie", value: "b=2" },
      { name: "Server", value: "x" },
    ];
    const right = [
      { name: "set-cookie", value: "a=1" },
      { name: "Via", value: "proxy" },
    ];
    expect(compareHeaders(left, right)).toEqual([
      { name: "set-cookie", left: "a=1", right: "a=1" },
      { name: "set-cookie (2)", left: "b=2", right: null },
      { name: "server", left: "x", right: null },
      { name: "via", left: null, right: "proxy" },
    ]);
  });

  test("nothing is lost of any two lists", () => {
    const headers = fc.array(
      fc.record({ name: fc.constantFrom("a", "A", "b"), value: fc.constantFrom("1", "2") }),
    );
    fc.assert(
      fc.property(headers, headers, (left, right) => {
        const pairs = compareHeaders(left, right);
        expect(pairs.filter((pair) => pair.left !== null)).toHaveLength(left.length);
        expect(pairs.filter((pair) => pair.right !== null)).toHaveLength(right.length);
        expect(compareHeaders(left, left).filter(differs)).toEqual([]);
      }),
    );
  });
});

describe("XML", () => {
  const compare = (left: string, right: string) => compareXml(readXml(left), readXml(right));

  test("values that differ are named by their path, also inside folded XML", () => {
    const update = (state: string): string =>
      `<body rid="1"><message><n>&lt;Update&gt;&lt;state&gt;${state}&lt;/state&gt;&lt;/Update&gt;</n></message></body>`;
    expect(compare(update("READY"), update("TALKING").replace('rid="1"', "rid='2'"))).toEqual([
      { name: "body/@rid", left: "1", right: "2" },
      { name: "body/message/n/Update/state", left: "READY", right: "TALKING" },
    ]);
  });

  test("siblings of one name are counted, and an empty element is there all the same", () => {
    expect(compare("<b><m/><m>x</m></b>", "<b><m/></b>")).toEqual([
      { name: "b/m[2]", left: "x", right: null },
    ]);
    expect(compare("<b><m/></b>", "<b/>")).toEqual([
      { name: "b/m", left: "", right: null },
      { name: "b", left: null, right: "" },
    ]);
  });

  test("layout does not count, and a cut body is compared as far as it goes", () => {
    expect(compare("<b>\n  <m>x</m>\n</b>", "<b><m>x</m></b>")).toEqual([]);
    expect(compare("<b><m>x</m></b>", "<b><m>x</m>")).toEqual([]);
  });
});
