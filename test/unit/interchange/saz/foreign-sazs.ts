/** Archives laid out as other tools write them: after the facts of four real ones of Fiddler's, and of the others' sources. */
import {
  BlobReader,
  BlobWriter,
  ZipWriter,
  type ZipWriterConstructorOptions,
} from "@zip.js/zip.js";

const flags = (entries: Readonly<Record<string, string>>): string =>
  Object.entries(entries)
    .map(([name, value]) => `<SessionFlag N="${name}" V="${value}" />`)
    .join("");

const timers = {
  ClientConnected: "2026-03-01T10:59:59.9000000+01:00",
  ClientBeginRequest: "2026-03-01T11:00:00.0000000+01:00",
  GotRequestHeaders: "2026-03-01T11:00:00.0010000+01:00",
  ClientDoneRequest: "2026-03-01T11:00:00.0010000+01:00",
  GatewayTime: "0",
  DNSTime: "0",
  TCPConnectTime: "2",
  HTTPSHandshakeTime: "7",
  ServerConnected: "2026-03-01T10:59:59.9500000+01:00",
  FiddlerBeginRequest: "2026-03-01T11:00:00.0020000+01:00",
  ServerGotRequest: "2026-03-01T11:00:00.0030000+01:00",
  ServerBeginResponse: "2026-03-01T11:00:30.0030000+01:00",
  GotResponseHeaders: "2026-03-01T11:00:30.0040000+01:00",
  ServerDoneResponse: "2026-03-01T11:00:30.0050000+01:00",
  ClientBeginResponse: "2026-03-01T11:00:30.0060000+01:00",
  ClientDoneResponse: "2026-03-01T11:00:30.0070000+01:00",
};
const never = "0001-01-01T00:00:00";

function sessionXml(
  change: { bits?: string; timers?: object; flags?: Record<string, string>; more?: string } = {},
): string {
  const times = Object.entries({ ...timers, ...change.timers })
    .map(([name, value]) => `${name}="${value}"`)
    .join(" ");
  return `\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<Session SID="5" BitFlags="${change.bits ?? "19"}">\r\n<SessionTimers ${times} />\r\n<PipeInfo CltReuse="true" Reused="true" />${change.more ?? ""}<SessionFlags>${flags({ "x-clientip": "127.0.0.1", "x-clientport": "50123", "x-processinfo": "chrome:4711", "x-responsebodytransferlength": "3,643", ...change.flags })}</SessionFlags></Session>`;
}

const poll =
  "POST https://fin1.demo.test:7443/http-bind/ HTTP/1.1\r\nHost: fin1.demo.test:7443\r\nContent-Type: text/xml\r\n\r\n<body rid='1' sid='a'/>";
const unanswered = {
  ServerBeginResponse: never,
  GotResponseHeaders: never,
  ServerDoneResponse: never,
  ClientBeginResponse: never,
  ClientDoneResponse: never,
};
const failed502 =
  "HTTP/1.1 502 Fiddler - Connection Failed\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n<html>[Fiddler] The connection failed.</html>";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Fiddler Classic: a poll answered, one that waits, one it gave up on, a tunnel. */
export const fiddler: Files = {
  "_index.htm": "\ufeff<html></html>",
  "[Content_Types].xml": "<Types/>",
  "raw/": "",
  "raw/1_c.txt": poll,
  "raw/1_m.xml": sessionXml({
    flags: { "ui-comments": "held 30 s &amp; empty", "ui-backcolor": "gold" },
  }),
  "raw/1_s.txt":
    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n<body/>\r\n0\r\n\r\n",
  "raw/2_c.txt": poll,
  "raw/2_m.xml": sessionXml({ timers: unanswered }),
  "raw/2_s.txt": "",
  "raw/3_c.txt": poll,
  "raw/3_m.xml": sessionXml({
    bits: "181",
    timers: {
      ...unanswered,
      ServerGotRequest: never,
      ClientDoneResponse: "2026-03-01T11:00:09.0000000+01:00",
    },
    flags: { "x-failsession-when": "SendingRequest", "x-aborted-when": "SendingRequest" },
  }),
  "raw/3_s.txt": failed502,
  "raw/4_c.txt": "CONNECT fin1.demo.test:7443 HTTP/1.1\r\nHost: fin1.demo.test:7443\r\n\r\n",
  "raw/4_m.xml": sessionXml({
    bits: "1000",
    more: '<TunnelInfo BytesEgress="1200" BytesIngress="56000" />',
  }),
  "raw/4_s.txt": "HTTP/1.1 200 Connection Established\r\nFiddlerGateway: Direct\r\n\r\n",
};

/** Fiddler Everywhere (and its Reporter, which saves by the same code): certificates in the facts, gRPC messages and files of its own beside. */
export const everywhere: Files = {
  "[Content_Types].xml": "<Types/>",
  "raw/": "",
  "raw/1_c.txt": poll,
  "raw/1_g.txt": "grpc",
  "raw/1_m.xml": sessionXml({
    bits: "59",
    more: "<CertificateChainInfo><Certificate Subject='CN=fin1' /></CertificateChainInfo>",
    flags: { "ui-comments": "¿por qué?" },
  }),
  "raw/1_s.txt": "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 7\r\n\r\n<body/>",
  "metadata.json": '{"version":1}',
};

/** whistle: facts of its own beside, no BitFlags, an empty answer for what waits. */
export const whistle: Files = {
  "raw/1_c.txt": poll,
  "raw/1_m.xml": `<?xml version="1.0" encoding="utf-8"?><Session SID="1"><SessionTimers ClientConnected="2026-03-01T10:00:00.000Z" ClientBeginRequest="2026-03-01T10:00:00.000Z" /><PipeInfo /><SessionFlags>${flags({ "x-clientip": "127.0.0.1" })}</SessionFlags></Session>`,
  "raw/1_s.txt": "",
  "_whistle.json": "{}",
};

/** Fluxzy: BitFlags in decimal, no answer file for what waits, LF line ends inside. */
export const fluxzy: Files = {
  "raw/001_c.txt": poll.replace("https://fin1.demo.test:7443", ""),
  "raw/001_m.xml": sessionXml({ bits: "25", timers: unanswered, flags: { "x-fluxzy": "1" } }),
  "raw/odd.bin": "what is this",
  "extra/x": "and this",
};

export async function archiveOf(
  files: Files,
  options: ZipWriterConstructorOptions = {},
  comment = "Fiddler (v5.0.20253.3311) Session Archive. See https://api.getfiddler.com/r/?fiddler",
): Promise<Uint8Array> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false, ...options });
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith("/")) await writer.add(name, undefined, { directory: true });
    else await writer.add(name, new BlobReader(new Blob([content as BlobPart])));
  }
  const blob = await writer.close(new TextEncoder().encode(comment));
  return new Uint8Array(await blob.arrayBuffer());
}
