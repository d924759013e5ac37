/** All settings, once: flags, environment, file, defaults, --help and the README's table come from this schema. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { fail, fileReasonOf } from "./base/errors.ts";
import { formatBytes, formatDuration, parseFinesse, parseResolve } from "./config-values.ts";
import { bytes, duration, port, written, yes } from "./setting-schemas.ts";

export const settingsSchema = z.strictObject({
  proxyPort: port.default(8888).describe("Port of the proxy; 0 = any. 8888 is Fiddler's."),
  pagePort: port.default(8889).describe("Port of the page and API; 0 = any."),
  host: z
    .string()
    .min(1, "it is empty")
    .default("127.0.0.1")
    .describe(
      "Address to listen on. Anything but this machine lets others use the proxy and its CA.",
    ),
  dataDir: z
    .string()
    .min(1, "it is empty")
    .optional()
    .describe("Folder for captures; default: the platform's user data folder."),
  certsDir: z
    .string()
    .min(1, "it is empty")
    .optional()
    .describe("Folder of the root CA; default: certs/ of a checkout, else in the data folder."),
  token: z
    .string()
    .min(8, "a token has at least 8 characters")
    .optional()
    .describe(
      "Token for page and API; default: a new random one. Better given as BOSHSCOPE_TOKEN.",
    ),
  finesse: z
    .array(written(parseFinesse))
    .default([])
    .describe(
      "HOST[:PORT,…] of a Finesse server, so that 443 (or the ports given) is decrypted too. May be repeated.",
    ),
  resolve: z
    .array(written(parseResolve))
    .default([])
    .describe(
      "HOST:PORT:ADDRESS:PORT, as curl's --resolve: where a name really is. May be repeated.",
    ),
  serverCerts: z
    .enum(["pin", "strict", "off"])
    .default("pin")
    .describe(
      "Servers' certificates: pin = remember the first seen, refuse a change; strict = as a browser; off = accept any.",
    ),
  legacyTls: yes.default(false).describe("Also speak TLS 1.0/1.1 and weak ciphers to old servers."),
  upstream: z
    .string()
    .optional()
    .describe("Proxy in front of this one: http://user:password@host:port or https://…"),
  caPermit: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Names and networks a new root CA may vouch for, such as ucce.local,10.1.0.0/16. Only used when the CA is made.",
    ),
  keylog: z
    .string()
    .optional()
    .describe(
      "Write TLS keys of both legs here (for Wireshark); without it, SSLKEYLOGFILE is obeyed. Undoes redaction for whoever has it.",
    ),
  keepSecrets: yes
    .default(false)
    .describe("Keep passwords and tokens readable in the capture. Marks it as such."),
  maxSize: bytes
    .default(2 * 1024 ** 3)
    .describe("Disk space for captures; the oldest rows go first. Such as 500mb, 2gb."),
  maxAge: duration.default(7 * 86_400_000).describe("How long rows are kept. Such as 12h, 7d."),
  bodyLimit: bytes.default(1024 ** 2).describe("Body bytes kept per message; the rest is counted."),
  probes: yes
    .default(true)
    .describe("Allow active probes when an incident is seen (--no-probes forbids them)."),
  notifyWebhook: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Post each finding as JSON to this URL."),
  notifyDesktop: yes
    .default(false)
    .describe("Show each finding as a notification of this PC's desktop."),
  browser: yes
    .default(false)
    .describe("Start a browser that uses the proxy and trusts the CA, with a throw-away profile."),
  open: yes.default(false).describe("Open the page in the default browser."),
  logFormat: z
    .enum(["auto", "text", "json"])
    .default("auto")
    .describe(
      "Log lines on stderr: text for people, json for machines; auto = text on a terminal.",
    ),
});

type Settings = z.infer<typeof settingsSchema> & { dataDir: string; certsDir: string };
type Key = keyof typeof settingsSchema.shape;
type Origin = "flag" | "environment" | "file" | "default";

export interface Config {
  readonly settings: Settings;
  readonly origins: Readonly<Record<string, Origin>>;
}

const keys = Object.keys(settingsSchema.shape) as Key[];
const lists: readonly Key[] = ["finesse", "resolve", "caPermit"];
const switches: readonly Key[] = keys.filter((key) => {
  const schema = settingsSchema.shape[key];
  return schema instanceof z.ZodDefault && schema.def.innerType === yes;
});

const flagOf = (key: string): `--${string}` =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
/** As --print-config has them. */
const names = keys.map((key) => flagOf(key).slice(2));
const variableOf = (key: string): string =>
  `BOSHSCOPE_${flagOf(key).slice(2).replaceAll("-", "_").toUpperCase()}`;

/** Reads all sources: flag > environment > file > default. Throws "config-invalid", naming the nearest known word. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const { values: flags, file } = readFlags(argv);
  const sources: readonly (readonly [Origin, Record<string, unknown>])[] = [
    ["file", file === null ? {} : readFile(file)],
    ["environment", readEnvironment(env)],
    ["flag", flags],
  ];
  const merged: Record<string, unknown> = {};
  const origins: Record<string, Origin> = Object.fromEntries(keys.map((key) => [key, "default"]));
  for (const [origin, values] of sources) {
    for (const [key, value] of Object.entries(values)) {
      merged[key] = value;
      origins[key] = origin;
    }
  }
  return { settings: withFolders(parse(merged), env), origins };
}

function parse(merged: Record<string, unknown>): z.infer<typeof settingsSchema> {
  const result = settingsSchema.safeParse(merged);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = String(issue?.path[0] ?? "");
  const remedy =
    key in settingsSchema.shape
      ? `${flagOf(key)}: ${settingsSchema.shape[key as Key].description}`
      : undefined;
  throw fail("config-invalid", {
    problem: `${flagOf(key)} can't be used: ${issue?.message ?? "invalid"}.`,
    remedy,
  });
}

function withFolders(settings: z.infer<typeof settingsSchema>, env: NodeJS.ProcessEnv): Settings {
  const dataDir = resolve(settings.dataDir ?? defaultDataDir(env));
  const checkoutCerts = join(dirname(dirname(fileURLToPath(import.meta.url))), "certs");
  const certsDir =
    settings.certsDir ??
    (existsSync(checkoutCerts) && settings.dataDir === undefined
      ? checkoutCerts
      : join(dataDir, "certs"));
  return { ...settings, dataDir, certsDir: resolve(certsDir) };
}

function defaultDataDir(env: NodeJS.ProcessEnv): string {
  if (process.platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "Boshscope");
  if (process.platform === "darwin")
    return join(homedir(), "Library", "Application Support", "Boshscope");
  return join(env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "boshscope");
}

function readFlags(argv: readonly string[]): {
  values: Record<string, unknown>;
  file: string | null;
} {
  const values: Record<string, unknown> = {};
  let file: string | null = null;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    const [name, inline] = splitOnce(word, "=");
    if (name === "--config") {
      file = inline ?? argv[++at] ?? "";
      continue;
    }
    const { key, isNo } = keyOf(name);
    if (switches.includes(key)) {
      values[key] = inline ?? !isNo;
      continue;
    }
    const value = inline ?? argv[++at];
    if (value === undefined)
      throw fail("config-invalid", {
        problem: `${name} needs a value.`,
        remedy: settingsSchema.shape[key].description,
      });
    if (lists.includes(key))
      values[key] = [...((values[key] as string[] | undefined) ?? []), ...splitList(key, value)];
    else values[key] = value;
  }
  return { values, file };
}

function keyOf(name: string): { key: Key; isNo: boolean } {
  for (const key of keys) {
    if (name === flagOf(key)) return { key, isNo: false };
    if (switches.includes(key) && name === `--no-${flagOf(key).slice(2)}`)
      return { key, isNo: true };
  }
  const near = nearest(name, keys.map(flagOf));
  throw fail("config-invalid", {
    problem: name.startsWith("-")
      ? `There is no option ${name}.`
      : `"${name}" is not understood here.`,
    remedy: `Did you mean ${near}? boshscope --help lists all.`,
  });
}

/** --ca-permit takes a comma list; commas in --finesse separate ports, so that one is only repeated. */
const splitList = (key: Key, value: string): string[] =>
  key === "caPermit" ? value.split(",").map((part) => part.trim()) : [value];

function splitOnce(word: string, at: string): [string, string | undefined] {
  const index = word.indexOf(at);
  return index < 0 ? [word, undefined] : [word.slice(0, index), word.slice(index + 1)];
}

function readEnvironment(env: NodeJS.ProcessEnv): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of keys) {
    const value = env[variableOf(key)] || (key === "keylog" ? env["SSLKEYLOGFILE"] : undefined);
    if (value === undefined || value === "") continue;
    values[key] = lists.includes(key)
      ? value.split(/\s+/).flatMap((part) => splitList(key, part))
      : value;
  }
  return values;
}

function readFile(path: string): Record<string, unknown> {
  const refuse = (why: string, remedy: string, cause?: unknown): Error =>
    fail(
      "config-invalid",
      { problem: `The settings file ${path} can't be used: ${why}.`, remedy },
      cause,
    );
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const remedy = "Name a file that you may read: --config FILE.";
    throw refuse(fileReasonOf(error), remedy, error);
  }
  const remedy = `It is JSON with the settings by their names, such as {"proxy-port": 8888}; boshscope start --print-config lists them.`;
  const parsed = parsedJson(text);
  if (parsed === null) throw refuse("it is not a JSON object", remedy);
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parsed)) {
    const key = keys.find((one) => one === name || flagOf(one) === `--${name}`);
    if (key === undefined)
      throw refuse(`it has no setting ${name}; did you mean ${nearest(name, names)}`, remedy);
    values[key] = value;
  }
  return values;
}

/** null = it is no object. */
function parsedJson(text: string): object | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && !Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** The candidate with the fewest edits between. */
export function nearest(word: string, candidates: readonly string[]): string {
  const scored = candidates.map((candidate) => ({
    candidate,
    distance: editDistance(word, candidate),
  }));
  return scored.toSorted((a, b) => a.distance - b.distance)[0]?.candidate ?? "";
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

export interface SettingText {
  readonly flag: `--${string}`;
  readonly variable: string;
  /** What stands for its value; left out = a switch, which `--no-…` turns off. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** The default as it would be typed, or "" where it is none to tell. */
  readonly fallback: string;
  readonly about: string;
}

/** For --help, completion and the man page. */
export function describeSettings(): readonly SettingText[] {
  return keys.map((key) => {
    const schema = settingsSchema.shape[key];
    const inner = schema instanceof z.ZodDefault ? schema.def.innerType : schema;
    return {
      flag: flagOf(key),
      variable: variableOf(key),
      ...(switches.includes(key) ? {} : { value: valueNames[key] ?? "VALUE" }),
      ...(inner instanceof z.ZodEnum ? { choices: inner.options } : {}),
      fallback: schema instanceof z.ZodDefault ? typed(inner, schema.def.defaultValue) : "",
      about: schema.description ?? "",
    };
  });
}

/** Lists are empty and switches off, or on and told by their --no-… form. */
function typed(kind: unknown, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "number") return "";
  if (kind === bytes) return formatBytes(value);
  return kind === duration ? formatDuration(value) : String(value);
}

const valueNames: Readonly<Partial<Record<Key, string>>> = {
  proxyPort: "PORT",
  pagePort: "PORT",
  host: "ADDRESS",
  dataDir: "DIR",
  certsDir: "DIR",
  token: "TOKEN",
  finesse: "HOST[:PORT,…]",
  resolve: "HOST:PORT:ADDRESS:PORT",
  serverCerts: "POLICY",
  upstream: "URL",
  caPermit: "NAMES",
  keylog: "FILE",
  maxSize: "SIZE",
  maxAge: "TIME",
  bodyLimit: "SIZE",
  notifyWebhook: "URL",
  logFormat: "FORMAT",
};

/** They hold credentials, or are one: a webhook's address lets anybody post. */
const hiddenKeys: ReadonlySet<string> = new Set(["token", "upstream", "notifyWebhook"]);

const valueOf = (key: string, value: unknown): string =>
  hiddenKeys.has(key) && value !== null ? "(set)" : JSON.stringify(value);

/** Value and origin of every setting; the values of `hiddenKeys` are not told. */
export function listSettings({
  settings,
  origins,
}: Config): { name: string; value: string; origin: string }[] {
  return keys.map((key) => ({
    name: flagOf(key).slice(2),
    value: valueOf(key, settings[key] ?? null),
    origin: origins[key] ?? "default",
  }));
}
