/** Where it happened: program, servers and their certificates, what the proxy could not avoid, this PC, probes. */
import type { ConnectionRecord } from "../../domain/connection.ts";
import type { ProbeResult, VitalsSample } from "../../domain/vitals.ts";
import { html, type Markup, type Part } from "./markup.ts";
import type { ReportInput } from "./report.ts";
import { type TableRow, tableHtml } from "./table-html.ts";
import { instant, share } from "./text.ts";
import type { ReportWords } from "./words.ts";

export function environmentHtml(
  { environment, incidents }: ReportInput,
  words: ReportWords,
): Markup {
  const vitals = incidents.flatMap((incident) => incident.vitals);
  const probes = incidents.flatMap((incident) => incident.probes);
  return html`<h2>${words.environment}</h2>
<dl>
<dt>Boshscope</dt><dd>${environment.version}</dd>
<dt>${words.platform}</dt><dd>${environment.platform}</dd>
<dt>${words.certificatePolicy}</dt><dd>${environment.serverCerts}</dd>
<dt>${words.authority}</dt><dd>${environment.caFingerprint256}</dd>
<dt>${words.notKept}</dt><dd>${environment.notKept ?? "–"}</dd>
</dl>
${
  environment.connections.length === 0
    ? ""
    : tableHtml(
        words.endpoints,
        environment.connections.map((one) => endpoint(one, words)),
      )
}
<h4>${words.interference}</h4>
<ul>${[...interferences(environment.connections, words), ...words.always].map((line) => html`<li>${line}</li>`)}</ul>
${vitals.length === 0 ? "" : html`<h4>${words.vitals}</h4>${tableHtml(words.vitalColumns, notable(vitals).map(vitalRow))}`}
${probes.length === 0 ? "" : html`<h4>${words.probes}</h4>${tableHtml(words.probeColumns, probes.map(probeRow))}`}
`;
}

export function interferences(
  connections: readonly ConnectionRecord[],
  words: ReportWords,
): readonly string[] {
  const kinds = new Set(connections.flatMap(({ interference }) => interference));
  return [...kinds].map((kind) => words.interferences[kind] ?? kind);
}

function endpoint(connection: ConnectionRecord, words: ReportWords): TableRow {
  const { host, port, server, serverTls, clientTls, certificate } = connection;
  const tls = (leg: typeof serverTls): string =>
    leg === null ? "–" : `${leg.version} ${leg.cipher}`;
  const subject =
    certificate === null
      ? "–"
      : `${certificate.subject}${certificate.selfSigned ? ` (${words.selfSigned})` : ` ← ${certificate.issuer}`}`;
  return {
    cells: [
      `${host}:${port}`,
      server === null ? "–" : `${server.address}:${server.port}`,
      tls(serverTls),
      tls(clientTls),
      subject,
      certificate?.fingerprint256 ?? "–",
      certificate === null
        ? "–"
        : `${certificate.validFrom.slice(0, 10)} – ${certificate.validTo.slice(0, 10)}`,
    ],
  };
}

const worstShown = 12;

/** The seconds in which something was out of the ordinary; of a quiet time, the first and the last. */
export function notable(vitals: readonly VitalsSample[]): readonly VitalsSample[] {
  const odd = vitals.filter(
    ({ loopLagMs, lateMs, wallJumpMs, network, browser, systemCpu }) =>
      loopLagMs > 200 ||
      lateMs > 200 ||
      Math.abs(wallJumpMs) > 200 ||
      network !== null ||
      (browser?.stopped ?? 0) > 0 ||
      (systemCpu ?? 0) > 0.95,
  );
  if (odd.length > 0) return odd.slice(0, worstShown);
  return vitals.length < 3 ? vitals : [vitals[0], vitals.at(-1)].flatMap((one) => one ?? []);
}

export function vitalRow(sample: VitalsSample): { readonly cells: readonly Part[] } {
  const { at, loopLagMs, lateMs, wallJumpMs, systemCpu, browser, network } = sample;
  return {
    cells: [
      instant(new Date(at).toISOString()),
      Math.round(loopLagMs),
      Math.round(lateMs),
      Math.round(wallJumpMs),
      share(systemCpu),
      share(browser?.cpu ?? null),
      browser === null ? "" : browser.stopped,
      network ?? "",
    ],
  };
}

export function probeRow(probe: ProbeResult): { readonly cells: readonly Part[] } {
  const { at, host, port, step, ok, ms, status, error, serverStatus } = probe;
  const outcome = [ok ? "ok" : (error ?? "–"), status, serverStatus].filter((one) => one !== null);
  return {
    cells: [
      instant(new Date(at).toISOString()),
      `${host}:${port}`,
      step,
      outcome.join(" "),
      Math.round(ms),
    ],
  };
}
