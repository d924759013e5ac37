/** What a run of the fault matrix is: a truth written before it, what was done, and what Boshscope said. */
import type { CauseCode, FindingSide } from "../../src/domain/finding.ts";
import type { FindingView } from "../../src/server/messages.ts";
import type { Random } from "./random.ts";
import type { World, WorldPlan } from "./world/world.ts";

export type WorldKind = "simulator" | "prosody" | "ejabberd";

export type Client =
  | "simulated desktops"
  | "strophe.js 5.0.0 in Chromium"
  | "strophe.js 1.2.16 in Chromium";

/** Written to disk before anything is started. */
export interface Truth {
  readonly run: string;
  readonly scenario: string;
  readonly seed: number;
  /** "healthy": nothing must be found at all. */
  readonly cause: CauseCode | "healthy";
  /** The first is what happened; others count as right when two words fit the same thing (said in the scenario). */
  readonly sides: readonly FindingSide[];
  readonly world: WorldKind;
  readonly client: Client;
  /** The event that completes the evidence, and how its time is taken. */
  readonly completes: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** Wall ms of this machine. */
export interface Played {
  readonly faultAt: number;
  readonly completedAt: number;
}

/** A finding as it stood when it was first seen, or had changed its mind. */
export interface Sighting {
  /** Wall ms when it was read from the API. */
  readonly at: number;
  readonly id: string;
  readonly cause: CauseCode;
  readonly side: FindingSide;
  readonly confidence: number;
  readonly severity: FindingView["severity"];
}

export interface RunResult {
  readonly truth: Truth;
  /** Why there is no verdict: the stage itself failed. */
  readonly broken: string | null;
  readonly played: Played | null;
  readonly findings: readonly FindingView[];
  readonly sightings: readonly Sighting[];
  /** For a look afterwards. */
  readonly notes: readonly string[];
  readonly startedAt: string;
  readonly seconds: number;
}

export interface Scenario {
  readonly name: string;
  readonly cause: CauseCode | "healthy";
  readonly sides: readonly FindingSide[];
  readonly completes: string;
  /** Firewalls and priorities need a network namespace of the run's own. */
  readonly needsRoot?: boolean;
  /** Nothing else may run on this machine. */
  readonly alone?: boolean;
  /** Longest it may take, seconds; default 150. */
  readonly limitSeconds?: number;
  /** The kind of world (and its parameters) by the seed; what is drawn becomes part of the truth. */
  readonly plan: (random: Random) => WorldPlan;
  readonly play: (world: World, plan: WorldPlan) => Promise<Played>;
}
