/** What export, report, redact and capture read and write: no file is lost, no wish is passed over. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCapture } from "../../../src/cli/capture.ts";
import { runExport } from "../../../src/cli/export.ts";
import { runRedact } from "../../../src/cli/redact.ts";
import { runReport } from "../../../src/cli/report.ts";
import { atTerminal } from "../../support/surroundings.ts";
import { type Capture, captureOf, copy, temporaryFolder } from "../interchange/copies.ts";

const inFolder = () => {
  const folder = temporaryFolder();
  return { ...folder, at: (name: string): string => join(folder.path, name) };
};
const exported = (capture: Capture, ...argv: string[]) =>
  runExport(["--file", capture.path, ...argv], atTerminal);
const onlySaz = { code: "config-invalid", remedy: expect.stringContaining("Only SAZ") };

test("a password that would protect nothing is refused", async () => {
  await using capture = await captureOf([copy(1)]);
  using folder = inFolder();
  const [har, saz] = [folder.at("a.har"), folder.at("a.saz")];
  await expect(exported(capture, "-o", har, "--password", "geheim")).rejects.toMatchObject(onlySaz);
  expect(existsSync(har)).toBe(false);
  await exported(capture, "-o", saz, "--password", "geheim");
  const around = { ...atTerminal, say: () => undefined, asked: Promise.resolve(), timeScale: 1 };
  await expect(runCapture(["-o", har, "--password", "x"], around)).rejects.toMatchObject(onlySaz);

  // Where the file that is read is protected, it is meant for that.
  await runRedact([saz, "-o", har, "--password", "geheim"], atTerminal);
  await expect(
    runRedact([har, "-o", folder.at("b.har"), "--password", "geheim"], atTerminal),
  ).rejects.toMatchObject(onlySaz);
  await runExport(["--file", saz, "-o", folder.at("c.har"), "--password", "geheim"], atTerminal);
  // In the variable it is for whatever needs one.
  const env = { BOSHSCOPE_FILE_PASSWORD: "geheim" };
  const argv = ["--file", saz, "-o", folder.at("d.har")];
  expect(await runExport(argv, { ...atTerminal, env })).toContain("1 exchanges");
});

test("export and report read captures of any format, and say what they can't read", async () => {
  await using capture = await captureOf([copy(1), copy(2)]);
  using folder = inFolder();
  const har = folder.at("all.har");
  await exported(capture, "-o", har);
  const again = ["--file", har, "-o", folder.at("again.saz")];
  expect(await runExport(again, atTerminal)).toContain("2 exchanges");
  expect(await runReport(["--file", har, "--format", "md"], atTerminal)).toContain("#");
  const none = ["--file", folder.at("none.har")];
  await expect(runReport(none, atTerminal)).rejects.toThrow("there is no such file");
  await expect(runExport([...none, "-o", folder.at("x.har")], atTerminal)).rejects.toThrow(
    "there is no such file",
  );
  const empty = ["--data-dir", folder.at("data")];
  await expect(runReport(empty, atTerminal)).rejects.toThrow("there is no capture yet");
  await expect(
    exported(capture, "--capture", "nope", "-o", folder.at("x.har")),
  ).rejects.toMatchObject({ code: "not-found", remedy: "There is c0ffee (test)." });
});

test("a report replaces no file, is written as what its name says, and has its finding", async () => {
  await using capture = await captureOf([copy(1)]);
  using folder = inFolder();
  const reported = (...argv: string[]) => runReport(["--file", capture.path, ...argv], atTerminal);
  writeFileSync(folder.at("case.html"), "mine");
  await expect(reported("-o", folder.at("case.html"))).rejects.toThrow("--force");
  expect(readFileSync(folder.at("case.html"), "utf8")).toBe("mine");
  await reported("-o", folder.at("case.html"), "--force");
  expect(readFileSync(folder.at("case.html"), "utf8")).toContain("<html");
  await expect(reported("-o", folder.at("case.pdf"))).rejects.toThrow("HTML or Markdown");
  await reported("-o", folder.at("case.txt"), "--format", "md");
  await expect(reported("--finding", "nope")).rejects.toMatchObject({ code: "not-found" });
  await expect(reported("-o", folder.at("none/case.md"))).rejects.toThrow("no such folder");
});
