/** How the client libraries react, as measured (times from the first request that fails): steps that several scenarios share. */
import { around, atOnce, type ExpectedStep, type Windows } from "./scenario.ts";

const resent = (nth: number, within: Windows): ExpectedStep => ({
  what: { en: `Poll sent again (${nth})`, es: `Sondeo enviado de nuevo (${nth})` },
  seen: "request-resent",
  nth,
  within,
  certainty: "sure",
});

const disconnected = (within: Windows): ExpectedStep => ({
  what: { en: "Library gives up: disconnected", es: "La biblioteca se rinde: desconectado" },
  seen: "disconnected",
  within,
  certainty: "sure",
});

const banner = (within: Windows): ExpectedStep => ({
  what: {
    en: "Red banner: Lost connection to …",
    es: "Barra roja: se perdió la conexión con …",
  },
  seen: "banner",
  within,
  certainty: "sure",
});

const both = (within: Windows): readonly ExpectedStep[] => [disconnected(within), banner(within)];

/** Resets and refusals: JabberWerx waits 0.5, 2 and 4.5 s; Strophe 0, 8, 27, then 33 s; a WebSocket is gone at once. */
export const afterResets: readonly ExpectedStep[] = [
  resent(1, { jabberwerx: [450, 800], strophe: [0, 600] }),
  resent(2, { jabberwerx: around(2570), strophe: around(8000) }),
  resent(3, { jabberwerx: around(7160), strophe: around(35_000) }),
  ...both({ jabberwerx: around(7200), strophe: [61_000, 111_000], websocket: atOnce }),
];

/** JabberWerx does not look at the status; Strophe gives up at once on 404. */
export const afterNotFound: readonly ExpectedStep[] = [
  resent(1, { jabberwerx: [450, 800] }),
  resent(2, { jabberwerx: around(2570) }),
  resent(3, { jabberwerx: around(7160) }),
  ...both({ jabberwerx: around(7200), strophe: atOnce }),
];

const aborted = (nth: number, within: Windows): ExpectedStep => ({
  what: {
    en: `Poll aborted by the client (${nth})`,
    es: `Sondeo abortado por el cliente (${nth})`,
  },
  seen: "request-aborted",
  nth,
  within,
  certainty: "sure",
});

/** One answer that never comes: JabberWerx aborts after wait + 5 s, Strophe after 1.1 times wait, and sends the poll again. */
export const oneLostPoll: readonly ExpectedStep[] = [
  aborted(1, { jabberwerx: [34_500, 36_500], strophe: [32_500, 34_500] }),
  resent(1, { jabberwerx: [34_900, 37_500], strophe: [32_500, 35_000] }),
];

/** No answer to anything: three more attempts (JabberWerx), or three pings of 10 s (WebSocket). */
export const afterSilence: readonly ExpectedStep[] = [
  ...oneLostPoll,
  aborted(2, { jabberwerx: around(70_500), strophe: around(66_000) }),
  aborted(3, { jabberwerx: around(107_500) }),
  {
    what: { en: "Ping not answered", es: "Ping sin respuesta" },
    seen: "ping-lost",
    within: { websocket: around(10_000) },
    certainty: "sure",
  },
  ...both({ jabberwerx: around(147_100), websocket: around(30_000) }),
];

export const noBanner = (untilMs: number): ExpectedStep => ({
  what: { en: "No banner: the agent notices nothing", es: "Sin barra: el agente no nota nada" },
  seen: "banner",
  within: {
    jabberwerx: [0, untilMs],
    strophe: [0, untilMs],
    websocket: [0, untilMs],
  },
  certainty: "never",
});

/** The desktop looks each 20 s whether a node is fit again. */
export const backAgain = (fromMs: number): ExpectedStep => ({
  what: { en: "Connected again", es: "Conectado de nuevo" },
  seen: "connected",
  within: {
    jabberwerx: [0, fromMs + 60_000],
    strophe: [0, fromMs + 60_000],
    websocket: [0, fromMs + 60_000],
  },
  certainty: "sure",
});

/** The banner without a lost connection: the desktop is told. */
export const bannerAtOnce: readonly ExpectedStep[] = [
  banner({ jabberwerx: atOnce, strophe: atOnce, websocket: atOnce }),
];

/** Current node, other node, current node once more, then over. */
export const toOtherNode = (within: Windows): ExpectedStep => ({
  what: { en: "Moves to the other node", es: "Pasa al otro nodo" },
  seen: "failover",
  within,
  certainty: "sure",
});
