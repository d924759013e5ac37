/**
 * Facts in, findings out: live in the recorder's thread, or replayed from a capture. It owns no clock: `tick` says what time it is. Its memory is
 * bounded whatever comes.
 */
import type { Finding } from "../domain/finding.ts";
import { caseOf } from "./case.ts";
import type { Fact } from "./fact.ts";
import { findingOf } from "./finding-book.ts";
import type { Incident } from "./incident.ts";
import { Incidents } from "./incidents.ts";
import { keep } from "./keep.ts";
import { layLogs } from "./lay-logs.ts";
import type { Symptom } from "./symptom.ts";
import { real } from "./thresholds.ts";
import { verdictOf } from "./verdict.ts";
import { Watch } from "./watch.ts";
import { World } from "./world.ts";

/** A probe that would help: of this host and port, because of that incident. */
export interface ProbeWish {
  readonly host: string;
  readonly port: number;
  /** Id of the finding it is for. */
  readonly incident: string;
}

export interface DiagnosisOptions {
  /** Protocol seconds in a real one. */
  readonly timeScale?: number;
}

/** A strong verdict is told at once; a weak one waits for what the next seconds bring. */
const strong = 0.8;
const weighEveryMs = 1000;
/** Then even a weak one is told. */
const patienceMs = 7000;
const weak = 0.5;
const maxFindings = 3000;

export class Diagnosis {
  readonly #world: World;
  readonly #watch: Watch;
  readonly #incidents: Incidents;
  /** As told last, and the same without what logs say. */
  readonly #findings = new Map<string, Finding>();
  readonly #plain = new Map<string, Finding>();
  readonly #due = new Set<Incident>();
  readonly #asked = new Set<string>();
  #changed = new Map<string, Finding>();
  #wishes: ProbeWish[] = [];
  #weighedAt = 0;
  #logsCame = false;

  constructor(options: DiagnosisOptions = {}) {
    this.#world = new World(options.timeScale ?? 1);
    this.#watch = new Watch(this.#world);
    this.#incidents = new Incidents(this.#world);
  }

  observe(fact: Fact): void {
    this.#watch.observe(fact);
    this.#take();
    if (fact.kind === "log") this.#logsCame = true;
  }

  /** Lets time pass. `now`: wall ms; a clock set back is taken for standing still. */
  tick(now: number): void {
    if (now <= this.#world.now) return;
    this.#world.now = now;
    this.#watch.tick();
    this.#take();
    if (now - this.#weighedAt < weighEveryMs && this.#due.size === 0) return;
    this.#weighAll(now);
  }

  /** No more facts will come: what was waited for is told as it stands, and every incident is over. */
  finish(): void {
    const ended = this.#incidents.settle();
    for (const incident of [...ended, ...this.#incidents.open]) {
      incident.isOpen = false;
      this.#weigh(incident);
    }
    if (this.#logsCame) this.#layLogs();
  }

  /** Findings new or revised since the last call. */
  takeChanges(): Finding[] {
    const changed = [...this.#changed.values()];
    this.#changed = new Map();
    return changed;
  }

  takeProbeWishes(): ProbeWish[] {
    return this.#wishes.splice(0);
  }

  findings(): Finding[] {
    return [...this.#findings.values()];
  }

  #take(): void {
    for (const symptom of this.#watch.takeSymptoms()) {
      const incident = this.#incidents.take(symptom);
      this.#due.add(incident);
      this.#wish(incident, symptom);
    }
  }

  #weighAll(now: number): void {
    const all = now - this.#weighedAt >= weighEveryMs;
    const ended = all ? this.#incidents.settle() : [];
    const due = all
      ? new Set([...this.#incidents.open, ...this.#due, ...ended])
      : new Set(this.#due);
    this.#due.clear();
    if (all) this.#weighedAt = now;
    for (const incident of due) this.#weigh(incident);
    if (this.#logsCame) this.#layLogs();
  }

  #weigh(incident: Incident): void {
    const one = caseOf(incident, this.#world);
    const verdict = verdictOf(one);
    if (verdict === null) return;
    const key = `${incident.key} ${incident.ordinal}`;
    const before = this.#plain.get(key) ?? null;
    if (before === null && !this.#isRipe(incident, verdict.confidence)) return;
    const plain = findingOf(incident, one, verdict, before);
    if (plain === null || (before !== null && isSame(before, plain))) return;
    keep(this.#plain, key, plain, maxFindings);
    this.#tell(key, layLogs(plain, this.#world.logs));
  }

  /** Logs are brought long after the fact: what was found then is laid beside them. */
  #layLogs(): void {
    this.#logsCame = false;
    for (const [key, plain] of this.#plain) {
      const laid = layLogs(plain, this.#world.logs);
      const known = this.#findings.get(key);
      if (laid === plain || known === undefined || isSame(known, laid)) continue;
      this.#tell(key, { ...laid, revisedAt: new Date(this.#world.now).toISOString() });
    }
  }

  #tell(key: string, finding: Finding): void {
    keep(this.#findings, key, finding, maxFindings);
    this.#changed.set(finding.id, finding);
  }

  #isRipe({ firstAt, isOpen }: Incident, confidence: number): boolean {
    const age = this.#world.now - firstAt;
    if (!isOpen || confidence >= strong) return true;
    return age >= (confidence >= weak ? real.settle : patienceMs);
  }

  /** Probes tell network from server, so they are wanted for what either could have done; once for each incident and port. */
  #wish(incident: Incident, { kind }: Symptom): void {
    if (incident.scope !== "server" || kind === "late") return;
    for (const port of this.#portsOf(incident.host)) {
      const key = `${incident.key}${incident.ordinal} ${port}`;
      if (this.#asked.has(key)) continue;
      this.#asked.add(key);
      if (this.#asked.size > maxFindings) this.#asked.clear();
      const id = `${incident.captureId}-f${incident.ordinal}`;
      this.#wishes.push({ host: incident.host, port, incident: id });
    }
  }

  #portsOf(host: string): number[] {
    const known = [...this.#world.ports.values()].filter(
      (port) => port.host === host && (port.isNotification || port.isRest),
    );
    return [...new Set([...known.map(({ port }) => port), 8445])].slice(0, 4);
  }
}

/** Whether a person would read the same. */
const isSame = (a: Finding, b: Finding): boolean => toldBy(a) === toldBy(b);

/** What stands is compared with each weighing: it is written out once. */
const written = new WeakMap<Finding, string>();

function toldBy(finding: Finding): string {
  const known = written.get(finding);
  if (known !== undefined) return known;
  const { revisedAt: _at, explanation: _explanation, before: _before, ...rest } = finding;
  const { seconds = 0 } = rest.title.values;
  // A silence that lasts is told anew each time it has grown by a third.
  const grown = Math.floor(Math.log(Math.max(1, Number(seconds))) / Math.log(4 / 3));
  const told = JSON.stringify({
    ...rest,
    title: [rest.title.key, grown],
    confidence: Math.round(rest.confidence * 20),
  });
  written.set(finding, told);
  return told;
}
