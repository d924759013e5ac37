/** The report by the API: whole, in the language asked for, with a policy that runs nothing. */
import { expect, test } from "vitest";
import { aFinding } from "../../support/a-finding.ts";
import { startTestServer } from "./started-server.ts";

test("the report tells the capture's findings in the language asked for, and nothing in it may run", async () => {
  await using bench = await startTestServer();
  bench.capture.setFindings([aFinding()]);
  const english = await bench.ask("/api/report.html");
  const spanish = await bench.ask("/api/report.html?lang=es");
  expect(english.status).toBe(200);
  expect(english.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(english.headers["content-security-policy"]).toMatch(
    /^sandbox allow-downloads; default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
  );
  expect(english.text).toContain("the desktop&#39;s tab stopped asking fin1 for 31 s");
  expect(spanish.text).toContain('<html lang="es">');
  expect(spanish.text).toContain("dejó de preguntar");
});

test("one finding alone, as Markdown; a language or a filter that can't be read is refused", async () => {
  await using bench = await startTestServer();
  bench.capture.setFindings([aFinding(), aFinding({ id: "cap1-f2", agent: "1001009" })]);
  const one = await bench.ask("/api/report.md?finding=cap1-f1");
  const both = await bench.ask("/api/report.md");
  expect(one.headers["content-type"]).toBe("text/markdown; charset=utf-8");
  expect(one.text.match(/^### /gm)).toHaveLength(1);
  expect(both.text.match(/^### /gm)).toHaveLength(2);
  expect((await bench.ask("/api/report.html?lang=fr")).status).toBe(400);
});
