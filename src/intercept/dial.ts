/** Opens the TCP connection to a server: direct, to the address given by --resolve, or through the proxy in front of us. */
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { fail } from "../base/errors.ts";
import type { Leg } from "./leg.ts";
import { upstreamRefused } from "./socket-close.ts";
import type { Target } from "./target.ts";

export interface DialRules {
  /** "host:port" → where it really is. */
  readonly resolve: ReadonlyMap<string, { readonly address: string; readonly port: number }>;
  /** Proxy in front of us, `http://user:password@host:port` or `https://…`; null = none. */
  readonly upstream: string | null;
}

/** Chromium's own keep-alive period for its sockets, so that middleboxes see what they would see without us. */
const keepAliveMs = 45_000;

/**
 * Starts the dial; `done` is called once: with null when bytes can flow to the target, else with the system's error. There is no time
 * limit of ours: the kernel's applies, as it would for the browser.
 */
export type Dial = (target: Target, done: (error: Error | null) => void) => Leg;

export function createDial(rules: DialRules): Dial {
  const upstream = rules.upstream === null ? null : readUpstream(rules.upstream);
  return (target, done) => {
    const pinned = rules.resolve.get(`${target.host}:${target.port}`);
    if (upstream !== null && pinned === undefined) return dialThrough(upstream, target, done);
    const at = pinned ?? { address: target.host, port: target.port };
    return dialTcp(at.address, at.port, done);
  };
}

function dialTcp(host: string, port: number, done: (error: Error | null) => void): Leg {
  const socket = connectTcp({ host, port, allowHalfOpen: true, autoSelectFamily: true });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
  whenOpen(socket, "connect", done);
  return { stream: socket, raw: socket };
}

/** Calls back once, and leaves no listener behind. */
function whenOpen(
  socket: Socket,
  event: "connect" | "secureConnect",
  done: (error: Error | null) => void,
): void {
  const onOpen = (): void => finish(null);
  const onError = (error: Error): void => finish(error);
  const onClose = (): void =>
    finish(Object.assign(new Error("closed while dialling"), { code: "ECONNABORTED" }));
  const finish = (error: Error | null): void => {
    socket.off(event, onOpen).off("error", onError).off("close", onClose);
    // An error can still follow the first one; without a listener it would end the process.
    if (error !== null) socket.on("error", ignore);
    done(error);
  };
  socket.once(event, onOpen).once("error", onError).once("close", onClose);
}

/** For errors that follow one already reported. */
export function ignore(): void {
  // Nothing to do: the connection's end is known.
}

interface UpstreamProxy {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly authorization: string | null;
}

export function readUpstream(text: string): UpstreamProxy {
  const url = URL.parse(text);
  if (
    url === null ||
    (url.protocol !== "http:" && url.protocol !== "https:") ||
    url.hostname === ""
  ) {
    throw fail("config-invalid", {
      problem: "The upstream proxy is not an http:// or https:// address.",
      remedy: "Example: --upstream http://user:password@proxy.corp:3128",
    });
  }
  const secure = url.protocol === "https:";
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  return {
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    authorization:
      user === "" ? null : `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  };
}

/** The head of an upstream proxy's answer to CONNECT may not be longer. */
const maxConnectAnswer = 16_384;

/** CONNECT through the proxy in front of us, over TLS when it asks for it. */
function dialThrough(
  upstream: UpstreamProxy,
  target: Target,
  done: (error: Error | null) => void,
): Leg {
  const onTcp = (error: Error | null): void => {
    if (error !== null) done(error);
    else if (!upstream.secure) askForTunnel(raw, upstream, target, done);
  };
  const { raw } = dialTcp(upstream.host, upstream.port, onTcp);
  if (!upstream.secure) return { stream: raw, raw };
  const name = isIP(upstream.host) === 0 ? { servername: upstream.host } : {};
  const stream = connectTls({ socket: raw, ...name });
  whenOpen(stream, "secureConnect", (error) => {
    if (error !== null) done(error);
    else askForTunnel(stream, upstream, target, done);
  });
  return { stream, raw };
}

function askForTunnel(
  stream: Socket,
  upstream: UpstreamProxy,
  target: Target,
  done: (error: Error | null) => void,
): void {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  const authority = `${host}:${target.port}`;
  const authorization =
    upstream.authorization === null ? "" : `Proxy-Authorization: ${upstream.authorization}\r\n`;
  let answer = Buffer.alloc(0);
  const finish = (error: Error | null): void => {
    stream.off("data", onData).off("error", finish).off("end", onEnd);
    stream.pause();
    if (error !== null) stream.on("error", ignore);
    done(error);
  };
  const onEnd = (): void => finish(upstreamRefusal("nothing and closed"));
  const onData = (chunk: Buffer): void => {
    answer = Buffer.concat([answer, chunk]);
    const end = answer.indexOf("\r\n\r\n");
    if (end < 0 && answer.length < maxConnectAnswer) return;
    const status = /^HTTP\/1\.[01] (\d{3})[^\r\n]*/.exec(answer.toString("latin1"));
    const accepted = end >= 0 && status?.[1]?.startsWith("2") === true;
    finish(accepted ? null : upstreamRefusal(status?.[0] ?? "no HTTP"));
    if (accepted && end + 4 < answer.length) stream.unshift(answer.subarray(end + 4));
  };
  stream.on("data", onData).once("error", finish).once("end", onEnd);
  stream.write(
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`,
    "latin1",
  );
}

function upstreamRefusal(answer: string): Error {
  return Object.assign(new Error(`upstream proxy answered ${answer}`), {
    code: upstreamRefused,
  });
}
