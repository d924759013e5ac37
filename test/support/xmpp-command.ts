/** `boshscope xmpp` as a script runs it: a process of its own, JSON lines out. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { CommandAnswer, ShownStanza, XmppSessionInfo } from "../../src/domain/xmpp-console.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

type Line = { readonly kind: string } & Readonly<Record<string, unknown>>;

export interface XmppRun {
  readonly code: number | null;
  readonly lines: readonly Line[];
  readonly answers: readonly CommandAnswer[];
  readonly stanzas: readonly (Omit<ShownStanza, "kind"> & { readonly stanza: string })[];
  readonly session: XmppSessionInfo | null;
  readonly output: string;
  readonly errors: string;
}

export interface XmppCommand {
  readonly password?: string;
  /** Lines for its input; left out = none. */
  readonly input?: string;
  /** Called with all it has printed so far. */
  readonly onOutput?: (output: string, stop: () => void) => void;
}

export async function runXmppCommand(
  args: readonly string[],
  { password, input, onOutput }: XmppCommand = {},
): Promise<XmppRun> {
  const child = spawn(process.execPath, ["scripts/boshscope.mjs", "xmpp", "--json", ...args], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      ...(password === undefined ? {} : { BOSHSCOPE_XMPP_PASSWORD: password }),
    },
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (text) => {
    output += String(text);
    onOutput?.(output, () => void child.kill("SIGINT"));
  });
  child.stderr.on("data", (text) => (errors += String(text)));
  child.stdin.end(input ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  const lines = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  const ofKind = <T>(kind: string): T[] => lines.filter((line) => line.kind === kind) as T[];
  return {
    code,
    lines,
    output,
    errors,
    answers: ofKind("answer"),
    stanzas: ofKind("stanza"),
    session: ofKind<XmppSessionInfo>("session")[0] ?? null,
  };
}
