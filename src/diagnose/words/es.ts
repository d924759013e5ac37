/** The diagnosis in Spanish. */
import type { PhraseKey } from "./en.ts";
import { causesEs } from "./es-causes.ts";
import { signsEs } from "./es-signs.ts";

export const es: Readonly<Record<PhraseKey, string>> = { ...causesEs, ...signsEs };
