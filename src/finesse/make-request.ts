/**
 * Gadgets don't call REST themselves: they ask the server to, by `/gadgets/makeRequest` (Shindig). Unwraps the call inside. Its headers hold the agent's
 * password: what comes out of here is for reading, not for keeping.
 */
import type { Header } from "../domain/exchange.ts";
import { readForm, splitTarget } from "./form.ts";
import type { RestRequest } from "./rest-request.ts";

/** True for the path of gadget calls, with or without a query. */
export const isMakeRequestPath = (path: string): boolean =>
  /^\/gadgets\/makeRequest\/?(?:[?#]|$)/.test(path);

/** The request that the gadget wants made; null when the form names no URL. With a refresh interval Shindig puts the form into the query. */
export function readMakeRequest(request: RestRequest): RestRequest | null {
  const query = readForm(splitTarget(request.path).query);
  const form = readForm(request.body ?? "");
  const field = (name: string) => form.get(name) ?? query.get(name) ?? null;
  const url = field("url");
  if (url === null || url === "") return null;
  return {
    method: (field("httpMethod") ?? "GET").toUpperCase(),
    path: url.replace(/^[a-z][\w+.-]{0,31}:\/\/[^/?#]*/i, "") || "/",
    headers: headersIn(field("headers") ?? ""),
    body: field("postData"),
  };
}

/** A form inside the form. */
const headersIn = (text: string): readonly Header[] =>
  [...readForm(text)].map(([name, value]) => ({ name, value }));
