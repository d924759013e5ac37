/**
 * The hidden frame that owns the connection to the Notification Service. It talks with the page around it by messages of the form
 * "type|data", with the numbers that finesse.js uses.
 */
const types = {
  event: "0",
  id: "1",
  password: "2",
  resource: "3",
  status: "4",
  domain: "5",
  presence: "9",
  connect: "10",
};
const { Strophe, $iq, $pres } = globalThis;
const parameters = new URLSearchParams(location.search);
const account = { id: "", password: "", resource: "desktop", domain: location.hostname };
const waitSeconds = 30;
const pingMs = 10_000;
let connection = null;
Strophe.setLogLevel(Strophe.LogLevel.WARN);

const statusNames = {
  [Strophe.Status.CONNECTING]: "connecting",
  [Strophe.Status.AUTHENTICATING]: "connecting",
  [Strophe.Status.CONNECTED]: "connected",
  [Strophe.Status.DISCONNECTING]: "disconnecting",
  [Strophe.Status.DISCONNECTED]: "disconnected",
  [Strophe.Status.AUTHFAIL]: "unauthorized",
  [Strophe.Status.CONNFAIL]: "disconnected",
};

let pageOrigin = null;

function tell(type, data) {
  if (pageOrigin !== null) parent.postMessage(`${type}|${data}`, pageOrigin);
}

function connect() {
  const address =
    parameters.get("transport") === "websocket"
      ? `wss://${location.host}/ws/`
      : `${location.origin}/http-bind/`;
  connection = new Strophe.Connection(address);
  connection.addHandler(onMessage, null, "message");
  connection.addHandler(onPresence, null, "presence");
  const jid = `${account.id}@${account.domain}/${account.resource}`;
  connection.connect(jid, account.password, onStatus, waitSeconds, 1);
}

function onStatus(status, condition) {
  if (status === Strophe.Status.CONNECTED) {
    connection.send($pres().tree());
    // Before the page asks for changes whose notifications only present clients get.
    connection.flush();
    setTimeout(ping, pingMs);
  }
  const name = condition === "conflict" ? "conflict" : statusNames[status];
  if (name !== undefined) tell(types.status, name);
}

function ping() {
  if (!connection?.connected) return;
  const id = connection.getUniqueId("ping");
  const iq = $iq({ type: "get", to: account.domain, id }).c("ping", { xmlns: "urn:xmpp:ping" });
  connection.send(iq.tree());
  setTimeout(ping, pingMs);
}

function onMessage(message) {
  const notification = message.querySelector("notification");
  if (notification !== null) tell(types.event, notification.textContent ?? "");
  // True keeps the handler.
  return true;
}

function onPresence(presence) {
  const from = presence.getAttribute("from") ?? "";
  const type = presence.getAttribute("type") ?? "available";
  if (from.startsWith("finesse@")) tell(types.presence, type);
  return true;
}

addEventListener("message", (event) => {
  const isPage = event.source === parent && new URL(event.origin).hostname === location.hostname;
  if (!isPage) return;
  pageOrigin = event.origin;
  const [type = "", ...rest] = String(event.data).split("|");
  const data = rest.join("|");
  if (type === types.id) account.id = data;
  if (type === types.password) account.password = data;
  if (type === types.resource) account.resource = data;
  if (type === types.domain) account.domain = data;
  if (type === types.connect) connect();
  if (type === types.status && data === "disconnect") connection?.disconnect("sign-out");
});
