/** No planted secret, in any of its forms, in the capture's files, the log, the feed or the API; all of them under --keep-secrets. */
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { type BoshscopeProcess, startBoshscopeProcess } from "../support/boshscope-process.ts";
import { demoHost, trusted } from "../support/tls-fixtures.ts";

/** Every character that some encoding writes differently. */
const secret = `Pl&nt<d>"S'cr+t/=%9 ~Z`;
const user = "1001003";
const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

const xml = (text: string): string =>
  text
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
    .replaceAll("&#38;", "&amp;")
    .replaceAll("&#60;", "&lt;")
    .replaceAll("&#62;", "&gt;")
    .replaceAll("&#34;", "&quot;")
    .replaceAll("&#39;", "&apos;");

/** The part of base64 that is the same whatever stands before and after the secret. */
function alignments(): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift, 0x41), Buffer.from(secret)]).toString("base64");
    return text.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + secret.length) * 8) / 6));
  });
}

const forms: Readonly<Record<string, string>> = {
  plain: secret,
  url: encodeURIComponent(secret),
  xml: xml(secret),
  json: JSON.stringify(secret).slice(1, -1),
  "base64 of user:password": base64(`${user}:${secret}`),
  "SASL PLAIN": base64(`\0${user}\0${secret}`),
  ...Object.fromEntries(alignments().map((text, shift) => [`base64 at ${shift}`, text])),
};

interface Sent {
  readonly path: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunks?: readonly string[];
}

const sasl = `<body rid='1' sid='f382a015' xmlns='http://jabber.org/protocol/httpbind'><auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${base64(`\0${user}\0${secret}`)}</auth></body>`;
const requests: readonly Sent[] = [
  {
    method: "GET",
    path: "/finesse/api/User/1001003",
    headers: { authorization: `Basic ${base64(`${user}:${secret}`)}` },
  },
  {
    method: "POST",
    path: "/http-bind/",
    headers: { "content-type": "text/xml" },
    chunks: [sasl.slice(0, 160), sasl.slice(160, 170), sasl.slice(170)],
  },
  {
    method: "GET",
    path: `/desktop/sso/token?token=${encodeURIComponent(secret)}`,
    headers: { cookie: `JSESSIONID=${encodeURIComponent(secret)}` },
  },
  {
    method: "PUT",
    path: "/finesse/api/User/1001003",
    headers: { "content-type": "application/xml" },
    chunks: [`<User><password>${xml(secret)}</password></User>`],
  },
  {
    method: "POST",
    path: "/gadgets/makeRequest",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    chunks: [
      `url=x&headers=${encodeURIComponent(`Authorization=Basic ${encodeURIComponent(base64(`${user}:${secret}`))}`)}&postData=${encodeURIComponent(`password=${encodeURIComponent(secret)}`)}`,
    ],
  },
  {
    method: "POST",
    path: "/finesse/api/User/1001003/ClientLog",
    headers: { "content-type": "application/xml" },
    chunks: [
      `<ClientLog><logData>login with ${xml(secret)} and ${encodeURIComponent(secret)} and Authorization: Basic ${base64(`${user}:${secret}`)}`,
      ` odd ${base64(`A${secret}`)} even ${base64(`AB${secret}`)} straight ${base64(secret)}</logData></ClientLog>`,
    ],
  },
  {
    method: "POST",
    path: "/notes",
    headers: { "content-type": "text/plain" },
    chunks: [`the word is ${secret.slice(0, 7)}`, `${secret.slice(7)}, indeed`],
  },
  { method: "GET", path: "/plain", headers: {} },
];

test("nothing of a planted secret is kept, logged or sent", async () => {
  await using server = await startServer();
  await using boshscope = await startBoshscopeProcess(
    ["--resolve", `${demoHost}:8445:127.0.0.1:${server.port}`],
    { keepData: false },
  );
  const found = await plantAndScan(boshscope);
  expect(found).toEqual([]);
});

test("under --keep-secrets the same scan finds every form", async () => {
  await using server = await startServer();
  await using boshscope = await startBoshscopeProcess([
    "--keep-secrets",
    "--resolve",
    `${demoHost}:8445:127.0.0.1:${server.port}`,
  ]);
  const found = await plantAndScan(boshscope);
  expect(new Set(found.map((place) => place.split(" in ")[0]))).toEqual(
    new Set(Object.keys(forms)),
  );
  expect(boshscope.output()).toContain("WARNING: --keep-secrets");
});

/** Sends everything, then looks everywhere; returns "form in place" for each hit. */
async function plantAndScan(boshscope: BoshscopeProcess): Promise<string[]> {
  const feed = await listen(boshscope);
  for (const sent of requests) await send(boshscope, sent);
  const rows = await boshscope.until(
    (exchanges) =>
      exchanges.filter(({ outcome }) => outcome.kind === "responded").length === requests.length,
  );
  const api: string[] = [];
  for (const { id } of rows) {
    api.push(JSON.stringify(await boshscope.get(`/exchanges/${id}`)));
    for (const side of ["request", "response"]) {
      const body = await boshscope
        .raw(`/exchanges/${id}/${side}-body`)
        .catch(() => new Uint8Array());
      api.push(Buffer.from(body).toString("latin1"));
    }
  }
  const places: Record<string, string> = {
    api: api.join("\n"),
    log: boshscope.output(),
    feed: feed.text(),
  };
  for (const file of filesOf(boshscope.dataDir))
    places[file] = readFileSync(join(boshscope.dataDir, file), "latin1");
  feed.close();
  expect(Object.keys(places)).toEqual(
    expect.arrayContaining(["api", "log", "feed", "capture.sqlite", "capture.sqlite-wal"]),
  );
  expect(places["feed"]?.length).toBeGreaterThan(1000);
  return Object.entries(places).flatMap(([place, text]) =>
    Object.entries(forms)
      .filter(([, form]) => text.includes(form))
      .map(([name]) => `${name} in ${place}`),
  );
}

/** All but the folder of the CA, which holds no traffic. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name !== "certs" && name !== "boshscope.json");

async function listen(
  boshscope: BoshscopeProcess,
): Promise<{ text: () => string; close: () => void }> {
  const token = new URL(boshscope.url).searchParams.get("token") ?? "";
  const socket = new WebSocket(`ws://127.0.0.1:${boshscope.pagePort}/api/feed?since=0`, {
    headers: { authorization: `Bearer ${token}` },
  });
  let text = "";
  socket.on("message", (message: Buffer) => (text += message.toString("utf8")));
  await once(socket, "open");
  return { text: () => text, close: () => socket.terminate() };
}

/** The answer to /plain is gzipped JSON with the secret inside; all others echo nothing. */
async function startServer(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer({ key: trusted.key, cert: trusted.cert }, (request, response) => {
    request.resume();
    request.on("end", () => {
      if (request.url !== "/plain")
        return response
          .writeHead(202, { "set-cookie": `JSESSIONID=${encodeURIComponent(secret)}; Path=/` })
          .end();
      const body = gzipSync(
        JSON.stringify({ user, access_token: secret, note: `again ${secret}` }),
      );
      return response
        .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
        .end(body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function send(
  boshscope: BoshscopeProcess,
  { method, path, headers = {}, chunks = [] }: Sent,
): Promise<void> {
  const socket = await tunnel(boshscope);
  const request = httpRequest({
    method,
    path,
    headers: { host: `${demoHost}:8445`, connection: "close", ...headers },
    createConnection: () => socket,
  });
  for (const chunk of chunks) request.write(chunk);
  request.end();
  const [response] = await once(request, "response");
  response.resume();
  await once(response, "end");
  socket.destroy();
}

async function tunnel(boshscope: BoshscopeProcess): Promise<Socket> {
  const raw = connect(boshscope.proxyPort, "127.0.0.1");
  await once(raw, "connect");
  raw.write(`CONNECT ${demoHost}:8445 HTTP/1.1\r\nHost: ${demoHost}:8445\r\n\r\n`);
  await once(raw, "data");
  const secure = connectTls({ socket: raw, servername: demoHost, ca: boshscope.caPem });
  await once(secure, "secureConnect");
  return secure;
}
