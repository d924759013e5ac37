/** The one error class. Every failure a person can meet has a row here: what happened, and what to do next. */

const catalogue = {
  "port-in-use": (d: Details) => [
    `Port ${d["port"]} on ${d["host"]} is already in use (by another Boshscope, or Fiddler?).`,
    `Choose another with ${d["flag"]} N, or 0 for any, or stop the other program.`,
  ],
  "address-not-available": (d: Details) => [
    `This machine has no address ${d["host"]}.`,
    "Use --host 127.0.0.1, or an address of this machine.",
  ],
  "port-forbidden": (d: Details) => [
    `The system does not let this user listen on port ${d["port"]}.`,
    `Choose one above 1023 with ${d["flag"]} N.`,
  ],
  "data-dir-unusable": (d: Details) => [
    `The data folder ${d["path"]} can't be used: ${d["why"]}.`,
    "Name another with --data-dir DIR.",
  ],
  "data-dir-in-use": (d: Details) => [
    `The data folder ${d["path"]} is in use by Boshscope process ${d["pid"]}.`,
    "Stop that one, or name another with --data-dir DIR.",
  ],
  "certs-dir-unusable": (d: Details) => [
    `The certificate folder ${d["path"]} can't be used: ${d["why"]}.`,
    "Name another with --certs-dir DIR.",
  ],
  "ca-unreadable": (d: Details) => [
    `The root CA in ${d["path"]} can't be read: ${d["why"]}.`,
    `${d["remedy"] ?? "Move both files away to have a new CA made; browsers must then trust the new one."}`,
  ],
  "ca-expired": (d: Details) => [
    `The root CA in ${d["path"]} ended on ${d["until"]}.`,
    "Move both files away to have a new CA made; browsers must then trust the new one.",
  ],
  "config-invalid": (d: Details) => [
    `${d["problem"]}`,
    `${d["remedy"] ?? "Run boshscope --help for all options."}`,
  ],
  "query-invalid": (d: Details) => [
    `The filter can't be read at "${d["at"]}": ${d["why"]}.`,
    "Example: host:fin1 port:7443 is:pending status:404 body~READY hold>30s",
  ],
  "query-stopped": (d: Details) => [
    `The search was stopped: ${d["why"]}.`,
    "Narrow it, for example with host: or at>2026-01-01T09:00; body~ reads every body.",
  ],
  "not-found": (d: Details) => [
    `There is no ${d["what"]}.`,
    `${d["remedy"] ?? "Check its id. It may also have been cleared, or dropped by the size or age limit."}`,
  ],
  "request-invalid": (d: Details) => [
    `${d["problem"]}`,
    `${d["remedy"] ?? "See /openapi.json for what is accepted."}`,
  ],
  unauthorized: () => [
    "This needs the token.",
    "Open the address printed at start, or send Authorization: Bearer TOKEN.",
  ],
  "not-running": (d: Details) => [
    `No Boshscope is running on ${d["path"]}.`,
    "Run boshscope start first, or name the folder of the one that runs with --data-dir DIR.",
  ],
  "not-reached": (d: Details) => [
    `No Boshscope answers at ${d["url"]}: ${d["why"]}.`,
    "Look at the address of its page, which it prints at start; it may have ended since.",
  ],
  "token-refused": (d: Details) => [
    `The Boshscope at ${d["url"]} refuses this token.`,
    "It is new at each start unless given by --token; boshscope.json in the data folder has it.",
  ],
  "host-refused": (d: Details) => [
    `The Host ${d["host"]} is not this page's address.`,
    "Open the address printed at start.",
  ],
  "origin-refused": (d: Details) => [
    `Requests from ${d["origin"]} are not accepted.`,
    "Use the page that Boshscope serves, or a script without an Origin header.",
  ],
  "store-unreadable": (d: Details) => [
    `The capture file ${d["path"]} can't be read: ${d["why"]}.`,
    "It was left as it is. Name another folder with --data-dir DIR, or move the file away.",
  ],
  "store-newer": (d: Details) => [
    `The capture file ${d["path"]} was written by a newer Boshscope (schema ${d["found"]}, this one knows ${d["known"]}).`,
    "Update Boshscope, or name another folder with --data-dir DIR.",
  ],
  "store-failed": (d: Details) => [
    `The capture could not be written: ${d["why"]}.`,
    "Free some disk space. Traffic goes on; what was not kept is counted.",
  ],
  "browser-missing": () => [
    "No Chrome, Edge, Chromium or Firefox was found.",
    "Install one, or set PATH; or set the proxy in your browser by hand (README, first capture).",
  ],
  "browser-trust": (d: Details) => [
    `The browser profile could not be made to trust the root CA: ${d["why"]}.`,
    `${d["remedy"]}`,
  ],
  "file-unreadable": (d: Details) => [
    `The file${d["path"] === undefined ? "" : ` ${d["path"]}`} can't be read: ${d["why"]}.`,
    `${d["remedy"] ?? "Boshscope reads HAR, SAZ, packet captures and its own .boshscope files."}`,
  ],
  "file-unwritable": (d: Details) => [
    `The file ${d["path"]} can't be written: ${d["why"]}.`,
    "Name another with --out FILE.",
  ],
  "nothing-read": (d: Details) => [
    `None of the ${d["count"]} files could be read: ${d["why"]}.`,
    `${d["remedy"]}`,
  ],
  "password-needed": (d: Details) => [
    `${d["path"] ?? "The file"} is protected by a password${d["why"] === undefined ? "" : ` (${d["why"]})`}.`,
    "Give it with --password, or better in the variable BOSHSCOPE_FILE_PASSWORD.",
  ],
  "xmpp-failed": (d: Details) => [
    `The XMPP connection to ${d["host"]}:${d["port"]} failed: ${d["why"]}.`,
    "Check server, port and transport: 7443 BOSH, 7443 or 8445 WebSocket, 5222 STARTTLS, 5223 TLS.",
  ],
  "xmpp-refused": (d: Details) => [
    `The sign-in to XMPP did not succeed: ${d["why"]}.`,
    `${d["remedy"] ?? "Check the agent's login id, password and domain."}`,
  ],
  "stanza-refused": (d: Details) => [
    `${d["to"]} refused it: ${d["why"]}.`,
    "The answer is among the stanzas. services lists what the server offers.",
  ],
  "tool-missing": (d: Details) => [
    `Packet captures are read by Wireshark's tshark, which can't be run: ${d["why"]}.`,
    "Install it (Debian, Ubuntu: sudo apt install tshark; Windows: Wireshark's installer, with TShark; macOS: brew install wireshark), or name the program in BOSHSCOPE_TSHARK.",
  ],
  "playback-empty": (d: Details) => [
    `There is nothing to play in ${d["path"] ?? "this recording"}${d["why"] === undefined ? "" : `: ${d["why"]}`}.`,
    "It takes at least one HTTP exchange with its answer; a session can be played if its beginning was recorded.",
  ],
  "read-only": () => [
    "A file is only looked at here: nothing can be changed, sent or recorded.",
    "Take it in with boshscope import FILE, or start Boshscope for live traffic.",
  ],
  "engine-changed": (d: Details) => [
    `http-mitm-proxy is not the version this was built on: ${d["why"]}.`,
    "Reinstall with npm ci.",
  ],
  internal: (d: Details) => [
    `Something inside Boshscope failed: ${d["why"]}.`,
    "Please report it with the log lines around this one.",
  ],
} as const satisfies Record<string, (details: Details) => readonly [string, string]>;

type Details = Readonly<Record<string, string | number | undefined>>;
export type ErrorCode = keyof typeof catalogue;

/** A failure with its remedy. `message` says what happened, `remedy` what to do next, `cause` what was underneath. */
export class BoshscopeError extends Error {
  override readonly name = "BoshscopeError";
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
  }
}

/** Makes the error of that code; `details` fill its sentences. */
export function fail(code: ErrorCode, details: Details = {}, cause?: unknown): BoshscopeError {
  const [message, remedy] = catalogue[code](details);
  return new BoshscopeError(code, message, remedy, cause);
}

/** The reason in an unknown thrown value, in one line. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return String(thrown);
}

const fileReasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user has no permission",
  EPERM: "this user has no permission",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is a file, not a folder",
  EROFS: "its disk can only be read",
  ENOSPC: "the disk is full",
  ELOOP: "its links lead round in a circle",
};

/** Why the file system refused, in words; else the reason in one line. */
export const fileReasonOf = (thrown: unknown): string =>
  fileReasons[codeOf(thrown)] ?? reasonOf(thrown);

/** What to do about a file that could not be opened for reading. */
export const readRemedyOf = (thrown: unknown): string =>
  ["EACCES", "EPERM"].includes(codeOf(thrown))
    ? "Its owner can give you the right to read it, or a copy."
    : "Check the path.";

/** "The file x can't be read: it is empty." → "it is empty": for a sentence that names the file itself. */
export const innerReasonOf = (thrown: unknown): string =>
  thrown instanceof BoshscopeError
    ? thrown.message
        .replace(/^The (?:capture )?file(?: .*?)? can't be read: /, "")
        .replace(/\.+$/, "")
    : fileReasonOf(thrown);

/** The same failure of a file that people know by another name than the one it was read under. */
export function renamed(thrown: unknown, from: string, to: string): unknown {
  if (!(thrown instanceof BoshscopeError)) return thrown;
  const [message, remedy] = [thrown.message, thrown.remedy].map((text) =>
    text.replaceAll(from, to),
  );
  return new BoshscopeError(thrown.code, message ?? "", remedy ?? "", thrown.cause);
}

/** The system's code (ECONNRESET, EADDRINUSE, ERR_SSL_…) in a thrown value, or "". */
export function codeOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return "";
  return typeof thrown.code === "string" ? thrown.code : "";
}

/** For states the types rule out. */
export function unreachable(value: never): never {
  throw fail("internal", { why: `impossible value ${JSON.stringify(value)}` });
}
