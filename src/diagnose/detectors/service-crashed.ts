/** F12: the Notification Service crashed (connections cut, then refused or unknown) or hangs (connections accepted, nothing answered). */
import type { Case } from "../case.ts";
import {
  bounded,
  type Claim,
  closedInOrder,
  type Detector,
  isServing,
  manyAgents,
  phrase,
} from "../claim.ts";

export const serviceCrashed: Detector = (one) => {
  const crash = crashClaim(one);
  const hang = hangClaim(one);
  if (crash === null || hang === null) return crash ?? hang;
  return crash.confidence >= hang.confidence ? crash : hang;
};

const claim = (one: Case, confidence: number, because: Claim["because"]): Claim => {
  const many = manyAgents(one);
  return {
    cause: "F12",
    side: "server",
    confidence: bounded(confidence + many.shift),
    because: [...because, ...many.because],
    settle: [phrase("settle.hprof"), phrase("settle.openfire-info")],
  };
};

function crashClaim(one: Case): Claim | null {
  const { notification } = one;
  const resets = notification.count("reset");
  const fins = notification.count("fin");
  if (resets + fins === 0) return null;
  const refused = notification.count("refused", "unavailable");
  const forgotten = notification.count("invalid-sid");
  if (refused + forgotten === 0 || one.survivors > 0)
    return claim(one, isServing(one) ? 0.2 : 0.44, [
      phrase("because.cut", { count: resets + fins }),
    ]);
  return claim(one, cutStrength(one), [
    phrase("because.cut", { count: resets + fins }),
    refused > 0
      ? phrase("because.refused", { count: refused })
      : phrase("because.forgotten", { count: forgotten }),
  ]);
}

/** Who closes a connection in order is alive; without a RST it may have been stopped as well: see serviceStopped. */
function cutStrength({ notification }: Case): number {
  const polite = notification.count("early-empty", "ended-by-server");
  if (notification.count("reset") > polite) return 0.86;
  if (polite > 0) return 0.5;
  if (notification.symptoms.some(closedInOrder)) return 0.55;
  return notification.count("refused", "unavailable") > 0 ? 0.68 : 0.76;
}

function hangClaim(one: Case): Claim | null {
  const { notification, rest, shared } = one;
  const unanswered = notification.count("no-answer", "connect-stall", "tls-failed");
  if (unanswered === 0 || notification.count("refused") > 0) return null;
  // Its answers are on their way.
  if (notification.count("trickle") > 0) return null;
  if (notification.tcpStalls > 0 && notification.tlsStalls === 0) return null;
  const because = [phrase("because.unanswered", { count: unanswered })];
  const isOtherUp = rest.isUp && !shared;
  if (isOtherUp) because.push(phrase("because.other-port", { port: rest.port ?? 0 }));
  const isMute = acceptsMute(one);
  if (isMute) because.push(phrase("because.accepts-mute"));
  const alone = one.unharmed > 0 ? 0.3 : 0;
  return claim(one, hangStrength(one, isOtherUp) + (isMute ? 0.1 : 0) - alone, because);
}

function hangStrength({ rest, shared }: Case, isOtherUp: boolean): number {
  if (isOtherUp) return 0.74;
  if (shared) return 0.5;
  return rest.isDown ? 0.35 : 0.58;
}

/** It takes connections, and then says nothing: a stopped process, for example, whose kernel still answers. */
function acceptsMute({ notification }: Case): boolean {
  const { probes, tlsStalls } = notification;
  const accepted = probes.some(({ step, ok }) => step === "tcp" && ok);
  const mute = probes.some(({ step, ok }) => (step === "tls" || step === "http-bind") && !ok);
  return (accepted && mute) || tlsStalls > 0;
}
