/** What a BOSH message says about the session: the `<body/>` element that wraps it, of either direction. */
import type { XmlElement } from "../xml/tree.ts";

/** Which client library wrote a request: quotes and attribute order tell (measured on the real libraries). */
export type ClientFingerprint = "jabberwerx" | "strophe" | "unknown";

export interface BoshBody {
  readonly kind: "body";
  readonly sid: string | null;
  readonly rid: number | null;
  /** Seconds. */
  readonly wait: number | null;
  readonly hold: number | null;
  /** Requests the server allows at once. */
  readonly requests: number | null;
  /** Seconds. */
  readonly inactivity: number | null;
  /** Shortest seconds between two polls. */
  readonly polling: number | null;
  /** Longest pause the server allows, seconds. */
  readonly maxpause: number | null;
  /** Protocol version, such as "1.6"; below that a server says errors by HTTP status (XEP-0124 17). */
  readonly ver: string | null;
  readonly ack: number | null;
  /** "terminate" or "error" in fatal and closing messages. */
  readonly type: string | null;
  /** Why a server terminated, such as "item-not-found". */
  readonly condition: string | null;
  /** Seconds of silence the client asks for. */
  readonly pause: number | null;
  /** The client asks for a new stream after SASL. */
  readonly restart: boolean;
  readonly to: string | null;
  readonly from: string | null;
  /** Number of stanzas. */
  readonly children: number;
  readonly stanzas: readonly XmlElement[];
  /** Nothing inside: decided by structure, as several lengths and quotings are in use. */
  readonly empty: boolean;
  /** Always "unknown" for answers, which have no rid. */
  readonly fingerprint: ClientFingerprint;
}

export const httpBindNamespace = "http://jabber.org/protocol/httpbind";

const digits = /^[0-9]{1,16}$/;

/** Digits up to 2^53 - 1 (the largest rid of XEP-0124), else null. */
export function wholeNumber(text: string | undefined): number | null {
  if (text === undefined || !digits.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** `quote` is the one used throughout, or undefined when both are. */
export function fingerprintFrom(
  names: readonly string[],
  quote: string | undefined,
): ClientFingerprint {
  if (quote === '"' && names[0] === "xmlns" && names.includes("rid")) return "jabberwerx";
  if (quote === "'" && names[0] === "rid" && names[1] === "xmlns") return "strophe";
  return "unknown";
}
