/** The console's engine in the test's own process, towards servers on this machine. */
import { systemClock } from "../../src/base/clock.ts";
import type { CommandAnswer, XmppSignIn, XmppTransport } from "../../src/domain/xmpp-console.ts";
import { createDial } from "../../src/intercept/dial.ts";
import { EndpointMemory } from "../../src/intercept/endpoint-memory.ts";
import { memoryPins } from "../../src/intercept/pins.ts";
import { createServerContext } from "../../src/intercept/server-leg.ts";
import type { Network } from "../../src/xmpp-client/network.ts";
import { runCommand } from "../../src/xmpp-client/run-command.ts";
import { Subscribed } from "../../src/xmpp-client/subscribed.ts";
import { XmppSession } from "../../src/xmpp-client/xmpp-session.ts";
import { demoHost } from "./tls-fixtures.ts";

/** Port that is asked for → port on 127.0.0.1. */
export type Ports = Readonly<Record<number, number>>;

export function networkTo(ports: Ports, trust: Partial<Network> = {}): Network {
  const resolve = Object.entries(ports).map(
    ([port, real]) => [`${demoHost}:${port}`, { address: "127.0.0.1", port: real }] as const,
  );
  return {
    dial: createDial({ resolve: new Map(resolve), upstream: null }),
    serverCerts: "pin",
    endpoints: new EndpointMemory(memoryPins()),
    secureContext: createServerContext({ legacyTls: false, trustedServerCas: [] }),
    ...trust,
  };
}

const usualPorts: Readonly<Record<XmppTransport, number>> = {
  bosh: 7443,
  websocket: 7443,
  starttls: 5222,
  tls: 5223,
};

export const signInOrder = (
  transport: XmppTransport,
  order: Partial<XmppSignIn> = {},
): XmppSignIn => ({
  user: "1001003",
  domain: demoHost,
  host: demoHost,
  port: usualPorts[transport],
  transport,
  path: transport === "bosh" ? "/http-bind" : "/ws",
  resource: "boshscope",
  pubsub: `pubsub.${demoHost}`,
  allowPlaintext: false,
  ...order,
});

/** Signs in, runs the lines, signs out; what each brought. */
export async function runLines(
  network: Network,
  order: XmppSignIn,
  password: string,
  lines: readonly string[],
): Promise<CommandAnswer[]> {
  const session = await XmppSession.signIn(order, password, {
    id: "x1",
    network,
    clock: systemClock,
  });
  const console = { session, subscribed: new Subscribed() };
  const answers: CommandAnswer[] = [];
  try {
    for (const line of lines) answers.push(await runCommand(console, line));
  } finally {
    await console.subscribed.endAll(session);
    await session.signOut();
  }
  if (session.info().ending !== null) throw new Error(`ended: ${session.info().ending}`);
  return answers;
}
