/** XMPP over WebSocket (RFC 7395): frames as they are. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { fail, reasonOf } from "../base/errors.ts";
import { ignore } from "../intercept/dial.ts";
import type { Target } from "../intercept/target.ts";
import { authorityOf } from "./bosh-http.ts";
import {
  type Carrier,
  type CarrierEvents,
  checkedFrame,
  isClosing,
  maxFrameLength,
} from "./carrier.ts";
import { type Network, openTls } from "./network.ts";

const openMs = 20_000;

/** Throws "xmpp-failed", "xmpp-refused". */
export async function openWebSocketCarrier(
  network: Network,
  { target, path }: { readonly target: Target; readonly path: string },
  events: CarrierEvents,
): Promise<Carrier> {
  const { socket, certificate } = await openTls(network, target);
  const address = `wss://${authorityOf(target)}${path}`;
  const webSocket = new WebSocket(address, ["xmpp"], {
    createConnection: () => socket,
    maxPayload: maxFrameLength,
    perMessageDeflate: false,
    followRedirects: false,
  });
  try {
    await once(webSocket, "open", { signal: AbortSignal.timeout(openMs) });
  } catch (error) {
    webSocket.on("error", ignore).terminate();
    const { host, port } = target;
    throw fail("xmpp-failed", { host, port, why: `${path}: ${reasonOf(error)}` }, error);
  }
  let isOver = false;
  const over = (reason: Error | null): void => {
    if (isOver) return;
    isOver = true;
    webSocket.on("error", ignore).terminate();
    events.onClosed(reason);
  };
  webSocket.on("message", (data, isBinary) => {
    const text = isBinary || !Buffer.isBuffer(data) ? "" : data.toString("utf8");
    // Openfire keeps the connection alive by frames of white space.
    if (isOver || text.trim() === "") return;
    try {
      events.onFrame(checkedFrame(text));
    } catch (error) {
      return over(error instanceof Error ? error : new Error(String(error)));
    }
    if (isClosing(text)) over(null);
  });
  webSocket.on("error", over);
  webSocket.on("close", (code) => over(new Error(`the server closed the WebSocket (${code})`)));
  return {
    secure: true,
    certificate,
    send: (frame) => {
      if (!isOver) webSocket.send(frame);
    },
    destroy: () => {
      isOver = true;
      webSocket.on("error", ignore).terminate();
    },
  };
}
