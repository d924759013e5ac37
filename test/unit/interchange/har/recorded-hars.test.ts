/** HARs that other programs really wrote, as they wrote them (test/fixtures/hars/README.md tells how). */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { importFile } from "../../../../src/capture-folder.ts";
import { openCapture, temporaryFolder } from "../copies.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/hars/${name}`, import.meta.url));

test("mitmproxy 8.1.1 with its example script", async () => {
  using folder = temporaryFolder();
  const imported = await importFile(fixture("mitmproxy-8.1.1.har"), {
    folder: folder.path,
    password: null,
    keys: null,
    keepSecrets: false,
    bodyLimit: 1_000_000,
    onProgress: () => undefined,
  });
  expect(imported).toMatchObject({ exchanges: 9, pending: 0, failed: 0 });
  expect(imported.facts.maker).toContain("mitmproxy har_dump");
  const { reader, details } = openCapture(imported.path, imported.captureId);
  try {
    const rows = await details();
    const told = rows.map(({ method, url, outcome }) => [
      method,
      url.replace("http://127.0.0.1:18080", ""),
      outcome.kind === "responded" ? outcome.status : outcome.kind,
    ]);
    expect(told).toEqual([
      ["GET", "/finesse/api/SystemInfo?nocache=1", 200],
      ["POST", "/http-bind/", 200],
      ["GET", "/gzip", 200],
      ["GET", "/png", 200],
      ["GET", "/empty", 204],
      ["GET", "/twice", 200],
      ["GET", "/nothing", 404],
      ["POST", "/form", 404],
      ["GET", "/ws/", 101],
    ]);
    const body = async (index: number): Promise<Buffer> =>
      Buffer.from((await reader.body(rows[index]?.id ?? "", "response"))?.bytes ?? []);
    expect((await body(2)).toString("utf8")).toBe("ñandú ".repeat(500));
    expect(await body(3)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255, 254]));
    expect((await body(5)).toString("utf8")).toBe("añil 漢字");
    const sent = await reader.body(rows[7]?.id ?? "", "request");
    // mitmproxy took the form's UTF-8 for Latin-1; what it wrote is what is read.
    expect(Buffer.from(sent?.bytes ?? []).toString("utf8")).toBe("a=1&b=Ã±");
    expect(imported.timeline.sessions.map(({ sid }) => sid)).toEqual(["f382a015"]);
  } finally {
    await reader.close();
  }
});
