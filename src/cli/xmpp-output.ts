/** How the XMPP console writes: for a person, or a JSON object a line. */
import { BoshscopeError, reasonOf } from "../base/errors.ts";
import { commandHelp } from "../console/command.ts";
import { prettyXml } from "../console/pretty-xml.ts";
import type { CommandAnswer, ShownStanza, XmppSessionInfo } from "../domain/xmpp-console.ts";

export interface XmppOutput {
  session(info: XmppSessionInfo): void;
  answer(answer: CommandAnswer): void;
  stanza(stanza: ShownStanza): void;
  failure(line: string, error: unknown): void;
  ended(info: XmppSessionInfo): void;
  note(text: string): void;
}

export function jsonOutput(print: (text: string) => void): XmppOutput {
  const write = (kind: string, value: object): void => print(JSON.stringify({ kind, ...value }));
  return {
    session: (info) => write("session", info),
    answer: (answer) => write("answer", answer),
    stanza: ({ kind, ...stanza }) => write("stanza", { stanza: kind, ...stanza }),
    failure: (line, error) => write("error", { command: line, ...wordsOf(error) }),
    ended: (info) => write("ended", info),
    note: () => undefined,
  };
}

export function textOutput(print: (text: string) => void): XmppOutput {
  // A server's text goes to a terminal: what could steer it is taken out.
  const say = (text: string): void => print(harmless(text));
  return {
    session: (info) => say(signedIn(info)),
    answer: ({ text, answer }) => say(text === "" ? prettyXml(answer ?? "") : text),
    stanza: (stanza) => say(stanzaText(stanza)),
    failure: (_line, error) => {
      const { message, remedy } = wordsOf(error);
      say(`${message}${remedy === "" ? "" : `\n${remedy}`}`);
    },
    ended: ({ ending }) =>
      say(ending === null ? "Signed out." : `The session ended: ${ending.replace(/\.$/, "")}.`),
    note: (text) => say(text),
  };
}

function wordsOf(error: unknown): { code: string; message: string; remedy: string } {
  if (!(error instanceof BoshscopeError))
    return { code: "internal", message: reasonOf(error), remedy: "" };
  const { code, message, remedy } = error;
  return { code, message, remedy };
}

function signedIn({ jid, transport, host, port, secure, certificate }: XmppSessionInfo): string {
  const trust = !secure
    ? "not encrypted"
    : certificate === null
      ? "encrypted"
      : `certificate ${certificate.pin}${certificate.problem === null ? "" : `, ${certificate.problem}`}\n  SHA-256 ${certificate.fingerprint256}`;
  return `Signed in as ${jid} over ${transport} to ${host}:${port}, ${trust}
No presence was sent, so the agent's own events keep going to the desktop. help lists the commands.`;
}

/** One line of facts, then the stanza. */
function stanzaText(stanza: ShownStanza): string {
  const { at, direction, kind, type, node, about, exchange, text, cut } = stanza;
  const arrow = direction === "in" ? "<-" : "->";
  const words = [kind, type ?? "", node ?? "", about === kind ? "" : about, exchange ?? ""];
  const facts = words.filter((word) => word !== "").join("  ");
  const xml = prettyXml(text).replaceAll("\n", "\n  ");
  return `${at.slice(11, 23)} ${arrow} ${facts}\n  ${xml}${cut ? "\n  …" : ""}`;
}

export function harmless(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t]/gu, "\ufffd");
}

export const consoleHelp = (): string =>
  [
    ...commandHelp.map(({ usage, about }) => [usage, about]),
    ["watch [on|off]", "show stanzas as they come and go"],
    ["filter [WORDS]", "of those only: kind:iq node:/User from: to: type: id: about: dir:in -not"],
    ["wait SECONDS", "for scripts: goes on after that"],
    ["quit", "sign out"],
  ]
    .map(([usage = "", about = ""]) =>
      usage.length < 24 ? `  ${usage.padEnd(24)}${about}` : `  ${usage}\n${" ".repeat(26)}${about}`,
    )
    .join("\n");
