/** Wireshark's own programs, as a witness that nobody here wrote: Debian's package tshark. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { polled } from "./changes.ts";

/** What `tshark -r FILE …` prints. Fails by name where it is not installed. */
export function tshark(file: string, args: readonly string[]): string {
  return run("tshark", ["-r", file, ...args]);
}

/** One line for each packet that matches, its fields separated by tabs. */
export function fieldsOf(
  file: string,
  filter: string,
  fields: readonly string[],
  options: readonly string[] = [],
): string[][] {
  const named = fields.flatMap((field) => ["-e", field]);
  const text = tshark(file, [...options, "-Y", filter, "-T", "fields", ...named]);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
}

export const capinfos = (file: string): string => run("capinfos", [file]);

function run(program: string, args: readonly string[]): string {
  const { stdout, stderr, status, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${stderr}`);
  return stdout;
}

export interface PacketCapture extends AsyncDisposable {
  /** Ends it; all packets are in the file then. */
  stop(): Promise<void>;
}

/** Captures on the loopback interface until it is stopped. Needs root, or membership in the group wireshark. */
export async function capturePackets(file: string, filter: string): Promise<PacketCapture> {
  const args = ["-i", "lo", "-f", filter, "-w", file, "-q", "-a", "duration:120"];
  const child = spawn("dumpcap", args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => (said += String(text)));
  const exited = once(child, "exit");
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
    await exited;
  };
  await polled(
    () => {
      if (child.exitCode !== null) throw new Error(`dumpcap did not start:\n${said}`);
      // It says so once packets are taken.
      return /^File: /m.test(said) ? true : undefined;
    },
    "dumpcap captures",
    15_000,
  );
  return { stop, [Symbol.asyncDispose]: stop };
}
