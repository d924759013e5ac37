/** The carrier for a sign-in's transport. */
import type { XmppSignIn } from "../domain/xmpp-console.ts";
import { openBoshCarrier } from "./bosh-carrier.ts";
import type { Carrier, CarrierEvents } from "./carrier.ts";
import type { Network } from "./network.ts";
import { openTcpCarrier } from "./tcp-carrier.ts";
import { openWebSocketCarrier } from "./web-socket-carrier.ts";

export async function openCarrier(
  network: Network,
  order: XmppSignIn,
  events: CarrierEvents,
): Promise<Carrier> {
  const { host, port, domain, path, transport, allowPlaintext } = order;
  const target = { host, port };
  switch (transport) {
    case "bosh":
      return openBoshCarrier(network, { target, path, domain }, events);
    case "websocket":
      return await openWebSocketCarrier(network, { target, path }, events);
    case "starttls":
    case "tls":
      return await openTcpCarrier(network, { target, domain, transport, allowPlaintext }, events);
  }
}
