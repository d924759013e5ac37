/** Made-up findings, for looking at the page without a server that diagnoses. */
import type { FindingView } from "../../src/server/messages.ts";
import { captureId } from "./page-rows.ts";

const iso = (ms: number): string => new Date(ms).toISOString();
const host = "fin1.ucce.local";

/** One of each kind; `now`: wall ms. */
export function sampleFindings(now: number, language: string): FindingView[] {
  const es = language === "es";
  const say = (english: string, spanish: string): string => (es ? spanish : english);
  return [
    frozenTab(now, say),
    {
      ...frozenTab(now, say),
      id: `${captureId}-f2`,
      severity: "near-miss",
      at: iso(now - 200_000),
      side: "network",
      cause: "F2",
      confidence: 0.74,
      title: say(
        "Something on the way closes connections to port 7443 after 25 s.",
        "Algo en el camino cierra las conexiones al puerto 7443 a los 25 s.",
      ),
      consequences: [],
      evidence: [`${captureId}-14`, `${captureId}-16`],
      details: [
        {
          exchange: `${captureId}-14`,
          role: "trigger",
          what: say("Reset at an age of 25.01 s.", "Reinicio con 25,01 s de edad."),
        },
        {
          exchange: `${captureId}-16`,
          role: "witness",
          what: say("Reset at an age of 25.02 s.", "Reinicio con 25,02 s de edad."),
        },
      ],
      agent: null,
      agents: ["47483648", "1001003"],
      open: false,
      revisions: [],
    },
    {
      ...frozenTab(now, say),
      id: `${captureId}-f3`,
      severity: "warning",
      at: iso(now - 400_000),
      side: "fault-rule",
      cause: "F25",
      confidence: 0.98,
      title: say(
        "The answer was delayed by fault rule r1.",
        "La respuesta la retrasó la regla de fallo r1.",
      ),
      consequences: [],
      evidence: [`${captureId}-18`],
      details: [
        {
          exchange: `${captureId}-18`,
          role: "trigger",
          what: say("Held back for 5 s by r1.", "Retenida 5 s por r1."),
        },
      ],
      faults: ["r1"],
      revisions: [],
    },
  ];
}

function frozenTab(now: number, say: (english: string, spanish: string) => string): FindingView {
  return {
    id: `${captureId}-f1`,
    severity: "disconnect",
    at: iso(now - 64_000),
    foundAt: iso(now - 4000),
    revisedAt: iso(now - 1000),
    open: true,
    side: "client",
    cause: "F4",
    confidence: 0.91,
    title: say(
      "The desktop of agent 47483648 stopped polling: its tab was frozen for 64 s.",
      "El escritorio del agente 47483648 dejó de sondear: su pestaña estuvo congelada 64 s.",
    ),
    explanation: say(
      "The last answer was delivered in full.\nNo request of that tab followed for 64 s, while other programs on the same PC went on.",
      "La última respuesta se entregó entera.\nNinguna petición de esa pestaña siguió en 64 s, mientras otros programas del mismo PC continuaban.",
    ),
    reasons: [
      say(
        "Answer delivered, then silence: the time between answer and next request is the client's.",
        "Respuesta entregada y luego silencio: el tiempo entre respuesta y siguiente petición es del cliente.",
      ),
      say(
        "Boshscope's own lag was below 3 ms throughout.",
        "El retraso propio de Boshscope estuvo por debajo de 3 ms.",
      ),
    ],
    before: [say("Agent went READY 12 s before.", "El agente pasó a READY 12 s antes.")],
    consequences: [
      {
        at: iso(now - 4000),
        kind: "session-closed",
        certainty: "expected",
        what: say(
          "The server closes a session 60 to 90 s after its last answer.",
          "El servidor cierra una sesión entre 60 y 90 s después de su última respuesta.",
        ),
      },
      {
        at: iso(now + 56_000),
        kind: "forced-logout",
        certainty: "expected",
        what: say(
          "60 s after presence unavailable, reason 255.",
          "60 s después de la presencia no disponible, motivo 255.",
        ),
      },
    ],
    advice: [
      say(
        "Keep the tab of the desktop visible, or exclude it from sleeping tabs.",
        "Mantenga visible la pestaña del escritorio o exclúyala de las pestañas en reposo.",
      ),
      say(
        "On the server run `utils finesse notification logging enable`, then fetch the logs with `file get activelog desktop recurs compress`.",
        "En el servidor ejecute `utils finesse notification logging enable` y recoja los registros con `file get activelog desktop recurs compress`.",
      ),
    ],
    wouldSettle: [
      say(
        "The client log of that minute: a line about a suspended tab.",
        "El registro del cliente de ese minuto: una línea sobre una pestaña suspendida.",
      ),
    ],
    evidence: [`${captureId}-5`, `${captureId}-7`, `${captureId}-9`],
    details: [
      {
        exchange: `${captureId}-5`,
        role: "trigger",
        what: say("The last answer, delivered in 2 ms.", "La última respuesta, entregada en 2 ms."),
      },
      {
        exchange: `${captureId}-7`,
        role: "witness",
        what: say(
          "SystemInfo of the same tab is missing since.",
          "Falta desde entonces el SystemInfo de la misma pestaña.",
        ),
      },
      {
        exchange: `${captureId}-9`,
        role: "consequence",
        what: say("404 Invalid SID.", "404 Invalid SID."),
      },
    ],
    revisions: [
      {
        at: iso(now - 4000),
        side: "unknown",
        cause: "F0",
        confidence: 0.4,
        why: say(
          "The first poll after the pause had not come yet.",
          "Aún no había llegado el primer sondeo tras la pausa.",
        ),
      },
    ],
    agents: ["47483648"],
    agent: "47483648",
    sid: "f382a015",
    host,
    port: 7443,
    faults: [],
  };
}
