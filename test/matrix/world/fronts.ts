/** Reverse proxies that mistreat requests when told to. */
import { type FrontAnswer, type FrontRequest, HttpFront } from "../../support/http-front.ts";
import { pause } from "./pause.ts";

export interface Misbehaviour {
  /** All requests are answered 418. */
  lockedOut: boolean;
  /** Gadget requests take that long. */
  slowMs: number;
  /** "old": what was sent 3 requests ago goes out again; "ahead": a request with a rid far ahead; "same": the same again at once. */
  duplicates: "none" | "same" | "old" | "ahead";
}

const lockedOut: FrontAnswer = {
  status: 418,
  headers: { "content-type": "text/html", server: "nginx" },
  body: "<html><head><title>418</title></head><body>I'm a teapot</body></html>",
};

/** Before http-bind: passes each request on, and sends some again. */
export function startBindFront(port: number, misbehaviour: Misbehaviour): Promise<HttpFront> {
  const sent: FrontRequest[] = [];
  return HttpFront.start({
    target: () => port,
    also: (request, again) => {
      if (request.method !== "POST") return;
      sent.push(request);
      const body = repeated(sent, misbehaviour.duplicates);
      if (body !== null) again(body).catch(() => undefined);
    },
  });
}

function repeated(sent: readonly FrontRequest[], how: Misbehaviour["duplicates"]): Buffer | null {
  const latest = sent.at(-1);
  if (how === "none" || latest === undefined) return null;
  if (how === "same") return latest.body;
  if (how === "old") return sent.at(-4)?.body ?? null;
  const text = latest.body.toString();
  return Buffer.from(
    text.replace(
      /\brid=(["'])(\d+)\1/,
      (_, quote, rid) => `rid=${quote}${Number(rid) + 9}${quote}`,
    ),
  );
}

/** Before 8445: http-bind goes to the Notification Service, gadgets may be slow, all may be locked out. */
export function startWebFront(
  ports: { readonly web: number; readonly bind: number },
  misbehaviour: Misbehaviour,
): Promise<HttpFront> {
  return HttpFront.start({
    target: (path) => (/^\/(http-bind|tunnel)\b/.test(path) ? ports.bind : ports.web),
    instead: async (request) => {
      if (misbehaviour.lockedOut) return lockedOut;
      if (!request.path.startsWith("/gadgets/")) return null;
      await pause(misbehaviour.slowMs);
      return { status: 200, headers: { "content-type": "application/json" }, body: '{"rc":200}' };
    },
  });
}
