/** A firewall in front of the notification port. */
import { afterSilence, noBanner } from "./reactions.ts";
import { type Scenario, whom } from "./scenario.ts";

/** A rule of kind connect can't name an agent: with one named, its requests alone are lost. */
export const firewallBlocks: Scenario = {
  name: "firewall-blocks-7443",
  cause: "F1",
  needs: "host",
  title: { en: "Firewall blocks 7443", es: "El cortafuegos bloquea 7443" },
  description: {
    en: "From now on nothing sent to port 7443 arrives: new connections get no answer, and what is sent on open ones is lost. Port 8445 goes on working. With an agent named, that agent's requests alone are lost.",
    es: "Desde ahora no llega nada de lo enviado al puerto 7443: las conexiones nuevas no reciben respuesta y lo enviado por las abiertas se pierde. El puerto 8445 sigue funcionando. Con un agente, solo se pierden sus peticiones.",
  },
  lastsMs: 160_000,
  rules: (target) => [
    {
      match: { ...whom(target), port: 7443 },
      actions: [{ kind: "drop", leg: "request", how: "silence" }],
    },
    ...(target.agent === null && target.host !== null
      ? [
          {
            match: { host: target.host, port: 7443 },
            actions: [{ kind: "refuse-connect", how: "silence" } as const],
          },
        ]
      : []),
  ],
  steps: afterSilence,
};

export const firewallAges: Scenario = {
  name: "firewall-ages-25s",
  cause: "F2",
  needs: "agent",
  title: {
    en: "Firewall ages connections at 25 s",
    es: "El cortafuegos corta conexiones a los 25 s",
  },
  description: {
    en: "Every second poll is cut by a reset when it is 25 s old, as a middlebox does that forgets idle connections. The poll waits here meanwhile, not at the server. The client sends it again and the session goes on.",
    es: "Uno de cada dos sondeos se corta con un reset a los 25 s, como en un equipo intermedio que olvida conexiones inactivas. Mientras tanto el sondeo espera aquí, no en el servidor. El cliente lo envía de nuevo y la sesión sigue.",
  },
  lastsMs: 120_000,
  rules: (target) => [
    {
      match: { ...whom(target), kind: "poll", everyNth: 2 },
      actions: [
        { kind: "delay", leg: "request", ms: 25_000, jitterMs: 0 },
        { kind: "drop", leg: "request", how: "reset" },
      ],
    },
  ],
  steps: [
    {
      what: { en: "Poll cut at 25 s", es: "Sondeo cortado a los 25 s" },
      seen: "request-failed",
      within: { jabberwerx: [24_500, 26_500], strophe: [24_500, 26_500] },
      certainty: "sure",
    },
    {
      what: { en: "Poll sent again", es: "Sondeo enviado de nuevo" },
      seen: "request-resent",
      within: { jabberwerx: [24_900, 27_500], strophe: [24_500, 27_500] },
      certainty: "sure",
    },
    noBanner(120_000),
  ],
};
