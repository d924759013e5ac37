/** Squid as a TLS-intercepting proxy: ssl-bump with a CA made for the run, no cache, no log. */
import type { ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startProgram } from "../child.ts";
import { runSystem } from "../system-program.ts";

const certificateHelper = "/usr/lib/squid/security_file_certgen";

/** Where a Squid built with OpenSSL is, or null. */
export function squidPath(): string | null {
  if (!existsSync(certificateHelper)) return null;
  return ["/usr/sbin/squid", "/usr/bin/squid"].find((path) => existsSync(path)) ?? null;
}

function makeAuthority(folder: string): string {
  const file = join(folder, "authority.pem");
  const key = join(folder, "authority.key");
  const subject = ["-days", "30", "-subj", "/CN=bench"];
  const usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
  const make = ["req", "-x509", "-nodes", "-newkey", "rsa:2048", "-keyout", key, "-out", file];
  runSystem("openssl", [...make, ...subject, ...usage]);
  const both = join(folder, "authority-both.pem");
  writeFileSync(both, readFileSync(key, "utf8") + readFileSync(file, "utf8"));
  return both;
}

/** Starts it in the foreground with one worker. As root it changes to its own user, which then owns the folder. */
export async function startSquid(
  program: string,
  folder: string,
  port: number,
): Promise<ChildProcess> {
  const authority = makeAuthority(folder);
  const database = join(folder, "certificates");
  const state = join(folder, "state");
  mkdirSync(state);
  runSystem(certificateHelper, ["-c", "-s", database, "-M", "16MB"]);
  const listen = `127.0.0.1:${port} ssl-bump generate-host-certificates=on`;
  const config = join(folder, "squid.conf");
  const lines = [
    `http_port ${listen} dynamic_cert_mem_cache_size=16MB tls-cert=${authority}`,
    `sslcrtd_program ${certificateHelper} -s ${database} -M 16MB`,
    "sslcrtd_children 5 startup=1 idle=1",
    "ssl_bump bump all",
    "tls_outgoing_options flags=DONT_VERIFY_PEER",
    "sslproxy_cert_error allow all",
    "http_access allow all",
    "cache deny all",
    "cache_mem 8 MB",
    "access_log none",
    `cache_log ${join(state, "cache.log")}`,
    "cache_store_log none",
    `pid_filename ${join(state, "squid.pid")}`,
    `coredump_dir ${state}`,
    "netdb_filename none",
    "pinger_enable off",
    "max_filedescriptors 16384",
    "shutdown_lifetime 1 second",
    "visible_hostname bench",
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  if (process.getuid?.() === 0) {
    runSystem("chown", ["-R", "proxy:proxy", folder]);
    chmodSync(folder, 0o755);
  }
  const command = [program, "-N", "-f", config, "-n", `bench${port}`];
  return await startProgram(command, { port, log: join(folder, "squid.log") });
}
