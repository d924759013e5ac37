/** No planted secret and nobody's name is in a redacted export of any format; what belongs together still does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importFile } from "../../../src/capture-folder.ts";
import { exportCapture, exportFormats } from "../../../src/export-capture.ts";
import { base64 } from "../redact/planted.ts";
import { captureOf, copy, message, openCapture, temporaryFolder } from "./copies.ts";
import { allCopies, allPlanted, leaksIn, textOf } from "./leaks.ts";
import { people, peopleCopies, secrets } from "./planted-capture.ts";

test("there are fifty secrets and more", () => {
  expect(secrets.length).toBeGreaterThanOrEqual(50);
});

for (const keepSecrets of [false, true]) {
  const kind = keepSecrets ? "a capture that kept its secrets" : "a capture";
  test(`nothing planted is in a redacted export of ${kind}`, async () => {
    using folder = temporaryFolder();
    await using capture = await captureOf(allCopies(), { keepSecrets });
    for (const format of exportFormats) {
      const out = join(folder.path, `a.${format}`);
      const order = { source: capture.path, out, format, captureId: null, query: "" } as const;
      const { report } = await exportCapture(
        { ...order, redact: { hosts: false }, password: null },
        () => undefined,
      );
      expect({ format, leaks: leaksIn(await textOf(out), allPlanted) }).toEqual({
        format,
        leaks: [],
      });
      expect(report.secrets).toBe(keepSecrets ? "at-export" : "at-capture");
      expect(report.replaced["agent"]?.distinct).toBeGreaterThanOrEqual(2);
    }
  });
}

for (const keepSecrets of [false, true]) {
  const kind = keepSecrets ? "a capture that kept its secrets" : "a capture";
  test(`what people and tools wrote of an exchange gives no secret away: ${kind}`, async () => {
    using folder = temporaryFolder();
    const basic = base64("1001:Plant3d!known");
    const head = `GET /finesse/api/User/1001 HTTP/1.1\nHost: fin1\nAuthorization: Basic ${basic}\n\n`;
    await using capture = await captureOf(
      [
        copy(1, {
          request: message(head, null),
          response: message("HTTP/1.1 401 no Plant3d!known\n\n", null),
          outcome: { kind: "responded", status: 401, reason: "no Plant3d!known" },
          comment: "curl -u 1001:Plant3d!known password=Plant3d!comment",
        }),
        copy(2, {
          request: message(head, null),
          response: null,
          outcome: {
            kind: "failed",
            phase: "headers",
            cause: "reset",
            blame: "server",
            status: null,
            alert: null,
            detail:
              "ERR_FAILED Plant3d!known ?token=Plant3dToken Authorization: Bearer Plant3dBearer",
          },
        }),
      ],
      { keepSecrets },
    );
    for (const format of exportFormats) {
      const out = join(folder.path, `a.${format}`);
      const order = { source: capture.path, out, format, captureId: null, query: "" } as const;
      await exportCapture({ ...order, redact: { hosts: false }, password: null }, () => undefined);
      expect(await textOf(out)).not.toContain("Plant3d");
    }
  });
}

test("without redaction the same search finds them all", async () => {
  using folder = temporaryFolder();
  await using capture = await captureOf(allCopies(), { keepSecrets: true });
  const out = join(folder.path, "a.har");
  await exportCapture(
    {
      source: capture.path,
      out,
      format: "har",
      captureId: null,
      query: "",
      redact: null,
      password: null,
    },
    () => undefined,
  );
  const found = leaksIn(await textOf(out), allPlanted);
  expect(found).toEqual(expect.arrayContaining(Object.keys(people)));
  // Some are written in a way of their own: base64url, escapes of escapes.
  expect(found.length).toBeGreaterThan(allPlanted.length * 0.8);
});

test("hosts go when asked", async () => {
  using folder = temporaryFolder();
  await using capture = await captureOf(peopleCopies(1));
  const out = join(folder.path, "a.har");
  const order = { source: capture.path, out, format: "har", captureId: null, query: "" } as const;
  await exportCapture({ ...order, redact: { hosts: true }, password: null }, () => undefined);
  expect(
    leaksIn(await textOf(out), [
      ["host", "fin1.demo.test"],
      ["client", "10.1.1.5"],
      ["server", "10.1.0.7"],
    ]),
  ).toEqual([]);
});

test("the same agent and session have the same pseudonym everywhere, and join again when imported", async () => {
  using folder = temporaryFolder();
  await using capture = await captureOf(peopleCopies(1));
  const out = join(folder.path, "a.saz");
  const order = { source: capture.path, out, format: "saz", captureId: null, query: "" } as const;
  await exportCapture({ ...order, redact: { hosts: false }, password: null }, () => undefined);
  const before = capture.folded.timeline;
  const imported = await importFile(out, {
    folder: folder.path,
    password: null,
    keys: null,
    keepSecrets: false,
    bodyLimit: 1_000_000,
    onProgress: () => undefined,
  });
  expect(imported.timeline.sessions.map(({ requests, phase }) => ({ requests, phase }))).toEqual(
    before.sessions.map(({ requests, phase }) => ({ requests, phase })),
  );
  expect(imported.timeline.agents).toHaveLength(before.agents.length);
  const { reader, details } = openCapture(imported.path, imported.captureId);
  const [one, two] = [await capture.details(), await details()];
  await reader.close();
  const pairs = new Set(
    one.map(({ agent, sid }, index) =>
      JSON.stringify([agent, two[index]?.agent, sid, two[index]?.sid]),
    ),
  );
  const agents = new Map(one.map(({ agent }, index) => [agent, two[index]?.agent]));
  expect(agents.get(people["agent id"] ?? "")).toMatch(/^agent~\d+$/);
  expect(new Set(agents.values()).size).toBe(agents.size);
  expect(pairs.size).toBe(new Set(one.map(({ agent, sid }) => `${agent} ${sid}`)).size);
  // Counters stay, so that gaps can be seen.
  expect(two.map(({ rid }) => rid)).toEqual(one.map(({ rid }) => rid));
});

test("a file with a password shows nothing without it", async () => {
  using folder = temporaryFolder();
  await using capture = await captureOf(peopleCopies(1));
  const out = join(folder.path, "a.saz");
  const order = { source: capture.path, out, format: "saz", captureId: null, query: "" } as const;
  await exportCapture({ ...order, redact: null, password: "Geheim" }, () => undefined);
  expect(leaksIn(readFileSync(out, "latin1"), Object.entries(people))).toEqual([]);
  const imported = importFile(out, {
    folder: folder.path,
    password: "wrong",
    keys: null,
    keepSecrets: false,
    bodyLimit: 1_000_000,
    onProgress: () => undefined,
  });
  await expect(imported).rejects.toMatchObject({ code: "password-needed" });
});
