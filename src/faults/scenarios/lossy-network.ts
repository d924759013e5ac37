/** A network that loses now and then. */
import { noBanner } from "./reactions.ts";
import { type Scenario, whom } from "./scenario.ts";

export const lossyNetwork: Scenario = {
  name: "lossy-network",
  cause: "F3",
  needs: "agent",
  title: { en: "Lossy network", es: "Red con pérdidas" },
  description: {
    en: "Every answer comes 200 ms late and up to 800 ms more, and one request in twenty ends in a reset. Single losses are mended by sending again; four in a row would end a JabberWerx session.",
    es: "Cada respuesta llega 200 ms tarde y hasta 800 ms más, y una petición de cada veinte termina en un reset. Las pérdidas sueltas se reparan enviando de nuevo; cuatro seguidas acabarían una sesión de JabberWerx.",
  },
  lastsMs: 180_000,
  rules: (target) => [
    {
      match: whom(target),
      actions: [{ kind: "delay", leg: "response", ms: 200, jitterMs: 800 }],
    },
    {
      match: { ...whom(target), kind: "http-bind", probability: 0.05 },
      actions: [{ kind: "drop", leg: "request", how: "reset" }],
    },
  ],
  steps: [
    {
      what: { en: "A poll fails", es: "Falla un sondeo" },
      seen: "request-failed",
      within: { jabberwerx: [0, 180_000], strophe: [0, 180_000] },
      certainty: "maybe",
      ofAny: true,
    },
    {
      what: { en: "It is sent again", es: "Se envía de nuevo" },
      seen: "request-resent",
      within: { jabberwerx: [0, 180_000], strophe: [0, 180_000] },
      certainty: "maybe",
      ofAny: true,
    },
    noBanner(180_000),
  ],
};
