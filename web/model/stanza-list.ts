/** The stanzas on screen: each once, in the order of their time, the latest so many. Pure. */
import type { ShownStanza } from "../../src/domain/xmpp-console.ts";

const mostShown = 1000;

/** A stanza that is told again (its exchange changed) stays where it is. */
export function withStanzas(
  shown: readonly ShownStanza[],
  came: readonly ShownStanza[],
  most = mostShown,
): readonly ShownStanza[] {
  const known = new Set(shown.map(({ key }) => key));
  const fresh = came.filter(({ key }) => {
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
  if (fresh.length === 0) return shown;
  const all = [...shown, ...fresh];
  const last = shown.at(-1)?.at ?? "";
  // Nearly always they are later than all before.
  const isOrdered = fresh.every(({ at }, index) => at >= (fresh[index - 1]?.at ?? last));
  return (isOrdered ? all : all.toSorted(byTime)).slice(-most);
}

const byTime = (a: ShownStanza, b: ShownStanza): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
