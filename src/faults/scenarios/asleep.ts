/** A PC that sleeps, as the server sees it. */
import { afterSilence } from "./reactions.ts";
import { type Scenario, whom } from "./scenario.ts";

export const asleep: Scenario = {
  name: "pc-asleep",
  cause: "F6",
  needs: "agent",
  title: { en: "PC asleep", es: "PC dormido" },
  description: {
    en: "From its next request on nothing of this desktop reaches the server, on any port, and nobody says so. The server closes the session 60 to 90 s after the last exchange; 60 s later it logs the agent out. The desktop itself is awake here, and sees a network that swallows everything.",
    es: "Desde su próxima petición nada de este escritorio llega al servidor, en ningún puerto, y nadie lo dice. El servidor cierra la sesión de 60 a 90 s después del último intercambio; 60 s más tarde cierra la sesión del agente. Aquí el escritorio está despierto y ve una red que lo traga todo.",
  },
  lastsMs: 170_000,
  rules: (target) => [
    {
      match: { ...whom(target), kind: "http-bind" },
      actions: [{ kind: "drop", leg: "request", how: "silence" }],
    },
    {
      match: { ...whom(target), kind: "frame" },
      actions: [{ kind: "drop", leg: "request", how: "silence" }],
      begins: true,
    },
    { match: whom(target), actions: [{ kind: "drop", leg: "request", how: "silence" }] },
  ],
  steps: afterSilence,
};
