/** Guesses what a text inside another one is, by its look, and reads it as that: gadget calls put forms into forms, and XML into JSON. */
import { redactJson } from "./json-secrets.ts";
import { redactLogText } from "./log-text.ts";
import type { Scrub } from "./scrub.ts";
import { looksLikeParameters, redactParameters, redactUrl } from "./urls.ts";
import { redactXml } from "./xml-secrets.ts";

/** Without one of these, a text has no name with a value, no scheme and no markup. */
const worthReading = /[=:<{[]|basic|bearer/i;
const shortest = 6;

/** The same text when nothing secret is in it. */
export function redactNested(text: string, scrub: Scrub): string {
  if (text.length < shortest || !worthReading.test(text)) return text;
  const start = text.trimStart()[0];
  if (start === "<") {
    const xml = redactXml(text, scrub, { isXmpp: false, acceptCut: false });
    if (xml !== null) return xml;
  }
  if (start === "{" || start === "[") {
    const json = redactJson(text, scrub, false);
    if (json !== null) return json;
  }
  if (looksLikeParameters(text)) return redactParameters(text, scrub);
  if (/^(?:[a-z][\w+.-]{0,31}:\/\/|\/)[^\s<>"]*$/i.test(text)) return redactUrl(text, scrub);
  return redactLogText(text, scrub);
}
