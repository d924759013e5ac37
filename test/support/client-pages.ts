/**
 * Pages that sign in over BOSH with clients nobody here wrote: the newest strophe.js, the one in Cisco's sample (1.2.16), and converse.js.
 * What crosses the wire is counted where the browser sends it, so that the count knows no library and nothing of ours.
 */
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { demoHost, trusted } from "./tls-fixtures.ts";

export const clientNames = ["strophe.js 5", "strophe.js 1.2.16", "converse.js 14"] as const;
export type ClientName = (typeof clientNames)[number];

export interface ClientPages extends AsyncDisposable {
  readonly port: number;
}

/** Of one session, as the browser saw it. */
export interface ClientCount {
  readonly sid: string;
  readonly rids: readonly number[];
  readonly requests: number;
  readonly emptyRequests: number;
  readonly emptyAnswers: number;
  readonly stanzasToServer: number;
  readonly stanzasToClient: number;
}

const packages = new URL("../e2e/clients/node_modules/", import.meta.url);
const sources: Readonly<Record<ClientName, readonly [string, URL]>> = {
  "strophe.js 5": [
    "strophe.umd.min.js",
    new URL("../../node_modules/strophe.js/dist/", import.meta.url),
  ],
  "strophe.js 1.2.16": ["strophe.js", new URL("strophe12/", packages)],
  "converse.js 14": ["converse.min.js", new URL("converse.js/dist/", packages)],
};

export const clientUrl = (name: ClientName): string =>
  `https://${demoHost}:8445/${encodeURIComponent(name)}/`;

const counter = `
const exchanges = [];
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) {
  if (typeof body === "string" && body.includes("http://jabber.org/protocol/httpbind")) {
    const exchange = { request: body, answer: null };
    exchanges.push(exchange);
    this.addEventListener("load", () => { exchange.answer = this.responseText; });
  }
  return send.call(this, body);
};
const read = (text) => new DOMParser().parseFromString(text, "text/xml").documentElement;
const stanzasIn = (body) =>
  [...body.children].filter(({ localName }) => ["message", "presence", "iq"].includes(localName)).length;
window.open = () => exchanges.filter(({ answer }) => answer === null).length;
window.counted = () => {
  const all = exchanges.map(({ request, answer }) =>
    ({ request: read(request), answer: answer === null || answer === "" ? null : read(answer) }));
  const sid = all.map(({ answer }) => answer?.getAttribute("sid")).find((one) => one) ?? "";
  const sum = (list) => list.reduce((total, one) => total + one, 0);
  const answers = all.flatMap(({ answer }) => answer === null ? [] : [answer]);
  const isPoll = (body) => body.children.length === 0 &&
    ![...body.attributes].some(({ localName }) => ["type", "restart", "pause", "to"].includes(localName));
  return {
    sid,
    rids: all.map(({ request }) => Number(request.getAttribute("rid"))),
    requests: all.length,
    emptyRequests: all.filter(({ request }) => isPoll(request)).length,
    emptyAnswers: answers.filter((body) => body.children.length === 0 && !body.hasAttribute("type")).length,
    stanzasToServer: sum(all.map(({ request }) => stanzasIn(request))),
    stanzasToClient: sum(answers.map(stanzasIn)),
  };
};
`;

/** The same for all: two pings, and two messages to itself that come back. */
const work = `
window.state = "offline";
window.work = async (connection, { $iq, $msg }) => {
  const own = connection.jid;
  const server = own.split("@")[1].split("/")[0];
  const ping = () => new Promise((resolve, reject) => connection.sendIQ(
    $iq({ type: "get", to: server }).c("ping", { xmlns: "urn:xmpp:ping" }), resolve, reject, 20000));
  const back = () => new Promise((resolve) => {
    connection.addHandler(() => { resolve(); return false; }, null, "message");
    connection.send($msg({ to: own, type: "chat" }).c("body").t("to myself"));
  });
  await ping(); await back(); await ping(); await back();
  window.state = "worked";
};
`;

const stropheClient = `
const { Strophe, $iq, $msg, $pres } = window.strophe ?? window;
// By itself Strophe gives up at floor(1.1 × wait): for a short wait that is the wait.
Strophe.TIMEOUT = 4;
window.signIn = ({ jid, password, wait, service }) => {
  const connection = new Strophe.Connection(service);
  window.leave = () => connection.disconnect();
  connection.connect(jid, password, (status) => {
    if (status === Strophe.Status.CONNECTED) {
      connection.send($pres());
      window.work(connection, { $iq, $msg });
    }
    if (status === Strophe.Status.DISCONNECTED) window.state = "offline again";
  }, wait, 1);
};
`;

const converseClient = `
const { converse } = window;
window.signIn = async ({ jid, password, wait, service }) => {
  converse.plugins.add("worker", {
    initialize() {
      const { api } = this._converse;
      const { Strophe, $iq, $msg } = converse.env;
      Strophe.TIMEOUT = 4;
      // It asks for 59 s, and has no setting for it.
      const { connect } = Strophe.Connection.prototype;
      Strophe.Connection.prototype.connect = function (jid, password, told, _wait, ...rest) {
        return connect.call(this, jid, password, told, wait, ...rest);
      };
      api.listen.on("connected", () => window.work(api.connection.get(), { $iq, $msg }));
      api.listen.on("disconnected", () => { window.state = "offline again"; });
      window.leave = () => api.user.logout();
    },
  });
  await converse.initialize({
    jid, password, bosh_service_url: service, auto_login: true, authentication: "login",
    discover_connection_methods: false, assets_path: "./", i18n: "en", view_mode: "embedded",
    whitelisted_plugins: ["worker"], allow_message_corrections: false, auto_reconnect: false,
    clear_cache_on_logout: true, enable_smacks: false, play_sounds: false, show_desktop_notifications: false,
  });
};
`;

function pageOf(name: ClientName): string {
  const [file] = sources[name];
  const isConverse = name.startsWith("converse");
  const kind = isConverse ? ' type="module"' : "";
  return `<!doctype html><meta charset="utf-8"><title>${name}</title><h1>${name}</h1>
<script>${counter}${work}</script><script src="./${file}"${kind}></script>
<script${kind}>${isConverse ? converseClient : stropheClient}</script>`;
}

export async function startClientPages(): Promise<ClientPages> {
  const server = createServer({ cert: trusted.cert, key: trusted.key }, (request, response) => {
    const [name = "", ...path] = decodeURIComponent(request.url ?? "")
      .slice(1)
      .split("/");
    const known = clientNames.find((one) => one === name);
    if (known === undefined) return void response.writeHead(404).end();
    if (path.join("/") === "") {
      return void response.writeHead(200, { "content-type": "text/html" }).end(pageOf(known));
    }
    sendFile(join(fileURLToPath(sources[known][1]), normalize(path.join("/"))), response);
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

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".json": "application/json",
  ".css": "text/css",
};

function sendFile(path: string, response: ServerResponse): void {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!isFile) return void response.writeHead(404).end();
  response
    .writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" })
    .end(readFileSync(path));
}
