/** The Notification Service stopped, hung, or restarted. */
import type { FaultMatch } from "../../domain/fault-rule.ts";
import { afterNotFound, afterResets, afterSilence, backAgain } from "./reactions.ts";
import {
  type ExpectedStep,
  polling,
  type Scenario,
  type ScenarioRule,
  type Target,
  whom,
} from "./scenario.ts";

/** Its requests end at once, those that wait too; new connections are refused, unless one agent alone is meant. */
function down(target: Target): readonly ScenarioRule[] {
  const match: FaultMatch = { ...whom(target), port: 7443 };
  const refused: ScenarioRule = {
    match: { ...(target.host === null ? {} : { host: target.host }), port: 7443 },
    actions: [{ kind: "refuse-connect", how: "reset" }],
  };
  return [
    {
      match,
      actions: [{ kind: "drop", leg: "request", how: "reset" }],
      alsoWaiting: true,
    },
    ...(target.agent === null ? [refused] : []),
  ];
}

export const serviceStopped: Scenario = {
  name: "notification-service-stopped",
  cause: "F11",
  needs: "host",
  title: { en: "Notification Service stopped", es: "Notification Service detenido" },
  description: {
    en: "All polls that wait on port 7443 end at this moment, and it refuses whatever comes for 90 s. Port 8445 goes on working. With an agent named, that agent alone is concerned.",
    es: "Todos los sondeos que esperan en el puerto 7443 terminan en este momento, y rechaza lo que llegue durante 90 s. El puerto 8445 sigue funcionando. Con un agente, solo le afecta a él.",
  },
  lastsMs: 90_000,
  rules: down,
  steps: [...afterResets, backAgain(120_000)],
};

export const serviceHung: Scenario = {
  name: "notification-service-hung",
  cause: "F12",
  needs: "host",
  title: { en: "Notification Service hung", es: "Notification Service colgado" },
  description: {
    en: "Port 7443 takes connections and requests, and answers nothing any more (a long garbage collection, a deadlock). Every client gives up its polls by its own patience.",
    es: "El puerto 7443 acepta conexiones y peticiones y ya no responde (una recolección de basura larga, un bloqueo). Cada cliente abandona sus sondeos por su propia paciencia.",
  },
  lastsMs: 160_000,
  rules: (target) => [
    {
      match: { ...whom(target), port: 7443 },
      actions: [{ kind: "drop", leg: "request", how: "silence" }],
    },
  ],
  steps: afterSilence,
};

const restartMs = 20_000;

/** Strophe's third attempt, at 35 s, meets the new process, which does not know the session: it gives up at once. */
const restartSteps: readonly ExpectedStep[] = afterResets.map((step) =>
  step.seen === "disconnected" || step.seen === "banner"
    ? { ...step, within: { ...step.within, strophe: [32_000, 38_500] } }
    : step,
);

export const serviceRestarted: Scenario = {
  name: "notification-service-restarted",
  cause: "F12",
  needs: "agent",
  title: { en: "Notification Service restarted", es: "Notification Service reiniciado" },
  description: {
    en: "The poll that waits ends, port 7443 is down for 20 s, and afterwards it does not know this session any more. JabberWerx has given up by then; Strophe comes back at 35 s and gets 404.",
    es: "El sondeo que espera termina, el puerto 7443 cae 20 s y después ya no conoce esta sesión. JabberWerx ya se ha rendido; Strophe vuelve a los 35 s y recibe 404.",
  },
  lastsMs: 60_000,
  rules: (target) => [
    ...down(target).map((rule) => ({
      ...rule,
      match: { ...rule.match, window: { fromMs: 0, untilMs: restartMs } },
    })),
    ...(target.sid === null
      ? []
      : [
          {
            match: { sid: target.sid, window: { fromMs: restartMs, untilMs: null } },
            actions: [{ kind: "answer", template: { kind: "invalid-sid" } } as const],
          },
        ]),
  ],
  steps: [...restartSteps, backAgain(restartMs + 30_000)],
};

export const invalidSession: Scenario = {
  name: "invalid-session",
  cause: "F18",
  needs: "agent",
  title: { en: "Session invalid: 404", es: "Sesión no válida: 404" },
  description: {
    en: "The server does not know the session any more: the poll that waits, and every one after it, gets 404 Invalid SID. JabberWerx tries four times in 7.2 s, Strophe once.",
    es: "El servidor ya no conoce la sesión: el sondeo que espera y los siguientes reciben 404 Invalid SID. JabberWerx lo intenta cuatro veces en 7,2 s, Strophe una.",
  },
  clients: polling,
  lastsMs: 10_000,
  rules: (target) => [
    {
      match: { ...whom(target), ...(target.sid === null ? {} : { sid: target.sid }), kind: "poll" },
      actions: [{ kind: "answer", template: { kind: "invalid-sid" } }],
      alsoWaiting: true,
    },
  ],
  steps: [...afterNotFound, backAgain(10_000)],
};
