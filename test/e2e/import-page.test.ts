/** Captures of other tools, taken in by the page. */
import { expect, test } from "vitest";
import type { ImportAnswer } from "../../src/server/messages.ts";
import { withPage } from "../support/with-page.ts";

const key = `CLIENT_RANDOM ${"0a".repeat(32)} ${"1b".repeat(48)}\n`;
const packets = Buffer.from("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000", "hex");

const answer: ImportAnswer = {
  captureId: "i0a1b2c3d",
  name: "wire.pcapng",
  format: "pcap",
  maker: "tshark",
  isCut: false,
  exchanges: 83,
  pending: 0,
  failed: 11,
  sessions: 5,
  agents: 3,
  findings: 1,
  packets: { http: 21, plain: 0, sealed: 2, http2: 0, twins: 27 },
  from: "2026-03-01T10:00:00.000Z",
  to: "2026-03-01T10:00:20.000Z",
};

test("packets picked together with their keys become a capture with a verdict", async () => {
  await withPage(async ({ page, problems }) => {
    const asked: URL[] = [];
    await page.route("**/api/import?**", (route) => {
      asked.push(new URL(route.request().url()));
      return route.fulfill({ json: answer });
    });
    await page.route("**/api/findings?capture=**", (route) =>
      route.fulfill({ json: { findings: [{ title: "The Notification Service was stopped" }] } }),
    );
    await page.getByTestId("import").click();
    await page.getByTestId("pick-captures").setInputFiles([
      { name: "keys.txt", mimeType: "text/plain", buffer: Buffer.from(key) },
      { name: "wire.pcapng", mimeType: "application/octet-stream", buffer: packets },
    ]);
    const taken = await page.getByTestId("taken-in").textContent();
    expect(taken).toContain("83 exchanges");
    expect(taken).toContain("2 connections could not be read");
    expect(taken).toContain("The Notification Service was stopped");
    expect(asked.map((url) => Object.fromEntries(url.searchParams))).toEqual([
      { name: "wire.pcapng", keys: `${key.length + 1}` },
    ]);
    expect(problems).toEqual([]);
  });
});

test("what can't be taken in is said with its remedy", async () => {
  await withPage(async ({ page }) => {
    const error = { code: "tool-missing", message: "No tshark.", remedy: "Install it." };
    await page.route("**/api/import?**", (route) =>
      route.fulfill({ status: 400, json: { error } }),
    );
    await page.getByTestId("import").click();
    await page
      .getByTestId("pick-captures")
      .setInputFiles({ name: "a.pcap", mimeType: "", buffer: packets });
    await page.getByRole("alert").filter({ hasText: "No tshark. Install it." }).waitFor();
  });
});
