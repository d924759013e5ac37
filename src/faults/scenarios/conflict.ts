/** The same agent signs in elsewhere. */
import { atOnce, type Scenario, whom } from "./scenario.ts";

const everyone = { jabberwerx: atOnce, strophe: atOnce, websocket: atOnce } as const;

export const conflict: Scenario = {
  name: "conflict",
  cause: "F19",
  needs: "agent",
  title: { en: "Signed in elsewhere: conflict", es: "Sesión iniciada en otro lugar: conflicto" },
  description: {
    en: "The stream error that Openfire sends to the older of two sessions of one agent. The desktop does not come back by itself: whoever signed in last stays.",
    es: "El error de flujo que Openfire envía a la más antigua de dos sesiones de un agente. El escritorio no vuelve por sí mismo: queda quien entró el último.",
  },
  lastsMs: 5000,
  rules: (target) => [
    {
      match: { ...whom(target), kind: "poll" },
      actions: [{ kind: "answer", template: { kind: "conflict" } }],
      times: 1,
      alsoWaiting: true,
    },
    {
      match: { ...whom(target), kind: "websocket" },
      actions: [{ kind: "answer", template: { kind: "conflict" } }],
      times: 1,
      alsoWaiting: true,
    },
  ],
  steps: [
    {
      what: { en: "Disconnected: conflict", es: "Desconectado: conflicto" },
      seen: "disconnected",
      within: everyone,
      certainty: "sure",
    },
    {
      what: { en: "The desktop signs out", es: "El escritorio cierra sesión" },
      seen: "signed-out",
      within: everyone,
      certainty: "sure",
    },
  ],
};
