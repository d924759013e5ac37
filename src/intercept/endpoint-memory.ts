/** What is remembered of each server between its connections: certificate facts, TLS session, names for our leaf. */
import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { codeOf, reasonOf } from "../base/errors.ts";
import type { ServerCertificate } from "../domain/connection.ts";
import type { PinStore } from "./pins.ts";
import type { Target } from "./target.ts";

export interface Endpoint {
  session: Buffer | null;
  certificate: ServerCertificate | null;
}

/** Servers remembered at most; the one used longest ago is forgotten first. */
const capacity = 1000;

export class EndpointMemory {
  readonly #pins: PinStore | null;
  readonly #endpoints = new Map<string, Endpoint>();

  constructor(pins: PinStore | null) {
    this.#pins = pins;
  }

  of({ host, port }: Target): Endpoint {
    const key = `${host}:${port}`;
    const known = this.#endpoints.get(key);
    const endpoint = known ?? { session: null, certificate: null };
    this.#endpoints.delete(key);
    this.#endpoints.set(key, endpoint);
    if (this.#endpoints.size > capacity) {
      const oldest = this.#endpoints.keys().next().value;
      if (oldest !== undefined) this.#endpoints.delete(oldest);
    }
    return endpoint;
  }

  /** Reads the server's certificate; with pins, compares it with the one seen first. A resumed session shows no new one. */
  learn(target: Target, stream: TLSSocket): ServerCertificate | null {
    const endpoint = this.of(target);
    if (stream.isSessionReused() && endpoint.certificate !== null) return endpoint.certificate;
    const certificate = stream.getPeerX509Certificate();
    if (certificate === undefined) return null;
    const fingerprint = certificate.fingerprint256;
    const facts = endpoint.certificate;
    if (facts !== null && facts.fingerprint256 === fingerprint && facts.pin !== "first-seen")
      return facts;
    endpoint.certificate = describe(certificate, problemOf(stream), this.#pin(target, fingerprint));
    return endpoint.certificate;
  }

  #pin({ host, port }: Target, fingerprint: string): ServerCertificate["pin"] {
    if (this.#pins === null) return "off";
    const key = `${host}:${port}`;
    const pinned = this.#pins.get(key);
    if (pinned === undefined) {
      this.#pins.set(key, fingerprint);
      return "first-seen";
    }
    return pinned === fingerprint ? "same" : "changed";
  }
}

/** OpenSSL's word (`DEPTH_ZERO_SELF_SIGNED_CERT`, …), or null. */
function problemOf(stream: TLSSocket): string | null {
  const problem: unknown = stream.authorizationError;
  if (problem === null || problem === undefined) return null;
  if (typeof problem === "string") return problem;
  return codeOf(problem) || reasonOf(problem);
}

function describe(
  certificate: X509Certificate,
  problem: string | null,
  pin: ServerCertificate["pin"],
): ServerCertificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    altNames: altNames(certificate.subjectAltName, certificate.subject),
    validFrom: new Date(certificate.validFrom).toISOString(),
    validTo: new Date(certificate.validTo).toISOString(),
    fingerprint256: certificate.fingerprint256,
    selfSigned: certificate.subject === certificate.issuer,
    problem,
    pin,
  };
}

const oneLine = (name: string | undefined): string => (name ?? "").split("\n").join(", ");

/** DNS names and IP addresses; a certificate without them is named by its CN, as old servers are. */
function altNames(text: string | undefined, subject: string | undefined): string[] {
  const names = (text ?? "")
    .split(", ")
    .map((entry) => /^(?:DNS|IP Address):"?([^"]+)"?$/.exec(entry)?.[1])
    .filter((name) => name !== undefined);
  if (names.length > 0) return names.slice(0, 100);
  const common = /^CN=(.+)$/m.exec(subject ?? "")?.[1];
  return common === undefined ? [] : [common];
}
