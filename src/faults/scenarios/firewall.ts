/** A firewall in front of the notification port. */
import { afterSilence, noBanner } from "./reactions.ts";
import { type ExpectedStep, polling, type Scenario, type Windows, whom } from "./scenario.ts";

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
    en: "A connection of this desktop on which nothing has passed for 25 s is reset at both ends, as by a middlebox that forgets idle connections: so is every poll that waits its 30 s. The client sends it again and the session goes on. A desktop that pings each 10 s keeps its connections young and notices nothing.",
    es: "Una conexión de este escritorio por la que no pasa nada en 25 s se corta con un reset en ambos extremos, como en un equipo intermedio que olvida conexiones inactivas: así todo sondeo que espera sus 30 s. El cliente lo envía de nuevo y la sesión sigue. Un escritorio que hace ping cada 10 s mantiene jóvenes sus conexiones y no nota nada.",
  },
  clients: polling,
  lastsMs: 120_000,
  clockFrom: "request",
  rules: (target) => [
    {
      match: { ...whom(target), kind: "http-bind" },
      actions: [{ kind: "forget", ms: 25_000, counts: "idle", how: "reset" }],
    },
  ],
  steps: [
    ...agedPoll("sure", { jabberwerx: [24_500, 26_500] }, { jabberwerx: [24_900, 27_500] }),
    ...agedPoll("maybe", { strophe: [24_500, 26_500] }, { strophe: [24_500, 27_500] }),
    noBanner(120_000),
  ],
};

function agedPoll(
  certainty: ExpectedStep["certainty"],
  cut: Windows,
  resent: Windows,
): readonly ExpectedStep[] {
  return [
    {
      what: { en: "Poll cut at 25 s", es: "Sondeo cortado a los 25 s" },
      seen: "request-failed",
      within: cut,
      certainty,
    },
    {
      what: { en: "Poll sent again", es: "Sondeo enviado de nuevo" },
      seen: "request-resent",
      within: resent,
      certainty,
    },
  ];
}
