/** `boshscope import FILE…`: takes captures of other tools into the data folder. */
import { statSync } from "node:fs";
import { BoshscopeError, fail } from "../base/errors.ts";
import { type Imported, type ImportOptions, importFile } from "../capture-folder.ts";
import { readConfig } from "../config.ts";
import { renderFinding } from "../diagnose/words/render.ts";
import { importedFolder } from "../imported-captures.ts";
import type { PacketFacts } from "../interchange/packets/read-packets.ts";
import { type Command, jsonOption, keylogOption, passwordOption, textOption } from "./command.ts";
import { readFlags } from "./flags.ts";
import { keysOf, passwordOf } from "./given.ts";
import { megabytes, type Progress } from "./progress.ts";
import { isJson, type Surroundings } from "./surroundings.ts";

export const importCommand = {
  name: "import",
  words: "FILE…",
  about: "Take captures of other tools, and other people's, into the data folder.",
  more: [
    "HAR, SAZ, .boshscope files and packet captures (pcap, pcapng; by tshark) are told by their content. Each becomes a capture of its own, is diagnosed like a live one, and shows in a running Boshscope at once.",
  ],
  options: [passwordOption, keylogOption, jsonOption, textOption],
  settings: ["--data-dir", "--keep-secrets", "--body-limit"],
  examples: ["boshscope import agent.har monday.saz"],
} as const satisfies Command;

export interface ImportSurroundings extends Surroundings {
  /** Prints a line at once. */
  readonly say: (text: string) => void;
  /** Tells a failure at once. */
  readonly complain: (error: BoshscopeError) => void;
}

/** Failures of the one file: the others are taken in. */
const ofFile: ReadonlySet<string> = new Set([
  "file-unreadable",
  "password-needed",
  "tool-missing",
  "store-newer",
]);

/** Each is told as it is done. The exit code: 1 when one of them could not be taken in. */
export async function runImport(
  argv: readonly string[],
  surroundings: ImportSurroundings,
): Promise<number> {
  const { env, progress, say, complain } = surroundings;
  const flags = readFlags(argv, importCommand);
  if (flags.words.length === 0) {
    throw fail("config-invalid", {
      problem: "No file was named.",
      remedy:
        "boshscope import FILE… takes HAR, SAZ and .boshscope files, and packet captures (--keylog KEYS).",
    });
  }
  const { settings } = readConfig(flags.rest, env);
  const shared = {
    folder: importedFolder(settings.dataDir),
    password: passwordOf(flags, env),
    keys: keysOf(flags, env),
    keepSecrets: settings.keepSecrets,
    bodyLimit: settings.bodyLimit,
  };
  let exitCode = 0;
  for (const path of flags.words) {
    try {
      const onProgress = importProgress(path, progress);
      const imported = await importFile(path, { ...shared, onProgress });
      progress.clear();
      const asJson = isJson(flags, surroundings);
      say(asJson ? JSON.stringify(summaryOf(imported)) : sentence(path, imported));
    } catch (error) {
      progress.clear();
      if (!(error instanceof BoshscopeError) || !ofFile.has(error.code)) throw error;
      complain(error);
      exitCode = 1;
    }
  }
  return exitCode;
}

/** What a terminal shows while a file is read. */
export function importProgress(path: string, progress: Progress): ImportOptions["onProgress"] {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return ({ bytes, exchanges }) =>
    progress.show(
      bytes >= 0
        ? `${path}: read ${megabytes(bytes)} of ${megabytes(size)}`
        : `${path}: ${exchanges} exchanges`,
    );
}

function summaryOf(imported: Imported): Readonly<Record<string, unknown>> {
  const { captureId, path, name, format, facts, exchanges, pending, failed, from, to } = imported;
  const { sessions, agents } = imported.timeline;
  return {
    captureId,
    path,
    name,
    format,
    maker: facts.maker,
    isCut: facts.isCut,
    packets: facts.packets,
    exchanges,
    pending,
    failed,
    sessions: sessions.length,
    agents: agents.length,
    findings: imported.findings.length,
    from,
    to,
  };
}

function sentence(file: string, imported: Imported): string {
  const { exchanges, pending, failed, from, to, facts, format, timeline, path } = imported;
  const span = from === null ? "" : `, ${from} to ${to}`;
  const verdicts = imported.findings.map((finding) => {
    const { at, title } = renderFinding(finding, "en");
    return `\n  ${at.slice(11, 19)} ${title}`;
  });
  const cut = facts.isCut
    ? "\n  The file ends in the middle: what was whole before that was taken."
    : "";
  const nothing = exchanges === 0 ? "\n  WARNING: nothing was found in it." : "";
  const sides = facts.packets === undefined ? "" : packetWords(facts.packets);
  return (
    `${file}: ${format.toUpperCase()} by ${facts.maker}${span}\n` +
    `  ${exchanges} exchanges (${pending} without an answer, ${failed} failed), ${timeline.sessions.length} sessions, ${timeline.agents.length} agents${sides}${cut}${nothing}${verdicts.join("")}\n` +
    `  Kept in ${path}; its verdict again: boshscope analyze ${path}`
  );
}

function packetWords({ http, plain, sealed, http2, twins }: PacketFacts): string {
  const parts = [
    `${http} connections decrypted, ${plain} were in the clear`,
    sealed > 0 ? `${sealed} could not be decrypted` : "",
    http2 > 0 ? `${http2} speak HTTP/2, which is not read` : "",
    twins > 0 ? `${twins} were seen on both sides of a proxy and told once` : "",
  ];
  return `\n  ${parts.filter((part) => part !== "").join(", ")}`;
}
