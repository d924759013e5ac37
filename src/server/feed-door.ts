/** Lets WebSockets into the feed: the same refusals as for any request, told in HTTP before the protocol changes. */
import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { fail } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Access } from "./access.ts";
import type { Feed } from "./feed.ts";
import { foreignSiteRefusal, type OwnAddress, refusalOf } from "./gate.ts";
import { feedQuery } from "./input.ts";
import { noSuchRoute, type Problem, problemBody, problemOf } from "./problem.ts";
import { checked } from "./route.ts";
import { securityHeaders } from "./security-headers.ts";

interface Needs {
  readonly own: OwnAddress;
  readonly access: Access;
  readonly feed: Feed;
  readonly log: Log;
}

/** Pages open at a time; one more is refused, so that a script gone wild can't take all memory. */
const maxClients = 64;
/** Requests on the feed are one filter each. */
const maxRequestBytes = 16 * 1024;

/** Answers the server's upgrade requests. */
export function openFeedDoor(server: HttpServer, needs: Needs): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxRequestBytes,
    perMessageDeflate: false,
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", (error) => needs.log.debug("feed.socket", { why: error.message }));
    try {
      const opening = admitted(request, needs);
      sockets.handleUpgrade(request, socket, head, (opened) => needs.feed.accept(opened, opening));
    } catch (thrown) {
      refuse(socket, problemOf(thrown, "GET /api/feed", needs.log));
    }
  });
}

/** What the client asks the feed for; throws the reason when it may not. */
function admitted(request: IncomingMessage, { own, access, feed }: Needs) {
  const refusal = refusalOf(request, own) ?? foreignSiteRefusal(request);
  if (refusal !== null) throw refusal;
  const url = new URL(`http://page${request.url ?? "/"}`);
  if (url.pathname !== "/api/feed") throw noSuchRoute("WebSocket", url.pathname);
  if (!access.admits(request.headers)) throw fail("unauthorized");
  if (feed.load.clients >= maxClients) {
    throw fail("request-invalid", { problem: `More than ${maxClients} feeds are open.` });
  }
  const query = checked(feedQuery, Object.fromEntries(url.searchParams), "query");
  return {
    since: query.since ?? null,
    query: query.q.trim(),
    epoch: query.epoch ?? null,
    lanes: query.lanes === "1",
    language: query.lang ?? null,
  };
}

function refuse(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problemBody(problem));
  const headers = {
    ...securityHeaders,
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  // Node no longer counts this socket as the server's: left half open it would outlive it.
  socket.end(`HTTP/1.1 ${problem.status} Refused\r\n${lines.join("\r\n")}\r\n\r\n${body}`, () =>
    socket.destroy(),
  );
}
