/** Finds personal data by its place: in elements, attributes, JSON, parameters, cookies, addresses and Finesse's paths. */
import { isPersonal, type PersonalKind, personalKind } from "./personal-names.ts";

export interface PersonalPlace {
  readonly kind: PersonalKind;
  readonly start: number;
  readonly end: number;
}

type Report = (kind: PersonalKind, start: number, value: string) => void;

const element = /<(?:[\w-]{1,32}:)?([A-Za-z_][\w.-]{0,63})(?:\s[^<>]{0,512})?>([^<]{1,4096})<\//g;
const attribute = /[\s<]([A-Za-z_][\w.-]{0,63})=(?:"([^"<>]{1,512})"|'([^'<>]{1,512})')/g;
const member = /"([A-Za-z_][\w.-]{0,63})"\s{0,8}:\s{0,8}(?:"([^"\\]{1,4096})"|(\d{3,20}))/g;
const parameter = /(?:^|[?&;,\s])([A-Za-z_][\w.-]{0,63})=([^&;,\s"'<>]{1,512})/g;
/** `Agent Id : 1001003`, as client logs write it. */
const logged =
  /\b(agent ?id|login ?id|extension|username|first ?name|last ?name|agent ?name)["']?\s{0,4}[:=]\s{0,4}["']?([^\s"',;<>&]{1,128})/gi;
const callVariable =
  /<CallVariable>\s{0,64}<name>[^<]{0,128}<\/name>\s{0,64}<value>([^<]{1,4096})<\/value>/g;
const userPath = /\/finesse\/api\/User\/([^/?#\s"'<>&;,)\]]{1,64})/g;
const domain = /@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/y;
const localChar = /[\w.+%~-]/;
const longestLocal = 64;
const dialled = /\b(?:tel|sip|sips):(\+?[\w.-]{3,32})/gi;
const beforeMarker = /([\w.@\\+-]{1,64}):‹secret/g;

/** In no order; places may overlap. */
export function personalPlaces(text: string): PersonalPlace[] {
  const places: PersonalPlace[] = [];
  const report: Report = (kind, start, value) => {
    const trimmed = value.trim();
    if (!isPersonal(trimmed)) return;
    const from = start + value.indexOf(trimmed);
    places.push({ kind, start: from, end: from + trimmed.length });
  };
  namedPlaces(text, report);
  fixedPlaces(text, report);
  if (text.includes("@")) addresses(text, report);
  return places;
}

function namedPlaces(text: string, report: Report): void {
  const named = (pattern: RegExp): void => {
    for (const match of text.matchAll(pattern)) {
      const kind = personalKind(match[1] ?? "");
      const value = match[2] ?? match[3] ?? "";
      if (kind === null || value === "") continue;
      report(kind, match.index + match[0].indexOf(value, match[1]?.length ?? 0), value);
    }
  };
  if (text.includes("</")) named(element);
  if (text.includes("=")) named(attribute);
  if (text.includes('":')) named(member);
  if (text.includes("=")) named(parameter);
  for (const match of text.matchAll(logged)) {
    const kind = personalKind((match[1] ?? "").replace(/ /g, ""));
    const value = match[2] ?? "";
    if (kind !== null) report(kind, match.index + match[0].length - value.length, value);
  }
}

function fixedPlaces(text: string, report: Report): void {
  const fixed = (pattern: RegExp, kind: PersonalKind): void => {
    for (const match of text.matchAll(pattern)) {
      // Openfire's item ids: `/finesse/api/User/1001__1001@host__id`.
      const value = (match[1] ?? "").split("__", 1)[0] ?? "";
      report(
        kind,
        match.index + match[0].indexOf(value, match[0].lastIndexOf(match[1] ?? "")),
        value,
      );
    }
  };
  if (text.includes("<CallVariable>")) fixed(callVariable, "value");
  if (text.includes("/finesse/api/User/")) fixed(userPath, "agent");
  if (text.includes(":‹secret")) fixed(beforeMarker, "agent");
  fixed(dialled, "number");
}

/**
 * Local parts of JIDs and mail addresses. Openfire's item ids have a JID behind a node's name: `node__jid__id`. Read from each `@` to both
 * sides, as a pattern tries every word of the text.
 */
function addresses(text: string, report: Report): void {
  let done = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", Math.max(at + 1, done))) {
    const start = startOfLocal(text, at, done);
    domain.lastIndex = at;
    if (start === at || !domain.test(text)) continue;
    done = domain.lastIndex;
    const local = text.slice(start, at).split("__").at(-1) ?? "";
    report("agent", at - local.length, local);
  }
}

function startOfLocal(text: string, at: number, done: number): number {
  let start = at;
  while (start > done && at - start < longestLocal && localChar.test(text[start - 1] ?? ""))
    start--;
  while (start < at && !/[A-Za-z0-9]/.test(text[start] ?? "")) start++;
  return start;
}
