/** The sample files, read from the repository's own copy. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const samplesFolder = fileURLToPath(new URL("../../fixtures/samples/", import.meta.url));

export const sample = (path: string): string => readFileSync(`${samplesFolder}${path}`, "utf8");

/** Paths of all sample files below a folder. */
export const samplesIn = (folder: string): string[] =>
  readdirSync(`${samplesFolder}${folder}`).map((name) => `${folder}/${name}`);

/** Rows of a measured trace: the header's names with their values. */
export function traceRows(path: string): Record<string, string>[] {
  const [header = "", ...lines] = sample(path).trim().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const values = line.split(",");
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
  });
}

/** File → bytes, as the manifest says. */
export function manifest(): ReadonlyMap<string, number> {
  const rows = sample("README.md").matchAll(/^\| ([\w./-]+) \| (\d+) \| (\w[\w-]*) \|/gm);
  return new Map([...rows].map((row) => [row[1] ?? "", Number(row[2])]));
}
