/** F2: something between throttles or ages the notification port: polls cut though the session goes on, late though the other port is quick, or lost for one client alone. */
import type { Phrase } from "../../domain/finding.ts";
import type { Case } from "../case.ts";
import { bounded, type Detector, isServing, phrase, secondsOf } from "../claim.ts";
import { limits } from "../thresholds.ts";

interface Sign {
  readonly confidence: number;
  readonly because: readonly Phrase[];
}

export const throttledPort: Detector = (one) => {
  if (isOver(one)) return null;
  const signs = [cut(one), late(one), trickling(one), alone(one)].flatMap((sign) => sign ?? []);
  if (signs.length === 0) return null;
  const { rest } = one;
  const isOtherUp = rest.isUp && !one.shared;
  return {
    cause: "F2",
    side: "network",
    confidence: bounded(
      Math.max(...signs.map(({ confidence }) => confidence)) + (isOtherUp ? 0.04 : 0),
    ),
    because: [
      ...signs.flatMap(({ because }) => because),
      ...(isOtherUp ? [phrase("because.other-port", { port: rest.port ?? 0 })] : []),
    ],
    settle: [phrase("settle.other-network"), phrase("settle.wireshark")],
  };
};

/** The port itself refuses, or the sessions ended and none lived on. */
const isOver = (one: Case): boolean =>
  one.notification.count("refused", "unavailable") > 0 ||
  (one.survivors === 0 && one.has("invalid-sid", "early-empty", "ended-by-server"));

function cut(one: Case): Sign | null {
  const count = one.notification.count("reset", "fin");
  if (count === 0) return null;
  const age = constantAge(one);
  const base = isServing(one) ? 0.74 : 0.42;
  const because = [phrase("because.cut-session-lives", { count })];
  if (age === null) return { confidence: base, because };
  const seconds = secondsOf(age, one.scale);
  return {
    confidence: base + 0.12,
    because: [...because, phrase("because.constant-age", { seconds })],
  };
}

function late(one: Case): Sign | null {
  const count = tellingLate(one);
  if (count === 0) return null;
  return {
    confidence: one.rest.isDown ? 0.3 : 0.72,
    because: [phrase("because.late", { count })],
  };
}

function trickling({ notification, rest }: Case): Sign | null {
  const count = notification.count("trickle");
  if (count === 0) return null;
  return {
    confidence: rest.isDown ? 0.4 : 0.84,
    because: [phrase("because.trickle", { count })],
  };
}

function alone({ notification, unharmed }: Case): Sign | null {
  if (notification.count("no-answer") === 0 || unharmed === 0) return null;
  return { confidence: 0.68, because: [phrase("because.alone", { unharmed })] };
}

/** How far past its wait one late answer must be to say anything alone, protocol ms: a busy server, or PC, is late now and then. */
const veryLate = 4000;
const oftenLate = 3;

function tellingLate({ notification, sessions, scale }: Case): number {
  const all = notification.symptoms.filter(({ kind }) => kind === "late");
  const isTelling = all.some(({ session, ms }) => {
    const wait = sessions.find(({ key }) => key === session)?.waitMs ?? limits.assumedWait / scale;
    return (ms ?? 0) >= wait + veryLate / scale;
  });
  return isTelling || all.length >= oftenLate ? all.length : 0;
}

/** Most polls cut at about the same age, real ms. The first may differ: its connection was older than it. */
function constantAge({ notification }: Case): number | null {
  const ages = notification.symptoms
    .flatMap(({ kind, ms }) => ((kind === "reset" || kind === "fin") && ms !== null ? [ms] : []))
    .toSorted((a, b) => a - b);
  const middle = ages[Math.floor(ages.length / 2)];
  if (middle === undefined || ages.length < 2) return null;
  const alike = ages.filter((age) => Math.abs(age - middle) <= Math.max(300, middle * 0.1)).length;
  const isConstant = alike === ages.length || (alike >= 3 && alike * 3 >= ages.length * 2);
  return isConstant ? middle : null;
}
