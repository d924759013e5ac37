/** Rules read aloud in Spanish. */
import type { FaultMatch } from "../../domain/fault-rule.ts";
import { time as timeWith, type Words } from "./words.ts";

const time = (ms: number): string => timeWith(ms, ",");

const kinds: Words["kinds"] = {
  connect: "CONNECT",
  tls: "saludo TLS",
  "session-create": "creación de sesión",
  poll: "sondeo",
  "http-bind": "petición http-bind",
  notification: "notificación",
  systeminfo: "petición SystemInfo",
  "state-change": "cambio de estado",
  rest: "petición REST",
  websocket: "apertura de WebSocket",
  frame: "mensaje WebSocket",
  ping: "ping",
  any: "mensaje",
};

const leg: Words["leg"] = (side) => (side === "request" ? "la petición" : "la respuesta");
const ending: Words["ending"] = (how) =>
  ({
    fin: "cierra la conexión (FIN)",
    reset: "corta la conexión (RST)",
    silence: "calla desde entonces",
  })[how];

const templates: Words["templates"] = {
  "invalid-sid": () => "404 Invalid SID",
  empty: ({ form }) =>
    `un cuerpo vacío como lo escribe ${form === "finesse" ? "Finesse" : "Openfire"}`,
  terminate: ({ condition }) => `terminate${condition === null ? "" : ` ${condition}`}`,
  conflict: () => "error de flujo conflict",
  "out-of-service": () => "503 SERVER_OUT_OF_SERVICE",
  "system-info": ({ status }) => `SystemInfo con estado ${status}`,
  "invalid-character": () => "una notificación con un carácter que XML prohíbe",
  oversized: ({ bytes }) => `una notificación de ${bytes} bytes`,
  custom: ({ status, reason }) => `${status} ${reason}`.trim(),
  recorded: ({ exchange }) => `la respuesta grabada de ${exchange}`,
};

const actions: Words["actions"] = {
  delay: ({ leg: side, ms, jitterMs }) =>
    `retrasa ${leg(side)} ${time(ms)}${jitterMs > 0 ? ` y hasta ${time(jitterMs)} más` : ""}`,
  "delay-until": ({ ageMs }) => `retiene la respuesta hasta que la petición tenga ${time(ageMs)}`,
  hold: ({ leg: side }) => `detiene ${leg(side)} en un punto de parada`,
  drop: ({ leg: side, how }) => `pierde ${leg(side)} y ${ending(how)}`,
  cut: ({ leg: side, afterBytes, how }) =>
    `corta ${leg(side)} tras ${afterBytes} bytes y ${ending(how)}`,
  throttle: ({ leg: side, bytesPerSecond }) => `frena ${leg(side)} a ${bytesPerSecond} bytes/s`,
  answer: ({ template }) => {
    const name = templates[template.kind] as (one: typeof template) => string;
    return `responde en lugar del servidor: ${name(template)}`;
  },
  alter: ({ leg: side, setHeaders, removeHeaders, replace, setPaths }) => {
    const parts = [
      ...setHeaders.map(([name, value]) => `${name}: ${value}`),
      ...removeHeaders.map((name) => `sin ${name}`),
      ...replace.map(({ text, by }) => `«${text}» pasa a ser «${by}»`),
      ...setPaths.map(({ path, text }) => `${path} pasa a ser «${text}»`),
    ];
    return `cambia ${leg(side)} (${parts.join(", ")})`;
  },
  duplicate: ({ leg: side }) => `envía ${leg(side)} dos veces`,
  reorder: () => "la intercambia con la notificación siguiente",
  "refuse-connect": ({ how }) =>
    how === "reset" ? "rechaza la conexión" : "deja la conexión sin respuesta",
  "break-tls": ({ leg: side }) =>
    `rompe TLS hacia el ${side === "request" ? "cliente" : "servidor"}`,
  forget: ({ ms, counts, how }) =>
    `olvida la conexión ${counts === "idle" ? `cuando no ha pasado nada por ella en ${time(ms)}` : `cuando tiene ${time(ms)}`} y ${ending(how)}`,
  "pause-polls": ({ ms }) => `hace esperar ${ms === null ? "hasta que se desarme" : time(ms)}`,
};

/** Kinds whose word is feminine. */
const feminine: ReadonlySet<string> = new Set([
  "session-create",
  "http-bind",
  "notification",
  "systeminfo",
  "rest",
  "websocket",
]);

function subject({ kind = "any", nth, everyNth }: FaultMatch): string {
  const isFeminine = feminine.has(kind);
  if (nth !== undefined)
    return isFeminine ? `La ${nth}.ª ${kinds[kind]}` : `El ${nth}.º ${kinds[kind]}`;
  if (everyNth !== undefined && everyNth > 1)
    return `Uno de cada ${everyNth}: ${kinds[kind]}`.replace(/^Uno/, isFeminine ? "Una" : "Uno");
  return `Cada ${kinds[kind]}`;
}

const conditions: Words["conditions"] = {
  agent: (id) => `del agente ${id}`,
  sid: (sid) => `en la sesión ${sid}`,
  method: (method) => `con ${method}`,
  path: (path) => `de ${path}`,
  host: (host) => `hacia ${host}`,
  port: (port) => `en el puerto ${port}`,
  event: (text) => `que contiene «${text}»`,
  state: (state) => `mientras esté en ${state}`,
  afterRid: (rid) => `tras el rid ${rid}`,
  percent: (percent) => `con una probabilidad del ${`${percent}`.replace(".", ",")} %`,
  window: (from, until) =>
    `desde ${time(from)} tras armar${until === null ? "" : ` hasta ${time(until)}`}`,
};

export const es: Words = {
  kinds,
  subject,
  conditions,
  actions,
  templates,
  leg,
  ending,
  alsoWaiting: "También lo que espera al armarla",
  next: ", luego ",
  limits: (times, expiresAfterMs) => [
    ...(times === null ? [] : [times === 1 ? "Una vez" : `${times} veces`]),
    ...(expiresAfterMs === null ? [] : [`Termina ${time(expiresAfterMs)} después de armarla`]),
  ],
};
