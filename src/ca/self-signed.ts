/** Makes the certificate a simulated Finesse node shows: its own issuer, as fresh Cisco installations have, trusted by nobody. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { fail } from "../base/errors.ts";
import { addressBytes, altNameOf } from "./alt-name.ts";
import {
  distinguishedName,
  extensionIds,
  issueCertificate,
  keyIdentifier,
  pemOf,
} from "./certificate.ts";
import { bits, encode, octets, sequence, tagged, truth } from "./der.ts";

export interface SelfSigned {
  readonly certificatePem: string;
  /** PKCS#8, P-256. */
  readonly keyPem: string;
}

const dayMs = 86_400_000;
/** Five years, as Cisco's own. */
const validDays = 1825;

/** A certificate for `host` (name or address), valid from a day before `wallMs`; its key is new and lives in the answer alone. */
export function makeSelfSigned(host: string, wallMs: number): SelfSigned {
  const name = altNameOf(host);
  if (name === null) throw fail("internal", { why: `no certificate can name ${host}` });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKey = createPublicKey(privateKey);
  const subject = distinguishedName([
    ["O", "Boshscope simulator"],
    ["CN", name.value],
  ]);
  const altName =
    name.kind === "dns"
      ? tagged(2, Buffer.from(name.value, "latin1"))
      : tagged(7, addressBytes(name.value));
  const certificate = issueCertificate(
    {
      subject,
      issuer: subject,
      publicKey,
      notBefore: new Date(wallMs - dayMs),
      notAfter: new Date(wallMs + validDays * dayMs),
      extensions: [
        { id: extensionIds.basicConstraints, critical: true, value: encode(sequence(truth())) },
        // digitalSignature and keyCertSign: bits 0 and 5.
        { id: extensionIds.keyUsage, critical: true, value: encode(bits(Buffer.from([0x84]), 2)) },
        { id: extensionIds.subjectAltName, critical: false, value: encode(sequence(altName)) },
        {
          id: extensionIds.subjectKeyIdentifier,
          critical: false,
          value: encode(octets(keyIdentifier(publicKey))),
        },
      ],
    },
    privateKey,
  );
  return {
    certificatePem: pemOf(certificate),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}
