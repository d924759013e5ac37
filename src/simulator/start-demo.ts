/** A contact centre at work: a pair of nodes, desktops of all three kinds, calls coming and going, breaks taken. */
import type { Desktop } from "./desktop/desktop.ts";
import type { DesktopOptions } from "./desktop/desktop-options.ts";
import { startDesktop } from "./desktop/start-desktop.ts";
import type { FinessePair } from "./finesse-pair.ts";
import { startFinessePair } from "./finesse-pair.ts";
import type { AgentOptions } from "./node/contact-center.ts";
import type { Timer } from "./scaled-time.ts";

export interface DemoOptions {
  /** How many; made by `demoAgents`. */
  readonly agents: number;
  /** Null: desktops go straight to the nodes. */
  readonly proxy: { readonly host: string; readonly port: number } | null;
  /** PEM of the proxy's root CA; without a proxy the nodes' own certificates are trusted. */
  readonly ca: string;
  /** Simulated ms per real ms, default 1; a given pair brings its own. */
  readonly speed?: number;
  /** A pair that runs already (a proxy has to know it first); it is not closed with the demo. */
  readonly pair?: FinessePair;
}

export interface Demo extends AsyncDisposable {
  readonly pair: FinessePair;
  readonly desktops: readonly Desktop[];
  close(): Promise<void>;
}

const names: readonly (readonly [first: string, last: string])[] = [
  ["Isaac", "Newton"],
  ["Emmy", "Noether"],
  ["Leonhard", "Euler"],
  ["Sofia", "Kovalevskaya"],
  ["Carl", "Gauss"],
  ["Ada", "Lovelace"],
  ["Henri", "Poincare"],
  ["Mary", "Cartwright"],
];

export const demoPassword = "Secret1!";
/** Simulated ms between two sign-ins, less when there are many: all are there after a minute. */
const staggerMs = 400;
const allSignedInMs = 60_000;
/** Simulated ms between two calls for each agent, on average. */
const callEveryMs = 120_000;
const breakEveryMs = 600_000;
/** While the first desktops sign in, the next call is not planned hours ahead. */
const maxPauseMs = 10_000;
const breakMs = 60_000;

interface DemoAgent extends AgentOptions {
  readonly extension: string;
}

function demoAgent(index: number): DemoAgent {
  const [firstName, lastName] = names[index % names.length] ?? ["Isaac", "Newton"];
  return {
    id: `${1_001_001 + index}`,
    password: demoPassword,
    extension: `${10_001 + index}`,
    firstName,
    lastName,
    supervisor: index % 8 === 7,
  };
}

/** The demo's agents: ids from 1001001 on, extensions from 10001 on, one in eight a supervisor. */
export const demoAgents = (count: number): DemoAgent[] =>
  Array.from({ length: count }, (_, index) => demoAgent(index));

/** An agent without a desktop, for the person at the demo: their sign-in ends nobody's session. */
export const demoVisitor = (desktops: number): DemoAgent => demoAgent(desktops);

/** Kinds in turn: JabberWerx, Strophe over a WebSocket, Strophe over BOSH. */
export function demoDesktops(pair: FinessePair, options: DemoOptions): DesktopOptions[] {
  const kinds = [
    { kind: "jabberwerx", transport: "bosh" },
    { kind: "strophe", transport: "websocket" },
    { kind: "strophe", transport: "bosh" },
  ] as const;
  const resolve = new Map(
    pair.resolve.map(({ host, port, address, realPort }) => [
      `${host}:${port}`,
      { address, port: realPort },
    ]),
  );
  return demoAgents(options.agents).map((agent, index) => ({
    ...(kinds[index % kinds.length] ?? kinds[0]),
    agent: agent.id,
    password: agent.password,
    extension: agent.extension,
    proxy: options.proxy,
    ca: options.proxy === null ? pair.certificates : options.ca,
    nodes: [pair.publisher.host, pair.subscriber.host],
    resolve,
    time: pair.time,
    gadgets: index % 2 === 0,
    logLimit: 500,
  }));
}

/** Runs until closed. Desktops sign in one after the other, within a simulated minute. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const speed = options.speed ?? 1;
  const own = options.pair === undefined;
  const pair = options.pair ?? (await startFinessePair({ speed, agents: [] }));
  for (const agent of demoAgents(options.agents)) {
    if (pair.center.agent(agent.id) === null) pair.center.addAgent(agent);
  }
  const desktops: Desktop[] = [];
  const pace = new Pace(pair);
  demoDesktops(pair, options).forEach((desktop, index) => {
    pace.after(index * Math.min(staggerMs, allSignedInMs / options.agents), () =>
      desktops.push(startDesktop(desktop)),
    );
  });
  const perDesktop = (ms: number) => () => ms / Math.max(1, desktops.length);
  pace.repeat(perDesktop(callEveryMs), () => ring(pair));
  pace.repeat(perDesktop(breakEveryMs), () => takeBreak(desktops, pace));
  const close = async (): Promise<void> => {
    pace.stop();
    for (const desktop of desktops) desktop.close();
    if (own) await pair.close();
  };
  return { pair, desktops, close, [Symbol.asyncDispose]: close };
}

/** Timers that end together. */
class Pace {
  private readonly pair: FinessePair;
  private readonly timers = new Set<Timer>();
  private stopped = false;

  constructor(pair: FinessePair) {
    this.pair = pair;
  }

  after(ms: number, run: () => void): void {
    if (this.stopped) return;
    const timer = this.pair.time.after(ms, () => {
      this.timers.delete(timer);
      run();
    });
    this.timers.add(timer);
  }

  /** Again and again, after between half and one and a half of what `ms` says then. */
  repeat(ms: () => number, run: () => void): void {
    this.after(Math.min(maxPauseMs, ms() * (0.5 + Math.random())), () => {
      run();
      this.repeat(ms, run);
    });
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) timer.cancel();
  }
}

function ring(pair: FinessePair): void {
  const ready = pair.center.agentIds().filter((id) => pair.center.agent(id)?.state === "READY");
  const id = ready[Math.floor(Math.random() * ready.length)];
  const caller = `555${1000 + Math.floor(Math.random() * 9000)}`;
  if (id !== undefined) pair.center.offerCall(id, caller);
}

function takeBreak(desktops: readonly Desktop[], pace: Pace): void {
  const ready = desktops.filter((desktop) => desktop.state().agentState === "READY");
  const desktop = ready[Math.floor(Math.random() * ready.length)];
  if (desktop === undefined) return;
  desktop.act(() => desktop.requestState("NOT_READY", "2"));
  pace.after(breakMs, () => {
    const { phase, agentState } = desktop.state();
    if (phase === "active" && agentState === "NOT_READY")
      desktop.act(() => desktop.requestState("READY"));
  });
}
