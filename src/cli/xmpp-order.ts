/** What `boshscope xmpp` is asked to sign in to, out of its words and flags. */
import { fail } from "../base/errors.ts";
import type { XmppSignIn, XmppTransport } from "../domain/xmpp-console.ts";
import type { ReadFlags } from "./flags.ts";

/** Usual port and path. From 12.6 on 8445 serves BOSH and WebSocket too. */
const usual: Readonly<Record<XmppTransport, { readonly port: number; readonly path: string }>> = {
  bosh: { port: 7443, path: "/http-bind/" },
  websocket: { port: 7443, path: "/ws/" },
  starttls: { port: 5222, path: "" },
  tls: { port: 5223, path: "" },
};
const usualResource = "boshscope";

export const xmppUsage =
  "boshscope xmpp AGENT[@DOMAIN][/RESOURCE] [--server HOST[:PORT]] [--transport bosh|websocket|starttls|tls]";

/** Throws "config-invalid". */
export function xmppOrder(flags: ReadFlags): XmppSignIn {
  const agent = agentOf(flags.words);
  const transport = transportOf(flags.value("--transport") ?? "bosh");
  const server = serverOf(flags.value("--server"));
  const domain = (flags.value("--domain") ?? agent.domain ?? server?.host)?.toLowerCase();
  if (domain === undefined)
    throw fail("config-invalid", { problem: "Which server is it?", remedy: xmppUsage });
  const { host, port, path } = { host: domain, ...usual[transport], ...server };
  return {
    user: agent.user,
    domain,
    host,
    port,
    transport,
    path: flags.value("--path") ?? path,
    resource: flags.value("--resource") ?? agent.resource ?? usualResource,
    pubsub: flags.value("--pubsub") ?? `pubsub.${domain}`,
    allowPlaintext: flags.has("--allow-plaintext"),
  };
}

/** `AGENT[@DOMAIN][/RESOURCE]`. */
function agentOf([jid = "", ...rest]: readonly string[]) {
  const match = /^([^@/\s]+)(?:@([^@/\s]+))?(?:\/(.+))?$/.exec(jid);
  if (match === null || rest.length > 0)
    throw fail("config-invalid", { problem: "Which agent signs in?", remedy: xmppUsage });
  const [, user = "", domain, resource] = match;
  return { user, domain, resource };
}

function transportOf(word: string): XmppTransport {
  if (Object.hasOwn(usual, word)) return word as XmppTransport;
  const all = Object.keys(usual).join(", ");
  throw fail("config-invalid", { problem: `--transport is one of ${all}.`, remedy: xmppUsage });
}

function serverOf(text: string | null): { readonly host: string; readonly port?: number } | null {
  if (text === null) return null;
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s/]+))(?::(\d{1,5}))?$/i.exec(text);
  const host = (match?.[1] ?? match?.[2] ?? "").toLowerCase();
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (host === "" || port === 0 || (port ?? 1) > 65_535)
    throw fail("config-invalid", { problem: "--server is HOST or HOST:PORT.", remedy: xmppUsage });
  return port === undefined ? { host } : { host, port };
}
