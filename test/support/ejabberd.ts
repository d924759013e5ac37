/** A second BOSH server that nobody here wrote: Debian's ejabberd, run by `erl` alone (no node name, so no epmd) with a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "./boshscope-process.ts";
import { freePort } from "./listening.ts";
import { demoHost, fixturePath } from "./tls-fixtures.ts";
import { emptyPage, pubsubOwner, type XmppServer, type XmppServerOptions } from "./xmpp-server.ts";

const startDeadlineMs = 90_000;
const libraries = "/usr/lib/x86_64-linux-gnu";

export async function startEjabberd(options: XmppServerOptions): Promise<XmppServer> {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-ejabberd-"));
  const httpsPort = await freePort();
  const apiPort = await freePort();
  const tcpPorts =
    options.tcp === true ? { starttls: await freePort(), tls: await freePort() } : null;
  writeFileSync(
    join(folder, "server.pem"),
    readFileSync(fixturePath("trusted-server.pem"), "utf8") +
      readFileSync(fixturePath("trusted-server.key"), "utf8"),
  );
  mkdirSync(join(folder, "tunnel"));
  writeFileSync(join(folder, "tunnel", "index.html"), emptyPage);
  const inactivity = options.inactivitySeconds ?? 60;
  writeFileSync(
    join(folder, "ejabberd.yml"),
    configuration({ folder, httpsPort, apiPort, inactivity, tcpPorts }),
  );
  const call = async (command: string, values: object): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${apiPort}/api/${command}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(values),
    });
    if (!answer.ok) throw new Error(`${command}: ${answer.status} ${await answer.text()}`);
  };
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    child = run(folder);
    await waitFor(
      () => isUp(apiPort),
      startDeadlineMs,
      () => readLog(folder),
    );
  };
  const signal = (name: NodeJS.Signals): void => void child?.kill(name);
  const end = async (name: NodeJS.Signals): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    if (name === "SIGKILL") child.kill("SIGCONT");
    child.kill(name);
    await exited;
  };
  await start();
  for (const { name, password } of options.users) {
    await call("register", { user: name, host: demoHost, password });
  }
  return {
    kind: "ejabberd",
    domain: demoHost,
    httpsPort,
    tcpPorts,
    pid: () => child?.pid ?? 0,
    suspend: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    start,
    endSession: (user, resource) =>
      call("kick_session", { user, host: demoHost, resource, reason: "ended" }),
    log: () => readLog(folder),
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function run(folder: string): ChildProcess {
  const version = readdirSync(libraries).find((name) => /^ejabberd-\d/.test(name)) ?? "ejabberd";
  return spawn(
    "erl",
    [
      "-noinput",
      "-noshell",
      // One scheduler: many servers share this machine.
      "+S",
      "1:1",
      "+sbwt",
      "none",
      "-pa",
      `${libraries}/${version}/ebin`,
      "-mnesia",
      "dir",
      `"${folder}/db"`,
      "-ejabberd",
      "config",
      `"${folder}/ejabberd.yml"`,
      "log_path",
      `"${folder}/ejabberd.log"`,
      "-s",
      "ejabberd",
    ],
    { stdio: "ignore", cwd: folder, env: { ...process.env, HOME: folder } },
  );
}

async function isUp(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/status`, {
    method: "POST",
    body: "{}",
  }).catch(() => null);
  return answer?.ok === true;
}

function readLog(folder: string): string {
  try {
    return readFileSync(join(folder, "ejabberd.log"), "utf8");
  } catch {
    return "no log yet";
  }
}

function configuration(place: {
  readonly folder: string;
  readonly httpsPort: number;
  readonly apiPort: number;
  readonly inactivity: number;
  readonly tcpPorts: XmppServer["tcpPorts"];
}): string {
  const { tcpPorts } = place;
  return `
hosts: ["${demoHost}"]
loglevel: 4
certfiles: ["${place.folder}/server.pem"]
listen:
  - port: ${place.httpsPort}
    ip: "127.0.0.1"
    module: ejabberd_http
    tls: true
    request_handlers:
      /http-bind: mod_bosh
      /ws: ejabberd_http_ws
      /tunnel: mod_http_fileserver
  - port: ${place.apiPort}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /api: mod_http_api
${tcpPorts === null ? "" : tcpListeners(tcpPorts)}auth_method: internal
auth_password_format: plain
# PLAIN is what Finesse's own clients send.
disable_sasl_mechanisms: ["DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-512-PLUS", "X-OAUTH2"]
acl:
  owner:
    user: "${pubsubOwner}@${demoHost}"
  loopback:
    ip: ["127.0.0.0/8"]
api_permissions:
  local:
    who: { access: { allow: { acl: loopback } } }
    what: ["*"]
modules:
  mod_bosh:
    max_inactivity: ${place.inactivity}
  mod_admin_extra: {}
  mod_disco: {}
  mod_http_fileserver:
    docroot: "${place.folder}/tunnel"
    directory_indices: ["index.html"]
    accesslog: "${place.folder}/access.log"
  mod_ping: {}
  mod_roster: {}
${tcpPorts === null ? "" : pubsubModule}`;
}

const tcpListeners = ({ starttls, tls }: NonNullable<XmppServer["tcpPorts"]>): string => `
  - port: ${starttls}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls_required: true
  - port: ${tls}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    tls: true
`;

const pubsubModule = `  mod_pubsub:
    access_createnode: owner
    plugins: ["flat"]
access_rules:
  owner:
    allow: owner
`;
