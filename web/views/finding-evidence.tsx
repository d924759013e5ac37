/** The exchanges a finding rests on, each with its role, each a click away in the Live list. */
import type { JSX } from "preact";
import type { FindingView } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { openExchange } from "../state/evidence.ts";

export function EvidenceTable({ finding }: { readonly finding: FindingView }): JSX.Element {
  const { findings } = words.value;
  const named = new Set(finding.details.map(({ exchange }) => exchange));
  const rest = finding.evidence.filter((exchange) => !named.has(exchange));
  return (
    <table class="table evidence">
      <tbody>
        {finding.details.map(({ exchange, role, what }) => (
          <tr key={`${exchange} ${role} ${what}`}>
            <td class={`role-${role}`}>{findings.role[role]}</td>
            <td>
              <EvidenceLink finding={finding} exchange={exchange} />
            </td>
            <td>{what}</td>
          </tr>
        ))}
        {rest.map((exchange) => (
          <tr key={exchange}>
            <td class="role-witness">{findings.role.witness}</td>
            <td>
              <EvidenceLink finding={finding} exchange={exchange} />
            </td>
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function EvidenceLink(props: {
  readonly finding: FindingView;
  readonly exchange: string;
}): JSX.Element {
  const { finding, exchange } = props;
  return (
    <button
      type="button"
      class="link"
      data-evidence={exchange}
      data-testid={`evidence-${exchange}`}
      title={exchange}
      onClick={() => openExchange(exchange, { finding: finding.id, at: Date.parse(finding.at) })}
    >
      #{exchange.slice(exchange.lastIndexOf("-") + 1)}
    </button>
  );
}
