/** A request as text to paste: a command for a shell, a call for a browser's console, or the bytes as they were. */

import { utf8Text } from "../body-text.ts";
import type { ExchangeCopy } from "../exchange-copy.ts";
import { type SendableRequest, sendableRequest } from "./request.ts";
import { bashWord, cmdWord, powerShellWord } from "./shells.ts";

export const copyForms = ["curl-bash", "curl-cmd", "powershell", "fetch", "raw"] as const;
export type CopyForm = (typeof copyForms)[number];

/** What was replaced at capture stays replaced: the text says so, and asks for the real value. */
export function copyAs(form: CopyForm, copy: ExchangeCopy): string {
  const request = sendableRequest(copy);
  switch (form) {
    case "curl-bash":
      return noted(curl(request, bashWord, " \\\n  "), copy, "# ");
    case "curl-cmd":
      return noted(curl(request, cmdWord, " ^\n  "), copy, "rem ");
    case "powershell":
      return noted(powerShell(request), copy, "# ");
    case "fetch":
      return noted(fetchCall(request), copy, "// ");
    case "raw":
      return raw(copy);
  }
}

/** Finesse's certificates are its own as a rule, so that curl is told not to ask who signed them. */
function curl(request: SendableRequest, word: (text: string) => string, next: string): string {
  const { method, url, headers, body } = request;
  const parts = ["curl --globoff --path-as-is --insecure"];
  if (body !== null || method !== "GET") parts.push(`--request ${word(method)}`);
  const lines = [parts.join(" ")];
  // curl takes `Name:` for "send none of that name", and `Name;` for an empty one.
  for (const { name, value } of headers)
    lines.push(`--header ${word(value === "" ? `${name};` : `${name}: ${value}`)}`);
  if (body !== null) lines.push(`--data-raw ${word(body)}`);
  lines.push(word(url));
  return lines.join(next);
}

/** `Invoke-WebRequest` refuses these in -Headers. */
const powerShellOwn = new Set(["content-type", "user-agent"]);

function powerShell({ method, url, headers, body }: SendableRequest): string {
  const valueOf = (wanted: string): string | null =>
    headers.find(({ name }) => name.toLowerCase() === wanted)?.value ?? null;
  const others = new Map<string, string>();
  for (const { name, value } of headers) {
    if (powerShellOwn.has(name.toLowerCase())) continue;
    // A table has each name once, whatever its case.
    const known = [...others.keys()].find((key) => key.toLowerCase() === name.toLowerCase());
    others.set(known ?? name, known === undefined ? value : `${others.get(known)}, ${value}`);
  }
  const table = [...others].map(
    ([name, value]) => `${powerShellWord(name)} = ${powerShellWord(value)}`,
  );
  const agent = valueOf("user-agent");
  const type = valueOf("content-type");
  const lines = [
    `Invoke-WebRequest -Uri ${powerShellWord(url)} -Method ${powerShellWord(method)} -UseBasicParsing`,
    ...(agent === null ? [] : [`-UserAgent ${powerShellWord(agent)}`]),
    ...(type === null ? [] : [`-ContentType ${powerShellWord(type)}`]),
    ...(table.length === 0 ? [] : [`-Headers @{ ${table.join("; ")} }`]),
    // As bytes: a string would be sent in latin1.
    ...(body === null ? [] : [`-Body ([Text.Encoding]::UTF8.GetBytes(${powerShellWord(body)}))`]),
  ];
  return lines.join(" `\n  ");
}

/** A browser sets these itself and lets no script do it. */
const forbidden =
  /^(?:host|cookie2?|origin|referer|user-agent|date|dnt|upgrade|via|sec-.*|proxy-.*|accept-charset|access-control-request-.*)$/i;

function fetchCall({ method, url, headers, body }: SendableRequest): string {
  const referrer = headers.find(({ name }) => name.toLowerCase() === "referer")?.value;
  const options = {
    method,
    headers: headers
      .filter(({ name }) => !forbidden.test(name))
      .map(({ name, value }) => [name, value]),
    ...(referrer === undefined ? {} : { referrer }),
    ...(body === null ? {} : { body }),
    credentials: "include",
  };
  // JSON is a literal of JavaScript, but for two line ends that older engines read as such.
  const literal = (value: unknown): string =>
    JSON.stringify(value, null, 2).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  return `await fetch(${literal(url)}, ${literal(options)});`;
}

function raw({ request, url, method }: ExchangeCopy): string {
  if (request === null) return `${method} ${url}\r\n`;
  const body = request.body === null ? "" : utf8Text(request.body);
  return request.head + (body ?? `[${request.body?.length ?? 0} bytes that are no text]`);
}

function noted(text: string, copy: ExchangeCopy, mark: string): string {
  const notes: string[] = [];
  if (text.includes("‹secret"))
    notes.push("Secrets were replaced when this was captured: put the real values in.");
  if (sendableRequest(copy).isBinary) notes.push("Its body is no text and is left out.");
  if (/\/http-bind\b/.test(copy.url))
    notes.push("A poll sent again disturbs or ends the agent's session: not on a live server.");
  return [...notes.map((note) => mark + note), text].join("\n");
}
