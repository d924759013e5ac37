/** Findings in sentences of one language. */
import type { Finding, Phrase } from "../../domain/finding.ts";
import { en, type PhraseKey } from "./en.ts";
import { es } from "./es.ts";

export type Language = "en" | "es";

const dictionaries: Readonly<Record<Language, Readonly<Record<PhraseKey, string>>>> = { en, es };

const nobody: Readonly<Record<Language, string>> = { en: "a client", es: "un cliente" };
const one: Readonly<Record<Language, string>> = { en: "agent", es: "agente" };
const several: Readonly<Record<Language, string>> = { en: "agents", es: "agentes" };

/** One sentence; a key there is not stands for itself. */
export function sentence({ key, values }: Phrase, language: Language): string {
  const text = Object.hasOwn(en, key) ? dictionaries[language][key as PhraseKey] : key;
  const filled = text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    name === "who" ? whoOf(values, language) : String(values[name] ?? whole),
  );
  // Host names and commands stay as they are written.
  return text.startsWith("{who}") ? filled.charAt(0).toUpperCase() + filled.slice(1) : filled;
}

function whoOf({ count, agents }: Phrase["values"], language: Language): string {
  const many = Number(count ?? 0);
  if (many === 0) return nobody[language];
  return many === 1 ? `${one[language]} ${agents}` : `${many} ${several[language]}`;
}

export function renderFinding(finding: Finding, language: Language) {
  const say = (phrase: Phrase): string => sentence(phrase, language);
  const details = finding.evidence.map((one) => ({ ...one, what: say(one.what) }));
  return {
    ...finding,
    title: say(finding.title),
    explanation: finding.explanation.map(say).join(" "),
    reasons: finding.reasons.map(say),
    before: finding.before.map(say),
    consequences: finding.consequences.map((one) => ({ ...one, what: say(one.what) })),
    advice: finding.advice.map(say),
    wouldSettle: finding.wouldSettle.map(say),
    evidence: finding.evidence.map(({ exchange }) => exchange),
    details,
    revisions: finding.revisions.map((one) => ({ ...one, why: say(one.why) })),
  };
}
