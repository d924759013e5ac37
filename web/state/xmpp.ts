/** The XMPP screen: sessions signed in here, agents' own ones, the stanzas of the one that is looked at. */
import { signal } from "@preact/signals";
import type {
  CommandAnswer,
  ShownStanza,
  StanzaPage,
  XmppSessionInfo,
} from "../../src/domain/xmpp-console.ts";
import type { AgentList, XmppSessionList } from "../../src/server/messages.ts";
import { ApiFailure, getJson, postJson, send } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { emptyForm, type SignInForm, signInBody } from "../model/sign-in-form.ts";
import { withStanzas } from "../model/stanza-list.ts";

export type Source =
  | { readonly kind: "sign-in" }
  | { readonly kind: "session"; readonly id: string }
  | { readonly kind: "agent"; readonly agent: string };

export const source = signal<Source>({ kind: "sign-in" });
export const sessions = signal<readonly XmppSessionInfo[]>([]);
export const agents = signal<readonly string[]>([]);
export const stanzas = signal<readonly ShownStanza[]>([]);
export const dropped = signal(0);
export const stanzaFilter = signal("");
/** Why the filter can't be read, or stanzas can't be had; "" = all is well. */
export const objection = signal("");
/** What is typed, but for the password: that stays in its field. */
export const form = signal<SignInForm>(emptyForm);

/** A line that was run and what came of it. */
export interface Said {
  readonly number: number;
  readonly line: string;
  readonly answer: CommandAnswer | null;
  readonly failure: { readonly message: string; readonly remedy: string } | null;
}
export const transcript = signal<readonly Said[]>([]);
const keptLines = 100;
let lineNumber = 0;
let after: string | null = null;

export function look(next: Source): void {
  source.value = next;
  transcript.value = [];
  forget();
}

export function filterStanzas(text: string): void {
  stanzaFilter.value = text;
  forget();
}

function forget(): void {
  after = null;
  stanzas.value = [];
  dropped.value = 0;
  objection.value = "";
}

export async function signIn(password: string): Promise<void> {
  const body = signInBody(form.peek(), password);
  const info = await postJson<XmppSessionInfo>("xmpp/sessions", body);
  sessions.value = [...sessions.peek(), info];
  look({ kind: "session", id: info.id });
}

export async function signOut(id: string): Promise<void> {
  await send("DELETE", `xmpp/sessions/${id}`);
  sessions.value = sessions.peek().filter((session) => session.id !== id);
  look({ kind: "sign-in" });
}

export async function runLine(id: string, line: string): Promise<void> {
  const said = { number: ++lineNumber, line, answer: null, failure: null };
  if (line.trim() === "help") {
    const text = words.peek().xmpp.help;
    const nothing = { nodes: null, subscriptions: null, answer: null };
    return keep({ ...said, answer: { command: "help", text, ...nothing } });
  }
  try {
    const answer = await postJson<CommandAnswer>(`xmpp/sessions/${id}/commands`, { line });
    keep({ ...said, answer });
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    keep({ ...said, failure: thrown });
  }
  await refresh();
}

function keep(said: Said): void {
  transcript.value = [...transcript.peek(), said].slice(-keptLines);
}

/** Brings sessions, agents and stanzas up to date; stanzas page by page until there are no more. */
export async function refresh(): Promise<void> {
  const [own, seen] = await Promise.all([
    getJson<XmppSessionList>("xmpp/sessions"),
    getJson<AgentList>("agents"),
  ]);
  sessions.value = own.sessions;
  agents.value = seen.agents.map(({ agent }) => agent);
  const path = pathOf(source.peek());
  if (path === null) return;
  try {
    await readOn(path);
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    objection.value = thrown.message;
  }
}

async function readOn(path: string): Promise<void> {
  const asked = source.peek();
  const filter = stanzaFilter.peek();
  for (let more = true; more; ) {
    const query = { filter, ...(after === null ? {} : { after }) };
    const page = await getJson<StanzaPage>(path, query);
    // Somebody looks elsewhere by now.
    if (source.peek() !== asked || stanzaFilter.peek() !== filter) return;
    objection.value = "";
    after = page.next;
    dropped.value = page.dropped;
    stanzas.value = withStanzas(stanzas.peek(), page.stanzas);
    ({ more } = page);
  }
}

function pathOf(from: Source): string | null {
  if (from.kind === "sign-in") return null;
  if (from.kind === "session") return `xmpp/sessions/${from.id}/stanzas`;
  return `xmpp/agents/${encodeURIComponent(from.agent)}/stanzas`;
}
