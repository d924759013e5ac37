/** A BOSH server that nobody here wrote: Debian's prosody, run as a child of the test with a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, whenListening } from "./listening.ts";
import { demoHost, fixturePath } from "./tls-fixtures.ts";
import {
  emptyPage,
  pubsubOwner,
  type XmppServer,
  type XmppServerOptions,
  type XmppUser,
} from "./xmpp-server.ts";

const startDeadlineMs = 60_000;

/** Its WebSocket is at /xmpp-websocket. */
export async function startProsody(options: XmppServerOptions): Promise<XmppServer> {
  const domain = options.domain ?? demoHost;
  const folder = mkdtempSync(join(tmpdir(), "boshscope-prosody-"));
  const httpsPort = await freePort();
  const tcpPorts =
    options.tcp === true ? { starttls: await freePort(), tls: await freePort() } : null;
  const inactivity = options.inactivitySeconds ?? 60;
  writeFileSync(
    join(folder, "prosody.cfg.lua"),
    configuration({ folder, domain, port: httpsPort, inactivity, tcpPorts }),
  );
  mkdirSync(join(folder, "modules"));
  writeFileSync(join(folder, "modules", "mod_end_session.lua"), endSessionModule);
  writeFileSync(join(folder, "modules", "mod_tunnel.lua"), tunnelModule);
  writeAccounts(folder, domain, options.users);
  let output = "";
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const started = spawn("prosody", ["-F", "--config", join(folder, "prosody.cfg.lua")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    started.stdout.on("data", (text) => (output += String(text)));
    started.stderr.on("data", (text) => (output += String(text)));
    await whenListening(started, httpsPort, {
      withinMs: startDeadlineMs,
      output: () => output,
    });
  };
  const end = async (name: NodeJS.Signals): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    if (name === "SIGKILL") child.kill("SIGCONT");
    child.kill(name);
    await exited;
  };
  await start();
  return {
    kind: "prosody",
    domain,
    httpsPort,
    tcpPorts,
    pid: () => child?.pid ?? 0,
    suspend: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    start,
    endSession: (user) => askToEndSession(httpsPort, domain, user),
    log: () => output + readFileSync(join(folder, "prosody.log"), "utf8"),
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Forgets the BOSH sessions of a user without a word, as Openfire does when an administrator closes one. */
const endSessionModule = `
module:depends("http")
local sessions = module:shared("/*/bosh/sessions")
local destroy = require "core.sessionmanager".destroy_session
module:provides("http", { default_path = "/end-session", route = { ["GET /*"] = function(_, user)
  local ended = 0
  for sid, session in pairs(sessions) do
    if session.username == user then
      ended = ended + 1
      session.send("")
      sessions[sid] = nil
      destroy(session, "ended by the test")
    end
  end
  return tostring(ended)
end } })
`;

const tunnelModule = `
module:depends("http")
module:provides("http", { default_path = "/tunnel", route = { ["GET /"] = function(event)
  event.response.headers.content_type = "text/html; charset=utf-8"
  return [[${emptyPage}]]
end } })
`;

function askToEndSession(port: number, domain: string, user: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = { host: domain };
  const options = { host: "127.0.0.1", port, path: `/end-session/${user}`, headers };
  get({ ...options, rejectUnauthorized: false, agent: false }, (response) => {
    const chunks: string[] = [];
    response.on("data", (chunk) => chunks.push(String(chunk)));
    response.on("end", () => {
      if (Number(chunks.join("")) > 0) resolve();
      else reject(new Error(`no session of ${user} was ended: ${response.statusCode}`));
    });
  }).on("error", reject);
  return promise;
}

function configuration(place: {
  readonly folder: string;
  readonly domain: string;
  readonly port: number;
  readonly inactivity: number;
  readonly tcpPorts: XmppServer["tcpPorts"];
}): string {
  const { folder, domain, port, inactivity, tcpPorts } = place;
  return `
run_as_root = true
daemonize = false
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
log = { info = "${folder}/prosody.log" }
plugin_paths = { "${folder}/modules" }
modules_enabled = { "roster", "saslauth", "disco", "ping", "presence", "message", "iq", "bosh", "websocket", "end_session", "tunnel"${tcpPorts === null ? "" : ', "c2s", "tls"'} }
modules_disabled = { "s2s" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${tcpPorts?.starttls ?? ""} }
c2s_direct_tls_ports = { ${tcpPorts?.tls ?? ""} }
ssl = { certificate = "${fixturePath("trusted-server.pem")}", key = "${fixturePath("trusted-server.key")}" }
admins = { "${pubsubOwner}@${domain}" }
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
bosh_max_inactivity = ${inactivity}
VirtualHost "${domain}"
  authentication = "internal_plain"
Component "pubsub.${domain}" "pubsub"
`;
}

/** Prosody's own way to keep a user: a Lua table in a file, with the dots of the domain encoded. */
function writeAccounts(folder: string, domain: string, users: readonly XmppUser[]): void {
  const accounts = join(folder, "data", domain.replaceAll(".", "%2e"), "accounts");
  mkdirSync(accounts, { recursive: true });
  for (const { name, password } of users) {
    writeFileSync(
      join(accounts, `${name}.dat`),
      `return { ["password"] = ${JSON.stringify(password)}; };\n`,
    );
  }
}
