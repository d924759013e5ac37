/**
 * npm run bench:fault-crowd: thousands of held polls, each of another agent, through one Boshscope in a process of its own. Again and again a rule about one
 * agent is armed by the API: how long until that agent's client feels it, and whom else it touched. Options: --polls N, --rounds N.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, type Socket } from "node:net";
import { connect as connectTls, createServer, type TLSSocket } from "node:tls";
import { parseArgs } from "node:util";
import type { FaultRuleView, SessionList } from "../../src/server/messages.ts";
import {
  type BoshscopeProcess,
  startBoshscopeProcess,
  waitFor,
} from "../support/boshscope-process.ts";
import { bind } from "../support/fault-bench.ts";
import { demoHost, trusted } from "../support/tls-fixtures.ts";
import { medianOf, percentileOf, written } from "./numbers.ts";

const { values } = parseArgs({
  options: {
    polls: { type: "string", default: "2000" },
    rounds: { type: "string", default: "40" },
  },
});
const polls = Number(values.polls);
const rounds = Number(values.rounds);
const goalMs = 100;
const atOnce = 25;
const httpBind = "http://jabber.org/protocol/httpbind";
const agentOf = (index: number): string => `${1_000_000 + index}`;

interface Held {
  readonly agent: string;
  readonly socket: TLSSocket;
  /** Bytes since its poll is held. */
  received: number;
  isOver: boolean;
}

/** Answers session creations, and holds every poll for good. */
async function startServer(): Promise<{ readonly port: number; readonly held: () => number }> {
  let held = 0;
  const server = createServer({ cert: trusted.cert, key: trusted.key }, (socket) => {
    let text = "";
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      const from = /from="(\d+)@/.exec(text)?.[1];
      if (!text.endsWith(">")) return;
      if (from === undefined) held += 1;
      else socket.write(created(from));
      text = "";
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return { port: (server.address() as AddressInfo).port, held: () => held };
}

function created(agent: string): string {
  const body = `<body xmlns="${httpBind}" authid="s${agent}" sid="s${agent}" requests="2" inactivity="60" polling="5" wait="30" hold="1" ver="1.6"/>`;
  return `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function creationOf(agent: string): string {
  const body = `<body xmlns="${httpBind}" hold="1" ver="1.9" to="${demoHost}" wait="30" from="${agent}@${demoHost}" rid="1"/>`;
  return `POST /http-bind/ HTTP/1.1\r\nHost: ${demoHost}:7443\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

async function tunnelThrough({ proxyPort }: BoshscopeProcess): Promise<Socket> {
  const socket = connect(proxyPort, "127.0.0.1");
  socket.on("error", () => socket.destroy());
  socket.write(`CONNECT ${demoHost}:7443 HTTP/1.1\r\nHost: ${demoHost}:7443\r\n\r\n`);
  await once(socket, "data");
  return socket;
}

async function holdPoll(boshscope: BoshscopeProcess, agent: string): Promise<Held> {
  const raw = await tunnelThrough(boshscope);
  const socket = connectTls({ socket: raw, servername: demoHost, ca: boshscope.caPem });
  const one: Held = { agent, socket, received: 0, isOver: false };
  socket.on("error", () => socket.destroy());
  socket.on("close", () => (one.isOver = true));
  await once(socket, "secureConnect");
  socket.write(creationOf(agent));
  await once(socket, "data");
  socket.on("data", (bytes: Buffer) => (one.received += bytes.length));
  socket.write(bind(`s${agent}`, 2));
  return one;
}

async function holdAll(boshscope: BoshscopeProcess): Promise<Held[]> {
  const all: Held[] = [];
  for (let at = 0; at < polls; at += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, polls - at) }, (_, index) =>
      holdPoll(boshscope, agentOf(at + index)),
    );
    all.push(...(await Promise.all(some)));
  }
  return all;
}

/** Ms from the order to the moment its client feels it, and to the order's answer. */
async function armFor(boshscope: BoshscopeProcess, one: Held, how: "answer" | "reset") {
  const action =
    how === "answer"
      ? { kind: "answer", template: { kind: "invalid-sid" } }
      : { kind: "drop", leg: "request", how: "reset" };
  const match = { agent: one.agent, kind: "poll" };
  const { promise: felt, resolve } = Promise.withResolvers<void>();
  one.socket.once("data", () => resolve());
  one.socket.once("close", () => resolve());
  const began = performance.now();
  const ordered = boshscope
    .post<FaultRuleView>("/faults", { match, actions: [action], alsoWaiting: true, arm: true })
    .then((rule) => ({ rule, ms: performance.now() - began }));
  await felt;
  const feltMs = performance.now() - began;
  const { rule, ms: orderMs } = await ordered;
  const { hits } = await boshscope.post<FaultRuleView>(`/faults/${rule.id}/disarm`, {});
  return { feltMs, orderMs, hits };
}

const server = await startServer();
await using boshscope = await startBoshscopeProcess([
  "--resolve",
  `${demoHost}:7443:127.0.0.1:${server.port}`,
]);
const all = await holdAll(boshscope);
await waitFor(
  async () => {
    const { sessions } = await boshscope.get<SessionList>("/sessions");
    return (
      server.held() === polls && sessions.filter(({ agent }) => agent !== null).length === polls
    );
  },
  60_000,
  () => `${server.held()} of ${polls} polls are held`,
);
console.log(`${polls} polls held; ${rounds} rules, one after the other, each about one agent`);
const felt: number[] = [];
const orders: number[] = [];
let hits = 0;
const chosen = new Set<Held>();
for (let round = 0; round < rounds; round++) {
  const one = all[Math.floor(((round + 0.5) * polls) / rounds)];
  if (one === undefined) continue;
  chosen.add(one);
  const outcome = await armFor(boshscope, one, round % 2 === 0 ? "answer" : "reset");
  felt.push(outcome.feltMs);
  orders.push(outcome.orderMs);
  hits += outcome.hits;
}
const others = all.filter((one) => !chosen.has(one));
const touched = others.filter(({ received, isOver }) => received > 0 || isOver).length;
const figures = (name: string, ms: readonly number[]): string =>
  `${name}: median ${written(medianOf(ms))} ms, p95 ${written(percentileOf(ms, 95))} ms, worst ${written(Math.max(...ms))} ms`;
console.log(figures("from the order to the client that feels it", felt));
console.log(figures("from the order to its answer", orders));
console.log(
  `hits: ${hits} of ${rounds} rules; other agents touched: ${touched} of ${others.length}`,
);
const isReached = Math.max(...felt) < goalMs && touched === 0 && hits === rounds;
console.log(`goal (under ${goalMs} ms, that agent only): ${isReached ? "reached" : "MISSED"}`);
for (const { socket } of all) socket.destroy();
process.exitCode = isReached ? 0 : 1;
