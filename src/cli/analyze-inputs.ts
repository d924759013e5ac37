/** What `analyze` is given: captures and logs, told by what is in them and not by their names; and which of them could not be read. */
import { accessSync } from "node:fs";
import { basename } from "node:path";
import { BoshscopeError, codeOf, fail, fileReasonOf, innerReasonOf } from "../base/errors.ts";
import { formatIfCapture } from "../interchange/open-file.ts";
import { type LoadedLogs, loadLogs } from "../load-logs.ts";
import { type Aside, captureAt, type Given } from "./bring-in.ts";

export interface OwnCapture {
  /** As it was named. */
  readonly file: string;
  /** Of our own file: that, or what was brought in from it. */
  readonly path: string;
}

export interface Unread {
  readonly file: string;
  readonly why: BoshscopeError;
}

export interface AnalyzeInputs {
  readonly captures: readonly OwnCapture[];
  readonly logs: LoadedLogs;
  readonly unread: readonly Unread[];
}

/** Throws "file-unreadable" for a name that nothing has: a mistake in typing, before any work. */
export async function readInputs(
  words: readonly string[],
  aside: Aside,
  given: Given,
): Promise<AnalyzeInputs> {
  const paths = words.map((file) => ({ file, path: captureAt(file) }));
  for (const { path } of paths) refuseMissing(path);
  const captures: OwnCapture[] = [];
  const unread: Unread[] = [];
  const others: Other[] = [];
  for (const { file, path } of paths) {
    const brought = await broughtIn(path, aside, given);
    if (brought === null || brought instanceof BoshscopeError) {
      const mayBeLog = brought === null || brought.code === "file-unreadable";
      if (mayBeLog) others.push({ file, path, asCapture: brought });
      else unread.push({ file, why: brought });
    } else captures.push({ file, path: brought });
  }
  const logs = await loadLogs(others.map(({ path }) => ({ path, name: basename(path) })));
  return { captures, logs, unread: [...unread, ...logsNotRead(others, logs)] };
}

function refuseMissing(path: string): void {
  try {
    accessSync(path);
  } catch (error) {
    const remedy = "boshscope help analyze tells more.";
    if (codeOf(error) === "ENOENT")
      throw fail("file-unreadable", { path, why: fileReasonOf(error), remedy }, error);
  }
}

/** An archive of logs begins as a SAZ does, and a line of a log may begin as a HAR. */
interface Other {
  readonly file: string;
  readonly path: string;
  /** Why it can't be read as a capture; null = it does not look like one. */
  readonly asCapture: BoshscopeError | null;
}

/** null = it is no capture. */
async function broughtIn(
  path: string,
  aside: Aside,
  given: Given,
): Promise<string | BoshscopeError | null> {
  try {
    return (await formatIfCapture(path)) === null ? null : await aside.bring(path, given);
  } catch (error) {
    if (error instanceof BoshscopeError) return error;
    throw error;
  }
}

function logsNotRead(others: readonly Other[], { inputs }: LoadedLogs): readonly Unread[] {
  return others.flatMap(({ file, path, asCapture }, at) => {
    const { unread = null, isUnderstood = false } = inputs[at] ?? {};
    if (isUnderstood) return [];
    return [{ file, why: asCapture ?? unread ?? strange(path) }];
  });
}

const strange = (path: string): BoshscopeError =>
  fail("file-unreadable", {
    path,
    why: "it is no capture, and no line of it is in a form that is known of logs",
    remedy:
      "Captures are HAR, SAZ, pcap, pcapng or .boshscope; logs are those of Openfire, Desktop-webservices and the desktop's client.",
  });

/** The one failure, or all in one. */
export function nothingRead(unread: readonly Unread[]): BoshscopeError {
  const [first] = unread;
  if (first !== undefined && unread.length === 1) return first.why;
  return fail("nothing-read", {
    count: unread.length,
    why: unread.map(({ file, why }) => `${file}: ${innerReasonOf(why)}`).join("; "),
    remedy: first?.why.remedy,
  });
}
