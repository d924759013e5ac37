/** Looks for planted secrets and people in files of any format, in every way in which text can be written. */
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { openZip } from "../../../src/interchange/zip/open-zip.ts";
import { people, peopleCopies, secretCopies, secrets } from "./planted-capture.ts";

/** Whatever stands before and after it, this much of its base64 is the same. */
function base64Cores(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift, 0x41), Buffer.from(text)]).toString("base64");
    return whole.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + text.length) * 8) / 6));
  });
}

const formsOf = (text: string): string[] => [
  text,
  encodeURIComponent(text),
  encodeURIComponent(encodeURIComponent(text)),
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  JSON.stringify(text).slice(1, -1),
  ...(text.length < 6 ? [] : base64Cores(text)),
];

/** HAR is JSON around everything: what that escapes is looked for as it was, too. */
const unescaped = (text: string): string =>
  `${text}\n${text.replaceAll(/\\(["\\/])/g, "$1")}\n${text.replaceAll(/\\(["\\/])/g, "$1").replaceAll(/\\(["\\/])/g, "$1")}`;

/** All text of the file, archives unpacked. */
export async function textOf(path: string): Promise<string> {
  if (!path.endsWith(".saz")) return unescaped(readFileSync(path, "latin1"));
  const file = await open(path, "r");
  const { size } = await file.stat();
  const texts: string[] = [];
  for await (const entry of openZip(file, size, null).entries())
    texts.push(entry.name, (await entry.content()).toString("latin1"));
  await file.close();
  return unescaped(texts.join("\n"));
}

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

export function leaksIn(text: string, wanted: readonly (readonly [name: string, value: string])[]) {
  return wanted
    .filter(([, value]) => formsOf(value).some((form) => text.includes(latin1(form))))
    .map(([name]) => name);
}

/** By name: what must not be found. */
export const allPlanted = [
  ...secrets.map(({ name, secret }) => [`secret: ${name}`, secret] as const),
  ...Object.entries(people),
];

export async function* allCopies() {
  yield* secretCopies();
  yield* peopleCopies(secrets.length + 1);
}
