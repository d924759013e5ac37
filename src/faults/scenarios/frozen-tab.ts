/**
 * A tab that stops sending, as the server sees it: requests wait here. The real client is awake meanwhile, aborts at its patience and sends again, so
 * what it sees afterwards is that of a poll that waits too long.
 */
import { noBanner } from "./reactions.ts";
import { around, type ExpectedStep, polling, type Scenario, whom } from "./scenario.ts";

const abort: ExpectedStep = {
  what: {
    en: "The client aborts the poll that waits",
    es: "El cliente aborta el sondeo que espera",
  },
  seen: "request-aborted",
  within: { jabberwerx: [34_500, 36_500], strophe: [32_500, 34_500] },
  certainty: "sure",
};

/**
 * The 3rd attempt of JabberWerx meets a server that has closed the session, or not yet; the 4th comes 4.6 s later. Of Strophe's two requests the poll is
 * let go at 75 s, the ping comes back from its pause of 8 s up to 10 s later.
 */
const at75: ExpectedStep = {
  what: {
    en: "Session closed by the server meanwhile (its reaper comes each 30 s): disconnected",
    es: "El servidor cerró la sesión entretanto (revisa cada 30 s): desconectado",
  },
  seen: "disconnected",
  within: { jabberwerx: [74_000, 88_000], strophe: [73_000, 86_000] },
  certainty: "maybe",
};

/** The 4th attempt, sent at 112 s, is let go at 120 s and gets 404; Strophe's third waits since 74 s, was aborted at 107 s, the next comes at 134 s, unless a ping waits. */
const at120: ExpectedStep = {
  what: {
    en: "The next poll gets 404: disconnected",
    es: "El sondeo siguiente recibe 404: desconectado",
  },
  seen: "disconnected",
  within: { jabberwerx: around(120_000), strophe: [119_500, 147_400] },
  certainty: "sure",
};

const after: Readonly<Record<number, readonly ExpectedStep[]>> = {
  45: [abort, noBanner(60_000)],
  75: [abort, at75],
  120: [abort, at120],
};

export const frozenTabs: readonly Scenario[] = [45, 75, 120].map((s) => ({
  name: `tab-frozen-${s}s`,
  cause: "F4",
  needs: "agent",
  clients: polling,
  title: { en: `Tab frozen ${s} s`, es: `Pestaña congelada ${s} s` },
  description: {
    en: `For ${s} s the server gets no poll and no SystemInfo request from this desktop, as when its tab is frozen. It closes the session when nothing came for more than 60 s: at ${s} s ${s < 60 ? "it survives" : s > 90 ? "it is gone" : "that depends on when it looked"}.`,
    es: `Durante ${s} s el servidor no recibe sondeos ni SystemInfo de este escritorio, como con la pestaña congelada. Cierra la sesión si no llega nada durante más de 60 s: a los ${s} s ${s < 60 ? "sobrevive" : s > 90 ? "ya no existe" : "depende de cuándo mire"}.`,
  },
  lastsMs: s * 1000,
  rules: (target) => [
    // With its pings: a request that passes would say that the tab lives.
    {
      match: { ...whom(target), kind: "http-bind" },
      actions: [{ kind: "pause-polls", ms: null }],
    },
    {
      match: { ...whom(target), kind: "systeminfo" },
      actions: [{ kind: "pause-polls", ms: null }],
    },
  ],
  steps: after[s] ?? [],
}));
