/** Finesse itself in trouble: its web server, its telephony, the whole node. */
import { httpBindNamespace } from "../../bosh/bosh-body.ts";
import type { AnswerTemplate, FaultMatch } from "../../domain/fault-rule.ts";
import { escapeText } from "../xml-edit.ts";
import { afterResets, bannerAtOnce, toOtherNode } from "./reactions.ts";
import { type Scenario, type ScenarioRule, type Target, whom } from "./scenario.ts";

/** A stanza told at once to every poll and every WebSocket that waits, once each. */
function told(target: Target, stanza: string): readonly ScenarioRule[] {
  const answer = (body: string) =>
    ({
      kind: "answer",
      template: {
        kind: "custom",
        status: 200,
        reason: "OK",
        headers: [["Content-Type", "text/xml;charset=UTF-8"]],
        body,
      } satisfies AnswerTemplate,
    }) as const;
  const match = (kind: FaultMatch["kind"] & string): FaultMatch => ({
    ...whom(target),
    kind,
    nth: 1,
  });
  return [
    {
      match: match("poll"),
      actions: [answer(`<body xmlns='${httpBindNamespace}'>${stanza}</body>`)],
      alsoWaiting: true,
    },
    { match: match("websocket"), actions: [answer(stanza)], alsoWaiting: true },
  ];
}

const hostOf = ({ host }: Target): string => host ?? "finesse";

const quick = [0, 25_000] as const;
const soon = { jabberwerx: quick, strophe: quick, websocket: quick };

export const tomcatDown: Scenario = {
  name: "tomcat-down",
  cause: "F14",
  needs: "host",
  title: { en: "Finesse Tomcat down", es: "Finesse Tomcat caído" },
  description: {
    en: "The Notification Service tells that the user finesse is gone, and port 8445 resets whatever comes. Polls on 7443 go on. Desktops show the banner and look for the other node.",
    es: "El Notification Service avisa de que el usuario finesse se fue y el puerto 8445 corta lo que llegue. Los sondeos en 7443 siguen. Los escritorios muestran la barra y buscan el otro nodo.",
  },
  lastsMs: 90_000,
  rules: (target) => [
    ...told(
      target,
      `<presence xmlns="jabber:client" from="finesse@${hostOf(target)}/finesse" type="unavailable"/>`,
    ),
    {
      match: { ...whom(target), port: 8445 },
      actions: [{ kind: "drop", leg: "request", how: "reset" }],
    },
  ],
  steps: [...bannerAtOnce, toOtherNode(soon)],
};

const outOfServiceUpdate = escapeText(
  "<Update><data><systemInfo><status>OUT_OF_SERVICE</status><uri>/finesse/api/SystemInfo</uri></systemInfo></data><event>PUT</event><requestId></requestId><source>/finesse/api/SystemInfo</source></Update>",
);

export const ctiDown: Scenario = {
  name: "cti-out-of-service",
  cause: "F15",
  needs: "host",
  title: { en: "CTI out of service", es: "CTI fuera de servicio" },
  description: {
    en: "Finesse has lost its CTI server: a SystemInfo notification says OUT_OF_SERVICE, SystemInfo says so too, and every other call gets 503 SERVER_OUT_OF_SERVICE. Polls go on. Desktops show the banner and take the other node if it is fit.",
    es: "Finesse ha perdido su servidor CTI: una notificación SystemInfo dice OUT_OF_SERVICE, SystemInfo también, y las demás llamadas reciben 503 SERVER_OUT_OF_SERVICE. Los sondeos siguen. Los escritorios muestran la barra y toman el otro nodo si está bien.",
  },
  lastsMs: 90_000,
  rules: (target) => [
    ...told(
      target,
      `<message xmlns="jabber:client" from="pubsub.${hostOf(target)}" id="fault"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="/finesse/api/SystemInfo"><item id="fault"><notification xmlns="http://jabber.org/protocol/pubsub">${outOfServiceUpdate}</notification></item></items></event></message>`,
    ),
    {
      match: { ...whom(target), kind: "systeminfo" },
      actions: [{ kind: "answer", template: { kind: "system-info", status: "OUT_OF_SERVICE" } }],
    },
    {
      match: { ...whom(target), kind: "rest" },
      actions: [{ kind: "answer", template: { kind: "out-of-service" } }],
    },
  ],
  steps: [...bannerAtOnce, toOtherNode(soon)],
};

export const publisherDead: Scenario = {
  name: "publisher-dead",
  cause: "F17",
  needs: "host",
  title: { en: "Node dead: desktops fail over", es: "Nodo muerto: los escritorios conmutan" },
  description: {
    en: "Everything on all ports of this node ends now and is refused for two minutes. Desktops lose their connection as with a stopped Notification Service, find SystemInfo gone too, and move to the other node.",
    es: "Todo en todos los puertos de este nodo termina ahora y se rechaza durante dos minutos. Los escritorios pierden la conexión como con el Notification Service detenido, ven que SystemInfo tampoco responde y pasan al otro nodo.",
  },
  lastsMs: 120_000,
  rules: (target) => [
    {
      match: whom(target),
      actions: [{ kind: "drop", leg: "request", how: "reset" }],
      alsoWaiting: true,
    },
    ...(target.agent === null && target.host !== null
      ? [
          {
            match: { host: target.host },
            actions: [{ kind: "refuse-connect", how: "reset" } as const],
          },
        ]
      : []),
  ],
  steps: [
    ...afterResets,
    toOtherNode({
      jabberwerx: [6500, 30_000],
      strophe: [61_000, 135_000],
      websocket: [0, 25_000],
    }),
  ],
};
