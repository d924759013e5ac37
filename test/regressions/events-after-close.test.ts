/** Traffic that goes on while Boshscope stops once reached a closed database: the recorder's thread ended with an error. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLog } from "../../src/base/log.ts";
import { startRecorder } from "../../src/start-recorder.ts";

test("events that come after the recorder was closed do no harm", async () => {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-recorder-"));
  const lines: string[] = [];
  const log = createLog({ level: "info", format: "text", write: (line) => lines.push(line) });
  const recorder = await startRecorder(
    {
      path: join(folder, "capture.sqlite"),
      captureId: "c1",
      captureName: "test",
      bodyLimit: 1000,
      keepSecrets: false,
      keyLog: null,
      maxBytes: 1e9,
      maxAgeMs: 1e9,
      timeScale: 1,
    },
    log,
  );
  const closing = recorder.close();
  const bytes = Buffer.from("GET /a HTTP/1.1\r\n\r\n");
  // More than one batch, so that some are posted at once, behind the close.
  for (let exchange = 1; exchange <= 20_000; exchange++) {
    recorder.emit({
      kind: "request-head",
      exchange,
      connection: 1,
      at: 1,
      secure: true,
      host: "fin1",
      port: 7443,
      bytes,
    });
    recorder.emit({
      kind: "exchange-failed",
      exchange,
      at: 2,
      phase: "headers",
      cause: "reset",
      blame: "client",
      alert: null,
      detail: "",
    });
  }
  await closing;
  expect(lines).toEqual([]);
  rmSync(folder, { recursive: true });
});
