/** Every candidate but Boshscope: no proxy at all, the bare relay, and the peers in Node, Python and C++. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { endChild, freePort, type OwnProcess, startOwn, startProgram } from "../child.ts";
import { versionLine } from "../system-program.ts";
import { makeCertificate } from "../upstream.ts";
import type { Candidate, Running } from "./candidate.ts";
import { installedVersion } from "./own-package.ts";
import { squidPath, startSquid } from "./squid.ts";

function runningOwn(own: OwnProcess): Running {
  return {
    port: own.port,
    pids: [own.pid],
    loopLag: async () => (await own.report()).loopLagMs,
    stop: () => own.stop(),
  };
}

const direct: Candidate = {
  id: "direct",
  title: "no proxy",
  missing: null,
  start: async () => ({
    port: 0,
    pids: [],
    loopLag: async () => null,
    stop: async () => undefined,
  }),
};

const bareRelay: Candidate = {
  id: "relay",
  title: `bare Node TLS relay (Node ${process.versions.node}, records nothing)`,
  missing: null,
  start: async (folder) => {
    const pair = makeCertificate(folder, "relay", "ec");
    return runningOwn(await startOwn("candidates/bare-relay-process.ts", { ...pair }, folder));
  },
};

function httpMitmProxy(id: string, keepAlive: boolean): Candidate {
  const version = installedVersion("http-mitm-proxy");
  return {
    id,
    title: `http-mitm-proxy ${version}, ${keepAlive ? "keepAlive" : "default options"}`,
    missing: version === null ? "http-mitm-proxy is not installed" : null,
    start: async (folder) => {
      const settings = { keepAlive, folder: join(folder, "certs") };
      return runningOwn(await startOwn("candidates/http-mitm-proxy-process.ts", settings, folder));
    },
  };
}

function npmPeer(name: string, title: string): Candidate {
  const version = installedVersion(name);
  return {
    id: name,
    title: `${title} ${version ?? ""}`.trim(),
    missing: version === null ? `${name} is not installed in test/bench` : null,
    start: async (folder) => {
      const settings = { folder, port: await freePort() };
      return runningOwn(await startOwn(`candidates/${name}-process.ts`, settings, folder));
    },
  };
}

function mitmproxy(): Candidate {
  const version = versionLine("mitmdump", "--version");
  return {
    id: "mitmproxy",
    title: `mitmproxy ${version?.replace("Mitmproxy: ", "") ?? ""}`.trim(),
    missing:
      version === null ? "mitmproxy is not installed (Debian: apt-get install mitmproxy)" : null,
    start: async (folder) => {
      const port = await freePort();
      const config = join(folder, "config");
      mkdirSync(config);
      const listen = ["--listen-host", "127.0.0.1", "-p", String(port)];
      const flags = ["--set", "connection_strategy=lazy", "--set", `confdir=${config}`];
      const command = ["mitmdump", "-q", "--ssl-insecure", ...listen, ...flags];
      const child = await startProgram(command, { port, log: join(folder, "mitmproxy.log") });
      return runningProgram(port, child);
    },
  };
}

function runningProgram(port: number, child: Awaited<ReturnType<typeof startProgram>>): Running {
  return {
    port,
    pids: [child.pid ?? 0],
    loopLag: async () => null,
    stop: () => endChild(child),
  };
}

function squid(): Candidate {
  const program = squidPath();
  const version = program === null ? null : versionLine(program, "-v");
  return {
    id: "squid",
    title: `${version?.replace("Squid Cache: Version", "Squid") ?? "Squid"} ssl-bump`,
    missing:
      program === null
        ? "squid-openssl is not installed (Debian: apt-get install squid-openssl)"
        : null,
    start: async (folder) => {
      const port = await freePort();
      return runningProgram(port, await startSquid(program ?? "squid", folder, port));
    },
  };
}

/** All peers, present or not, in the table's order. */
export function listPeers(): readonly Candidate[] {
  return [
    direct,
    bareRelay,
    httpMitmProxy("hmp", true),
    httpMitmProxy("hmp-default", false),
    npmPeer("mockttp", "mockttp"),
    npmPeer("whistle", "whistle"),
    npmPeer("anyproxy", "AnyProxy"),
    mitmproxy(),
    squid(),
  ];
}
