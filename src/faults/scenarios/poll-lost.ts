/** One poll vanishes on its way. */
import { noBanner, oneLostPoll } from "./reactions.ts";
import { polling, type Scenario, whom } from "./scenario.ts";

export const pollLost: Scenario = {
  name: "poll-lost",
  cause: "F3",
  needs: "agent",
  clients: polling,
  title: { en: "One poll lost", es: "Un sondeo perdido" },
  description: {
    en: "One poll never reaches the server, and nobody says so. The client aborts it and sends it again; the session goes on.",
    es: "Un sondeo nunca llega al servidor y nadie lo dice. El cliente lo aborta y lo envía de nuevo; la sesión sigue.",
  },
  lastsMs: 60_000,
  rules: (target) => [
    {
      match: { ...whom(target), kind: "poll" },
      actions: [{ kind: "drop", leg: "request", how: "silence" }],
      times: 1,
    },
  ],
  steps: [...oneLostPoll, noBanner(60_000)],
};
