/** Wireshark's command line: reads packet captures, puts TCP together and decrypts TLS. It is asked for lines and nothing else. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { codeOf, fail, reasonOf } from "../../base/errors.ts";
import { rowFields, rowFilter } from "./packet-row.ts";

/** Left undissected, so that their bytes come as they were. */
const undissected = ["http", "http2", "websocket", "xmpp"];

export interface TsharkRun {
  /** Throws "tool-missing", "file-unreadable". */
  lines(): AsyncGenerator<string>;
  /** The capture ended in the middle of a packet. Known once the lines were taken. */
  readonly isCut: boolean;
}

type Ending = { readonly code: number | null } | { readonly failure: Error };

/** `keys`: a key log; keys within the file are used in any case. */
export function runTshark(path: string, keys: string | null): TsharkRun {
  let isCut = false;
  return {
    get isCut() {
      return isCut;
    },
    async *lines() {
      const child = spawn(programPath(), argumentsFor(path, keys), {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let complaint = "";
      child.stderr.on("data", (text) => (complaint = `${complaint}${text}`.slice(-4000)));
      const ended = new Promise<Ending>((resolve) => {
        child.once("error", (error) => resolve({ failure: missing(error) }));
        child.once("close", (code) => resolve({ code }));
      });
      try {
        yield* linesOf(child.stdout);
        const ending = await ended;
        if ("failure" in ending) throw ending.failure;
        const { code } = ending;
        isCut = /cut short|cut in the middle/i.test(complaint);
        if (code !== 0 && !isCut)
          throw fail("file-unreadable", { path, why: whyIn(complaint, code) });
      } finally {
        if (child.exitCode === null) child.kill();
      }
    },
  };
}

function argumentsFor(path: string, keys: string | null): string[] {
  const preferences = [
    "tcp.reassemble_out_of_order:TRUE",
    "tcp.relative_sequence_numbers:TRUE",
    ...(keys === null ? [] : [`tls.keylog_file:${keys}`]),
  ];
  const input = ["-r", path, "-n", "-Q", "-Y", rowFilter];
  const output = ["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,"];
  return [
    ...input,
    ...preferences.flatMap((preference) => ["-o", preference]),
    ...undissected.flatMap((name) => ["--disable-protocol", name]),
    ...output,
    ...rowFields.flatMap((field) => ["-e", field]),
  ];
}

/** Wireshark's installer for Windows does not put it on the path. */
function programPath(): string {
  const named = process.env["BOSHSCOPE_TSHARK"];
  if (named !== undefined && named !== "") return named;
  const installed = [
    "C:\\Program Files\\Wireshark\\tshark.exe",
    "/Applications/Wireshark.app/Contents/MacOS/tshark",
  ];
  return installed.find((path) => existsSync(path)) ?? "tshark";
}

function missing(error: unknown): Error {
  if (codeOf(error) !== "ENOENT") return fail("tool-missing", { why: reasonOf(error) }, error);
  return fail("tool-missing", { why: "it is not installed, or not on the PATH" }, error);
}

/** Its last words, without what it says about running as root. */
function whyIn(complaint: string, code: number | null): string {
  const lines = complaint
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("Running as user"));
  return lines.at(-1)?.replace(/^tshark: /, "") ?? `tshark ended with code ${code}`;
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const parts: Buffer[] = [];
  for await (const chunk of stream) {
    let at = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, at)) {
      const rest = chunk.subarray(at, end);
      yield (parts.length === 0 ? rest : Buffer.concat([...parts, rest])).toString("latin1");
      parts.length = 0;
      at = end + 1;
    }
    if (at < chunk.length) parts.push(chunk.subarray(at));
  }
}
