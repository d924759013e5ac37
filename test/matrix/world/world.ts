/** Where a fault is played: servers, Boshscope between, desktops. */
import type { BoshscopeProcess } from "../../support/boshscope-process.ts";
import type { Client, WorldKind } from "../contract.ts";
import type { Random } from "../random.ts";
import type { RealStage } from "./real-stage.ts";
import type { SimulatedStage } from "./simulated-stage.ts";

/** Drawn from the seed before anything starts. */
export interface WorldPlan {
  readonly world: WorldKind;
  readonly client: Client;
  readonly agents: number;
  /** Protocol seconds in a real one; 1 with real servers. */
  readonly speed: number;
  /** BOSH wait asked for, protocol seconds. */
  readonly wait: number;
  /** Seconds without a request after which real servers forget a session. */
  readonly inactivity: number;
  /** The rest, by the scenario. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** How the stage is built where the scenario needs it otherwise. */
  readonly stage?: StageOptions;
}

export interface StageOptions {
  /** The browser or the simulated desktops do not trust the proxy's CA. */
  readonly distrust?: boolean;
  /** A TCP relay before the Notification Service. */
  readonly relay?: boolean;
  /** A reverse proxy before the Notification Service: "duplicating" repeats requests. */
  readonly front?: "duplicating";
  /** A reverse proxy before 8445: "lock-out" can answer 418, "shared" carries http-bind as well, as from 12.6 on. */
  readonly web?: "lock-out" | "shared";
  readonly chromiumArgs?: readonly string[];
  /** Password the agents use; default the right one. */
  readonly password?: string;
  /** Simulated desktops in a process of their own, which can be stopped apart from the servers. */
  readonly ownDesktops?: boolean;
  /** Desktops that are not signed in by `signIn`. */
  readonly later?: boolean;
}

export type World = {
  readonly random: Random;
  readonly boshscope: BoshscopeProcess;
  /** Says something for the record. */
  note(text: string): void;
} & (
  | { readonly kind: "simulator"; readonly stage: SimulatedStage }
  | { readonly kind: "real"; readonly stage: RealStage }
);
