/** A page on this machine with the switches of a simulated pair: what a person stops there, desktops lose. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { reasonOf } from "../base/errors.ts";
import type { FinessePair } from "./finesse-pair.ts";
import type { FinesseNode } from "./node/finesse-node.ts";

export interface ControlPage extends AsyncDisposable {
  readonly url: string;
  close(): Promise<void>;
}

interface Switch {
  readonly label: string;
  readonly run: (node: FinesseNode) => void | Promise<void>;
}

const switches: Readonly<Record<string, Switch>> = {
  "stop-notification": {
    label: "Stop the Notification Service",
    run: (node) => node.stopNotification(),
  },
  "crash-notification": {
    label: "Crash it",
    run: (node) => node.stopNotification("crash"),
  },
  "start-notification": { label: "Start it", run: (node) => node.startNotification() },
  "stop-tomcat": { label: "Stop Tomcat", run: (node) => node.stopTomcat() },
  "start-tomcat": { label: "Start Tomcat", run: (node) => node.startTomcat() },
  "lose-cti": { label: "Lose CTI", run: (node) => node.setCti(false) },
  "find-cti": { label: "CTI is back", run: (node) => node.setCti(true) },
};

/** Listens on 127.0.0.1; port 0 is any free one. `POST /fin1.demo.test/stop-notification` does what the button does. */
export async function startControlPage(pair: FinessePair, port = 0): Promise<ControlPage> {
  const server = createServer((request, response) => void answer(pair, request, response));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, close, [Symbol.asyncDispose]: close };
}

async function answer(
  pair: FinessePair,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isFromHere(request)) return end(response, 403, "Only this page may ask.\n");
  if (request.method === "GET" && request.url === "/") return end(response, 200, pageOf(pair));
  const [, host = "", name = ""] = (request.url ?? "").split("/");
  const node = pair.node(host);
  const chosen = Object.hasOwn(switches, name) ? switches[name] : undefined;
  if (node === null || chosen === undefined)
    return end(response, 404, "There is no such switch.\n");
  if (request.method !== "POST") return end(response, 405, "A switch is used with POST.\n");
  try {
    await chosen.run(node);
  } catch (thrown) {
    return end(response, 500, `${reasonOf(thrown)}\n`);
  }
  response.writeHead(303, { Location: "/", "Content-Length": "0" }).end();
}

/** A page of another site may send a form here, also under a name of its own that leads to this machine. */
function isFromHere({ headers, socket }: IncomingMessage): boolean {
  const { host, origin } = headers;
  if (host !== `127.0.0.1:${socket.localPort}` && host !== `localhost:${socket.localPort}`)
    return false;
  return origin === undefined || origin === `http://${host}`;
}

function end(response: ServerResponse, status: number, body: string): void {
  const type = status === 200 ? "text/html" : "text/plain";
  response.writeHead(status, {
    "Content-Type": `${type};charset=UTF-8`,
    "Cache-Control": "no-store",
    "Content-Security-Policy":
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'self'",
    // With no-referrer the form would be sent with the origin "null".
    "Referrer-Policy": "same-origin",
  });
  response.end(body);
}

const style =
  ":root{color-scheme:light dark;font-family:system-ui,sans-serif}body{margin:1rem auto;max-width:44rem;padding:0 1rem}" +
  "section>div{display:flex;flex-wrap:wrap;gap:.5rem}button{font:inherit;padding:.3rem .8rem}";

function pageOf(pair: FinessePair): string {
  const sections = [pair.publisher, pair.subscriber].map(sectionOf).join("");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated contact centre</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>${style}</style>
<h1>Simulated contact centre</h1>${sections}</html>\n`;
}

function sectionOf(node: FinesseNode): string {
  const forms = Object.entries(switches).map(
    ([name, { label }]) =>
      `<form method="post" action="/${node.host}/${name}"><button>${label}</button></form>`,
  );
  const { notification, tomcat, cti } = node.services();
  const facts = [
    `Notification Service ${notification ? "runs" : "is stopped"}`,
    `Tomcat ${tomcat ? "runs" : "is stopped"}`,
    `CTI ${cti ? "is connected" : "is lost"}`,
  ];
  return `<section><h2>${node.host}</h2><p>${node.inService() ? "IN_SERVICE" : "OUT_OF_SERVICE"}: ${facts.join(", ")}.</p><div>${forms.join("")}</div></section>`;
}
