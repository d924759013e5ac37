/** The headers that go with every answer, whatever it is. */
import { expect, test } from "vitest";
import { startTestServer } from "./started-server.ts";

test.each(["/", "/api/health", "/api/nothing", "/proxy.pac", "/openapi.json", "/nothing"])(
  "%s tells browsers what they may do with it",
  async (path) => {
    await using bench = await startTestServer();
    const { headers } = await bench.ask(path);
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
    });
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  },
);

test("a refusal carries them too", async () => {
  await using bench = await startTestServer();
  const { status, headers } = await bench.ask("/api/health", { headers: { Host: "evil.test" } });
  expect(status).toBe(403);
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
});
