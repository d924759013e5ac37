import { expect, test } from "vitest";
import { compareXml, xmlValues } from "../../../src/compare/compare-xml.ts";

test("what differs is named by the path of its value, also inside what is escaped", () => {
  const notification = (state: string): string =>
    `<body rid='1'><message><notification>&lt;Update&gt;\n  &lt;data&gt;&lt;user&gt;&lt;state&gt;${state}&lt;/state&gt;&lt;/user&gt;&lt;/data&gt;\n&lt;/Update&gt;</notification></message></body>`;
  expect(compareXml(notification("READY"), notification("TALKING"))).toEqual([
    {
      name: "body/message/notification/Update/data/user/state",
      left: "READY",
      right: "TALKING",
    },
  ]);
});

test("siblings are counted, layout is not, and an empty element is there all the same", () => {
  expect(compareXml("<a>\n  <b>1</b>\n  <b>2</b>\n</a>", "<a><b>1</b><b>3</b><c/></a>")).toEqual([
    { name: "a/b[2]", left: "2", right: "3" },
    { name: "a/c", left: null, right: "" },
  ]);
});

test("half a document says what was read of it; what is no XML says nothing", () => {
  expect([...xmlValues("<a x='1'><b>te")]).toContainEqual(["a/@x", "1"]);
  expect([...xmlValues('{"a":1}'), ...xmlValues("")]).toEqual([]);
});
