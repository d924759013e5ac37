/** The load's server in Node, as lean as it gets: it counts heads and answers canned bytes. Polls are held here; the rest too where nginx is missing. */
import { readFileSync } from "node:fs";
import { createServer } from "node:tls";

interface Settings {
  readonly listen: readonly { readonly host: string; readonly port: number }[];
  readonly certificate: string;
  readonly key: string;
  readonly answer: string;
  readonly fileBytes: number;
  readonly holdMs: number;
}

const settings = JSON.parse(process.argv[2] ?? "{}") as Settings;
const head = (length: number): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${length}\r\nConnection: keep-alive\r\n\r\n`;
const shortAnswer = Buffer.from(head(settings.answer.length) + settings.answer);
const fileHead = head(settings.fileBytes);
const block = Buffer.alloc(256 * 1024, 120);

/** Bytes of the request in `text` that begins at `from`, or 0 when it is not whole yet. */
function requestLength(text: string, from: number): number {
  const end = text.indexOf("\r\n\r\n", from);
  if (end < 0) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(from, end))?.[1];
  const whole = end + 4 - from + Number(length ?? 0);
  return from + whole <= text.length ? whole : 0;
}

const server = createServer(
  {
    cert: readFileSync(settings.certificate),
    key: readFileSync(settings.key),
    ALPNProtocols: ["http/1.1"],
  },
  (socket) => {
    let pending = "";
    const timers = new Set<NodeJS.Timeout>();
    const sendFile = (left: number): void => {
      let rest = left;
      while (rest > 0) {
        const part = rest >= block.length ? block : block.subarray(0, rest);
        rest -= part.length;
        if (!socket.write(part)) {
          socket.once("drain", () => sendFile(rest));
          return;
        }
      }
    };
    const answer = (path: string): void => {
      if (path.startsWith("/file")) {
        socket.write(fileHead);
        sendFile(settings.fileBytes);
      } else if (path.startsWith("/http-bind")) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          socket.write(shortAnswer);
        }, settings.holdMs);
        timers.add(timer);
      } else socket.write(shortAnswer);
    };
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      pending += bytes.toString("latin1");
      let at = 0;
      for (
        let length = requestLength(pending, at);
        length > 0;
        length = requestLength(pending, at)
      ) {
        answer(pending.slice(at, pending.indexOf("\r\n", at)).split(" ")[1] ?? "/");
        at += length;
        if (at >= pending.length) break;
      }
      pending = pending.slice(at);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      for (const timer of timers) clearTimeout(timer);
    });
  },
);
server.on("tlsClientError", (_error, socket) => socket.destroy());

/** A tls.Server listens once, so more addresses feed their sockets into the first. */
async function listenAll(): Promise<void> {
  const { createServer: createTcp } = await import("node:net");
  await Promise.all(
    settings.listen.map(
      ({ host, port }) =>
        new Promise<void>((resolve, reject) => {
          const listener = createTcp((socket) => server.emit("connection", socket));
          listener.once("error", reject);
          listener.listen(port, host, 4096, resolve);
        }),
    ),
  );
}

await listenAll();
process.on("disconnect", () => process.exit(0));
process.send?.({ kind: "ready", port: settings.listen[0]?.port ?? 0 });
