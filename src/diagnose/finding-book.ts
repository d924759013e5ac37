/** Findings as they stand: made from a verdict, revised by the next, never changed in their past. */
import type { CauseCode, Evidence, Finding, FindingRevision, Phrase } from "../domain/finding.ts";
import { adviceFor } from "./advice.ts";
import type { Case } from "./case.ts";
import { phrase, secondsOf } from "./claim.ts";
import { consequencesOf } from "./consequences.ts";
import type { Incident } from "./incident.ts";
import { severityOf } from "./severity.ts";
import { isHard, type Symptom, type SymptomKind } from "./symptom.ts";
import type { Verdict } from "./verdict.ts";

const maxEvidence = 12;
const maxRevisions = 20;
const iso = (wall: number): string => new Date(wall).toISOString();

/** The finding of this incident now; `before`: as it was told last, or null. */
export function findingOf(
  incident: Incident,
  one: Case,
  verdict: Verdict,
  before: Finding | null,
): Finding | null {
  const evidence = evidenceOf(one, verdict);
  if (evidence === null) return null;
  const { cause, side, confidence } = verdict;
  const severity = severityOf(one);
  const now = iso(one.now);
  return {
    ...identity(incident, before, now),
    severity,
    side,
    cause,
    confidence,
    ...saying(incident, one, { ...verdict, severity }),
    consequences: consequencesOf(one),
    evidence,
    revisions: revisionsOf(before, { verdict, severity }, now),
    ...concerned(incident, one),
  };
}

type Identity = Pick<Finding, "id" | "at" | "foundAt" | "revisedAt" | "open">;

/** Diagnosis runs a moment behind the clock, so that all it needs is there: still, nothing is found before it happened. */
function identity(incident: Incident, before: Finding | null, found: string): Identity {
  const at = iso(troubleAt(incident));
  const now = found < at ? at : found;
  return {
    id: before?.id ?? `${incident.captureId}-f${incident.ordinal}`,
    at,
    foundAt: before?.foundAt ?? now,
    revisedAt: now,
    open: incident.isOpen,
  };
}

type Concerned = Pick<Finding, "agents" | "agent" | "sid" | "host" | "port" | "faults">;

function concerned(incident: Incident, one: Case): Concerned {
  const agents = one.agents.toSorted();
  const [session, second] = one.sessions;
  return {
    agents,
    agent: agents.length === 1 ? (agents[0] ?? null) : null,
    sid: second === undefined ? (session?.sid ?? null) : null,
    host: incident.host,
    port: incident.port,
    faults: one.faults,
  };
}

type Saying = Pick<
  Finding,
  "title" | "explanation" | "reasons" | "before" | "advice" | "wouldSettle"
>;

function saying(
  incident: Incident,
  one: Case,
  verdict: Verdict & { readonly severity: Finding["severity"] },
): Saying {
  const values = valuesOf(incident, one, incident.port);
  return {
    title: phrase(`title.${wording(one, verdict)}`, values),
    explanation: explanationOf(one, verdict, values),
    reasons: reasonsOf(verdict, verdict.severity),
    before: beforeOf(one),
    advice: adviceFor(wording(one, verdict)),
    wouldSettle: verdict.settle,
  };
}

function revisionsOf(
  before: Finding | null,
  now: { readonly verdict: Verdict; readonly severity: Finding["severity"] },
  at: string,
): readonly FindingRevision[] {
  if (before === null) return [];
  const revised = revisionOf(before, now, at);
  const all = revised === null ? before.revisions : [...before.revisions, revised];
  return all.slice(-maxRevisions);
}

const absences = new Set<SymptomKind>(["gap", "no-answer", "trickle", "connect-stall"]);

/** Of a request that nobody answered, its beginning; of one that broke, its end. */
function troubleAt({ symptoms, since, firstAt }: Incident): number {
  const [first] = symptoms;
  return first !== undefined && absences.has(first.kind) ? since : firstAt;
}

function valuesOf(incident: Incident, one: Case, port: number): Phrase["values"] {
  const ms = one.gap?.ms ?? one.symptoms[0]?.ms ?? 0;
  return {
    host: incident.host,
    port,
    count: one.agents.length,
    agents: one.agents.toSorted().slice(0, 3).join(", "),
    seconds: secondsOf(ms, one.scale),
    rules: one.faults.join(", "),
  };
}

/** An idle close known by a log alone reads otherwise than a session the server dropped by itself. */
const wording = ({ has }: Case, { cause }: Verdict): CauseCode | "F18-idle" =>
  cause === "F18" && has("log-idle-close") ? "F18-idle" : cause;

function explanationOf(one: Case, verdict: Verdict, values: Phrase["values"]): Phrase[] {
  const [trigger] = one.symptoms;
  const seen =
    trigger === undefined
      ? []
      : [phrase(`seen.${trigger.kind}`, { ...values, port: trigger.port })];
  return [...seen, phrase(`means.${wording(one, verdict)}`, values)];
}

function reasonsOf(verdict: Verdict, severity: Finding["severity"]): Phrase[] {
  const rival =
    verdict.rival === null
      ? []
      : [
          phrase("because.rival", {
            cause: verdict.rival.cause,
            confidence: Math.round(verdict.rival.confidence * 100),
          }),
        ];
  return [...verdict.because, phrase(`severity.${severity}`), ...rival];
}

/** What went on before it began. */
function beforeOf(one: Case): Phrase[] {
  const [session] = one.sessions;
  if (session === undefined) return [];
  const age = Math.max(0, one.since - session.startedAt);
  const list = [
    phrase("before.session", { seconds: secondsOf(age, one.scale), library: session.library }),
  ];
  const long = session.gaps.filter(
    ({ since, endedAt }) => (endedAt ?? since) - since > 700 && since < one.since,
  );
  if (long.length > 0) list.push(phrase("before.gaps", { count: long.length }));
  if (one.badCharacter !== null) list.push(phrase("before.bad-character"));
  return list;
}

function evidenceOf(one: Case, verdict: Verdict): Finding["evidence"] | null {
  const [trigger, ...others] = one.symptoms;
  if (trigger === undefined) return null;
  const seen = new Set([trigger.exchange]);
  const telling = others.filter(({ exchange }) => !seen.has(exchange) && seen.add(exchange));
  const witnesses = witnessesOf(one, verdict).filter(({ exchange }) => !seen.has(exchange));
  return [
    { exchange: trigger.exchange, role: "trigger", what: evidencePhrase(trigger, one) },
    ...mostTelling(telling, maxEvidence - witnesses.length).map((symptom) => ({
      exchange: symptom.exchange,
      role: roleOf(symptom),
      what: evidencePhrase(symptom, one),
    })),
    ...witnesses,
  ];
}

/** Of very many: failures before what is merely slow, how it began and how it stands, in their order. */
function mostTelling(symptoms: readonly Symptom[], most: number): readonly Symptom[] {
  if (symptoms.length <= most) return symptoms;
  const deciding = symptoms.filter(
    (one) => one.path !== "rest" && (isHard(one.kind) || roleOf(one) === "consequence"),
  );
  const chosen = new Set(fromBothEnds(deciding, most));
  const others = symptoms.filter((one) => !chosen.has(one));
  for (const one of fromBothEnds(others, most - chosen.size)) chosen.add(one);
  return symptoms.filter((one) => chosen.has(one));
}

function fromBothEnds(symptoms: readonly Symptom[], most: number): readonly Symptom[] {
  if (symptoms.length <= most) return symptoms;
  const first = Math.ceil(most / 2);
  return [...symptoms.slice(0, first), ...symptoms.slice(symptoms.length - (most - first))];
}

function witnessesOf(one: Case, verdict: Verdict): readonly Evidence[] {
  const seen = new Set<string>();
  const list: Evidence[] = [];
  const add = (exchange: string | null, role: Evidence["role"], what: Phrase): void => {
    if (exchange === null || seen.has(exchange)) return;
    seen.add(exchange);
    list.push({ exchange, role, what });
  };
  if (verdict.cause === "F13") add(one.badCharacter, "witness", phrase("evidence.bad-character"));
  if (one.notification.isUp)
    add(
      one.notification.witness,
      "witness",
      phrase("evidence.ok", { port: one.notification.port ?? 0 }),
    );
  if (one.rest.isUp && !one.shared)
    add(one.rest.witness, "witness", phrase("evidence.ok", { port: one.rest.port ?? 0 }));
  for (const exchange of one.gap?.storm.exchanges ?? []) {
    if (verdict.cause === "F8") add(exchange, "witness", phrase("evidence.storm"));
  }
  return list;
}

const roleOf = ({ kind }: Symptom): Evidence["role"] =>
  kind === "invalid-sid" || kind === "ended-by-server" ? "consequence" : "witness";

const evidencePhrase = (symptom: Symptom, one: Case): Phrase =>
  phrase(`evidence.${symptom.kind}`, {
    port: symptom.port,
    seconds: secondsOf(symptom.ms ?? 0, one.scale),
    detail: symptom.detail,
  });

/** A finding that says something else than before tells what it said, and why it changed. */
function revisionOf(
  before: Finding,
  { verdict, severity }: { readonly verdict: Verdict; readonly severity: Finding["severity"] },
  at: string,
): FindingRevision | null {
  const { side, cause, confidence } = before;
  const moved = Math.abs(confidence - verdict.confidence) >= 0.1;
  if (side === verdict.side && cause === verdict.cause && !moved && before.severity === severity)
    return null;
  return { at, side, cause, confidence, why: whyRevised(before, verdict, severity) };
}

function whyRevised(before: Finding, verdict: Verdict, severity: Finding["severity"]): Phrase {
  if (before.cause !== verdict.cause || before.side !== verdict.side)
    return phrase("revised.cause", { from: before.cause, to: verdict.cause });
  if (before.severity !== severity) return phrase(`revised.${severity}`);
  return phrase(verdict.confidence > before.confidence ? "revised.surer" : "revised.less-sure");
}
