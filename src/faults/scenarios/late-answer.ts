/** One answer comes late: harmless up to the client's patience, a lost poll beyond it. */
import { noBanner, oneLostPoll } from "./reactions.ts";
import { type ExpectedStep, type Scenario, whom } from "./scenario.ts";

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
  return [...[answered, ...lost].filter(forSomebody), noBanner(60_000)];
}

export const lateAnswers: readonly Scenario[] = seconds.map((s) => ({
  name: `answer-after-${s}s`,
  cause: "F2",
  needs: "agent",
  title: { en: `Answer after ${s} s`, es: `Respuesta a los ${s} s` },
  description: {
    en: `The answer to one poll is kept back until the poll is ${s} s old, as a network or a server does that is too slow. The server waits 30 s; JabberWerx gives up a poll after 35 s, Strophe after 33.`,
    es: `La respuesta a un sondeo se retiene hasta que tenga ${s} s, como en una red o un servidor demasiado lentos. El servidor espera 30 s; JabberWerx abandona un sondeo a los 35 s, Strophe a los 33.`,
  },
  lastsMs: 100_000,
  rules: (target) => [
    {
      match: { ...whom(target), kind: "poll" },
      actions: [{ kind: "delay-until", ageMs: s * 1000 }],
      times: 1,
    },
  ],
  steps: stepsOf(s),
}));
