/** `boshscope export`: captures as files for other tools and other people. */
import { extname } from "node:path";
import { fail } from "../base/errors.ts";
import { readConfig } from "../config.ts";
import {
  type ExportFormat,
  type ExportOrder,
  exportCapture,
  exportFormats,
  writeWhole,
} from "../export-capture.ts";
import { formatOf as fileFormat } from "../interchange/open-file.ts";
import { withKeys } from "../interchange/packets/add-keys.ts";
import { reportLines } from "../interchange/sharing/share-report.ts";
import { type Aside, openAside, sourceOf } from "./bring-in.ts";
import { type Command, jsonOption, type Option, passwordOption, textOption } from "./command.ts";
import { type ReadFlags, readFlags } from "./flags.ts";
import { passwordOf, refuseIdlePassword } from "./given.ts";
import { forceOption, neededOutOf, outOption } from "./out-file.ts";
import { isJson, type Surroundings } from "./surroundings.ts";

/** How a file is shared: `export`, `capture` and `redact` have them. */
export const formatOption = {
  flag: "--format",
  value: "FORMAT",
  choices: ["har", "saz", "native", "pcapng"],
  about:
    "HAR 1.2, Fiddler's SAZ, Boshscope's own file, or packets for Wireshark; left out = by the file's ending.",
} as const satisfies Option;
export const redactHostsOption = {
  flag: "--redact-hosts",
  about: "Replace host names and network addresses, too.",
} as const satisfies Option;
export const noRedactOption = {
  flag: "--no-redact",
  about: "Leave agents, names, numbers and call data as they are.",
} as const satisfies Option;
export const exportCommand = {
  name: "export",
  words: "--out FILE",
  about: "Write a capture, or what a filter selects of it, as HAR, SAZ or native file; redacted.",
  more: [
    "Agents, names, numbers, call data and session ids are replaced by pseudonyms, the same by the same, so that what belongs together still does. What was replaced and what was not is told. Works beside a running Boshscope.",
  ],
  options: [
    outOption,
    formatOption,
    {
      flag: "--query",
      value: "FILTER",
      about: "Exchanges that match, in the filter language of the page: host:fin1 is:pending.",
    },
    {
      flag: "--capture",
      value: "ID",
      about: "The capture of that id, also an imported one; left out = the newest.",
    },
    {
      flag: "--file",
      value: "FILE",
      about: "A capture file of any format, in place of the data folder's.",
    },
    {
      flag: "--keys",
      value: "FILE",
      about: "TLS keys to put into the packet capture that --file names. Undoes redaction.",
    },
    redactHostsOption,
    noRedactOption,
    passwordOption,
    forceOption,
    jsonOption,
    textOption,
  ],
  settings: ["--data-dir"],
  examples: [
    "boshscope export --out case.saz --query 'agent:1001003 at>2026-03-01T09:00'",
    "boshscope export --out case.har --redact-hosts",
    "boshscope export --file wire.pcapng --keys keys.log --out with-keys.pcapng",
  ],
} as const satisfies Command;

/** What to print, once the file is written. */
export async function runExport(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<string> {
  const flags = readFlags(argv, exportCommand);
  const { env, progress } = surroundings;
  const out = neededOutOf(flags, usage);
  const file = flags.value("--file");
  const hasKeys = flags.value("--keys") !== null;
  const format = hasKeys ? "pcapng" : formatFor(flags, out);
  const source = sourceOf(flags, readConfig(flags.rest, env).settings);
  await refuseIdlePassword(flags, { format, input: file === null ? null : source });
  if (hasKeys) return addKeys(flags, out, isJson(flags, surroundings));
  const isRedacted = !flags.has("--no-redact");
  using aside = openAside("export");
  const order: ExportOrder = {
    source: await broughtIn(source, aside, passwordOf(flags, env)),
    out,
    format,
    captureId: flags.value("--capture"),
    query: flags.value("--query") ?? "",
    redact: isRedacted ? { hosts: flags.has("--redact-hosts") } : null,
    password: passwordOf(flags, env),
  };
  const { count, report } = await exportCapture(order, (read, of) =>
    progress.show(`${out}: ${read} of ${of} exchanges read`),
  );
  progress.clear();
  if (isJson(flags, surroundings))
    return JSON.stringify({ out, format, redacted: isRedacted, ...report });
  const hint = format === "pcapng" ? [wiresharkHint(out)] : [];
  return [`${out}: ${count} exchanges`, ...reportLines(report, isRedacted), ...hint].join("\n");
}

/** Of other tools' files what an import would read. Packets are another matter: they need their keys. */
async function broughtIn(source: string, aside: Aside, password: string | null): Promise<string> {
  if ((await fileFormat(source)) !== "pcap") return aside.bring(source, { password, keys: null });
  throw fail("file-unreadable", {
    path: source,
    why: "it is a packet capture",
    remedy: "Take it in first: boshscope import FILE --keylog KEYS.",
  });
}

const wiresharkHint = (out: string): string =>
  `Look at it with: tshark -r ${out} -d tcp.port==7443,http -d tcp.port==8445,http (in Wireshark: Analyze, Decode As)`;

const usage = "boshscope export --out FILE; boshscope help export tells the rest.";

/** As it was asked for, or as the file's name ends. Throws "config-invalid". */
export function formatFor(
  flags: ReadFlags<"--format">,
  out: string,
  otherwise?: ExportFormat,
): ExportFormat {
  const word = flags.value("--format") ?? extname(out).slice(1).toLowerCase();
  const format = exportFormats.find((known) => known === (word === "native" ? "boshscope" : word));
  const found = format ?? otherwise;
  if (found !== undefined) return found;
  throw fail("config-invalid", {
    problem: `"${word}" is no format of an export.`,
    remedy:
      "Name the file .har, .saz, .boshscope or .pcapng, or say --format har|saz|native|pcapng.",
  });
}

/** Keys make sense where there is something to decrypt: in a capture of the wire, not in packets that were made of what is decrypted. */
async function addKeys(
  flags: ReadFlags<"--file" | "--keys">,
  out: string,
  asJson: boolean,
): Promise<string> {
  const [file, keys] = [flags.value("--file"), flags.value("--keys") ?? ""];
  if (file === null || (await fileFormat(file)) !== "pcap")
    throw fail("config-invalid", {
      problem:
        "--keys has nothing to decrypt here: the packets of an export are made of what is decrypted already.",
      remedy:
        "To put keys into a capture of the wire: boshscope export --file WIRE.pcapng --keys KEYS --out WITH-KEYS.pcapng",
    });
  const keyed = await withKeys(file, keys);
  await writeWhole(keyed.bytes(), out);
  const warning =
    "Whoever has this file reads everything in it, passwords too: nothing was redacted.";
  if (asJson)
    return JSON.stringify({ out, format: "pcapng", connections: keyed.connections, warning });
  return `${out}: keys of ${keyed.connections} connections put in.\n${warning}`;
}
