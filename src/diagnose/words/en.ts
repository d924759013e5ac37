/** The diagnosis in English: a sentence for each phrase. `{name}` stands for a value; `{who}` for the agents concerned. */
import { causesEn } from "./en-causes.ts";
import { signsEn } from "./en-signs.ts";

export const en = { ...causesEn, ...signsEn } as const;

export type PhraseKey = keyof typeof en;
