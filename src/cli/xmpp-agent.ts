/** `boshscope xmpp --agent`: the stanzas of an agent's own session, from a running Boshscope. */
import { BoshscopeError, fail } from "../base/errors.ts";
import { findRunning } from "../data-folder.ts";
import type { StanzaPage } from "../domain/xmpp-console.ts";
import type { ApiError } from "../server/messages.ts";
import type { XmppOutput } from "./xmpp-output.ts";

const pollMs = 500;

export interface AgentWatch {
  readonly agent: string;
  readonly filter: string;
  /** Goes on until the signal, or for so many ms; null = only what is there. */
  readonly watchMs: number | null;
  readonly dataDir: string;
  readonly signal: AbortSignal;
}

export async function watchAgent(watch: AgentWatch, output: XmppOutput): Promise<void> {
  const running = findRunning(watch.dataDir);
  if (running === null)
    throw fail("config-invalid", {
      problem: `No Boshscope is running on ${watch.dataDir}.`,
      remedy:
        "An agent's own session is seen by the proxy: run boshscope start first, or name its --data-dir.",
    });
  const { origin } = new URL(running.url);
  const base = `${origin}/api/xmpp/agents/${encodeURIComponent(watch.agent)}/stanzas`;
  const deadline = performance.now() + (watch.watchMs ?? 0);
  for (let after: string | null = null, isFirst = true; ; isFirst = false) {
    const page: StanzaPage = await pageOf(base, running.token, { after, filter: watch.filter });
    for (const stanza of page.stanzas) output.stanza(stanza);
    if (isFirst && page.stanzas.length === 0)
      output.note(
        `No stanzas of ${watch.agent} in the capture${watch.watchMs === null ? "" : " yet"}.`,
      );
    after = page.next;
    if (page.more) continue;
    if (watch.watchMs === null || performance.now() >= deadline) return;
    if (!(await pause(watch.signal))) return;
  }
}

async function pageOf(
  base: string,
  token: string,
  query: { readonly after: string | null; readonly filter: string },
): Promise<StanzaPage> {
  const parameters = new URLSearchParams({ limit: "200" });
  if (query.filter !== "") parameters.set("filter", query.filter);
  if (query.after !== null) parameters.set("after", query.after);
  const response = await fetch(`${base}?${parameters.toString()}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.ok) return (await response.json()) as StanzaPage;
  const { error } = (await response.json()) as ApiError;
  throw new BoshscopeError("request-invalid", error.message, error.remedy);
}

/** False = it was told to stop. */
async function pause(signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(true), pollMs);
  const stop = (): void => resolve(false);
  signal.addEventListener("abort", stop, { once: true });
  const goesOn = await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
  return goesOn;
}
