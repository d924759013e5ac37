/**
 * When a TLS 1.3 handshake is over to its last record, the server's session tickets. While a server writes those, Node loses an RST that
 * arrives: the write eats the error, and the read that follows says FIN. Scripts begin after that.
 */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** A client that is sent no tickets waits this long; one that is, about a millisecond. */
const maxTicketWaitMs = 300;

export async function handshakeEnd(
  stream: Socket | TLSSocket,
  side: "client" | "server",
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const deadline = side === "client" ? setTimeout(resolve, maxTicketWaitMs) : null;
  stream.once(side === "client" ? "session" : "secure", () => resolve());
  stream.once("close", resolve);
  await promise;
  if (deadline !== null) clearTimeout(deadline);
  await new Promise((next) => setImmediate(next));
}
