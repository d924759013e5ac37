/** Whether a subject is one that a rule means, by what the subject says. Counting, dice and time are the armed rules' business. */
import type { FaultMatch } from "../domain/fault-rule.ts";
import type { FaultSubject } from "./subject.ts";
import { unfolded } from "./unfold.ts";

export type Matcher = (subject: FaultSubject) => boolean;

/** Compiled once a rule; the cheapest conditions come first. */
export function matcherOf(match: FaultMatch): Matcher {
  const tests: Matcher[] = [];
  const { port, kind, afterRid, event } = match;
  if (port !== undefined) tests.push((subject) => subject.port === port);
  if (kind !== undefined && kind !== "any") tests.push((subject) => subject.kinds.has(kind));
  const texts = ["agent", "sid", "method"] as const;
  for (const name of texts) addText(tests, match[name], (subject) => subject[name]);
  addPattern(tests, match.host, (subject) => subject.host);
  addPattern(tests, match.path, (subject) => subject.path);
  const state = match.state?.toLowerCase();
  if (state !== undefined)
    tests.push(
      (subject) => subject.state?.toLowerCase() === state || subject.phase?.toLowerCase() === state,
    );
  if (afterRid !== undefined)
    tests.push((subject) => subject.rid !== null && subject.rid > afterRid);
  const wanted = event?.toLowerCase();
  if (wanted !== undefined)
    tests.push(({ text }) => text !== null && unfolded(text).toLowerCase().includes(wanted));
  return (subject) => tests.every((test) => test(subject));
}

function addText(
  tests: Matcher[],
  wanted: string | undefined,
  of: (subject: FaultSubject) => string | null,
): void {
  if (wanted === undefined) return;
  const lower = wanted.toLowerCase();
  tests.push((subject) => of(subject)?.toLowerCase() === lower);
}

function addPattern(
  tests: Matcher[],
  pattern: string | undefined,
  of: (subject: FaultSubject) => string,
): void {
  if (pattern === undefined) return;
  tests.push((subject) => fits(of(subject), pattern));
}

/** `*` stands for any run of characters. Case counts for nothing. Linear: each part is taken where it first fits. */
export function fits(text: string, pattern: string): boolean {
  const value = text.toLowerCase();
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  if (!value.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return value === first;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}
