/** Makes a root CA: its key, its certificate, its words. Knows nothing of files. */
import { createPublicKey, generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { promisify } from "node:util";
import {
  distinguishedName,
  type Extension,
  extensionIds,
  issueCertificate,
  keyIdentifier,
  pemOf,
} from "./certificate.ts";
import { bits, encode, octets, sequence, smallInteger, truth } from "./der.ts";
import { encodeConstraints, type NameConstraints } from "./name-constraints.ts";

export interface RootMaterial {
  readonly certificatePem: string;
  /** PKCS#8. */
  readonly keyPem: string;
}

const dayMs = 86_400_000;
const validDays = 3652;
/** Clocks of desktops in the field are off by hours; two days cover that and a wrong time zone. */
export const backDateMs = 2 * dayMs;

/** Makes a key (RSA-2048: read by every trust store, old Java and Windows included) and signs its certificate for ten years. */
export async function makeRoot(
  wallMs: number,
  constraints: NameConstraints | null,
): Promise<RootMaterial> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const publicKey = createPublicKey(privateKey);
  const notBefore = new Date(wallMs - backDateMs);
  const subject = distinguishedName([
    ["O", "Boshscope"],
    ["OU", "Local to this computer - untrusted by others"],
    ["CN", commonName(wallMs)],
  ]);
  const certificate = issueCertificate(
    {
      subject,
      issuer: subject,
      publicKey,
      notBefore,
      notAfter: new Date(notBefore.getTime() + validDays * dayMs),
      extensions: rootExtensions(publicKey, constraints),
    },
    privateKey,
  );
  return {
    certificatePem: pemOf(certificate),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}

function rootExtensions(publicKey: KeyObject, constraints: NameConstraints | null): Extension[] {
  return [
    {
      id: extensionIds.basicConstraints,
      critical: true,
      value: encode(sequence(truth(), smallInteger(0))),
    },
    // keyCertSign and cRLSign: bits 5 and 6.
    { id: extensionIds.keyUsage, critical: true, value: encode(bits(Buffer.from([0x06]), 1)) },
    {
      id: extensionIds.subjectKeyIdentifier,
      critical: false,
      value: encode(octets(keyIdentifier(publicKey))),
    },
    ...(constraints === null
      ? []
      : [
          {
            id: extensionIds.nameConstraints,
            critical: true,
            value: encodeConstraints(constraints),
          },
        ]),
  ];
}

/** Unique by its last word, under the 64 characters that X.520 allows. */
function commonName(wallMs: number): string {
  const computer =
    hostname()
      .replace(/[^A-Za-z0-9.-]/g, "")
      .slice(0, 20) || "this-computer";
  const day = new Date(wallMs).toISOString().slice(0, 10);
  return `Boshscope local CA ${computer} ${day} ${randomBytes(3).toString("hex")}`;
}
