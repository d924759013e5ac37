/** What this browser remembers between visits: language, theme, column widths, splits. Works without storage too. */
import { effect, signal } from "@preact/signals";
import { type Widths, widthsFrom } from "../model/columns.ts";
import type { Language } from "../model/format.ts";

export type Theme = "auto" | "light" | "dark";
export type InspectorPlace = "right" | "bottom";

const key = "boshscope.preferences";

function remembered(): Map<string, unknown> {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return new Map(typeof saved === "object" && saved !== null ? Object.entries(saved) : []);
  } catch (thrown) {
    // Storage can be forbidden or hold nonsense; defaults serve as well.
    if (thrown instanceof SyntaxError || thrown instanceof DOMException) return new Map();
    throw thrown;
  }
}

function oneOf<Choice extends string>(
  value: unknown,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  return choices.find((choice) => choice === value) ?? otherwise;
}

function sizeFrom(value: unknown, otherwise: number): number {
  return typeof value === "number" && value >= 120 && value <= 4000 ? value : otherwise;
}

const saved = remembered();
const spoken: Language = navigator.language.toLowerCase().startsWith("es") ? "es" : "en";

export const language = signal<Language>(oneOf(saved.get("language"), ["en", "es"], spoken));
export const theme = signal<Theme>(oneOf(saved.get("theme"), ["auto", "light", "dark"], "auto"));
export const widths = signal<Widths>(widthsFrom(saved.get("widths")));
export const inspectorPlace = signal<InspectorPlace>(
  oneOf(saved.get("inspectorPlace"), ["right", "bottom"], "right"),
);
/** px: width when at the right, height when at the bottom. */
export const inspectorSize = signal(sizeFrom(saved.get("inspectorSize"), 560));
/** The browser tells of new findings while the page is not looked at. */
export const notifyFindings = signal(saved.get("notifyFindings") === true);
/** px; 0 = the lanes are hidden. */
export const lanesHeight = signal(
  saved.get("lanesHeight") === 0 ? 0 : sizeFrom(saved.get("lanesHeight"), 240),
);

/** Applies preferences to the document and writes them back; call once. */
export function keepPreferences(): void {
  effect(() => {
    document.documentElement.lang = language.value;
    document.documentElement.dataset["theme"] = theme.value;
  });
  effect(() => {
    const text = JSON.stringify({
      language: language.value,
      theme: theme.value,
      widths: widths.value,
      inspectorPlace: inspectorPlace.value,
      inspectorSize: inspectorSize.value,
      lanesHeight: lanesHeight.value,
      notifyFindings: notifyFindings.value,
    });
    try {
      localStorage.setItem(key, text);
    } catch (thrown) {
      if (!(thrown instanceof DOMException)) throw thrown;
    }
  });
}
