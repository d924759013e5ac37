/** One answer comes late: harmless up to the client's patience, a lost poll beyond it. */
import { noBanner, oneLostPoll } from "./reactions.ts";
import { type ExpectedStep, polling, type Scenario, whom } from "./scenario.ts";

const seconds = [31, 34, 36, 61, 91] as const;

/** JabberWerx waits 35 s, Strophe 33. */
function stepsOf(s: number): readonly ExpectedStep[] {
  const lost = oneLostPoll.map((step): ExpectedStep => {
    const { jabberwerx, strophe } = step.within;
    return {
      ...step,
      within: {
        ...(s > 35 && jabberwerx !== undefined ? { jabberwerx } : {}),
        ...(s > 33 && strophe !== undefined ? { strophe } : {}),
      },
    };
  });
  const answered: ExpectedStep = {
    what: { en: "Late answer arrives", es: "Llega la respuesta tardía" },
    seen: "request-answered",
    certainty: "sure",
    within: {
      ...(s > 35 ? {} : { jabberwerx: [s * 990, s * 1000 + 1500] }),
      ...(s > 33 ? {} : { strophe: [s * 990, s * 1000 + 1500] }),
    },
  };
  const forSomebody = ({ within }: ExpectedStep): boolean => Object.keys(within).length > 0;
  const unnoticed = noBanner(60_000);
  const { strophe: _forgotten, ...others } = unnoticed.within;
  return [
    ...[answered, ...lost].filter(forSomebody),
    ...(s > 33 ? forgotten : []),
    s > 33 ? { ...unnoticed, within: others } : unnoticed,
  ];
}

/**
 * A Strophe desktop pings by BOSH too, on its second connection, while its first request waits. Each ping is answered, and Openfire 3.8.2 remembers its
 * last two answers only: the request that is sent again is none of them any more, and the session ends (item-not-found).
 */
const forgotten: readonly ExpectedStep[] = (["disconnected", "banner"] as const).map((seen) => ({
  what: {
    en:
      seen === "banner"
        ? "Red banner: Lost connection to …"
        : "The server has answered pings since, and forgotten this answer: disconnected",
    es:
      seen === "banner"
        ? "Barra roja: se perdió la conexión con …"
        : "El servidor ha respondido pings desde entonces y olvidó esta respuesta: desconectado",
  },
  seen,
  within: { strophe: [32_500, 37_000] },
  certainty: "maybe",
}));

export const lateAnswers: readonly Scenario[] = seconds.map((s) => ({
  name: `answer-after-${s}s`,
  cause: "F2",
  needs: "agent",
  clients: polling,
  title: { en: `Answer after ${s} s`, es: `Respuesta a los ${s} s` },
  description: {
    en: `The answer to one poll is kept back until the poll is ${s} s old, as a network or a server does that is too slow. The server waits 30 s; JabberWerx gives up a poll after 35 s, Strophe after 33.${s > 33 ? " A Strophe desktop that pings meanwhile may lose its session." : ""}`,
    es: `La respuesta a un sondeo se retiene hasta que tenga ${s} s, como en una red o un servidor demasiado lentos. El servidor espera 30 s; JabberWerx abandona un sondeo a los 35 s, Strophe a los 33.${s > 33 ? " Un escritorio Strophe que hace ping entretanto puede perder su sesión." : ""}`,
  },
  lastsMs: 100_000,
  clockFrom: "request",
  rules: (target) => [
    {
      // Not the poll that waits: its age is unknown to whoever clicks.
      match: {
        ...whom(target),
        kind: "poll",
        ...(target.lastRid === null ? {} : { afterRid: target.lastRid }),
      },
      actions: [{ kind: "delay-until", ageMs: s * 1000 }],
      times: 1,
    },
  ],
  steps: stepsOf(s),
}));
