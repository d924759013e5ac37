/** No password leaves for a server that is not trusted, or over a connection that can be read along. */
import { once } from "node:events";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import type { XmppSignIn } from "../../../src/domain/xmpp-console.ts";
import { EndpointMemory } from "../../../src/intercept/endpoint-memory.ts";
import type { PinStore } from "../../../src/intercept/pins.ts";
import type { Network } from "../../../src/xmpp-client/network.ts";
import { XmppSession } from "../../../src/xmpp-client/xmpp-session.ts";
import { trusted, untrusted } from "../../support/tls-fixtures.ts";
import { networkTo, signInOrder } from "../../support/xmpp-client.ts";

const password = "Pl4nted!Secret";
const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  }
});

/** Listens, and gives the port and all that was heard. */
async function listen(server: Server): Promise<{ readonly port: number; heard(): string }> {
  const sockets = new Set<Socket>();
  servers.push({ server, sockets });
  let heard = "";
  const listens = (socket: Socket): void => {
    socket.on("data", (bytes) => (heard += String(bytes)));
    socket.on("error", () => undefined);
  };
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("secureConnection", listens).on("plain", listens);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return { port: typeof address === "object" ? (address?.port ?? 0) : 0, heard: () => heard };
}

function signIn(port: number, order: Partial<XmppSignIn>, trust: Partial<Network> = {}) {
  const asked = signInOrder(order.transport ?? "tls", order);
  const network = networkTo({ [asked.port]: port }, trust);
  return XmppSession.signIn(asked, password, { id: "x1", network, clock: systemClock });
}

function pinned(fingerprint: string): EndpointMemory {
  const pins: PinStore = { get: () => fingerprint, set: () => undefined };
  return new EndpointMemory(pins);
}

test.each(["tls", "bosh", "websocket"] as const)(
  "%s: a certificate that changed, or is not valid where it must be: nothing is sent",
  async (transport) => {
    const { cert, key } = untrusted;
    const server = await listen(createTlsServer({ cert, key }));
    const changed = signIn(server.port, { transport }, { endpoints: pinned("AA:BB") });
    await expect(changed).rejects.toThrow(/not the one seen first/);
    const strict = { serverCerts: "strict", endpoints: new EndpointMemory(null) } as const;
    await expect(signIn(server.port, { transport }, strict)).rejects.toThrow(/not valid/);
    expect(server.heard()).toBe("");
  },
);

const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;
const plainOnly = `<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>`;

/** A TCP server that answers each stream's header in the same way. */
function answering(text: string): Server {
  const server = createTcpServer((socket) => {
    server.emit("plain", socket);
    socket.on("data", (bytes) => {
      if (String(bytes).includes("<stream:stream")) socket.write(header + text);
    });
  });
  return server;
}

test("no STARTTLS: no password, unless it is allowed", async () => {
  const server = await listen(answering(plainOnly));
  const order = { transport: "starttls", port: 5222 } as const;
  await expect(signIn(server.port, order)).rejects.toThrow(/offers no STARTTLS/);
  expect(server.heard()).not.toContain("<auth");
  const allowed = signIn(server.port, { ...order, allowPlaintext: true });
  await expect.poll(() => server.heard(), { timeout: 5000 }).toContain("<auth");
  for (const { sockets } of servers) for (const socket of sockets) socket.destroy();
  await expect(allowed).rejects.toThrow(/closed the connection/);
});

test.each([
  [
    "an error of the stream",
    "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
    /STARTTLS|host-unknown/,
  ],
  ["a DTD", "<!DOCTYPE a>", /a DTD/],
  ["depth", "<a>".repeat(300), /nested too deep/],
  ["text", "hello", /text outside/],
  ["the end", "</stream:stream>", /ended the stream/],
])("%s instead of features ends it with words", async (_what, text, words) => {
  const server = await listen(answering(text));
  await expect(signIn(server.port, { transport: "starttls", port: 5222 })).rejects.toThrow(words);
});

test.each([
  ["ends that do not match", "<a></b>", /no XML/],
  [
    "a redirection, which is not followed",
    "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>evil.example</see-other-host></stream:error>",
    /see-other-host/,
  ],
  [
    "a sender that is no address",
    "<iq type='get' id='1' from='@@@///'><ping xmlns='urn:xmpp:ping'/></iq></stream:stream>",
    /./,
  ],
])("%s after TLS ends the session, not the program", async (_what, text, words) => {
  const { cert, key } = trusted;
  const server = createTlsServer({ cert, key }, (socket) =>
    socket.on("data", () => socket.write(header + text)).on("error", () => undefined),
  );
  const { port } = await listen(server);
  await expect(signIn(port, {})).rejects.toThrow(words);
});
