/** The sessions that people opened in the page: a few at a time, each until it is signed out. */
import type { Clock } from "../base/clock.ts";
import { fail } from "../base/errors.ts";
import { background, type Log } from "../base/log.ts";
import type { XmppDesk } from "../domain/xmpp-console.ts";
import type { Network } from "./network.ts";
import { type Console, runCommand } from "./run-command.ts";
import { Subscribed } from "./subscribed.ts";
import { XmppSession } from "./xmpp-session.ts";

/** More is refused: each holds up to 8 MB of stanzas. Those that have ended make room. */
const maxSessions = 8;

export interface OpenXmppDesk {
  readonly desk: XmppDesk;
  /** Signs all out. */
  close(): Promise<void>;
}

interface Parts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
}

export function openXmppDesk({ network, clock, log }: Parts): OpenXmppDesk {
  const consoles = new Map<string, Console>();
  let count = 0;
  /** Sign-ins on their way count too. */
  let opening = 0;
  const known = (id: string): Console => {
    const console = consoles.get(id);
    if (console === undefined) throw fail("not-found", { what: `XMPP session ${id}` });
    return console;
  };
  const makeRoom = (): void => {
    for (const [id, { session }] of consoles) {
      if (consoles.size + opening < maxSessions) return;
      if (session.info().state === "ended") consoles.delete(id);
    }
    if (consoles.size + opening >= maxSessions)
      throw fail("request-invalid", {
        problem: `${maxSessions} XMPP sessions are open.`,
        remedy: "Sign out of one first.",
      });
  };
  const leave = async ({ session, subscribed }: Console): Promise<void> => {
    await subscribed.endAll(session);
    await session.signOut();
  };
  const desk: XmppDesk = {
    async signIn(order, password) {
      makeRoom();
      opening += 1;
      const id = `x${++count}`;
      try {
        const session = await XmppSession.signIn(order, password, { id, network, clock });
        consoles.set(id, { session, subscribed: new Subscribed() });
        return session.info();
      } finally {
        opening -= 1;
      }
    },
    sessions: () => [...consoles.values()].map(({ session }) => session.info()),
    run: async (id, line) => await runCommand(known(id), line),
    stanzas: (id, query) => known(id).session.page(query),
    async signOut(id) {
      const console = known(id);
      consoles.delete(id);
      await leave(console);
    },
  };
  return {
    desk,
    async close() {
      const all = [...consoles.values()];
      consoles.clear();
      for (const console of all) background(leave(console), "xmpp.sign-out", log);
      await Promise.all(all.map(({ session }) => session.ended));
    },
  };
}
