/** What server and client logs said that a verdict can use, by agent and session. Bounded. */
import type { LogFact, LogFactKind } from "../domain/log-fact.ts";
import { keep } from "./keep.ts";

const perOwner = 60;
const maxOwners = 5000;
const maxCommon = 400;

/** About one session or agent. */
const personal = new Set<LogFactKind>([
  "session-active",
  "session-idle-close",
  "session-closed",
  "presence",
  "forced-logout-due",
  "logout-request",
  "cti-event",
  "invalid-sid",
  "rid-window",
]);
/** About a whole node. */
const common = new Set<LogFactKind>([
  "service-started",
  "service-stopped",
  "cti-lost",
  "cti-restored",
  "xmpp-lost",
  "xmpp-restored",
  // Cut lines may name nobody.
  "presence",
  "forced-logout-due",
  "logout-request",
  "cti-event",
]);

/** By the clock of who wrote it, put right where that is known; else as it stands. */
export const logTime = ({ at, local }: LogFact): number => at ?? local;

export class LogBook {
  readonly #owned = new Map<string, LogFact[]>();
  readonly #common: LogFact[] = [];

  /** False: nothing a verdict could use. */
  add(fact: LogFact): boolean {
    const owners = [fact.sid, fact.agent].filter((owner) => owner !== null);
    if (personal.has(fact.kind) && owners.length > 0) {
      for (const owner of owners) this.#own(owner, fact);
      return true;
    }
    if (!common.has(fact.kind)) return false;
    this.#common.push(fact);
    if (this.#common.length > maxCommon) this.#common.shift();
    return true;
  }

  /** Of any of these agents and sessions, and of the node as a whole, within the time; in order. */
  about(owners: readonly string[], from: number, until: number): readonly LogFact[] {
    const own = owners.flatMap((owner) => this.#owned.get(owner.toLowerCase()) ?? []);
    const within = [...new Set([...own, ...this.#common])].filter(
      (fact) => logTime(fact) >= from && logTime(fact) <= until,
    );
    return within.toSorted((a, b) => logTime(a) - logTime(b));
  }

  #own(owner: string, fact: LogFact): void {
    const key = owner.toLowerCase();
    const facts = this.#owned.get(key) ?? [];
    facts.push(fact);
    if (facts.length > perOwner) facts.shift();
    keep(this.#owned, key, facts, maxOwners);
  }
}

/** `FILE:LINE`, where evidence by a log line stands. */
export const logPlace = ({ file, line }: LogFact): string => `${file}:${line}`;
