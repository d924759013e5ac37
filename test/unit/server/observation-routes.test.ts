import { expect, test } from "vitest";
import type { LogsLoaded } from "../../../src/domain/log-report.ts";
import type { StoredObservation } from "../../../src/domain/recording.ts";
import type { VitalsSample } from "../../../src/domain/vitals.ts";
import type { LogList, ProbeList, VitalsList } from "../../../src/server/messages.ts";
import { startTestServer } from "./started-server.ts";

const sample = (at: number): VitalsSample => ({
  at,
  mono: at,
  loopLagMs: 0,
  wallJumpMs: 0,
  lateMs: 0,
  systemCpu: 0.5,
  ownCpu: 0.1,
  freeMemory: 1,
  totalMemory: 2,
  ownMemory: 1,
  browser: null,
  network: null,
});

const observed = (
  kind: StoredObservation["kind"],
  first: number,
  agent: string | null = null,
): StoredObservation => ({
  kind,
  first,
  last: first,
  agent,
  file: "a.log",
  data: JSON.stringify({ first }),
});

test("vitals, probes and log lines are given by time, agent and page", async () => {
  await using started = await startTestServer();
  const { capture, ask } = started;
  capture.samples = [1000, 2000, 3000].map(sample);
  await capture.observe(
    [observed("probe", 5), observed("log", 10, "1"), observed("log", 20, "2"), observed("log", 30)],
    [],
  );
  const vitals: VitalsList = (await ask("/api/vitals?from=1500&limit=1")).value;
  expect(vitals).toEqual({ samples: [sample(2000)], more: true });
  const probes: ProbeList = (await ask("/api/probes")).value;
  expect(probes).toEqual({ probes: [{ first: 5 }], next: 1, more: false });
  const logs: LogList = (await ask("/api/logs?agent=1")).value;
  expect(logs.facts).toEqual([{ first: 10 }, { first: 30 }]);
  const page: LogList = (await ask("/api/logs?limit=2&from=15&after=1")).value;
  expect(page).toEqual({ facts: [{ first: 30 }], next: 2, more: false });
  expect((await ask("/api/logs?from=yesterday")).status).toBe(400);
  expect((await ask("/api/vitals", { bearer: null })).status).toBe(401);
});

test("a loaded log goes on as it comes, and only when it is said to be a file", async () => {
  const received: string[] = [];
  const loaded: LogsLoaded = { files: [], skipped: [], leftOut: 0, alignments: [], facts: 0 };
  await using started = await startTestServer({
    receiveLog: async (name, body) => {
      let text = "";
      for await (const chunk of body) text += Buffer.from(chunk).toString();
      received.push(`${name}: ${text}`);
      return loaded;
    },
  });
  const post = (path: string, type: string) =>
    started.ask(path, { method: "POST", headers: { "content-type": type }, body: "a line" });
  const good = await post("/api/logs?name=debug.log", "application/octet-stream");
  expect([good.status, good.value]).toEqual([200, loaded]);
  expect((await post("/api/logs?name=debug.log", "text/plain")).status).toBe(400);
  expect((await post("/api/logs", "application/octet-stream")).status).toBe(400);
  expect(received).toEqual(["debug.log: a line"]);
});
