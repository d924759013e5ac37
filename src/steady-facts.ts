/** Facts moved from the PC's clock to steady time, and findings moved back: what people read are the times their PC showed. */
import type { ExchangeFact, Fact } from "./diagnose/fact.ts";
import type { Finding } from "./domain/finding.ts";
import type { SteadyTime } from "./steady-time.ts";

export function onSteadyTime(fact: Fact, time: SteadyTime): Fact {
  if (time.isPlain) return fact;
  const moved = (at: number): number => at + time.shiftOf(at);
  const movedOr = (at: number | null): number | null => (at === null ? null : moved(at));
  switch (fact.kind) {
    case "exchange":
      return { kind: "exchange", exchange: movedExchange(fact.exchange, time) };
    case "connection": {
      const { at, clientEndAt } = fact.connection;
      const times = { at: moved(at), clientEndAt: movedOr(clientEndAt) };
      return { kind: "connection", connection: { ...fact.connection, ...times } };
    }
    case "frame":
      return { kind: "frame", frame: { ...fact.frame, at: moved(fact.frame.at) } };
    case "vitals":
      return { kind: "vitals", sample: { ...fact.sample, at: moved(fact.sample.at) } };
    case "probe":
      return { kind: "probe", probe: { ...fact.probe, at: moved(fact.probe.at) } };
    case "log":
      return { kind: "log", log: { ...fact.log, at: movedOr(fact.log.at) } };
    case "session":
    case "capture-ended":
      return fact;
  }
}

/** Its times were counted on from its beginning: they move together. */
function movedExchange(exchange: ExchangeFact, time: SteadyTime): ExchangeFact {
  const { at, sent, end } = exchange;
  const shift = time.shiftOf(at, Math.max(at, sent ?? at, end ?? at));
  return {
    ...exchange,
    at: at + shift,
    sent: sent === null ? null : sent + shift,
    end: end === null ? null : end + shift,
  };
}

const isoTime = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

export function onWallTime(finding: Finding, time: SteadyTime): Finding {
  if (time.isPlain) return finding;
  return JSON.parse(JSON.stringify(finding), (_key, value: unknown) =>
    typeof value === "string" && isoTime.test(value)
      ? new Date(time.wall(Date.parse(value))).toISOString()
      : value,
  ) as Finding;
}
