/** An incident: symptoms that belong together, from the first failing or missing exchange on. */
import type { Symptom, SymptomKind } from "./symptom.ts";

export type Scope =
  | "server" // what a host failed to do, for whomever
  | "client" // a silence of one client
  | "conflict"
  | "auth"
  | "trust"
  | "lockout"
  | "protocol"
  | "clock"
  | "certificate"
  | "log" // known by logs alone
  | "own"; // Boshscope stood still, and may have harmed nobody

export interface Incident {
  readonly key: string;
  readonly scope: Scope;
  readonly ordinal: number;
  readonly captureId: string;
  /** The first failing or missing exchange: since when there was trouble, and when it showed. */
  readonly since: number;
  readonly firstAt: number;
  /** An answer later than this was given after the trouble had begun for sure: a poll that is lost may have been well for its whole wait. */
  readonly provenFrom: number;
  lastAt: number;
  /** In the order they showed; the first and the latest of very many. */
  readonly symptoms: Symptom[];
  readonly agents: Set<string>;
  /** Sessions touched. */
  readonly sessions: Set<string>;
  readonly host: string;
  readonly port: number;
  /** Agents with a living session on the host when it began. */
  readonly observed: number;
  /** Fault rules that may have caused it, by when they touched it last. */
  readonly faults: Map<string, number>;
  isOpen: boolean;
}

const maxSymptoms = 120;
/** These stay whatever comes: they show how it began. */
const keptFirst = 60;

export function addSymptom(incident: Incident, symptom: Symptom): void {
  const { symptoms } = incident;
  if (symptoms.length >= maxSymptoms) symptoms.splice(keptFirst, 1);
  symptoms.push(symptom);
  incident.lastAt = Math.max(incident.lastAt, symptom.at);
  if (symptom.agent !== null) incident.agents.add(symptom.agent);
  if (symptom.session !== null) incident.sessions.add(symptom.session);
  for (const rule of symptom.faults) addRule(incident, rule, symptom.at);
}

export function addRule({ faults }: Incident, rule: string, at: number): void {
  faults.set(rule, Math.max(at, faults.get(rule) ?? at));
}

/** Gives these symptoms back, and what is known by them alone. */
export function release(incident: Incident, taken: readonly Symptom[]): void {
  const kept = incident.symptoms.filter((symptom) => !taken.includes(symptom));
  const lastAt = Math.max(incident.firstAt, ...kept.map(({ at }) => at));
  incident.symptoms.splice(0);
  incident.agents.clear();
  incident.sessions.clear();
  for (const symptom of kept) addSymptom(incident, symptom);
  incident.lastAt = lastAt;
  for (const [rule, at] of incident.faults) if (at > lastAt) incident.faults.delete(rule);
}

const scopes: Partial<Record<SymptomKind, Scope>> = {
  gap: "client",
  conflict: "conflict",
  auth: "auth",
  distrust: "trust",
  "locked-out": "lockout",
  protocol: "protocol",
  clock: "clock",
  "bad-certificate": "certificate",
  "own-stop": "own",
  "log-idle-close": "log",
  "log-service-stopped": "log",
  "log-cti-lost": "log",
  "log-xmpp-lost": "log",
};

export const scopeOf = (symptom: Symptom): Scope => scopes[symptom.kind] ?? "server";

/** Symptoms with the same key belong to one incident while they follow each other. */
export function keyOf(symptom: Symptom, scope: Scope): string {
  const { host, port, session, agent, client } = symptom;
  const own: Partial<Record<Scope, string>> = {
    client: session ?? agent ?? client,
    conflict: session ?? agent ?? client,
    protocol: session ?? agent ?? client,
    auth: `${host} ${agent ?? client}`,
    trust: `${host} ${client}`,
    certificate: `${host}:${port}`,
  };
  return `${scope} ${own[scope] ?? host}`;
}
