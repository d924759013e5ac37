/**
 * Weighs what the detectors claim of a case, along the rules R0 to R5: a fault rule is to blame before anybody, then this program and this PC,
 * then the strongest claim; a claim by a whisker says so by its confidence.
 */
import type { Case } from "./case.ts";
import { bounded, type Claim, type Detector, phrase } from "./claim.ts";
import { badCharacter } from "./detectors/bad-character.ts";
import { blockedPort } from "./detectors/blocked-port.ts";
import { clockDrift } from "./detectors/clock-drift.ts";
import { conflict } from "./detectors/conflict.ts";
import { credentials } from "./detectors/credentials.ts";
import { distrustedCertificate } from "./detectors/distrusted-certificate.ts";
import { faultRule } from "./detectors/fault-rule.ts";
import { frozenTab } from "./detectors/frozen-tab.ts";
import { gadget } from "./detectors/gadget.ts";
import { invalidatedSession } from "./detectors/invalidated-session.ts";
import { lockout } from "./detectors/lockout.ts";
import { logged } from "./detectors/logged.ts";
import { networkLoss } from "./detectors/network-loss.ts";
import { nodeRestart } from "./detectors/node-restart.ts";
import { outOfService } from "./detectors/out-of-service.ts";
import { ownFault } from "./detectors/own-fault.ts";
import { ridTrouble } from "./detectors/rid-trouble.ts";
import { serviceCrashed } from "./detectors/service-crashed.ts";
import { serviceStopped } from "./detectors/service-stopped.ts";
import { sleep } from "./detectors/sleep.ts";
import { starvedHost } from "./detectors/starved-host.ts";
import { throttledPort } from "./detectors/throttled-port.ts";
import { throttledTab } from "./detectors/throttled-tab.ts";
import { tomcatDown } from "./detectors/tomcat-down.ts";
import { isHard } from "./symptom.ts";

export interface Verdict extends Claim {
  /** The strongest claim of another cause, if any came near. */
  readonly rival: Claim | null;
}

/** Rule out what is our own or this PC's first; the rest by strength. */
const first: readonly Detector[] = [faultRule];
const rest: readonly Detector[] = [
  ownFault,
  sleep,
  starvedHost,
  gadget,
  throttledTab,
  frozenTab,
  conflict,
  credentials,
  ridTrouble,
  lockout,
  distrustedCertificate,
  clockDrift,
  badCharacter,
  nodeRestart,
  tomcatDown,
  outOfService,
  serviceStopped,
  serviceCrashed,
  blockedPort,
  throttledPort,
  networkLoss,
  invalidatedSession,
  logged,
];

/** A claim this much weaker than the best is still worth naming. */
const near = 0.2;
const weakest = 0.3;

/** null: nothing that a person should hear of. */
export function verdictOf(one: Case): Verdict | null {
  for (const detector of first) {
    const claim = detector(one);
    if (claim !== null) return { ...claim, rival: null };
  }
  const claims = rest
    .flatMap((detector) => detector(one) ?? [])
    .filter(({ confidence }) => confidence >= weakest)
    .toSorted((a, b) => b.confidence - a.confidence);
  const [best, second] = claims;
  if (best === undefined) return unknown(one);
  const rival = second !== undefined && best.confidence - second.confidence < near ? second : null;
  // Two causes that fit about as well: no more than even odds with some bonus.
  const isTight =
    rival !== null && rival.side !== best.side && best.confidence - rival.confidence < 0.08;
  return { ...best, confidence: isTight ? bounded(best.confidence - 0.1) : best.confidence, rival };
}

/** A notification connection that failed, and no detector knows why. */
function unknown(one: Case): Verdict | null {
  const failed = one.symptoms.some(({ kind, path }) => path === "notification" && isHard(kind));
  if (!failed) return null;
  return {
    cause: "F0",
    side: "unknown",
    confidence: 0.2,
    because: [phrase("because.unknown")],
    settle: [phrase("settle.other-network"), phrase("settle.openfire-info")],
    rival: null,
  };
}
