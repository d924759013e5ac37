/** A session's `_m.xml`: Fiddler's times, flags and comments, both ways. */

import { readXml } from "../../xml/read-xml.ts";
import { attributeOf, elementsIn, type XmlElement } from "../../xml/tree.ts";
import type { ExchangeCopy } from "../exchange-copy.ts";

/** Bits of `BitFlags`, which Fiddler writes as hex digits without a prefix. */
export const sazBits = {
  isHttps: 0x1,
  responseGeneratedByFiddler: 0x100,
  importedFromOtherTool: 0x400,
  isBlindTunnel: 0x1000,
  isWebSocketTunnel: 0x4_0000,
} as const;

/** What Fiddler writes for a moment that never came. */
const unset = "0001-01-01T00:00:00";

/** .NET's round-trip form: seven digits of a second and the offset. */
const moment = (wall: number | null): string =>
  wall === null ? unset : `${new Date(wall).toISOString().slice(0, -1)}0000+00:00`;

export function sessionXml(copy: ExchangeCopy, id: number): string {
  const flags = flagsOf(copy).map(
    ([name, value]) => `    <SessionFlag N="${escaped(name)}" V="${escaped(value)}" />\r\n`,
  );
  const tunnel =
    copy.kind === "tunnel"
      ? `  <TunnelInfo BytesEgress="${Math.max(0, copy.wire.request)}" BytesIngress="${Math.max(0, copy.wire.response)}" />\r\n`
      : "";
  return (
    `\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<Session SID="${id}" BitFlags="${bitsOf(copy).toString(16)}">\r\n` +
    `  <SessionTimers ${timersOf(copy)} />\r\n  <PipeInfo />\r\n${tunnel}  <SessionFlags>\r\n${flags.join("")}  </SessionFlags>\r\n</Session>`
  );
}

function timersOf({ atWall, timing }: ExchangeCopy): string {
  const at = (mark: number | null): string => moment(mark === null ? null : atWall + mark);
  const { serverConnected, serverTls, requestEnd, requestSent, responseFirst } = timing;
  const timers: Readonly<Record<string, string | number>> = {
    ClientConnected: at(Math.min(0, serverConnected ?? 0)),
    ClientBeginRequest: at(0),
    GotRequestHeaders: at(0),
    ClientDoneRequest: at(requestEnd),
    GatewayTime: 0,
    DNSTime: 0,
    TCPConnectTime: 0,
    HTTPSHandshakeTime: 0,
    ServerConnected: at(serverTls ?? serverConnected),
    FiddlerBeginRequest: at(requestEnd),
    ServerGotRequest: at(requestSent),
    ServerBeginResponse: at(responseFirst),
    GotResponseHeaders: at(responseFirst),
    ServerDoneResponse: at(timing.responseEnd),
    ClientBeginResponse: at(responseFirst),
    ClientDoneResponse: at(timing.delivered ?? timing.failed),
  };
  return Object.entries(timers)
    .map(([name, value]) => `${name}="${value}"`)
    .join(" ");
}

function bitsOf({ secure, kind, outcome }: ExchangeCopy): number {
  const made = outcome.kind === "failed" && outcome.status === null;
  return (
    sazBits.importedFromOtherTool |
    (secure ? sazBits.isHttps : 0) |
    (kind === "tunnel" ? sazBits.isBlindTunnel : 0) |
    (kind === "websocket" ? sazBits.isWebSocketTunnel : 0) |
    (made ? sazBits.responseGeneratedByFiddler : 0)
  );
}

/** Fiddler's own names, then ours. Its colours are HTML's. */
function flagsOf(copy: ExchangeCopy): [string, string][] {
  const { client, serverAddress, comment, mark, outcome, pendingMs } = copy;
  const flags: (readonly [string, string | null])[] = [
    ["x-clientip", client.address || null],
    ["x-clientport", client.port > 0 ? String(client.port) : null],
    ["x-processinfo", client.process],
    ["x-hostip", serverAddress],
    ["ui-comments", comment],
    ["ui-backcolor", mark],
    ["x-finesse-state", outcome.kind === "responded" ? null : outcome.kind],
    ["x-finesse-pending-ms", pendingMs === null ? null : String(Math.round(pendingMs))],
  ];
  if (outcome.kind === "failed") {
    const when = outcome.status === null ? "SendingRequest" : "ReadingResponse";
    flags.push(
      ["x-aborted-when", when],
      ["x-failsession-when", outcome.blame === "client" ? null : when],
      ["x-finesse-aborted-by", outcome.blame],
      ["x-finesse-cause", outcome.cause],
      ["x-finesse-detail", outcome.detail],
    );
  }
  return flags.filter((flag): flag is [string, string] => flag[1] !== null);
}

/** Characters that XML forbids are left out. */
const escaped = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"\r\n\t]/g, (char) => `&#${char.charCodeAt(0)};`);

export interface SessionFacts {
  readonly bits: number;
  /** Wall ms by Fiddler's name; moments that never came are missing. */
  readonly times: ReadonlyMap<string, number>;
  readonly flags: ReadonlyMap<string, string>;
  readonly bytes: { readonly egress: number; readonly ingress: number } | null;
}

/** `isDecimal`: of a tool that writes BitFlags in decimal. An unreadable file counts as one without facts. */
export function readSessionXml(text: string, isDecimal: boolean): SessionFacts {
  const read = readXml(text.replace(/^\ufeff/, ""));
  const root = read.kind === "document" ? read.root : read.partial;
  const facts = {
    bits: 0,
    times: new Map<string, number>(),
    flags: new Map<string, string>(),
    bytes: null as SessionFacts["bytes"],
  };
  if (root === null) return facts;
  facts.bits = Number.parseInt(attributeOf(root, "BitFlags") ?? "0", isDecimal ? 10 : 16) || 0;
  for (const element of elementsIn(root)) {
    if (element.local === "SessionTimers") readTimes(element, facts.times);
    else if (element.local === "SessionFlags") readFlags(element, facts.flags);
    else if (element.local === "TunnelInfo") facts.bytes = bytesIn(element);
  }
  return facts;
}

function readTimes(element: XmlElement, times: Map<string, number>): void {
  for (const { name, value } of element.attributes) {
    // Beyond milliseconds the language knows nothing; a moment without zone is the writer's local time, as is ours.
    const wall = Date.parse(value.replace(/(\.\d{3})\d+/, "$1"));
    if (!value.startsWith("0001-") && !Number.isNaN(wall) && value.includes("T"))
      times.set(name, wall);
  }
}

function readFlags(element: XmlElement, flags: Map<string, string>): void {
  for (const flag of elementsIn(element)) {
    const name = attributeOf(flag, "N");
    if (name !== null) flags.set(name.toLowerCase(), attributeOf(flag, "V") ?? "");
  }
}

function bytesIn(element: XmlElement): { egress: number; ingress: number } {
  const count = (name: string): number => Number(attributeOf(element, name) ?? 0) || 0;
  return { egress: count("BytesEgress"), ingress: count("BytesIngress") };
}
