/** Starts the proxy: listens, numbers connections, and sends each to the path that fits: decrypt, blind tunnel, plain HTTP, refusal. */

import type { Socket } from "node:net";
import { networkInterfaces } from "node:os";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Authority } from "../ca/authority.ts";
import type { CaptureSink } from "../domain/capture-event.ts";
import type { OwnGet } from "../domain/vitals.ts";
import type { ArmedRules } from "../faults/armed-rules.ts";
import { openBlindTunnel } from "./blind-tunnel.ts";
import { ConnectionEnd } from "./connection-end.ts";
import { ConnectionReport, type Context } from "./context.ts";
import { createDial, ignore } from "./dial.ts";
import { EndpointMemory } from "./endpoint-memory.ts";
import { Engine } from "./engine.ts";
import { meetConnectRules } from "./gate/connection-rules.ts";
import { FaultGate } from "./gate/fault-gate.ts";
import { Interception } from "./interception.ts";
import { ourAnswer } from "./our-answer.ts";
import { ownGet } from "./own-get.ts";
import type { PinStore } from "./pins.ts";
import { type PlainPolicy, PlainRelay } from "./plain-relay.ts";
import { createScope, type ScopeRules } from "./scope.ts";
import { type RepeatedRequest, type Sent, sendAgain } from "./send-again.ts";
import { createServerContext } from "./server-leg.ts";
import { parseAuthority, type Target } from "./target.ts";

export interface InterceptOptions {
  readonly host: string;
  /** 0 = any. */
  readonly port: number;
  readonly authority: Authority;
  readonly emit: CaptureSink;
  readonly clock: Clock;
  readonly log: Log;
  readonly scope: ScopeRules;
  /** "host:port" → where it really is, as curl's --resolve. */
  readonly resolve: ReadonlyMap<string, { readonly address: string; readonly port: number }>;
  readonly serverCerts: "pin" | "strict" | "off";
  readonly pins: PinStore;
  readonly legacyTls: boolean;
  readonly upstream: string | null;
  /** Body bytes kept per message. */
  readonly bodyLimit: number;
  /** Our own listeners' ports: never proxied to. */
  readonly ownPorts: () => readonly number[];
  readonly keylog: ((line: Buffer) => void) | null;
  /** Fault rules; left out = none ever. */
  readonly rules?: ArmedRules;
  /** Called for each exchange a rule touches. */
  readonly touched?: (rule: string, exchange: number) => void;
  /** PEM of CAs that servers' certificates are checked against; default: the system's. */
  readonly trustedServerCas?: readonly string[];
}

export interface Intercept extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  openConnections(): number;
  /** Finesse hosts named or seen, for proxy.pac. */
  finesseHosts(): readonly string[];
  /** Makes a request of our own by the proxy's dial; it leaves a row with the note "probe". */
  get(get: OwnGet): Promise<void>;
  /** Sends a request again on a connection of its own; its exchange's number, once the answer is whole or it has failed. */
  send(request: RepeatedRequest): Promise<Sent>;
  /** What fault rules hold; null without rules. */
  readonly faults: FaultGate | null;
  close(): Promise<void>;
}

/** Plain-HTTP ports of old Finesse releases, captured on any host (7071: http-bind without TLS). */
const plainPorts = [7071, 8082];

export async function startIntercept(options: InterceptOptions): Promise<Intercept> {
  const sockets = new Set<Socket>();
  const connections = new WeakMap<Socket, ConnectionReport>();
  const context = createContext(options, sockets);
  let connectionCount = 0;
  let open = 0;

  const reportOf = (socket: Socket): ConnectionReport =>
    connections.get(socket) ?? new ConnectionReport(context, 0);
  const refuse = (socket: Socket, text: string, status = 400, reason = "Bad Request"): void => {
    socket.on("error", ignore);
    if (!socket.destroyed) socket.end(ourAnswer(status, reason, text));
    finish(context, reportOf(socket));
  };
  const engine = new Engine({
    opened(socket) {
      const report = new ConnectionReport(context, ++connectionCount);
      connections.set(socket, report);
      context.track(socket);
      open++;
      socket.once("close", () => open--);
      const { remoteAddress = "", remotePort = 0 } = socket;
      report.event({
        kind: "connection-opened",
        connection: report.id,
        at: context.mono(),
        address: remoteAddress,
        port: remotePort,
      });
    },
    connect: (socket, authority, head) =>
      onConnect(
        { context, options },
        { socket, authority, head, report: reportOf(socket) },
        refuse,
      ),
    plain: (socket) =>
      void new PlainRelay(context, reportOf(socket), socket, plainPolicy(context, options)),
    malformed(socket, why) {
      reportOf(socket).error("malformed-connect", why);
      refuse(socket, `The CONNECT request can't be read: ${why}.\n`);
    },
    silent(socket) {
      reportOf(socket).error("client-gone", "left before saying anything");
      finish(context, reportOf(socket));
    },
  });
  const address = await engine.open(options.host, options.port);
  const close = async (): Promise<void> => {
    engine.close();
    for (const socket of sockets) socket.destroy();
    await Promise.resolve();
  };
  return {
    ...address,
    openConnections: () => open,
    finesseHosts: () => context.scope.hosts(),
    get: (get) => ownGet(context, get),
    send: (request) => sendAgain(context, ++connectionCount, request),
    faults: context.faults,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function plainPolicy({ scope }: Context, options: InterceptOptions): PlainPolicy {
  return {
    captured: (target) =>
      plainPorts.includes(target.port) ||
      scope.decide(target).intercept ||
      isNamed(options, target),
    isOwn: (target) => isOwn(options, target),
    pageAddress: () =>
      options
        .ownPorts()
        .slice(1)
        .map((port) => `http://127.0.0.1:${port}/`)
        .join(" "),
  };
}

function createContext(options: InterceptOptions, sockets: Set<Socket>): Context {
  let exchangeCount = 0;
  const { authority, emit, log, serverCerts, legacyTls, bodyLimit, keylog, rules, touched } =
    options;
  const mono = (): number => options.clock.mono();
  return {
    authority,
    emit,
    log,
    serverCerts,
    legacyTls,
    bodyLimit,
    keylog,
    mono,
    faults:
      rules === undefined
        ? null
        : new FaultGate({ rules, emit, mono, log, ...(touched === undefined ? {} : { touched }) }),
    scope: createScope(options.scope),
    dial: createDial(options),
    viaUpstream: options.upstream !== null,
    endpoints: new EndpointMemory(serverCerts === "pin" ? options.pins : null),
    serverContext: createServerContext({
      legacyTls,
      trustedServerCas: options.trustedServerCas ?? [],
    }),
    nextExchange: () => ++exchangeCount,
    isOurselves: (address, port) => options.ownPorts().includes(port) && isLocal(address),
    track(socket) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    },
  };
}

interface Connect {
  readonly socket: Socket;
  readonly authority: string;
  readonly head: Buffer;
  readonly report: ConnectionReport;
}

type Refuse = (socket: Socket, text: string, status?: number, reason?: string) => void;

function onConnect(
  shared: { context: Context; options: InterceptOptions },
  connect: Connect,
  refuse: Refuse,
): void {
  const { context, options } = shared;
  const { socket, authority, head, report } = connect;
  socket.off("error", ignore);
  const target = parseAuthority(authority);
  if (target === null) {
    report.error("malformed-connect", `not host:port: ${authority.slice(0, 100)}`);
    return refuse(socket, "CONNECT needs host:port.\n");
  }
  const { intercept, reason } = context.scope.decide(target);
  const interference = [
    "connect" as const,
    ...(context.viaUpstream ? ["upstream-proxy" as const] : []),
  ];
  report.facts({
    host: target.host,
    port: target.port,
    reason,
    interference: intercept
      ? [...interference, "second-tls", ...(context.legacyTls ? ["legacy-tls" as const] : [])]
      : interference,
  });
  if (isOwn(options, target)) {
    report.error("own-address", `${target.host}:${target.port} is this Boshscope`);
    return refuse(
      socket,
      "Boshscope does not proxy requests to itself. Open its page directly.\n",
      403,
      "Forbidden",
    );
  }
  const goOn = (): void => {
    if (head.length > 0) socket.unshift(head);
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (intercept) new Interception(context, report, target, socket);
    else openBlindTunnel(context, report, target, socket);
    socket.resume();
  };
  const end = (): ConnectionEnd => new ConnectionEnd(context, report);
  meetConnectRules({ context, report, target, socket }, end, goOn);
}

function finish(context: Context, report: ConnectionReport): void {
  report.mode("refused");
  report.event({ kind: "connection-ended", connection: report.id, at: context.mono() });
}

function isNamed(options: InterceptOptions, target: Target): boolean {
  return options.scope.finesse.some(({ host }) => host.toLowerCase() === target.host);
}

/** Before any dial: names and literals that are plainly this machine, on our own ports. What only DNS knows is checked after the dial. */
function isOwn(options: InterceptOptions, { host, port }: Target): boolean {
  if (!options.ownPorts().includes(port)) return false;
  if (options.resolve.has(`${host}:${port}`)) return false;
  return host === "localhost" || host.endsWith(".localhost") || isLocal(host);
}

function isLocal(address: string): boolean {
  const plain = address.replace(/^::ffff:/, "");
  if (plain.startsWith("127.") || plain === "::1" || plain === "0.0.0.0" || plain === "::")
    return true;
  return Object.values(networkInterfaces()).some(
    (entries) => entries?.some((entry) => entry.address === plain) === true,
  );
}
