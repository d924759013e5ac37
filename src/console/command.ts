/** The console's commands: one line each. Anything that begins with `<` is a stanza to send as it is. */
import { fail } from "../base/errors.ts";
import { wordsOf } from "./stanza-filter.ts";

export type Command =
  | { readonly kind: "nodes"; readonly node: string | null }
  | { readonly kind: "services" }
  | { readonly kind: "info"; readonly jid: string | null; readonly node: string | null }
  | { readonly kind: "subscribe"; readonly node: string }
  | { readonly kind: "unsubscribe"; readonly node: string; readonly subid: string | null }
  | { readonly kind: "subscriptions" }
  | { readonly kind: "items"; readonly node: string; readonly count: number }
  | { readonly kind: "presence"; readonly show: Show; readonly priority: number }
  | { readonly kind: "ping"; readonly jid: string | null }
  | { readonly kind: "send"; readonly xml: string };

const shows = ["available", "away", "chat", "dnd", "xa", "unavailable"] as const;
export type Show = (typeof shows)[number];

export interface CommandHelp {
  readonly name: Command["kind"];
  readonly usage: string;
  readonly about: string;
}

export const commandHelp: readonly CommandHelp[] = [
  { name: "nodes", usage: "nodes [NODE]", about: "pubsub nodes there are (disco#items)" },
  { name: "subscribe", usage: "subscribe NODE", about: "events of a node; ended at sign-out" },
  { name: "unsubscribe", usage: "unsubscribe NODE [SUBID]", about: "no more of them" },
  { name: "subscriptions", usage: "subscriptions", about: "all of this agent, also old ones" },
  { name: "items", usage: "items NODE [N]", about: "what a node published last" },
  { name: "services", usage: "services", about: "what the server offers (disco#items)" },
  { name: "info", usage: "info [JID] [NODE]", about: "what it is and can do (disco#info)" },
  {
    name: "presence",
    usage: "presence [available|away|chat|dnd|xa|unavailable] [PRIORITY]",
    about: "priority -1 unless given: 0 or more can take events away from the agent's desktop",
  },
  { name: "ping", usage: "ping [JID]", about: "whether it answers, and how soon" },
  { name: "send", usage: "send <iq …/>", about: "any stanza, as written (send may be left out)" },
];

/** Below zero: messages to the agent's bare address keep going to the desktop (RFC 6121 8.5.2.1). */
const quietPriority = -1;
const maxItems = 1000;

/** Throws "request-invalid" with how the command is written. */
export function readCommand(line: string): Command {
  const trimmed = line.trim();
  if (trimmed.startsWith("<")) return { kind: "send", xml: trimmed };
  const [name = "", ...words] = wordsOf(trimmed);
  const [first = null, second = null] = words;
  switch (name) {
    case "nodes":
      return { kind: "nodes", node: first };
    case "services":
    case "subscriptions":
      return { kind: name };
    case "info":
      return { kind: "info", jid: first, node: second };
    case "ping":
      return { kind: "ping", jid: first };
    case "subscribe":
      return { kind: "subscribe", node: needed(name, first) };
    case "unsubscribe":
      return { kind: "unsubscribe", node: needed(name, first), subid: second };
    case "items":
      return { kind: "items", node: needed(name, first), count: countOf(second ?? "10") };
    case "presence":
      return presenceOf(words);
    case "send":
      return { kind: "send", xml: needed(name, trimmed.slice("send".length).trim() || null) };
    default:
      throw fail("request-invalid", {
        problem: `There is no command ${name === "" ? "in an empty line" : name}.`,
        remedy: `There are: ${commandHelp.map((help) => help.name).join(", ")}.`,
      });
  }
}

function needed(name: string, word: string | null): string {
  if (word !== null && word !== "") return word;
  throw misused(name, "something is missing");
}

function countOf(word: string): number {
  const count = Number(word);
  if (Number.isInteger(count) && count >= 1 && count <= maxItems) return count;
  throw misused("items", `N is a number from 1 to ${maxItems}`);
}

function presenceOf(words: readonly string[]): Command {
  const isNumber = (word: string): boolean => /^-?\d+$/.test(word);
  const [show = "available"] = words.filter((word) => !isNumber(word));
  const priority = Number(words.find(isNumber) ?? quietPriority);
  if (!isShow(show) || priority < -128 || priority > 127 || words.length > 2)
    throw misused("presence", "PRIORITY is from -128 to 127");
  return { kind: "presence", show, priority };
}

const isShow = (word: string): word is Show => (shows as readonly string[]).includes(word);

function misused(name: string, why: string): Error {
  const usage = commandHelp.find((help) => help.name === name)?.usage ?? name;
  return fail("request-invalid", {
    problem: `${name} can't be read: ${why}.`,
    remedy: `It is written: ${usage}`,
  });
}
