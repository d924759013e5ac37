/** What the server says about itself: ports, certificate, options. Fetched once, and again when asked. */
import { signal } from "@preact/signals";
import type { PageConfig } from "../../src/server/messages.ts";
import { getJson } from "../feed/api.ts";
import { type Loaded, load } from "./detail.ts";

export const config = signal<Loaded<PageConfig>>({ kind: "loading" });

export async function loadConfig(): Promise<void> {
  config.value = await load(getJson<PageConfig>("config"));
}
