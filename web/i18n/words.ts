/** The dictionary in force. Components read `words.value` and so repaint when the language changes. */
import { computed } from "@preact/signals";
import type { Language } from "../model/format.ts";
import { language } from "../state/preferences.ts";
import { type Dictionary, en } from "./en.ts";
import { es } from "./es.ts";

const dictionaries: Record<Language, Dictionary> = { en, es };

export const words = computed<Dictionary>(() => dictionaries[language.value]);
