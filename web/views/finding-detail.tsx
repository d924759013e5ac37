/** One finding in full: the verdict first, then everything it rests on. */
import type { JSX } from "preact";
import type { FindingView } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { formatDate } from "../model/format.ts";
import { linesOf, ticketText } from "../model/ticket-text.ts";
import { openExchange } from "../state/evidence.ts";
import { CopyTextButton } from "./button.tsx";
import { Fact, Facts } from "./facts.tsx";
import { AdviceText } from "./finding-advice.tsx";
import { Consequences, Countdown } from "./finding-consequences.tsx";
import { EvidenceTable } from "./finding-evidence.tsx";
import { NearbyLogs, Part, Revisions, Rules, Sentences } from "./finding-parts.tsx";
import { Icon } from "./icons.tsx";
import { Confidence, SeverityMark, SideMark } from "./side-mark.tsx";

interface Props {
  readonly finding: FindingView;
}

export function FindingDetail({ finding }: Props): JSX.Element {
  const { findings } = words.value;
  return (
    <article class={`finding severity-${finding.severity}`} data-testid="finding">
      <Verdict finding={finding} />
      <Countdown finding={finding} />
      <Part title={findings.explanation}>
        <Sentences all={linesOf(finding.explanation)} />
      </Part>
      <Part title={findings.evidence} hint={findings.evidenceHint}>
        <EvidenceTable finding={finding} />
      </Part>
      <Part title={findings.reasons}>
        <Sentences all={finding.reasons} />
      </Part>
      <Part title={findings.consequences}>
        <Consequences finding={finding} />
      </Part>
      <Part title={findings.advice}>
        {finding.advice.length === 0 ? null : (
          <ol class="sentences">
            {finding.advice.map((advice) => (
              <li key={advice}>
                <AdviceText text={advice} />
              </li>
            ))}
          </ol>
        )}
      </Part>
      <Part title={findings.before}>
        <Sentences all={finding.before} />
      </Part>
      <Part title={findings.wouldSettle}>
        <Sentences all={finding.wouldSettle} />
      </Part>
      <Part title={findings.rules}>
        <Rules finding={finding} />
      </Part>
      <NearbyLogs finding={finding} />
      <Part title={findings.revisions}>
        <Revisions finding={finding} />
      </Part>
    </article>
  );
}

function Verdict({ finding }: Props): JSX.Element {
  const dictionary = words.value;
  const { findings } = dictionary;
  const { agent, agents, host, port } = finding;
  const trigger = finding.details.find(({ role }) => role === "trigger") ?? finding.details[0];
  return (
    <header class="finding-head">
      <div class="finding-line">
        <SideMark side={finding.side} />
        <SeverityMark severity={finding.severity} />
        <span class="chip" title={findings.causeLabel}>
          {finding.cause} {findings.cause[finding.cause]}
        </span>
        <Confidence value={finding.confidence} />
        <span class="faint">{finding.open ? findings.open : findings.closed}</span>
      </div>
      <h2>{finding.title}</h2>
      <Facts>
        <Fact name={findings.agent}>{agents.length > 0 ? agents.join(", ") : agent}</Fact>
        <Fact name={findings.node} mono>
          {host === null ? null : `${host}${port === null ? "" : `:${port}`}`}
        </Fact>
        <Fact name={findings.session} mono>
          {finding.sid}
        </Fact>
        <Fact name={findings.at}>{formatDate(finding.at)}</Fact>
        <Fact name={findings.foundAt}>{formatDate(finding.foundAt)}</Fact>
      </Facts>
      <div class="buttons">
        <CopyTextButton
          label={findings.copyTicket}
          text={() => ticketText(finding, dictionary)}
          test="copy-ticket"
        />
        {trigger === undefined ? null : (
          <button
            type="button"
            class="button"
            data-testid="to-live"
            onClick={() =>
              openExchange(trigger.exchange, { finding: finding.id, at: Date.parse(finding.at) })
            }
          >
            <Icon name="tail" />
            {findings.toLive}
          </button>
        )}
      </div>
    </header>
  );
}
