/** The servers behind every candidate: nginx (or lean Node) for short answers and the big file, and a Node process that holds polls. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { endChild, startOwn, startProgram } from "./child.ts";
import { runSystem, versionLine } from "./system-program.ts";

/** Loopback addresses of the load: numbers, so that no figure holds a name lookup. 8445 is a port Boshscope decrypts on any host. */
export const upstreamAddress = { host: "127.44.0.1", port: 8445 } as const;
export const pollAddress = { host: "127.44.0.2", port: 8445 } as const;
/** New hosts are this prefix and 1 … newHostCount; all are the same server. */
export const newHostPrefix = "127.44.1.";
const newHostCount = 40;
const answerText = "<body xmlns='http://jabber.org/protocol/httpbind'></body>";
export const fileBytes = 100_000_000;

export interface Upstream {
  readonly description: string;
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** A self-signed certificate made by the openssl command; its files are in `folder`. */
export function makeCertificate(folder: string, name: string, algorithm: "rsa" | "ec"): KeyPair {
  const pair = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const kind = algorithm === "rsa" ? ["rsa:2048"] : ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
  const files = ["-keyout", pair.key, "-out", pair.certificate];
  const subject = ["-days", "30", "-subj", `/CN=${name}`];
  const usage = ["-addext", "subjectAltName=IP:127.44.0.1"];
  const make = ["req", "-x509", "-nodes", "-newkey", ...kind, ...files, ...subject, ...usage];
  runSystem("openssl", make);
  return pair;
}

function addresses(): { host: string; port: number }[] {
  const more = Array.from({ length: newHostCount }, (_unused, index) => ({
    host: `${newHostPrefix}${index + 1}`,
    port: upstreamAddress.port,
  }));
  return [{ ...upstreamAddress }, ...more];
}

function writeBigFile(path: string): void {
  const block = Buffer.alloc(1_000_000, 120);
  const file = openSync(path, "w");
  for (let written = 0; written < fileBytes; written += block.length) writeSync(file, block);
  closeSync(file);
}

function nginxConfig(folder: string, pair: KeyPair): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `  ${name}_temp_path ${folder}/temp;`)
    .join("\n");
  const listen = addresses()
    .map(({ host, port }) => `    listen ${host}:${port} ssl backlog=4096;`)
    .join("\n");
  return `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
${process.getuid?.() === 0 ? "user root;" : ""}
events { worker_connections 8192; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; tcp_nodelay on; sendfile on;
${temporary}
  types { text/xml xml; } default_type text/xml;
  server {
${listen}
    ssl_certificate ${pair.certificate}; ssl_certificate_key ${pair.key}; ssl_session_cache off;
    location /file { alias ${folder}/file.bin; }
    location / { return 200 "${answerText}"; }
  }
}
`;
}

/** Starts both servers. `holdMs`: how long a poll is held. */
export async function startUpstream(folder: string, holdMs: number): Promise<Upstream> {
  const root = join(folder, "upstream");
  mkdirSync(join(root, "temp"), { recursive: true });
  const pair = makeCertificate(root, "upstream", "rsa");
  const settings = { ...pair, answer: answerText, fileBytes, holdMs };
  const polls = await startOwn(
    "upstream-process.ts",
    { ...settings, listen: [pollAddress], acceptsOn: pollAddress.host },
    root,
  );
  const version = versionLine("nginx", "-v")?.split("/")[1] ?? null;
  if (version === null) {
    const short = await startOwn(
      "upstream-process.ts",
      { ...settings, listen: addresses(), acceptsOn: upstreamAddress.host },
      root,
    );
    return {
      description: "Node raw TLS server (nginx is not installed)",
      pids: [polls.pid, short.pid],
      stop: async () => {
        await Promise.all([polls.stop(), short.stop()]);
      },
    };
  }
  writeBigFile(join(root, "file.bin"));
  writeFileSync(join(root, "nginx.conf"), nginxConfig(root, pair));
  const command = ["nginx", "-p", root, "-c", join(root, "nginx.conf")];
  const { host, port } = upstreamAddress;
  const nginx = await startProgram(command, { host, port, log: join(root, "nginx.log") });
  return {
    description: `nginx ${version}, one worker, RSA-2048 certificate`,
    pids: [polls.pid, nginx.pid ?? 0],
    stop: async () => {
      await Promise.all([polls.stop(), endChild(nginx)]);
    },
  };
}
