/**
 * A small agent desktop: signs in, changes state, takes calls, asks for SystemInfo each minute, and shows the red banner when its
 * connection is lost. `?notification=8445` and `?transport=websocket` choose how it connects.
 */
const types = {
  event: "0",
  id: 1,
  password: 2,
  resource: 3,
  status: "4",
  domain: 5,
  presence: "9",
  connect: 10,
};
const checkMs = 60_000;
const failoverMs = 20_000;
const loginPatienceMs = 2000;
/** Lines that come together go in one post. */
const logPauseMs = 500;
const parameters = new URLSearchParams(location.search);
const port = parameters.get("notification") ?? "7443";
const tunnelOrigin =
  port === location.port ? location.origin : `https://${location.hostname}:${port}`;
const byId = (id) => document.getElementById(id);

const session = { agent: "", password: "", extension: "", failing: false, signedIn: false };
const dialogs = new Map();
let frame = null;

byId("host").textContent = location.hostname;
byId("agent").value = new URLSearchParams(location.hash.slice(1)).get("agent") ?? "";

async function rest(method, path, body) {
  const started = Date.now();
  const headers = {
    Accept: "application/xml",
    Authorization: `Basic ${btoa(`${session.agent}:${session.password}`)}`,
  };
  if (method !== "GET") {
    headers["Content-Type"] = "application/xml";
    headers.requestId = crypto.randomUUID();
  }
  const separator = path.includes("?") ? "&" : "?";
  const target = method === "GET" ? `${path}${separator}nocache=${started}` : path;
  const content = method === "GET" ? {} : { body };
  const response = await fetch(`/finesse/api/${target}`, { method, headers, ...content });
  const text = await response.text();
  const xml = text === "" ? null : new DOMParser().parseFromString(text, "application/xml");
  return { status: response.status, xml };
}

const textIn = (xml, name) => xml?.querySelector(name)?.textContent ?? "";
const userPath = () => `User/${encodeURIComponent(session.agent)}`;

function note(text) {
  const line = document.createElement("li");
  line.textContent = `${new Date().toLocaleTimeString()} ${text}`;
  byId("events").prepend(line);
  while (byId("events").children.length > 200) byId("events").lastChild.remove();
}

const logLines = [];

/** `Connection status: …` as finesse.js writes it, posted as "Send Error Report" does: it alone can tell what the agent's desktop saw. */
function logStatus(status) {
  const now = new Date();
  const offset = -now.getTimezoneOffset();
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const zone = `${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
  const local = new Date(now.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const head = `${local} ${zone}: : ${location.hostname}: --- -- ---- --:--:--.--- -----: Container`;
  const origin = "[ClientServices] MasterPublisher._connInfoHandler()";
  logLines.push(`${head} : ${origin} - Connection status: ${status}`);
  if (logLines.length === 1) setTimeout(() => attempt(postLog()), logPauseMs);
}

async function postLog() {
  const text = [navigator.userAgent, ...logLines.splice(0)].map(escapeText).join("&#10;");
  const body = `<ClientLog><logData>${text}</logData></ClientLog>`;
  await rest("POST", `${userPath()}/ClientLog`, body);
}

function openTunnel() {
  byId("progress").textContent = "Establishing encrypted connection...";
  frame?.remove();
  frame = document.createElement("iframe");
  frame.id = "tunnel-frame";
  frame.hidden = true;
  frame.title = "Event tunnel";
  const transport = parameters.get("transport") ?? "bosh";
  frame.src = `${tunnelOrigin}/tunnel/?transport=${transport}`;
  frame.addEventListener("load", () => {
    for (const [type, data] of [
      [types.id, session.agent],
      [types.password, session.password],
      [types.resource, "desktop"],
      [types.domain, location.hostname],
      [types.connect, ""],
    ]) {
      frame.contentWindow?.postMessage(`${type}|${data}`, tunnelOrigin);
    }
  });
  document.body.append(frame);
}

addEventListener("message", (event) => {
  if (frame === null || event.source !== frame.contentWindow) return;
  const [type = "", ...rest] = String(event.data).split("|");
  const data = rest.join("|");
  if (type === types.event) onUpdate(data);
  if (type === types.status) onStatus(data);
  if (type === types.presence && data === "unavailable") showFailure();
});

function onStatus(status) {
  note(`connection: ${status}`);
  logStatus(status);
  if (status === "connected") attempt(onConnected());
  if (status === "unauthorized") showSignIn("Wrong agent ID or password.");
  if (status === "conflict") showSignIn("Signed in elsewhere.");
  if (status === "disconnected" && session.signedIn) showFailure();
}

async function onConnected() {
  session.failing = false;
  session.signedIn = true;
  byId("banner").hidden = true;
  byId("sign-in").hidden = true;
  byId("work").hidden = false;
  byId("who").hidden = false;
  await showUser();
  if (byId("current").textContent !== "LOGOUT") return;
  await putState("LOGIN");
  // The notification about it can be lost on the way.
  setTimeout(() => attempt(showUser()), loginPatienceMs);
}

async function showUser() {
  const { status, xml } = await rest("GET", userPath());
  if (status !== 200) return note(`User: ${status}`);
  byId("name").textContent = `${textIn(xml, "firstName")} ${textIn(xml, "lastName")}`;
  showState(textIn(xml, "state"));
}

function putState(state) {
  const extension =
    state === "LOGIN" ? `<extension>${escapeText(session.extension)}</extension>` : "";
  return rest("PUT", userPath(), `<User><state>${state}</state>${extension}</User>`);
}

function escapeText(text) {
  const holder = document.createElement("i");
  holder.textContent = text;
  return holder.innerHTML;
}

function showState(state) {
  byId("current").textContent = state;
  const listed = [...byId("state").options].some(({ value }) => value === state);
  if (listed) byId("state").value = state;
}

function onUpdate(text) {
  const update = new DOMParser().parseFromString(text, "application/xml");
  const source = textIn(update, "source");
  note(`${textIn(update, "event")} ${source}`);
  const status = update.querySelector("systemInfo > status")?.textContent;
  if (status === "OUT_OF_SERVICE") showFailure();
  const user = update.querySelector("data > user");
  if (user !== null && source.endsWith(`/User/${session.agent}`)) showState(textIn(user, "state"));
  const failure = textIn(update, "ErrorMessage");
  if (failure !== "") note(failure);
  for (const dialog of update.querySelectorAll("Dialog")) showDialog(dialog, update);
}

function showDialog(dialog, update) {
  const id = textIn(dialog, "id");
  if (textIn(update, "event").toUpperCase() === "DELETE") dialogs.delete(id);
  else dialogs.set(id, { state: textIn(dialog, "state"), from: textIn(dialog, "fromAddress") });
  byId("calls").replaceChildren(...[...dialogs].map(callRow));
}

const actionsIn = {
  ALERTING: ["ANSWER"],
  ACTIVE: ["HOLD", "DROP"],
  HELD: ["RETRIEVE", "DROP"],
  INITIATING: ["DROP"],
};

function callRow([id, { state, from }]) {
  const row = document.createElement("li");
  row.append(`${from}: ${state}`);
  for (const action of actionsIn[state] ?? []) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action;
    button.addEventListener("click", () => {
      const target = `<targetMediaAddress>${escapeText(session.extension)}</targetMediaAddress>`;
      const body = `<Dialog>${target}<requestedAction>${action}</requestedAction></Dialog>`;
      attempt(rest("PUT", `Dialog/${id}`, body));
    });
    row.append(button);
  }
  return row;
}

function showFailure() {
  if (session.failing) return;
  session.failing = true;
  const banner = byId("banner");
  banner.textContent = `Lost connection to ${location.hostname}. Please wait for a reachable Finesse Server...`;
  banner.hidden = false;
  attempt(failoverRound());
}

/** Each 20 s: is this node fit again, else can the other be reached? */
async function failoverRound() {
  if (!session.failing) return;
  const info = await rest("GET", "SystemInfo").catch(() => null);
  const fit = textIn(info?.xml, "status") === "IN_SERVICE";
  if (fit) return openTunnelAgain();
  setTimeout(() => attempt(failoverRound()), failoverMs);
}

function openTunnelAgain() {
  openTunnel();
  setTimeout(() => attempt(failoverRound()), failoverMs);
}

function showSignIn(message) {
  session.signedIn = false;
  byId("sign-in").hidden = false;
  byId("work").hidden = true;
  byId("who").hidden = true;
  byId("progress").textContent = message;
}

function attempt(promise) {
  promise.catch((error) => note(`failed: ${error.message}`));
}

async function check() {
  if (!session.signedIn || session.failing) return;
  const sent = Date.now();
  const { xml } = await rest("GET", "SystemInfo?timestamponly");
  const took = Date.now() - sent;
  const drift = Date.parse(textIn(xml, "currentTimestamp")) - (sent + took / 2);
  note(`drift ${Math.round(drift)} ms, round trip ${took} ms`);
}
setInterval(() => attempt(check()), checkMs);

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  session.agent = byId("agent").value.trim();
  session.password = byId("password").value;
  session.extension = byId("extension").value.trim();
  openTunnel();
});
byId("state").addEventListener("change", (event) => attempt(putState(event.target.value)));
byId("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  const number = escapeText(byId("number").value);
  const from = escapeText(session.extension);
  const body = `<Dialog><requestedAction>MAKE_CALL</requestedAction><toAddress>${number}</toAddress><fromAddress>${from}</fromAddress></Dialog>`;
  attempt(rest("POST", `${userPath()}/Dialogs`, body));
});
byId("sign-out").addEventListener("click", () => attempt(signOut()));

async function signOut() {
  session.signedIn = false;
  await putState("NOT_READY");
  // The server refuses to log out an agent who is ready; the change takes a moment.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await putState("LOGOUT");
  frame?.contentWindow?.postMessage(`${types.status}|disconnect`, tunnelOrigin);
  showSignIn("Signed out.");
}
