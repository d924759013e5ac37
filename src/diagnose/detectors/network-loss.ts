/** F3: nothing gets through to the host on either port: the network between, or the host as a whole. */

import type { Phrase } from "../../domain/finding.ts";
import type { Case, PortCase } from "../case.ts";
import { bounded, type Detector, phrase } from "../claim.ts";
import { networkChanges } from "../machine.ts";

const isSilent = ({ count }: PortCase): boolean =>
  count("no-answer", "trickle", "connect-stall", "connect-timeout", "unreachable", "dns") > 0;

const probedSilent = ({ probes }: PortCase): boolean =>
  probes.some(
    ({ ok, error, step }) => !ok && (step === "tcp" || step === "dns") && error !== "ECONNREFUSED",
  );

const refuses = ({ count }: PortCase): boolean => count("refused", "unavailable") > 0;

export const networkLoss: Detector = (one) => {
  const { notification, rest, shared } = one;
  const silent = [notification, rest].map((port) => isSilent(port) || probedSilent(port));
  if (!silent.includes(true)) return null;
  if (refuses(notification) || refuses(rest) || notification.count("early-empty") > 0) return null;
  const both = !shared && !silent.includes(false);
  if (!both && !shared && rest.isUp) return null;
  const signs = ownSigns(one);
  const probed = [notification, rest].every(probedSilent) ? 0.08 : 0;
  return {
    cause: "F3",
    side: "network",
    confidence: bounded(strength({ signs: signs.length, both, shared }) + probed),
    because: both ? [...signs, phrase("because.both-silent")] : signs,
    settle: [phrase("settle.traceroute"), phrase("settle.other-port")],
  };
};

const strength = (seen: { signs: number; both: boolean; shared: boolean }): number =>
  Math.max(seen.signs > 0 ? 0.85 : 0.4, seen.both ? 0.84 : 0, seen.shared ? 0.5 : 0);

/** What this PC knows of its own way out. */
function ownSigns(one: Case): Phrase[] {
  const changes = networkChanges(one.vitals).map((change) =>
    phrase("because.interface", { change }),
  );
  return one.has("unreachable", "dns") ? [...changes, phrase("because.unreachable")] : changes;
}
