/** Comparisons by the API: what is asked for reaches the desk, with the running capture where none is named. */
import { expect, test } from "vitest";
import { fail } from "../../../src/base/errors.ts";
import type { CaptureComparison, ExchangeComparison } from "../../../src/domain/comparison.ts";
import type { ServerOptions } from "../../../src/server/start-server.ts";
import { startTestServer } from "./started-server.ts";

const exchanges: ExchangeComparison = {
  left: "cap1-1",
  right: "cap1-2",
  facts: [{ name: "result", left: "200", right: null }],
  timing: [],
  requestHeaders: [],
  responseHeaders: [],
  requestXml: [],
  responseXml: [],
};
const side = { name: "", query: "", exchanges: 0, isCut: false, from: null, to: null };
const captures: CaptureComparison = {
  left: { ...side, capture: "cap1" },
  right: { ...side, capture: "i00000001" },
  figures: [],
  outcomes: [],
  kinds: [],
};

test("two exchanges, two captures", async () => {
  const asked: unknown[] = [];
  const compare: ServerOptions["compare"] = {
    exchanges: async (...ids) => {
      asked.push(ids);
      if (ids[1] === "cap1-9") throw fail("not-found", { what: "exchange cap1-9" });
      return exchanges;
    },
    captures: async (...sides) => {
      asked.push(sides);
      return captures;
    },
  };
  await using bench = await startTestServer({ compare });
  const get = (path: string) => bench.ask(`/api/compare/${path}`);
  expect((await get("exchanges?left=cap1-1&right=cap1-2")).value).toEqual(exchanges);
  expect((await get("exchanges?left=cap1-1&right=cap1-9")).status).toBe(404);
  expect((await get("exchanges?left=cap1-1")).status).toBe(400);
  expect((await get("captures?right=i00000001&rightQ=agent%3A7")).value).toEqual(captures);
  expect(asked.at(-1)).toEqual([
    { capture: "cap1", query: "" },
    { capture: "i00000001", query: "agent:7" },
  ]);
});
