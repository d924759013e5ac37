/** TLS alert numbers by their names in RFC 8446, and which of them mean that a browser does not trust our root CA. */

const names: Readonly<Record<number, string>> = {
  0: "close_notify",
  10: "unexpected_message",
  20: "bad_record_mac",
  22: "record_overflow",
  40: "handshake_failure",
  42: "bad_certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  49: "access_denied",
  50: "decode_error",
  51: "decrypt_error",
  70: "protocol_version",
  71: "insufficient_security",
  80: "internal_error",
  86: "inappropriate_fallback",
  90: "user_canceled",
  109: "missing_extension",
  110: "unsupported_extension",
  112: "unrecognized_name",
  113: "bad_certificate_status_response",
  115: "unknown_psk_identity",
  116: "certificate_required",
  120: "no_application_protocol",
};

export type AlertMeaning = "untrusted" | "certificate" | "version" | "given-up" | "other";

/** Chromium says 46, Firefox 42 or 48, OpenSSL 48 when the issuer is unknown. */
export function alertMeaning(alert: number | null): AlertMeaning {
  if (alert === null) return "other";
  switch (alert) {
    case 42:
    case 46:
    case 48:
      return "untrusted";
    case 43:
    case 44:
    case 45:
      return "certificate";
    case 40:
    case 70:
    case 71:
    case 120:
      return "version";
    case 0:
    case 90:
      return "given-up";
    default:
      return "other";
  }
}

/** `46 (certificate_unknown)`; the bare number when RFC 8446 has no such alert. */
export function alertName(alert: number): string {
  const name = names[alert];
  return name === undefined ? String(alert) : `${alert} (${name})`;
}
