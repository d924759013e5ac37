/**
 * Memory and time of large files: a HAR of 1 GB is made, imported by the command line, exported as SAZ and HAR, and the SAZ imported.
 * `npm run bench:import -- --megabytes 1000`. The goal is 300 MB of memory, whatever the size.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  createWriteStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const goalMb = 300;
const root = fileURLToPath(new URL("../../", import.meta.url));
const { values } = parseArgs({
  options: { megabytes: { type: "string", default: "1000" }, "har-only": { type: "boolean" } },
});
const size = Number(values.megabytes) * 1_000_000;

const agents = 7;
const script =
  "var finesse = finesse || {}; finesse.utilities.Utilities.getLogger = function () { return null; };\n";

/**
 * What the desktops of a small team do, over and over: polls that are held until an event comes, the next one sent at once; SystemInfo; and
 * now and then a file of the page. In the order in which answers came, as many tools write it.
 */
function* entries(): Generator<string> {
  const began = Date.parse("2026-03-01T08:00:00Z");
  const asking = Array.from({ length: agents }, () => began);
  for (let n = 1; ; n++) {
    const now = began + n * 400;
    const index = n % agents;
    if (n % 12 === 0) yield asset(n, now);
    else if (n % 75 === 0) yield systemInfo(now);
    else {
      yield poll(n, { from: asking[index] ?? began, to: now }, 1_001_001 + index);
      asking[index] = now + 5;
    }
  }
}

/** Wall ms of request and answer. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const header = (name: string, value: string): object => ({ name, value });

function entry(
  { from, to }: Span,
  url: string,
  method: string,
  bodies: { request?: string; response: string; type: string; connection: string },
): string {
  const { request, response, type, connection } = bodies;
  return JSON.stringify({
    startedDateTime: new Date(from).toISOString(),
    time: to - from + 4,
    request: {
      method,
      url,
      httpVersion: "HTTP/1.1",
      headers: [
        header("Host", "fin1.example.com"),
        header("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"),
        header("Cookie", "JSESSIONID=0123456789ABCDEF; finesse_ag_extension=1081001"),
      ],
      queryString: [],
      cookies: [],
      headersSize: 220,
      bodySize: request?.length ?? 0,
      ...(request === undefined ? {} : { postData: { mimeType: "text/xml", text: request } }),
    },
    response: {
      status: 200,
      statusText: "OK",
      httpVersion: "HTTP/1.1",
      headers: [header("Content-Type", type), header("Date", new Date(to).toUTCString())],
      cookies: [],
      content: { size: response.length, mimeType: type, text: response },
      redirectURL: "",
      headersSize: 120,
      bodySize: response.length,
    },
    cache: {},
    timings: { blocked: 1, dns: -1, connect: -1, ssl: -1, send: 1, wait: to - from, receive: 2 },
    connection,
  });
}

function poll(n: number, span: Span, agent: number): string {
  const sid = (agent * 7919).toString(16);
  const event = `<Update><data><user><dialogs>/finesse/api/User/${agent}/Dialogs</dialogs><extension>${agent + 80_000}</extension><firstName>First${agent}</firstName><lastName>Last${agent}</lastName><loginId>${agent}</loginId><state>${n % 2 === 0 ? "READY" : "NOT_READY"}</state><stateChangeTime>${new Date(span.to).toISOString()}</stateChangeTime><uri>/finesse/api/User/${agent}</uri></user></data><event>PUT</event><source>/finesse/api/User/${agent}</source></Update>`;
  const escaped = event.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return entry(span, "https://fin1.example.com:7443/http-bind/", "POST", {
    request: `<body rid='${100_000 + n}' sid='${sid}' xmlns='http://jabber.org/protocol/httpbind'/>`,
    response: `<body xmlns='http://jabber.org/protocol/httpbind'><message xmlns="jabber:client" from="pubsub.fin1.example.com" to="${agent}@fin1.example.com"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="/finesse/api/User/${agent}"><item><notification xmlns="http://jabber.org/protocol/pubsub">${escaped}</notification></item></items></event></message></body>`,
    type: "text/xml",
    connection: String(agent),
  });
}

const systemInfo = (at: number): string =>
  entry(
    { from: at, to: at + 20 },
    `https://fin1.example.com:8445/finesse/api/SystemInfo?nocache=${at}`,
    "GET",
    {
      response: `<SystemInfo><currentTimestamp>${new Date(at).toISOString()}</currentTimestamp><status>IN_SERVICE</status><primaryNode><host>fin1.example.com</host></primaryNode><secondaryNode><host>fin2.example.com</host></secondaryNode></SystemInfo>`,
      type: "application/xml",
      connection: "7",
    },
  );

const asset = (n: number, at: number): string =>
  entry(
    { from: at, to: at + 20 },
    `https://fin1.example.com:8445/desktop/js/part-${n % 40}.js`,
    "GET",
    {
      response: script.repeat(400),
      type: "application/javascript",
      connection: "8",
    },
  );

function* har(): Generator<string> {
  yield '{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"pages":[],"entries":[\n';
  let written = 0;
  for (const text of entries()) {
    yield written === 0 ? text : `,\n${text}`;
    written += text.length + 2;
    if (written >= size) break;
  }
  yield "\n]}}\n";
}

interface Measured {
  readonly job: string;
  readonly "file MB": number;
  readonly "peak MB": number;
  readonly seconds: number;
  readonly exchanges: number;
}

async function measured(
  job: string,
  argv: readonly string[],
  file: () => string,
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, ["scripts/boshscope.mjs", ...argv], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (text) => (output += String(text)));
  const peak = watchPeak(child);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${job} ended with ${code}`);
  const { exchanges } = JSON.parse(output) as { exchanges: number };
  return {
    job,
    "file MB": Math.round(statSync(file()).size / 1e6),
    "peak MB": peak(),
    seconds: Math.round((performance.now() - started) / 100) / 10,
    exchanges,
  };
}

/** The kernel's own high-water mark; all threads of the process count. */
function watchPeak({ pid }: ChildProcess): () => number {
  let kibibytes = 0;
  const take = (): void => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "latin1");
      kibibytes = Math.max(kibibytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  };
  const timer = setInterval(take, 50);
  return () => {
    clearInterval(timer);
    return Math.round((kibibytes * 1024) / 1e6);
  };
}

const folder = mkdtempSync(join(tmpdir(), "boshscope-bench-import-"));
try {
  const data = join(folder, "data");
  const [input, saz, out] = ["in.har", "out.saz", "out.har"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  console.error(`Making a HAR of ${values.megabytes} MB …`);
  await pipeline(Readable.from(har()), createWriteStream(input));
  const rows: Measured[] = [];
  const run = async (job: string, argv: readonly string[], file: string): Promise<void> => {
    console.error(`${job} …`);
    rows.push(await measured(job, [...argv, "--json", "--data-dir", data], () => file));
  };
  await run("import HAR", ["import", input], input);
  if (values["har-only"] !== true) {
    rmSync(input);
    const id = importedId(data);
    await run("export SAZ, redacted", ["export", "--capture", id, "--out", saz], saz);
    await run(
      "export HAR, as it is",
      ["export", "--capture", id, "--out", out, "--no-redact"],
      out,
    );
    rmSync(out);
    await run("import SAZ", ["import", saz], saz);
  }
  console.table(rows);
  const worst = Math.max(...rows.map((row) => row["peak MB"]));
  console.log(
    `Peak memory ${worst} MB; the goal is ${goalMb} MB: ${worst <= goalMb ? "held" : "MISSED"}.`,
  );
  if (worst > goalMb) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function importedId(dataDir: string): string {
  const [file = ""] = readdirSync(join(dataDir, "imported"));
  return file.replace(".boshscope", "");
}
