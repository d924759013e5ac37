/** F11: the Notification Service was stopped: polls came back early and empty, or were told so, and then the port refused or knew nobody. */
import type { Phrase } from "../../domain/finding.ts";
import type { Case } from "../case.ts";
import { bounded, closedInOrder, type Detector, lostAgain, manyAgents, phrase } from "../claim.ts";
import { isRefusedUncut } from "./blocked-port.ts";

interface Strength {
  readonly confidence: number;
  readonly because: readonly Phrase[];
}

export const serviceStopped: Detector = (one) => {
  if (one.survivors > 0 || lostAgain(one) > 0) return null;
  const strength = politelyRefused(one) ?? politeToMany(one) ?? merelyRefused(one);
  if (strength === null) return null;
  const { notification } = one;
  const many = manyAgents(one);
  const isRude = notification.count("reset") > notification.count("early-empty", "ended-by-server");
  return {
    cause: "F11",
    side: "server",
    confidence: bounded(strength.confidence - (isRude ? 0.2 : 0) + many.shift),
    because: [...strength.because, ...many.because],
    settle: [phrase("settle.openfire-info"), phrase("settle.service-list")],
  };
};

const refusals = ({ notification }: Case): number => notification.count("refused", "unavailable");

/** A desktop that was told of the end may ask no more: then nobody but us is refused. */
const refusedProbes = ({ notification }: Case): number =>
  notification.probes.filter(({ ok, error }) => !ok && error === "ECONNREFUSED").length;

function politelyRefused(one: Case): Strength | null {
  const polite = one.notification.count("early-empty", "ended-by-server");
  const refused = refusals(one) + refusedProbes(one);
  if (polite === 0 || refused === 0) return null;
  return {
    confidence: 0.86,
    because: [
      phrase("because.polite", { count: polite }),
      phrase("because.refused", { count: refused }),
    ],
  };
}

function politeToMany({ notification }: Case): Strength | null {
  const told = notification.symptoms.filter(
    ({ kind }) => kind === "early-empty" || kind === "ended-by-server" || kind === "invalid-sid",
  );
  const count = new Set(told.flatMap(({ agent }) => agent ?? [])).size;
  return count < 2
    ? null
    : { confidence: 0.74, because: [phrase("because.polite-many", { count })] };
}

/** Some servers stop without a word to XMPP; TLS may still have one. */
function merelyRefused(one: Case): Strength | null {
  const { notification, rest } = one;
  const refused = refusals(one);
  if (refused === 0 || rest.isDown) return null;
  const because = [phrase("because.refused", { count: refused })];
  const inOrder = notification.symptoms.filter(closedInOrder).length;
  if (inOrder > 0)
    return {
      confidence: 0.8,
      because: [...because, phrase("because.closed-in-order", { count: inOrder })],
    };
  if (notification.count("fin") > 0) return { confidence: 0.64, because };
  if (isRefusedUncut(one)) return { confidence: 0.55, because };
  return { confidence: notification.wasUp ? 0.7 : 0.6, because };
}
