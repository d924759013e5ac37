/** What sharing takes away and what it leaves, in numbers and in words for whoever decides to send the file. */

export interface ShareReport {
  readonly exchanges: number;
  /** By kind of pseudonym. */
  readonly replaced: Readonly<
    Record<string, { readonly distinct: number; readonly replaced: number }>
  >;
  /** Passwords, tokens and cookies. */
  readonly secrets: "at-capture" | "at-export" | "kept";
  /** Their markers: how many different ones, and in how many places. */
  readonly secretMarkers: { readonly distinct: number; readonly replaced: number };
  /** Bodies that can't be rewritten and mentioned somebody. */
  readonly droppedBodies: number;
  /** Exchanges with text that people wrote: comments, client logs. */
  readonly freeTexts: number;
  readonly hostsKept: number;
  readonly addressesKept: number;
}

/** Of an export that was asked not to redact. */
export const unredacted = (exchanges: number, secretsKept: boolean): ShareReport => ({
  exchanges,
  replaced: {},
  secrets: secretsKept ? "kept" : "at-capture",
  secretMarkers: { distinct: 0, replaced: 0 },
  droppedBodies: 0,
  freeTexts: 0,
  hostsKept: 0,
  addressesKept: 0,
});

const words: Readonly<Record<string, string>> = {
  agent: "agents and other user names",
  number: "extensions and phone numbers",
  person: "names of people",
  value: "call variables and account numbers",
  sid: "BOSH session ids",
  host: "host names and addresses",
};

/** Lines for a terminal. */
export function reportLines(report: ShareReport, isRedacted: boolean): readonly string[] {
  if (!isRedacted) {
    const secrets =
      report.secrets === "kept"
        ? "PASSWORDS AND TOKENS ARE IN IT"
        : "passwords and tokens were replaced when they were captured; all else is as it was";
    return [`Not redacted (--no-redact): ${secrets}.`];
  }
  const removed = Object.entries(report.replaced)
    .filter(([, { replaced }]) => replaced > 0)
    .map(
      ([kind, { distinct, replaced }]) =>
        `  ${words[kind] ?? kind}: ${distinct} (${replaced} places)`,
    );
  const dropped =
    report.droppedBodies === 0
      ? []
      : [`  whole bodies, as they are no text: ${report.droppedBodies}`];
  return [
    "Replaced, the same by the same pseudonym:",
    `  passwords, tokens, cookies: ${secretsLine(report)}`,
    ...removed,
    ...dropped,
    "Not replaced:",
    ...keptLines(report),
  ];
}

function secretsLine({ secrets, secretMarkers }: ShareReport): string {
  const { distinct, replaced } = secretMarkers;
  const when = secrets === "at-capture" ? "when they were captured" : "now";
  return `${distinct} (${replaced} places), replaced ${when}`;
}

function keptLines({ hostsKept, addressesKept, freeTexts }: ShareReport): string[] {
  const lines: string[] = [];
  if (hostsKept + addressesKept > 0)
    lines.push(
      `  host names (${hostsKept}) and network addresses (${addressesKept}); --redact-hosts replaces them`,
    );
  if (freeTexts > 0)
    lines.push(
      `  what people wrote in comments and client logs (${freeTexts}), beyond the names and numbers known from elsewhere`,
    );
  lines.push("  names of teams, queues and reason codes, times, sizes, user agents, rids");
  return lines;
}
