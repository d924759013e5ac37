/** What a scenario is: rules that play a cause of the failure catalogue, and what the agent's desktop is expected to do, written before it ever ran. */
import type { FaultMatch, FaultRule } from "../../domain/fault-rule.ts";

export interface Texts {
  readonly en: string;
  readonly es: string;
}

/** Finesse up to 11.x; 12.0 on by BOSH; 12.0 on by WebSocket. */
export type ClientKind = "jabberwerx" | "strophe" | "websocket";

/** What a desktop's own log can tell. */
export type ObservedKind =
  | "request-answered"
  | "request-failed"
  | "request-aborted"
  | "request-resent"
  | "ping-lost"
  | "rest-failed"
  | "disconnected"
  | "banner"
  | "failover"
  | "connected"
  | "signed-out";

/** Ms of protocol time after the run's clock began, earliest and latest. A kind left out: the step is not for it. */
export type Windows = Readonly<Partial<Record<ClientKind, readonly [from: number, until: number]>>>;

export interface ExpectedStep {
  readonly what: Texts;
  readonly seen: ObservedKind;
  /** The n-th of its kind; 1 when left out. */
  readonly nth?: number;
  readonly within: Windows;
  /** "maybe": it depends on what can't be known, such as the phase of the server's reaper. "never": it would be a surprise. */
  readonly certainty: "sure" | "maybe" | "never";
  /** About any request, not only the one that began the clock. */
  readonly ofAny?: boolean;
}

export interface Target {
  readonly agent: string | null;
  readonly host: string | null;
  /** The agent's session now, if it has one. */
  readonly sid: string | null;
  /** The highest rid its session has sent, as far as is known. */
  readonly lastRid: number | null;
}

export interface Scenario {
  readonly name: string;
  /** Of the failure catalogue. */
  readonly cause: string;
  readonly needs: "agent" | "host";
  /** The desktops it can do something to; left out = all. */
  readonly clients?: readonly ClientKind[];
  readonly title: Texts;
  readonly description: Texts;
  /** How long the rules stay armed after the clock began, protocol ms. */
  readonly lastsMs: number;
  /** Where the clock begins when a rule that begins it hits: now, or, where an answer is late, when its request was sent. */
  readonly clockFrom?: "hit" | "request";
  readonly rules: (target: Target) => readonly ScenarioRule[];
  readonly steps: readonly ExpectedStep[];
}

export interface ScenarioRule
  extends Pick<FaultRule, "match" | "actions">,
    Partial<Pick<FaultRule, "times" | "alsoWaiting">> {
  /** Its first hit begins the clock. Left out: the first rule's does, and those of rules about what waits. */
  readonly begins?: boolean;
}

/** Desktops that poll: a WebSocket has no poll to do anything to. */
export const polling: readonly ClientKind[] = ["jabberwerx", "strophe"];

/** Whom it is done to: that agent, or all of that host. */
export const whom = ({ agent, host }: Target): FaultMatch => ({
  ...(agent === null ? {} : { agent }),
  ...(host === null ? {} : { host }),
});

/** A tenth more or less, as the measured reaction times may differ. */
export const around = (ms: number): readonly [number, number] => [
  Math.round(ms * 0.9),
  Math.round(ms * 1.1),
];

/** At once: less than a second. */
export const atOnce: readonly [number, number] = [0, 1000];
