/**
 * Another BOSH server that nobody here wrote: Debian's ejabberd, run as a child of the test with files, spool and port of its own. It runs
 * as an Erlang node without a name, so it starts no port mapper and meets no other ejabberd, such as the service Debian starts.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, whenListening } from "./listening.ts";
import type { ProsodyUser } from "./prosody.ts";
import { demoHost, trusted } from "./tls-fixtures.ts";

export interface Ejabberd extends AsyncDisposable {
  readonly domain: string;
  /** HTTPS: BOSH at /http-bind, WebSocket at /ws. */
  readonly httpsPort: number;
  readonly pid: number;
  log(): string;
}

/** It takes 3 s on an idle machine. */
const startDeadlineMs = 60_000;

export async function startEjabberd(options: {
  readonly users: readonly ProsodyUser[];
}): Promise<Ejabberd> {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-ejabberd-"));
  const httpsPort = await freePort();
  writeFileSync(join(folder, "server.pem"), trusted.cert + trusted.key);
  writeFileSync(join(folder, "ejabberd.yml"), configuration(folder, httpsPort));
  const child = spawn("erl", erlangArguments(folder, options.users), {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      // Where Debian has its Erlang libraries, ejabberd among them; the last part depends on the machine's kind.
      ERL_LIBS: libraries(),
      EJABBERD_CONFIG_PATH: join(folder, "ejabberd.yml"),
      EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
      ERL_CRASH_DUMP: "/dev/null",
    },
  });
  const exited = once(child, "exit");
  let output = "";
  child.stdout.on("data", (text) => (output += String(text)));
  child.stderr.on("data", (text) => (output += String(text)));
  await whenListening(child, httpsPort, { withinMs: startDeadlineMs, output: () => output });
  return {
    domain: demoHost,
    httpsPort,
    pid: child.pid ?? 0,
    log: () => output,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function libraries(): string {
  const script = readFileSync("/usr/sbin/ejabberdctl", "utf8");
  return /^ERL_LIBS='([^']+)'/m.exec(script)?.[1] ?? "/usr/lib/x86_64-linux-gnu";
}

/** Accounts are made before the listeners open, so that whoever can connect can sign in. */
function erlangArguments(folder: string, users: readonly ProsodyUser[]): string[] {
  const accounts = users.map(
    ({ name, password }) =>
      `ok = ejabberd_auth:try_register(<<"${name}">>, <<"${demoHost}">>, <<"${password}">>)`,
  );
  const start = "{ok, _} = application:ensure_all_started(ejabberd)";
  return [
    "-noshell",
    "-noinput",
    "-mnesia",
    "dir",
    `"${join(folder, "spool")}"`,
    "-eval",
    `${[start, ...accounts].join(", ")}.`,
  ];
}

function configuration(folder: string, port: number): string {
  return `
hosts: ["${demoHost}"]
loglevel: warning
certfiles: ["${folder}/server.pem"]
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_http
    tls: true
    request_handlers:
      /http-bind: mod_bosh
      /ws: ejabberd_http_ws
auth_method: [internal]
auth_password_format: plain
# PLAIN is what Finesse's own clients send.
disable_sasl_mechanisms: ["digest-md5", "scram-sha-1", "scram-sha-256", "scram-sha-512", "x-oauth2"]
modules:
  mod_bosh: {}
  mod_disco: {}
  mod_ping: {}
  mod_roster: {}
`;
}
