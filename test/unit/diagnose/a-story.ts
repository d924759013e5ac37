/** Traffic as a story in seconds, told to the diagnosis: what the worked timelines of the domain reference describe. */
import { Diagnosis } from "../../../src/diagnose/diagnosis.ts";
import type { ConnectionFact, ExchangeFact, Fact } from "../../../src/diagnose/fact.ts";
import type { ExchangeNote, Outcome } from "../../../src/domain/exchange.ts";
import type { Finding } from "../../../src/domain/finding.ts";
import type { ProbeResult, VitalsSample } from "../../../src/domain/vitals.ts";

export const startWall = Date.parse("2026-03-01T10:00:00.000Z");
const iso = (seconds: number): number => startWall + seconds * 1000;

type Ending =
  | { readonly status: number }
  | {
      readonly cause: Extract<Outcome, { kind: "failed" }>["cause"];
      readonly blame: "client" | "server" | "network" | "boshscope" | "fault-rule";
      readonly phase?: "connect" | "tls" | "headers";
    };

export interface Told {
  readonly agent?: string | null;
  readonly sid?: string | null;
  readonly host?: string;
  readonly port?: number;
  readonly role?: ExchangeFact["role"];
  readonly kind?: ExchangeFact["kind"];
  readonly path?: string;
  readonly connection?: string;
  readonly client?: string;
  readonly notes?: readonly ExchangeNote[];
  readonly faults?: readonly string[];
  /** Never reached the server's leg. */
  readonly unsent?: boolean;
  readonly event?: string;
  /** null: not granted before our eyes. */
  readonly waitMs?: number | null;
}

interface Timed {
  readonly at: number;
  readonly fact: Fact;
}

export class Story {
  readonly #facts: Timed[] = [];
  #next = 1;
  readonly #timeScale: number;

  constructor(timeScale = 1) {
    this.#timeScale = timeScale;
  }

  /** A request at that second; `end` null: no answer while the story lasts. Returns its id. */
  exchange(from: number, end: number | null, ending: Ending, told: Told = {}): string {
    const id = `cap1-${this.#next++}`;
    const whole = factOf(id, from, { end, ending, told });
    const pending: ExchangeFact = {
      ...whole,
      outcome: { kind: "pending" },
      end: null,
      holdMs: null,
      notes: [],
    };
    this.#add(from, { kind: "exchange", exchange: pending });
    if (end !== null) this.#add(end, { kind: "exchange", exchange: whole });
    return id;
  }

  poll(
    from: number,
    end: number | null,
    told: Told = {},
    ending: Ending = { status: 200 },
  ): string {
    return this.exchange(from, end, ending, { role: "poll", path: "/http-bind/", ...told });
  }

  systemInfo(at: number, told: Told = {}, ending: Ending = { status: 200 }, takes = 0.02): string {
    return this.exchange(at, at + takes, ending, {
      role: "systeminfo",
      port: 8445,
      sid: null,
      path: "/finesse/api/SystemInfo?nocache=1",
      ...told,
    });
  }

  /** Empty polls one after the other, each held for the wait, with the client's usual pause between. */
  polls(from: number, until: number, told: Told = {}, wait = 30): number {
    let at = from;
    for (; at + wait <= until; at += wait + 0.015)
      this.poll(at, at + wait, { notes: ["empty"], ...told });
    return at;
  }

  connection(at: number, change: Partial<ConnectionFact> & { readonly id: string }): void {
    this.#add(at, {
      kind: "connection",
      connection: {
        at: iso(at),
        host: "fin1",
        port: 7443,
        client: "cap1 127.0.0.1 chrome",
        serverConnected: true,
        serverTls: true,
        ended: false,
        clientEnd: null,
        clientEndAt: null,
        ...change,
      },
    });
  }

  frame(
    at: number,
    exchange: string,
    from: "client" | "server",
    event: string | null = "ping",
    opcode = 1,
  ): void {
    this.#add(at, { kind: "frame", frame: { exchange, at: iso(at), from, opcode, event } });
  }

  vitals(from: number, until: number, change: Partial<VitalsSample> = {}): void {
    for (let at = from; at <= until; at += 1)
      this.#add(at, { kind: "vitals", sample: { ...calm, at: iso(at), mono: iso(at), ...change } });
  }

  probe(at: number, change: Partial<ProbeResult>): void {
    const probe: ProbeResult = {
      at: iso(at),
      host: "fin1",
      port: 7443,
      step: "tcp",
      ok: true,
      ms: 2,
      status: null,
      error: null,
      serverStatus: null,
      exchange: null,
      ...change,
    };
    this.#add(at, { kind: "probe", probe });
  }

  fact(at: number, fact: Fact): void {
    this.#add(at, fact);
  }

  #add(at: number, fact: Fact): void {
    this.#facts.push({ at, fact });
  }

  /** Lets the story run until that second in quarter seconds, as the recorder does. */
  tell(until: number): Finding[] {
    return this.run(until).findings();
  }

  run(until: number, seen: (finding: Finding, at: number) => void = () => undefined): Diagnosis {
    const diagnosis = new Diagnosis({ timeScale: this.#timeScale });
    const facts = this.#facts.toSorted((a, b) => a.at - b.at);
    let index = 0;
    for (let at = facts[0]?.at ?? 0; at <= until; at += 0.25) {
      for (; index < facts.length && (facts[index]?.at ?? 0) <= at; index++) {
        const fact = facts[index]?.fact;
        if (fact !== undefined) diagnosis.observe(fact);
      }
      diagnosis.tick(iso(at));
      for (const finding of diagnosis.takeChanges()) seen(finding, at);
    }
    return diagnosis;
  }
}

const calm: Omit<VitalsSample, "at" | "mono"> = {
  loopLagMs: 2,
  wallJumpMs: 0,
  lateMs: 3,
  systemCpu: 0.2,
  ownCpu: 0.05,
  freeMemory: 4e9,
  totalMemory: 8e9,
  ownMemory: 1e8,
  browser: null,
  network: null,
};

function factOf(
  id: string,
  from: number,
  { end, ending, told }: { end: number | null; ending: Ending; told: Told },
): ExchangeFact {
  const { unsent = false, notes = [], faults = [], waitMs = 30_000 } = told;
  return {
    id,
    kind: told.kind ?? "http",
    role: told.role ?? "other",
    host: told.host ?? "fin1",
    port: told.port ?? 7443,
    path: told.path ?? "/",
    connection: told.connection ?? "cap1-1",
    client: told.client ?? "cap1 127.0.0.1 chrome",
    agent: told.agent === undefined ? "1001" : told.agent,
    sid: told.sid === undefined ? "f382a015" : told.sid,
    outcome: end === null ? { kind: "pending" } : outcomeOf(ending),
    at: iso(from),
    sent: unsent ? null : iso(from),
    end: end === null ? null : iso(end),
    holdMs: end !== null && "status" in ending ? (end - from) * 1000 : null,
    waitMs: told.role === "poll" ? waitMs : null,
    notes,
    faults,
    event: told.event ?? null,
  };
}

function outcomeOf(ending: Ending): Outcome {
  if ("status" in ending) return { kind: "responded", status: ending.status, reason: "" };
  const { cause, blame, phase = "headers" } = ending;
  return { kind: "failed", phase, cause, blame, status: null, alert: null, detail: cause };
}
