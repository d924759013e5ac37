/** A console XMPP client that nobody here wrote, driven through a pseudo-terminal: what it sends by its own XML console, and what it heard. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "./boshscope-process.ts";

export interface ProfanityOptions {
  readonly jid: string;
  readonly password: string;
  /** STARTTLS on 127.0.0.1. */
  readonly port: number;
}

/** Sends one stanza once signed in, and gives the stanza received with that id. */
export async function askByProfanity(
  options: ProfanityOptions,
  stanza: string,
  id: string,
): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "boshscope-profanity-"));
  for (const folder of ["data", "config"])
    mkdirSync(join(home, folder, "profanity"), { recursive: true });
  writeFileSync(join(home, "data", "profanity", "accounts"), account(options));
  const log = join(home, "log");
  const heard = (): string => (existsSync(log) ? readFileSync(log, "utf8") : "");
  // `script` gives it the terminal without which it would not start.
  const child = spawn("script", ["-qfec", `profanity -l DEBUG -f ${log} -a test`, "/dev/null"], {
    env: {
      ...process.env,
      HOME: home,
      XDG_DATA_HOME: join(home, "data"),
      XDG_CONFIG_HOME: join(home, "config"),
      TERM: "xterm",
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let screen = "";
  child.stdout.on("data", (text) => (screen += String(text)));
  const problem = (): string => `${screen.slice(-2000)}\n${heard().slice(-2000)}`;
  try {
    await waitFor(() => heard().includes("RECV: <presence"), 20_000, problem);
    child.stdin.write("/xmlconsole\r");
    await waitFor(() => screen.includes("XML Console"), 10_000, problem);
    child.stdin.write(`${stanza}\r`);
    const answer = (): string | undefined =>
      heard()
        .split("\n")
        .find((line) => line.includes("RECV: <iq") && line.includes(`id="${id}"`));
    await waitFor(() => answer() !== undefined, 10_000, problem);
    return (answer() ?? "").replace(/^.*RECV: /, "");
  } finally {
    const exited = once(child, "exit");
    child.stdin.end("/quit\r");
    child.kill("SIGTERM");
    await exited;
    rmSync(home, { recursive: true, force: true });
  }
}

const account = ({ jid, password, port }: ProfanityOptions): string => `[test]
enabled=true
jid=${jid}
resource=profanity
server=127.0.0.1
port=${port}
tls.policy=trust
password=${password}
`;
