/** Findings told outside the page: off unless asked for, once each, and again only when they become worse. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { silentLog } from "../../src/base/log.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { desktopCommand, notifyFindings } from "../../src/notify-findings.ts";
import { aFinding } from "../support/a-finding.ts";
import { polled } from "../support/changes.ts";

function findings() {
  const listeners = new Set<(changed: readonly Finding[]) => void>();
  return {
    onFindings: (listener: (changed: readonly Finding[]) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (finding: Finding) => {
      for (const listener of listeners) listener([finding]);
    },
    listeners,
  };
}

async function receiver() {
  const bodies: { text: string; finding: { id: string; title: string } }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      bodies.push(JSON.parse(text) as (typeof bodies)[number]);
      response.writeHead(204).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    bodies,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const quiet = { desktop: false, log: silentLog, platform: "linux" } as const;

test("a webhook gets a finding when it is new, and when it has become worse", async () => {
  await using hook = await receiver();
  const recorder = findings();
  const stop = notifyFindings({ ...quiet, recorder, webhook: hook.url });
  recorder.tell(aFinding());
  recorder.tell(aFinding({ confidence: 0.9 }));
  recorder.tell(aFinding({ severity: "disconnect" }));
  recorder.tell(aFinding({ id: "cap1-f2" }));
  await polled(() => (hook.bodies.length >= 3 ? true : undefined), "three posts");
  const texts = hook.bodies.map(({ text, finding }) => `${finding.id} ${text.split(":")[0]}`);
  expect(texts.toSorted((a, b) => a.localeCompare(b))).toEqual([
    "cap1-f1 disconnect",
    "cap1-f1 near-miss",
    "cap1-f2 near-miss",
  ]);
  expect(hook.bodies[0]?.finding.title).toContain("stopped asking fin1");
  stop();
  expect(recorder.listeners.size).toBe(0);
});

test("nothing is told unless it was asked for", () => {
  const recorder = findings();
  notifyFindings({ ...quiet, recorder, webhook: null });
  expect(recorder.listeners.size).toBe(0);
});

test("the desktop is told by the platform's own program, and what came over the wire can't break out", () => {
  const recorder = findings();
  const ran: string[][] = [];
  const run = (command: string, args: readonly string[]) => void ran.push([command, ...args]);
  notifyFindings({ ...quiet, recorder, webhook: null, desktop: true, run });
  recorder.tell(aFinding());
  expect(ran).toEqual([
    [
      "notify-send",
      "--app-name=Boshscope",
      "Boshscope",
      expect.stringContaining("stopped asking fin1 for 31 s"),
    ],
  ]);
  const [, , script] = desktopCommand("darwin", 'x" & do shell script "rm');
  expect(script).toBe('display notification "x    do shell script  rm" with title "Boshscope"');
});
