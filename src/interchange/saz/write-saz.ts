/** A Fiddler archive (SAZ), session by session: a ZIP with raw requests and answers, and under `finesse/` what Fiddler has no place for. */
import type { CopiedCapture, CopiedFrame, CopiedMessage, ExchangeCopy } from "../exchange-copy.ts";
import { frameFacts } from "../frame-facts.ts";
import { headBytes } from "../head.ts";
import { ownFacts } from "../own-facts.ts";
import { ZipWriter } from "../zip/zip-writer.ts";
import { sessionXml } from "./session-xml.ts";
import { wireBody } from "./wire-body.ts";

export interface SazOptions {
  readonly version: string;
  readonly capture: CopiedCapture;
  readonly redaction: Readonly<Record<string, unknown>> | null;
  /** null = anybody can read it. */
  readonly password: string | null;
  readonly random: (length: number) => Buffer;
  /** How many will come: their numbers in the archive have as many digits. */
  readonly count: number;
}

const contentTypes =
  '<?xml version="1.0" encoding="utf-8" ?>\r\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
  '<Default Extension="htm" ContentType="text/html" /><Default Extension="xml" ContentType="application/xml" />' +
  '<Default Extension="txt" ContentType="text/plain" /><Default Extension="json" ContentType="application/json" /></Types>';

/** What Fiddler puts in an answer's place when there was none because the connection failed. */
const failedHead =
  "HTTP/1.1 502 Fiddler - Connection Failed\r\nContent-Type: text/html; charset=UTF-8\r\nConnection: close\r\n\r\n";

export async function* writeSaz(
  copies: AsyncIterable<ExchangeCopy>,
  options: SazOptions,
): AsyncGenerator<Buffer> {
  const { version, capture, password, random, count } = options;
  const zip = new ZipWriter({
    comment: `Boshscope (v${version}) Session Archive.`,
    password,
    random,
  });
  const started = new Date(capture.startedAt);
  const add = (name: string, content: Uint8Array | string, at = started): Buffer =>
    zip.add(name, typeof content === "string" ? Buffer.from(content, "utf8") : content, at);
  yield add("[Content_Types].xml", contentTypes);
  // Readers of FiddlerCore's kind refuse an archive without this entry.
  yield add("raw/", "");
  yield add("finesse/capture.json", captureJson(options));
  let number = 0;
  for await (const copy of copies) {
    const name = String(++number).padStart(String(count).length, "0");
    const at = new Date(copy.atWall);
    yield add(`raw/${name}_c.txt`, requestBytes(copy), at);
    yield add(`raw/${name}_m.xml`, sessionXml(copy, number), at);
    // Always there, empty for what was never answered: readers pass over sessions without it.
    yield add(`raw/${name}_s.txt`, responseBytes(copy), at);
    if (copy.frames.length > 0) yield add(`raw/${name}_w.txt`, framesBytes(copy.frames), at);
    yield add(`finesse/${name}.json`, JSON.stringify(factsOf(copy)), at);
  }
  yield* zip.end();
}

function captureJson({ version, capture, redaction }: SazOptions): string {
  const { name, startedAt, endedAt, secretsKept } = capture;
  const iso = (wall: number | null): string | null =>
    wall === null ? null : new Date(wall).toISOString();
  return JSON.stringify({
    creator: { name: "Boshscope", version },
    name,
    startedAt: iso(startedAt),
    endedAt: iso(endedAt),
    secretsKept,
    redaction,
  });
}

const factsOf = (copy: ExchangeCopy): Readonly<Record<string, unknown>> => ({
  ...ownFacts(copy),
  atWall: copy.atWall,
  connection: copy.connection,
  serverAddress: copy.serverAddress,
  pendingMs: copy.pendingMs,
  comment: copy.comment,
  wire: copy.wire,
  frames: copy.frames.length === 0 ? undefined : copy.frames.map(frameFacts),
});

/** Fiddler's request line has the absolute URL, a tunnel's the authority. */
function requestBytes(copy: ExchangeCopy): Buffer {
  if (copy.kind === "tunnel" || copy.request === null) {
    const target = copy.url;
    return headBytes(
      `${copy.method} ${target} HTTP/1.1\r\nHost: ${copy.host}:${copy.port}\r\n\r\n`,
    );
  }
  const { head } = copy.request;
  const lineEnd = head.search(/\r?\n/);
  const line = `${copy.method} ${copy.url.replace(/^ws/i, "http")} HTTP/${copy.httpVersion || "1.1"}`;
  const isWhole = copy.timing.requestEnd !== null;
  return Buffer.concat([
    headBytes(line + (lineEnd < 0 ? "\r\n\r\n" : head.slice(lineEnd))),
    wireBody(copy.request, isWhole),
  ]);
}

function responseBytes({ kind, outcome, response, timing }: ExchangeCopy): Buffer {
  if (response !== null) return messageBytes(response, timing.responseEnd !== null);
  if (kind === "tunnel" && outcome.kind === "responded")
    return headBytes(`HTTP/1.1 200 Connection Established\r\n\r\n`);
  if (outcome.kind === "failed")
    return Buffer.concat([headBytes(failedHead), Buffer.from(outcome.detail, "utf8")]);
  return Buffer.alloc(0);
}

const messageBytes = (message: CopiedMessage, isWhole: boolean): Buffer =>
  Buffer.concat([headBytes(message.head), wireBody(message, isWhole)]);

/** FiddlerCore's list: a head of lines, then the message as a frame without mask. */
const framesBytes = (frames: readonly CopiedFrame[]): Buffer =>
  Buffer.concat(
    frames.map((frame, index) => {
      const bytes = frameBytes(frame);
      const side = frame.from === "client" ? "Request" : "Response";
      const at = new Date(frame.atWall).toISOString();
      const head = `${side}-Length: ${bytes.length}\r\nID: ${index + 1}\r\nBitFlags: 0\r\nDoneRead: ${at}\r\nBeginSend: ${at}\r\nDoneSend: ${at}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head), bytes, Buffer.from("\r\n")]);
    }),
  );

function frameBytes({ opcode, body }: CopiedFrame): Buffer {
  const payload = Buffer.from(body ?? new Uint8Array());
  const first = 0x80 | opcode;
  if (payload.length < 126) return Buffer.concat([Buffer.from([first, payload.length]), payload]);
  const head = Buffer.alloc(payload.length < 65_536 ? 4 : 10);
  head[0] = first;
  if (head.length === 4) {
    head[1] = 126;
    head.writeUInt16BE(payload.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, payload]);
}
