/** What a row says in each column, as Fiddler says it: Result `-`, Body `-1`, "Tunnel to". */
import type { ExchangeSummary } from "../../src/domain/exchange.ts";

/** Number as text, or "-" when no head of an answer was seen. */
export function resultText(row: Pick<ExchangeSummary, "outcome">): string {
  switch (row.outcome.kind) {
    case "pending":
      return "-";
    case "responded":
      return String(row.outcome.status);
    case "failed":
      return row.outcome.status === null ? "-" : String(row.outcome.status);
  }
}

/** Fiddler's Host column: the port only when it is not the scheme's own. */
export function hostText(
  row: Pick<ExchangeSummary, "kind" | "host" | "port" | "protocol">,
): string {
  if (row.kind === "tunnel") return "Tunnel to";
  const usual = row.protocol === "HTTPS" ? 443 : 80;
  const host = row.host.includes(":") && !row.host.startsWith("[") ? `[${row.host}]` : row.host;
  return row.port === usual ? host : `${host}:${row.port}`;
}

export function urlText(row: Pick<ExchangeSummary, "kind" | "url" | "path">): string {
  return row.kind === "tunnel" ? row.url : row.path;
}

/** Browser or program that sent it, else the address it came from. */
export function processText(row: Pick<ExchangeSummary, "client">): string {
  return row.client.process ?? row.client.address;
}

/** Media type without parameters. */
export function typeText(row: Pick<ExchangeSummary, "contentType">): string {
  return (row.contentType ?? "").split(";", 1)[0]?.trim() ?? "";
}

export type RowKind =
  | "failed"
  | "error"
  | "auth"
  | "tunnel"
  | "websocket"
  | "poll"
  | "systeminfo"
  | "rest"
  | "page"
  | "script"
  | "style"
  | "image"
  | "plain";

const byType: readonly (readonly [RegExp, RowKind])[] = [
  [/javascript|ecmascript/, "script"],
  [/^text\/css/, "style"],
  [/^(?:image|font)\//, "image"],
  [/^text\/html/, "page"],
];

const byRole: Record<ExchangeSummary["role"], RowKind | null> = {
  poll: "poll",
  systeminfo: "systeminfo",
  rest: "rest",
  websocket: "websocket",
  tunnel: "tunnel",
  other: null,
};

/** Picks the row's colour, in Fiddler's manner: what went wrong first, then what it is. */
export function rowKind(row: Pick<ExchangeSummary, "outcome" | "role" | "contentType">): RowKind {
  if (row.outcome.kind === "failed") return "failed";
  const status = row.outcome.kind === "responded" ? row.outcome.status : 0;
  if (status === 401 || status === 407) return "auth";
  if (status >= 400) return "error";
  const role = byRole[row.role];
  if (role !== null) return role;
  const type = typeText(row).toLowerCase();
  return byType.find(([pattern]) => pattern.test(type))?.[1] ?? "plain";
}

/** Text in which a search looks: everything the row shows. */
export function searchText(row: ExchangeSummary): string {
  return [
    row.number,
    resultText(row),
    row.method,
    row.url,
    row.contentType,
    row.caching,
    processText(row),
    row.comment,
    row.event,
    row.agent,
    row.sid,
    row.rid,
    row.outcome.kind === "failed" ? row.outcome.detail : null,
  ]
    .filter((part) => part !== null)
    .join("\n")
    .toLowerCase();
}
