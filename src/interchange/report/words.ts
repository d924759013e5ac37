/** The report's own words in both languages; verdicts bring theirs. Commands stay as they are typed. */
import type { ReportLanguage } from "./report.ts";

export interface ReportWords {
  readonly title: string;
  readonly made: string;
  readonly filter: string;
  readonly none: string;
  readonly verdicts: string;
  readonly confidence: string;
  readonly side: Readonly<Record<string, string>>;
  readonly severity: Readonly<Record<string, string>>;
  readonly agents: string;
  readonly server: string;
  readonly session: string;
  readonly when: string;
  readonly open: string;
  readonly reasons: string;
  readonly before: string;
  readonly consequences: string;
  readonly certainty: Readonly<Record<"seen" | "expected", string>>;
  readonly advice: string;
  readonly settle: string;
  readonly timeline: string;
  readonly laneOf: string;
  readonly lane: Readonly<Record<LaneMarkRole, string>>;
  readonly gap: string;
  readonly noMarks: string;
  readonly evidence: string;
  readonly role: Readonly<Record<"trigger" | "witness" | "consequence", string>>;
  readonly columns: readonly string[];
  readonly gone: string;
  readonly pending: string;
  readonly environment: string;
  readonly capture: string;
  readonly platform: string;
  readonly authority: string;
  readonly certificatePolicy: string;
  readonly notKept: string;
  readonly endpoints: readonly string[];
  readonly selfSigned: string;
  readonly interference: string;
  readonly interferences: Readonly<Record<string, string>>;
  readonly always: readonly string[];
  readonly vitals: string;
  readonly vitalColumns: readonly string[];
  readonly probes: string;
  readonly probeColumns: readonly string[];
  readonly redacted: string;
  readonly redaction: readonly string[];
  readonly secretsKept: string;
  readonly collect: string;
  readonly collectIntro: string;
}

type LaneMarkRole = "poll" | "systeminfo" | "websocket" | "rest";

const en: ReportWords = {
  title: "Finesse connection report",
  made: "Made by Boshscope {version} at {at}",
  filter: "Only what matches: {query}",
  none: "Nothing was found to blame anybody for.",
  verdicts: "Verdicts",
  confidence: "confidence {percent} %",
  side: {
    client: "client",
    network: "network",
    server: "server",
    configuration: "configuration",
    boshscope: "Boshscope itself",
    "fault-rule": "fault rule",
    unknown: "not known",
  },
  severity: { disconnect: "disconnect", "near-miss": "near miss", warning: "warning" },
  agents: "Agents",
  server: "Server",
  session: "Session (sid begins with)",
  when: "When",
  open: "More may still come: this was not over when the report was made.",
  reasons: "Why",
  before: "What happened before",
  consequences: "What follows",
  certainty: { seen: "seen", expected: "expected, at the latest" },
  advice: "What to do",
  settle: "What would settle it",
  timeline: "Timeline",
  laneOf: "Lane of agent {agent}: {from} to {to} UTC",
  lane: { poll: "polls", systeminfo: "SystemInfo", websocket: "WebSocket", rest: "REST" },
  gap: "nothing asked",
  noMarks: "No exchanges of this agent are kept around it.",
  evidence: "Evidence",
  role: { trigger: "trigger", witness: "witness", consequence: "consequence" },
  columns: ["Time (UTC)", "Exchange", "Role", "Request", "Outcome", "Hold", "Gap", "What it shows"],
  gone: "not kept any more",
  pending: "no answer",
  environment: "Environment",
  capture: "Capture",
  platform: "Operating system",
  authority: "Boshscope's root CA, SHA-256",
  certificatePolicy: "Server certificates",
  notKept: "Exchanges that could not be kept",
  endpoints: [
    "Server",
    "Address",
    "TLS to server",
    "TLS to browser",
    "Certificate",
    "SHA-256",
    "Valid",
  ],
  selfSigned: "self-signed",
  interference: "What the proxy could not avoid",
  interferences: {
    connect: "The browser asked for a CONNECT tunnel first.",
    "second-tls":
      "TLS was ended and begun anew: the server saw Boshscope's handshake, the browser Boshscope's certificate.",
    "http2-not-offered": "HTTP/2 was not offered to either side.",
    "request-line-rewritten": "A request line was rewritten from the proxy's form to the server's.",
    "legacy-tls": "TLS 1.0 and 1.1 were allowed.",
    "upstream-proxy": "Another proxy stood between Boshscope and the server.",
    "fault-rule": "A fault rule changed traffic on purpose.",
  },
  always: [
    "A browser that uses a proxy opens at most 32 connections in all, instead of 6 to each host.",
    "Bytes were relayed as they came; no answer was invented, no request repeated.",
  ],
  vitals: "This PC around the incident",
  vitalColumns: [
    "Time (UTC)",
    "Loop delay ms",
    "Late ms",
    "Clock jump ms",
    "CPU",
    "Browser CPU",
    "Browser stopped",
    "Network",
  ],
  probes: "Probes made on the incident",
  probeColumns: ["Time (UTC)", "Server", "Step", "Outcome", "ms"],
  redacted: "What was redacted",
  redaction: [
    "Passwords, Authorization, cookies, tokens and SASL data were replaced when they were captured; they are not in this report.",
    "Bodies are not part of this report. Of addresses, query strings are left out.",
    "Of each session id only the beginning is given: enough to find it in Openfire's logs, too little to use it.",
    "Login ids of agents, host names and server addresses are given: the case needs them.",
  ],
  secretsKept: "This capture was made with --keep-secrets: the capture itself must not be shared.",
  collect: "What to collect next",
  collectIntro:
    "Commands are for the CLI of the Finesse or UCCX node unless another place is named.",
};

const es: ReportWords = {
  title: "Informe de la conexión de Finesse",
  made: "Hecho por Boshscope {version} el {at}",
  filter: "Solo lo que coincide con: {query}",
  none: "No se encontró nada de lo que culpar a nadie.",
  verdicts: "Veredictos",
  confidence: "confianza {percent} %",
  side: {
    client: "cliente",
    network: "red",
    server: "servidor",
    configuration: "configuración",
    boshscope: "el propio Boshscope",
    "fault-rule": "regla de fallo",
    unknown: "no se sabe",
  },
  severity: { disconnect: "desconexión", "near-miss": "por poco", warning: "aviso" },
  agents: "Agentes",
  server: "Servidor",
  session: "Sesión (el sid empieza por)",
  when: "Cuándo",
  open: "Puede venir más: esto no había terminado cuando se hizo el informe.",
  reasons: "Por qué",
  before: "Qué pasó antes",
  consequences: "Qué se sigue",
  certainty: { seen: "visto", expected: "previsto, a más tardar" },
  advice: "Qué hacer",
  settle: "Qué lo resolvería",
  timeline: "Línea de tiempo",
  laneOf: "Carril del agente {agent}: de {from} a {to} UTC",
  lane: { poll: "sondeos", systeminfo: "SystemInfo", websocket: "WebSocket", rest: "REST" },
  gap: "nada pedido",
  noMarks: "No se conserva ningún intercambio de este agente alrededor.",
  evidence: "Pruebas",
  role: { trigger: "desencadenante", witness: "testigo", consequence: "consecuencia" },
  columns: [
    "Hora (UTC)",
    "Intercambio",
    "Papel",
    "Petición",
    "Resultado",
    "Espera",
    "Pausa",
    "Qué muestra",
  ],
  gone: "ya no se conserva",
  pending: "sin respuesta",
  environment: "Entorno",
  capture: "Captura",
  platform: "Sistema operativo",
  authority: "CA raíz de Boshscope, SHA-256",
  certificatePolicy: "Certificados de servidor",
  notKept: "Intercambios que no se pudieron conservar",
  endpoints: [
    "Servidor",
    "Dirección",
    "TLS al servidor",
    "TLS al navegador",
    "Certificado",
    "SHA-256",
    "Validez",
  ],
  selfSigned: "autofirmado",
  interference: "Lo que el proxy no pudo evitar",
  interferences: {
    connect: "El navegador pidió antes un túnel CONNECT.",
    "second-tls":
      "TLS terminó y empezó de nuevo: el servidor vio el saludo de Boshscope, el navegador el certificado de Boshscope.",
    "http2-not-offered": "No se ofreció HTTP/2 a ningún lado.",
    "request-line-rewritten":
      "Una línea de petición se reescribió de la forma del proxy a la del servidor.",
    "legacy-tls": "Se permitieron TLS 1.0 y 1.1.",
    "upstream-proxy": "Había otro proxy entre Boshscope y el servidor.",
    "fault-rule": "Una regla de fallo cambió el tráfico a propósito.",
  },
  always: [
    "Un navegador que usa un proxy abre como mucho 32 conexiones en total, en vez de 6 por servidor.",
    "Los bytes pasaron tal como llegaron; no se inventó ninguna respuesta ni se repitió ninguna petición.",
  ],
  vitals: "Este PC alrededor del incidente",
  vitalColumns: [
    "Hora (UTC)",
    "Retraso del bucle ms",
    "Tarde ms",
    "Salto de reloj ms",
    "CPU",
    "CPU del navegador",
    "Navegador detenido",
    "Red",
  ],
  probes: "Sondas hechas con motivo del incidente",
  probeColumns: ["Hora (UTC)", "Servidor", "Paso", "Resultado", "ms"],
  redacted: "Qué se ocultó",
  redaction: [
    "Contraseñas, Authorization, cookies, tokens y datos SASL se sustituyeron al capturarlos; no están en este informe.",
    "Los cuerpos no forman parte de este informe. De las direcciones se omite la cadena de consulta.",
    "De cada identificador de sesión solo se da el comienzo: basta para encontrarlo en los registros de Openfire, no para usarlo.",
    "Se dan los identificadores de los agentes, los nombres y las direcciones de los servidores: el caso los necesita.",
  ],
  secretsKept: "Esta captura se hizo con --keep-secrets: la captura misma no se debe compartir.",
  collect: "Qué recopilar a continuación",
  collectIntro:
    "Los comandos son para la CLI del nodo Finesse o UCCX, salvo que se nombre otro sitio.",
};

const dictionaries: Readonly<Record<ReportLanguage, ReportWords>> = { en, es };

export const wordsOf = (language: ReportLanguage): ReportWords => dictionaries[language];

/** Puts values in for `{names}`. */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => `${values[name] ?? whole}`);
