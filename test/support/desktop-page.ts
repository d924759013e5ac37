/** The agent's side for end-to-end tests: an HTTPS server with a page that signs in over BOSH with strophe.js, from npm. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { demoHost, trusted } from "./tls-fixtures.ts";

export interface DesktopPage extends AsyncDisposable {
  readonly port: number;
}

const page = `<!doctype html><meta charset="utf-8"><title>desktop</title><h1 id="state">offline</h1>
<script src="/strophe.js"></script><script src="/desktop.js"></script>`;

/** Strophe with the wait of a Finesse desktop; what it does is counted where the test can read it. */
const script = `
const { Strophe, $pres, $iq } = window.strophe ?? window;
window.counts = { requests: 0, answers: 0, stanzas: 0, statuses: [] };
// By itself Strophe gives up at floor(1.1 × wait): for a short wait that is the wait, and the answer comes too late half the time.
Strophe.TIMEOUT = 4;
window.signIn = (jid, password, wait, service) => {
  const connection = new Strophe.Connection(service);
  window.connection = connection;
  connection.rawOutput = () => { window.counts.requests++; };
  connection.rawInput = () => { window.counts.answers++; };
  connection.connect(jid, password, (status) => {
    const name = Object.keys(Strophe.Status).find((key) => Strophe.Status[key] === status);
    window.counts.statuses.push(name);
    document.getElementById("state").textContent = name;
    if (status === Strophe.Status.CONNECTED) connection.send($pres());
  }, wait, 1);
  connection.addHandler(() => { window.counts.stanzas++; return true; }, null, null);
};
window.ping = (to) => new Promise((resolve, reject) => window.connection.sendIQ(
  $iq({ type: "get", to }).c("ping", { xmlns: "urn:xmpp:ping" }), resolve, reject, 20000));
`;

export async function startDesktopPage(): Promise<DesktopPage> {
  const strophe = readFileSync(
    new URL("../../node_modules/strophe.js/dist/strophe.umd.min.js", import.meta.url),
  );
  const files: Readonly<Record<string, readonly [string, string | Buffer]>> = {
    "/desktop": ["text/html; charset=utf-8", page],
    "/desktop.js": ["text/javascript", script],
    "/strophe.js": ["text/javascript", strophe],
  };
  const server = createServer({ cert: trusted.cert, key: trusted.key }, (request, response) => {
    const [type, body] = files[request.url ?? ""] ?? ["text/plain", "not found"];
    response.writeHead(files[request.url ?? ""] === undefined ? 404 : 200, {
      "content-type": type,
    });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export const desktopUrl = `https://${demoHost}:8445/desktop`;
