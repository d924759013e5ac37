/** Signs in over a carrier: the stream, SASL and the resource are xmpp.js's business. */
import { Client } from "@xmpp/client-core";
import iqCallee from "@xmpp/iq/callee.js";
import iqCaller from "@xmpp/iq/caller.js";
import middleware from "@xmpp/middleware";
import resourceBinding from "@xmpp/resource-binding";
import sasl from "@xmpp/sasl";
import plain from "@xmpp/sasl-plain";
import scramSha1 from "@xmpp/sasl-scram-sha-1";
import streamFeatures from "@xmpp/stream-features";
import ConnectionWebSocket from "@xmpp/websocket/lib/Connection.js";
import SaslFactory from "saslmechanisms";
import { BoshscopeError, fail, reasonOf } from "../base/errors.ts";
import type { XmppSignIn } from "../domain/xmpp-console.ts";
import { namespaces } from "../xmpp/namespaces.ts";
import { frameSocketClass, type OpenCarrier } from "./frame-socket.ts";

const stepMs = 20_000;

type Order = Pick<XmppSignIn, "user" | "domain" | "resource" | "allowPlaintext">;

/** The JID as bound. Settles not at all when the carrier ends before: whoever opened that one knows. Throws "xmpp-refused", "xmpp-failed", or what the carrier's opening throws. */
export async function signIn(order: Order, password: string, open: OpenCarrier): Promise<string> {
  const { user, domain, resource } = order;
  const client = new Client({ service: "console:", domain, timeout: stepMs });
  client.transports.push(frameTransport(open));
  const entity = client;
  const steps = middleware({ entity });
  const features = streamFeatures({ middleware: steps });
  const caller = iqCaller({ middleware: steps, entity });
  // Whoever asks us is answered, as RFC 6120 8.2.3 wants: servers end sessions that do not answer their pings.
  iqCallee({ middleware: steps, entity }).get(namespaces.ping, "ping", () => ({}));
  const factory = new SaslFactory();
  plain(factory);
  scramSha1(factory);
  sasl({ streamFeatures: features, saslFactory: factory }, async (authenticate, offered) => {
    const mechanism = mechanismOf(offered, client.isSecure() || order.allowPlaintext);
    await authenticate({ username: user, password }, mechanism);
  });
  resourceBinding({ streamFeatures: features, iqCaller: caller }, resource);
  // What goes wrong later is told by the carrier; an "error" nobody hears would end the process.
  client.on("error", () => undefined);
  try {
    return String(await client.start());
  } catch (error) {
    throw refusal(error);
  }
}

function frameTransport(open: OpenCarrier): typeof ConnectionWebSocket {
  class FrameTransport extends ConnectionWebSocket {
    /** Any service is ours: the carrier knows where to go. */
    override socketParameters(): object {
      return {};
    }
  }
  Object.assign(FrameTransport.prototype, { Socket: frameSocketClass(open) });
  return FrameTransport;
}

/** PLAIN first: Finesse's own authentication takes no other; where it could be read along, never unless that is allowed. */
function mechanismOf(offered: readonly string[], mayBePlain: boolean): string {
  const [mechanism] = offered.filter((name) => mayBePlain || name !== "PLAIN");
  if (mechanism !== undefined) return mechanism;
  throw fail("xmpp-refused", {
    why: "it takes a password in clear only, over a connection that is not encrypted",
    remedy: "Use another transport, or --allow-plaintext where nobody listens.",
  });
}

function refusal(error: unknown): BoshscopeError {
  if (error instanceof BoshscopeError) return error;
  const isSasl = error instanceof Error && error.name === "SASLError";
  // xmpp.js stumbles over a socket that is gone from under it.
  const isGone = error instanceof TypeError;
  if (isGone) return fail("xmpp-refused", { why: "the server ended the stream" }, error);
  return fail(
    "xmpp-refused",
    { why: isSasl ? `sign-in refused (${reasonOf(error)})` : reasonOf(error) },
    error,
  );
}
