/** A BOSH server that nobody here wrote: Debian's prosody, run as a child of the test with a folder of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, whenListening } from "./listening.ts";
import { demoHost, fixturePath } from "./tls-fixtures.ts";

export interface ProsodyUser {
  readonly name: string;
  readonly password: string;
}

export interface Prosody extends AsyncDisposable {
  readonly domain: string;
  /** HTTPS: BOSH at /http-bind, WebSocket at /xmpp-websocket. */
  readonly httpsPort: number;
  readonly pid: number;
  /** SIGSTOP: sockets stay open, nothing is answered. */
  suspend(): void;
  resume(): void;
  kill(): Promise<void>;
  log(): string;
}

const startDeadlineMs = 15_000;

export async function startProsody(options: {
  readonly users: readonly ProsodyUser[];
  readonly domain?: string;
}): Promise<Prosody> {
  const domain = options.domain ?? demoHost;
  const folder = mkdtempSync(join(tmpdir(), "boshscope-prosody-"));
  const httpsPort = await freePort();
  writeFileSync(join(folder, "prosody.cfg.lua"), configuration(folder, domain, httpsPort));
  writeAccounts(folder, domain, options.users);
  const child = spawn("prosody", ["-F", "--config", join(folder, "prosody.cfg.lua")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let output = "";
  child.stdout.on("data", (text) => (output += String(text)));
  child.stderr.on("data", (text) => (output += String(text)));
  await whenListening(child, httpsPort, { withinMs: startDeadlineMs, output: () => output });
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGCONT");
      child.kill("SIGKILL");
    }
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    domain,
    httpsPort,
    pid: child.pid ?? 0,
    suspend: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    kill: end,
    log: () => output + readFileSync(join(folder, "prosody.log"), "utf8"),
    [Symbol.asyncDispose]: end,
  };
}

function configuration(folder: string, domain: string, port: number): string {
  return `
run_as_root = true
daemonize = false
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
log = { info = "${folder}/prosody.log" }
modules_enabled = { "roster", "saslauth", "disco", "ping", "bosh", "websocket" }
modules_disabled = { "s2s", "c2s" }
interfaces = { "127.0.0.1" }
c2s_ports = {}
s2s_ports = {}
http_ports = {}
https_ports = { ${port} }
https_interfaces = { "127.0.0.1" }
https_ssl = { certificate = "${fixturePath("trusted-server.pem")}", key = "${fixturePath("trusted-server.key")}" }
http_default_host = "${domain}"
consider_bosh_secure = true
-- PLAIN is what Finesse's own clients send: the password crosses the wire, and must not reach the disk.
disable_sasl_mechanisms = { "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS" }
consider_websocket_secure = true
http_cors_override = { bosh = { enabled = true }, websocket = { enabled = true } }
bosh_max_wait = 120
VirtualHost "${domain}"
  authentication = "internal_plain"
Component "pubsub.${domain}" "pubsub"
`;
}

/** Prosody's own way to keep a user: a Lua table in a file, with the dots of the domain encoded. */
function writeAccounts(folder: string, domain: string, users: readonly ProsodyUser[]): void {
  const accounts = join(folder, "data", domain.replaceAll(".", "%2e"), "accounts");
  mkdirSync(accounts, { recursive: true });
  for (const { name, password } of users) {
    writeFileSync(
      join(accounts, `${name}.dat`),
      `return { ["password"] = ${JSON.stringify(password)}; };\n`,
    );
  }
}
