/** What to collect next, by cause: the article's commands, and those of the log formats in use. */
import type { CauseCode } from "../../domain/finding.ts";
import type { ReportLanguage } from "./report.ts";

export interface ToCollect {
  readonly what: string;
  /** As typed; null = done by hand. */
  readonly command: string | null;
}

interface Item {
  readonly en: string;
  readonly es: string;
  readonly command: string | null;
}

const items = {
  logs: {
    en: "All desktop logs of both nodes: openfire/debug.log and info.log, webservices/Desktop-webservices, clientlogs",
    es: "Todos los registros del escritorio de ambos nodos: openfire/debug.log e info.log, webservices/Desktop-webservices, clientlogs",
    command: "file get activelog /desktop recurs compress",
  },
  debugUcce: {
    en: "Before it happens again, on UCCE: debug logging of the Notification Service (a restart of the service switches it off)",
    es: "Antes de que vuelva a pasar, en UCCE: registro de depuración del servicio de notificación (se apaga si el servicio se reinicia)",
    command: "utils finesse notification logging enable",
  },
  debugUccx: {
    en: "The same on UCCX",
    es: "Lo mismo en UCCX",
    command: "utils uccx notification-service log enable",
  },
  clientLog: {
    en: "The client's log: Send Error Report on the desktop, or sign in there and export after it happened",
    es: "El registro del cliente: Enviar informe de errores en el escritorio, o iniciar sesión ahí y exportarlo después",
    command: "https://FQDN/desktop/locallog",
  },
  services: {
    en: "Which services run",
    es: "Qué servicios están activos",
    command: "utils service list",
  },
  stopped: {
    en: "When the Notification Service was stopped",
    es: "Cuándo se detuvo el servicio de notificación",
    command: 'file search activelog /desktop/logs/openfire "Openfire stopped"',
  },
  started: {
    en: "When it was started",
    es: "Cuándo se inició",
    command: 'file search activelog /desktop/logs/openfire "HTTP bind service started"',
  },
  closing: {
    en: "Sessions that the service closed, and after how long",
    es: "Sesiones que cerró el servicio, y tras cuánto tiempo",
    command: 'file search activelog /desktop/logs/openfire "Closing idle session"',
  },
  heap: {
    en: "Memory dumps of a crash",
    es: "Volcados de memoria de un fallo",
    command: "file list activelog /desktop/logs/openfire/*.hprof",
  },
  listening: {
    en: "Whether the service listens on 7443",
    es: "Si el servicio escucha en 7443",
    command: "show open ports regexp 7443.*LISTEN",
  },
  cores: { en: "Core files", es: "Volcados de núcleo", command: "utils core active list" },
  events: {
    en: "The event viewer's application log for the time of the incident",
    es: "El registro de aplicación del visor de eventos a la hora del incidente",
    command: "file get activelog /syslog/CiscoSyslog* abstime hh:mm:MM/DD/YY hh:mm:MM/DD/YY",
  },
  uptime: {
    en: "When the node came up, and what was done to it",
    es: "Cuándo arrancó el nodo, y qué se le hizo",
    command: "file view install system-history.log",
  },
  ntp: {
    en: "Time source of the publisher: stratum 4 or better",
    es: "Fuente de hora del publicador: estrato 4 o mejor",
    command: "utils ntp status",
  },
  interfaces: {
    en: "Drops on each Cisco IOS device on the way",
    es: "Pérdidas en cada equipo Cisco IOS del camino",
    command: "show interfaces",
  },
  portTest: {
    en: "The port from the agent's PC, and the same from another network (PowerShell)",
    es: "El puerto desde el PC del agente, y lo mismo desde otra red (PowerShell)",
    command: "Test-NetConnection FQDN -Port 7443",
  },
  pcCpu: {
    en: "CPU and memory of the agent's PC while it happens (PowerShell)",
    es: "CPU y memoria del PC del agente mientras ocurre (PowerShell)",
    command:
      'Get-Counter -Counter "\\Processor(_Total)\\% Processor Time","\\Memory\\Available MBytes" -SampleInterval 2 -Continuous',
  },
  pcSleep: {
    en: "When the PC slept (Windows, as administrator)",
    es: "Cuándo durmió el PC (Windows, como administrador)",
    command: "powercfg /sleepstudy",
  },
  gadgets: {
    en: "The list of third-party gadgets in the desktop's layout, and a run without them",
    es: "La lista de gadgets de terceros del diseño del escritorio, y una prueba sin ellos",
    command: null,
  },
  proxyGuard: {
    en: "Access and error log of the reverse proxy, and its list of blocked addresses",
    es: "Registros de acceso y de error del proxy inverso, y su lista de direcciones bloqueadas",
    command: null,
  },
} satisfies Readonly<Record<string, Item>>;

type ItemName = keyof typeof items;

const always: readonly ItemName[] = ["logs", "clientLog"];
const service: readonly ItemName[] = [
  "services",
  "stopped",
  "started",
  "heap",
  "listening",
  "events",
];
const path: readonly ItemName[] = ["portTest", "listening", "interfaces"];
const session: readonly ItemName[] = ["debugUcce", "debugUccx", "closing"];

const byCause: Readonly<Partial<Record<CauseCode, readonly ItemName[]>>> = {
  F0: [...session, "services", "portTest"],
  F1: path,
  F2: [...path, ...session],
  F3: path,
  F4: [...session, "gadgets", "pcCpu"],
  F5: session,
  F6: ["pcSleep", ...session],
  F7: ["pcCpu", ...session],
  F8: ["gadgets", ...session],
  F9: ["ntp"],
  F11: service,
  F12: [...service, "cores"],
  F13: [...service, "cores"],
  F14: ["services", "events", "cores"],
  F15: ["services", "events", "cores"],
  F16: ["events", "cores"],
  F17: ["uptime", "services", "events"],
  F18: [...session, "services"],
  F19: session,
  F22: session,
  F23: ["proxyGuard"],
};

/** For all these causes together, each thing once. */
export function toCollect(causes: readonly CauseCode[], language: ReportLanguage): ToCollect[] {
  const names = new Set<ItemName>(always);
  for (const cause of causes) for (const name of byCause[cause] ?? []) names.add(name);
  return [...names].map((name) => ({ what: items[name][language], command: items[name].command }));
}
