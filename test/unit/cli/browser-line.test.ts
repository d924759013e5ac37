import { expect, test } from "vitest";
import { browserLine } from "../../../src/cli/browser-line.ts";
import { readConfig } from "../../../src/config.ts";

test("a Boshscope on a folder of its own is found by the command that start tells", () => {
  const line = (...argv: string[]): string => browserLine(readConfig(argv, {}));
  expect(line()).toBe("boshscope browser");
  expect(line("--data-dir", "/tmp/d")).toBe("boshscope browser --data-dir /tmp/d");
  expect(line("--data-dir", "/tmp/my d", "--certs-dir", "/tmp/c")).toBe(
    'boshscope browser --data-dir "/tmp/my d" --certs-dir /tmp/c',
  );
});
