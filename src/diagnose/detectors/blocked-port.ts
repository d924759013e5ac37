/** F1: something between blocks the notification port: its SYN is not answered while the other port is served, or it is refused though the node says it is in service. */
import type { Case } from "../case.ts";
import { bounded, type Claim, type Detector, phrase } from "../claim.ts";
import { limits } from "../thresholds.ts";

/** A poll cut this close to the end of its wait was cut by its answer, which a firewall turned away. */
const dueMs = 500;

export const blockedPort: Detector = (one) => {
  if (one.shared) return null;
  const { notification, rest } = one;
  const isRestFine = rest.isUp || rest.probes.some(({ ok, step }) => ok && step !== "dns");
  const port = notification.port ?? 0;
  if (isSilent(one))
    return rest.isDown
      ? null
      : claim(one, isRestFine ? 0.88 : 0.6, [phrase("because.syn-silent", { port })]);
  if (isRefusedUncut(one))
    return claim(one, isRestFine ? 0.7 : 0.45, [
      phrase("because.refused-uncut", { port, count: one.spared }),
    ]);
  if (!isRefusedFromTheStart(one)) return null;
  return claim(one, isRestFine ? 0.62 : 0.4, [phrase("because.refused-in-service", { port })]);
};

const isSilent = (one: Case): boolean =>
  one.notification.tcpStalls > 0 ||
  one.notification.count("connect-timeout", "unreachable") > 0 ||
  probedSilent(one);

/** Never served, nothing cut, and the node does not say that it is out of service. */
function isRefusedFromTheStart({ notification, rest, has }: Case): boolean {
  const cut = notification.count("reset", "fin", "early-empty", "ended-by-server") > 0;
  const refused = notification.count("refused") > 0;
  return refused && !cut && !notification.wasUp && !rest.isDown && !has("out-of-service");
}

/**
 * A service that stops or crashes cuts every poll it holds. Here none was cut in the middle: each ended when its answer was due, or its client
 * left, and only new connections are refused. From one PC no more can be known than that.
 */
export function isRefusedUncut({ notification, rest, spared, scale, sessions }: Case): boolean {
  if (notification.count("refused") === 0 || rest.isDown || spared === 0) return false;
  if (notification.count("early-empty", "ended-by-server", "invalid-sid", "unavailable") > 0)
    return false;
  return !notification.symptoms.some(({ kind, ms, session }) => {
    // A FIN is the service's own: a firewall that turns an answer away sends RST.
    if (kind !== "reset") return kind === "fin";
    const wait = sessions.find(({ key }) => key === session)?.waitMs ?? limits.assumedWait / scale;
    return ms === null || ms < wait - dueMs / scale;
  });
}

function probedSilent({ notification }: Case): boolean {
  return notification.probes.some(
    ({ step, ok, error }) => step === "tcp" && !ok && error !== "ECONNREFUSED",
  );
}

const claim = (one: Case, confidence: number, because: Claim["because"]): Claim => ({
  cause: "F1",
  side: "network",
  confidence: bounded(confidence),
  because: one.rest.isUp
    ? [...because, phrase("because.other-port", { port: one.rest.port ?? 0 })]
    : because,
  settle: [phrase("settle.other-network"), phrase("settle.firewall-log")],
});
