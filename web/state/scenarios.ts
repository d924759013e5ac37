/** The scenarios on offer, and running one. */
import { signal } from "@preact/signals";
import type { ScenarioCard, ScenarioList, ScenarioRunInput } from "../../src/server/messages.ts";
import { getJson, send } from "../feed/api.ts";
import { type Loaded, load } from "./detail.ts";
import { language } from "./preferences.ts";

export const scenarios = signal<Loaded<readonly ScenarioCard[]>>({ kind: "loading" });

/** Whose connection is to be broken: the picker is open with it filled in. null = closed. */
export const breaking = signal<{ readonly agent: string } | null>(null);

/** Whom the cards are for, as far as a person chose: kept while other screens are looked at. */
export const chosenTarget = signal<{ readonly agent?: string; readonly host?: string }>({});

let loadedIn: string | null = null;

/** In the page's language; once for each. */
export async function loadScenarios(): Promise<void> {
  const spoken = language.peek();
  if (loadedIn === spoken) return;
  const loaded = await load(getJson<ScenarioList>("scenarios", { lang: spoken }));
  if (spoken !== language.peek()) return;
  loadedIn = loaded.kind === "ready" ? spoken : null;
  scenarios.value =
    loaded.kind === "ready" ? { kind: "ready", value: loaded.value.scenarios } : loaded;
}

export const runScenario = (name: string, input: ScenarioRunInput): Promise<void> =>
  send("POST", `scenarios/${encodeURIComponent(name)}/run`, input);
