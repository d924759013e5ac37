/** What the server says about itself: ports, certificate, options. Fetched once, and again when asked. */
import { signal } from "@preact/signals";
import type { PageConfig } from "../../src/server/messages.ts";
import { getJson } from "../feed/api.ts";
import { type Loaded, load } from "./detail.ts";
import { timeScale } from "./lanes.ts";

export const config = signal<Loaded<PageConfig>>({ kind: "loading" });

export async function loadConfig(): Promise<void> {
  const loaded = await load(getJson<PageConfig>("config"));
  config.value = loaded;
  if (loaded.kind === "ready") timeScale.value = loaded.value.timeScale;
}
