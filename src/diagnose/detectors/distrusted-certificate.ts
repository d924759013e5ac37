/** F10: a certificate is not trusted: the client refused ours by a TLS alert, or our own rules refused the server's. */
import { bounded, type Detector, phrase } from "../claim.ts";

/** RFC 8446 6.2: bad_certificate, certificate_unknown, unknown_ca. */
const certificateAlerts = new Set(["42", "46", "48"]);

/** A client that says no word of why: this often, and never a request. */
const closings = 3;

export const distrustedCertificate: Detector = (one) => {
  if (one.has("bad-certificate"))
    return {
      cause: "F10",
      side: "configuration",
      confidence: 0.9,
      because: [phrase("because.server-certificate", { detail: one.symptoms[0]?.detail ?? "" })],
      settle: [],
    };
  const refusals = one.symptoms.filter(({ kind }) => kind === "distrust");
  const [first] = refusals;
  if (first === undefined) return null;
  if (refusals.every(({ detail }) => detail === "closed-early"))
    return refusals.length < closings
      ? null
      : {
          cause: "F10",
          side: "client",
          confidence: 0.75,
          because: [phrase("because.closed-after-certificate", { count: refusals.length })],
          settle: [phrase("settle.trust-ca")],
        };
  const alert = /\d+$/.exec(first.detail)?.[0] ?? null;
  const named = alert !== null && certificateAlerts.has(alert);
  return {
    cause: "F10",
    side: "client",
    confidence: bounded(named ? 0.95 : 0.75),
    because: [phrase("because.alert", { alert: alert ?? "?", port: first.port })],
    settle: [phrase("settle.trust-ca")],
  };
};
