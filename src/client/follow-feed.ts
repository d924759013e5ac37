/** The live feed, for scripts: each change as it happens, until it is closed. */
import { fail } from "../base/errors.ts";
import type { FeedMessage } from "../server/messages.ts";
import type { Place } from "./address.ts";

export interface FollowOptions {
  /** In the filter language; all rows if left out. */
  readonly query?: string;
  /** Sessions, agents and the marks of their exchanges too. */
  readonly lanes?: boolean;
  /** Findings and fault rules too, in that language. */
  readonly lang?: "en" | "es";
}

export interface Following {
  close(): void;
  /** Resolves when it has ended, by whom ever. */
  readonly closed: Promise<void>;
}

/** Node's own takes headers, which the one of browsers does not. */
type HeadedSocket = new (
  url: URL,
  options: { readonly headers: Readonly<Record<string, string>> },
) => WebSocket;

/** Resolves once the feed has begun. Needs the WebSocket of Node 22 or later. */
export async function followFeed(
  { url, token }: Place,
  listener: (message: FeedMessage) => void,
  { query = "", lanes = false, lang }: FollowOptions = {},
): Promise<Following> {
  const target = new URL("/api/feed", url);
  target.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  target.searchParams.set("q", query);
  if (lanes) target.searchParams.set("lanes", "1");
  if (lang !== undefined) target.searchParams.set("lang", lang);
  const socket = new (WebSocket as unknown as HeadedSocket)(target, {
    headers: { authorization: `Bearer ${token}` },
  });
  socket.addEventListener("message", ({ data }) =>
    listener(JSON.parse(String(data)) as FeedMessage),
  );
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener("close", () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () =>
      reject(fail("not-reached", { url: url.origin, why: "the feed was refused" })),
    );
  });
  return { close: () => socket.close(), closed };
}
