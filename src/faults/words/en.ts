/** Rules read aloud in English. */
import type { FaultMatch } from "../../domain/fault-rule.ts";
import { time, type Words } from "./words.ts";

const kinds: Words["kinds"] = {
  connect: "CONNECT",
  tls: "TLS handshake",
  "session-create": "session creation",
  poll: "poll",
  "http-bind": "http-bind request",
  notification: "notification",
  systeminfo: "SystemInfo request",
  "state-change": "state change",
  rest: "REST request",
  websocket: "WebSocket upgrade",
  frame: "WebSocket message",
  ping: "ping",
  any: "message",
};

const ordinals: Readonly<Record<string, string>> = { one: "st", two: "nd", few: "rd", other: "th" };
const rules = new Intl.PluralRules("en", { type: "ordinal" });
const ordinal = (n: number): string => `${n}${ordinals[rules.select(n)] ?? "th"}`;

const leg: Words["leg"] = (side) => (side === "request" ? "the request" : "the answer");
const ending: Words["ending"] = (how) =>
  ({
    fin: "closes the connection (FIN)",
    reset: "resets the connection (RST)",
    silence: "says nothing more",
  })[how];

const templates: Words["templates"] = {
  "invalid-sid": () => "404 Invalid SID",
  empty: ({ form }) => `an empty body as ${form === "finesse" ? "Finesse" : "Openfire"} writes it`,
  terminate: ({ condition }) => `terminate${condition === null ? "" : ` ${condition}`}`,
  conflict: () => "stream error conflict",
  "out-of-service": () => "503 SERVER_OUT_OF_SERVICE",
  "system-info": ({ status }) => `SystemInfo with status ${status}`,
  "invalid-character": () => "a notification with a character that XML forbids",
  oversized: ({ bytes }) => `a notification of ${bytes} bytes`,
  custom: ({ status, reason }) => `${status} ${reason}`.trim(),
  recorded: ({ exchange }) => `the recorded answer of ${exchange}`,
};

const actions: Words["actions"] = {
  delay: ({ leg: side, ms, jitterMs }) =>
    `delays ${leg(side)} by ${time(ms)}${jitterMs > 0 ? ` and up to ${time(jitterMs)} more` : ""}`,
  "delay-until": ({ ageMs }) => `keeps the answer back until the request is ${time(ageMs)} old`,
  hold: ({ leg: side }) => `stops ${leg(side)} at a breakpoint`,
  drop: ({ leg: side, how }) => `drops ${leg(side)} and ${ending(how)}`,
  cut: ({ leg: side, afterBytes, how }) =>
    `cuts ${leg(side)} after ${afterBytes} bytes and ${ending(how)}`,
  throttle: ({ leg: side, bytesPerSecond }) =>
    `slows ${leg(side)} down to ${bytesPerSecond} bytes/s`,
  answer: ({ template }) => {
    const name = templates[template.kind] as (one: typeof template) => string;
    return `answers in place of the server: ${name(template)}`;
  },
  alter: ({ leg: side, setHeaders, removeHeaders, replace, setPaths }) => {
    const parts = [
      ...setHeaders.map(([name, value]) => `${name}: ${value}`),
      ...removeHeaders.map((name) => `no ${name}`),
      ...replace.map(({ text, by }) => `"${text}" becomes "${by}"`),
      ...setPaths.map(({ path, text }) => `${path} becomes "${text}"`),
    ];
    return `changes ${leg(side)} (${parts.join(", ")})`;
  },
  duplicate: ({ leg: side }) => `sends ${leg(side)} twice`,
  reorder: () => "lets it change places with the next notification",
  "refuse-connect": ({ how }) =>
    how === "reset" ? "refuses the connection" : "leaves the connection unanswered",
  "break-tls": ({ leg: side }) =>
    `breaks TLS towards the ${side === "request" ? "client" : "server"}`,
  forget: ({ ms, counts, how }) =>
    `forgets the connection ${counts === "idle" ? `when nothing has passed on it for ${time(ms)}` : `when it is ${time(ms)} old`} and ${ending(how)}`,
  "pause-polls": ({ ms }) => `lets it wait ${ms === null ? "until disarmed" : time(ms)}`,
};

function subject({ kind = "any", nth, everyNth }: FaultMatch): string {
  if (nth !== undefined) return `The ${ordinal(nth)} ${kinds[kind]}`;
  if (everyNth !== undefined && everyNth > 1) return `Every ${ordinal(everyNth)} ${kinds[kind]}`;
  return `Every ${kinds[kind]}`;
}

const conditions: Words["conditions"] = {
  agent: (id) => `of agent ${id}`,
  sid: (sid) => `in session ${sid}`,
  method: (method) => `by ${method}`,
  path: (path) => `for ${path}`,
  host: (host) => `to ${host}`,
  port: (port) => `on port ${port}`,
  event: (text) => `that holds "${text}"`,
  state: (state) => `while ${state}`,
  afterRid: (rid) => `after rid ${rid}`,
  percent: (percent) => `with a chance of ${percent} %`,
  window: (from, until) =>
    `from ${time(from)} after arming ${until === null ? "on" : `to ${time(until)}`}`,
};

export const en: Words = {
  kinds,
  subject,
  conditions,
  actions,
  templates,
  leg,
  ending,
  alsoWaiting: "Also what waits when it is armed",
  next: ", then ",
  limits: (times, expiresAfterMs) => [
    ...(times === null ? [] : [times === 1 ? "Once" : `${times} times`]),
    ...(expiresAfterMs === null ? [] : [`Ends ${time(expiresAfterMs)} after arming`]),
  ],
};
